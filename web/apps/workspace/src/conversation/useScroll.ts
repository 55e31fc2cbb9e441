/** Where the log stands: at its end while the agent is there, and where it was when something comes before or behind. */

import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import type { Row } from "./rows.js";

const NEAR = 80;

export interface Scroll {
  box: RefObject<HTMLDivElement | null>;
  /** How many messages came while the agent was reading further up. */
  missed: number;
  toEnd: () => void;
}

/** `rest` changes when what stands below the rows does; `atEnd` is called when the agent comes back to the newest. */
export function useScroll(rows: readonly Row[], rest: number, atEnd: () => void): Scroll {
  const box = useRef<HTMLDivElement>(null);
  const near = useRef(true);
  const top = useRef(0);
  const seen = useRef({ first: "", last: "", height: 0 });
  const back = useRef(atEnd);
  const [missed, setMissed] = useState(0);
  const toEnd = (): void => box.current?.scrollTo({ top: box.current.scrollHeight });
  useEffect(() => void (back.current = atEnd), [atEnd]);
  useEffect(() => {
    const pane = box.current;
    if (pane === null) return undefined;
    let height = pane.clientHeight;
    const look = (): void => {
      const isNear = pane.scrollTop + pane.clientHeight > pane.scrollHeight - NEAR;
      const isUp = pane.scrollTop < top.current && pane.clientHeight === height;
      top.current = pane.scrollTop;
      height = pane.clientHeight;
      if (isNear && !near.current) back.current();
      // Whoever did not scroll up is at the end still, though that has moved away: so it does when the pane gets another size.
      if (isNear || isUp) near.current = isNear;
      if (isNear) setMissed(0);
    };
    const grown = new ResizeObserver(() => near.current && pane.scrollTo({ top: pane.scrollHeight }));
    pane.addEventListener("scroll", look, { passive: true });
    grown.observe(pane);
    for (const child of pane.children) grown.observe(child);
    return () => {
      pane.removeEventListener("scroll", look);
      grown.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    const pane = box.current;
    if (pane === null) return;
    const [first, last] = [firstSaid(rows), rows.at(-1)];
    const before = seen.current;
    const isNew = last?.key !== before.last;
    const isMine = last?.kind === "said" && last.said.isMine && last.said.state !== "read";
    if (first !== before.first && before.first !== "" && !isNew) pane.scrollTop += pane.scrollHeight - before.height;
    else if (near.current || (isNew && isMine)) toEnd();
    else if (isNew) setMissed((count) => count + 1);
    seen.current = { first, last: last?.key ?? "", height: pane.scrollHeight };
  }, [rows, rest]);
  return { box, missed, toEnd };
}

/** Days stay where they are when older messages come above them, so they do not tell that something came. */
function firstSaid(rows: readonly Row[]): string {
  return rows.find((row) => row.kind !== "day")?.key ?? "";
}

/** Whoever comes near the top gets what was before. `at` changes when that has come. */
export function useOlder(box: RefObject<HTMLDivElement | null>, older: () => void, at: string): RefObject<HTMLDivElement | null> {
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (top.current === null) return undefined;
    const seen = new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && older(), {
      root: box.current,
      rootMargin: "320px 0px 0px 0px",
    });
    seen.observe(top.current);
    return () => seen.disconnect();
  }, [box, older, at]);
  return top;
}
