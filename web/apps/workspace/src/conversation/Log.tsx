/** What was said, oldest above. It stays at the newest while the agent is there, and where it is while they read what was before. */

import type { AgentMessage, Thread } from "@causerie/agent";
import { useOrders } from "@causerie/agent/react";
import { ArrowDown } from "lucide-react";
import { useCallback, useMemo, useRef, useState } from "react";
import { useLanguage, useTexts } from "../texts/language.js";
import { Button, Skeleton } from "../ui/index.js";
import { Entry } from "./Entry.js";
import { Happened } from "./Happened.js";
import { responsesOf, type Row } from "./rows.js";
import { dayName } from "./times.js";
import { Typing } from "./Typing.js";
import { useOlder, useScroll } from "./useScroll.js";

/** So many rows are in the page at most while the newest are in sight. More come as the agent reads back. */
const WINDOW = 200;
const STEP = 100;

export function Log({ thread, rows, isLoading }: { thread: Thread; rows: readonly Row[]; isLoading: boolean }) {
  const texts = useTexts();
  const orders = useOrders();
  const [extra, setExtra] = useState(0);
  const shown = useMemo(() => rows.slice(Math.max(0, rows.length - WINDOW - extra)), [rows, extra]);
  const isCut = shown.length < rows.length;
  const scroll = useScroll(shown, thread.typists.length, () => setExtra(0));
  const older = useCallback(() => {
    if (isCut) setExtra((count) => count + STEP);
    else orders.older(thread.id);
  }, [isCut, orders, thread.id]);
  const top = useOlder(scroll.box, older, `${thread.first} ${thread.more} ${shown.length}`);
  const responses = useMemo(() => responsesOf(thread), [thread]);
  const lastOut = rows.findLast((row) => row.kind === "said" && row.said.speaker !== "customer" && !row.said.internal)?.key;
  return (
    <div className="talk-frame">
      <div className="talk-log" ref={scroll.box} tabIndex={0} role="region" aria-label={texts.talkLog} aria-busy={isLoading}>
        <div ref={top}>{(thread.more || isCut) && isLoading && <LogSkeleton lines={2} />}</div>
        <ol>
          {shown.map((row) => (
            <Line key={row.key} row={row} responses={responses} isLastOut={row.key === lastOut} />
          ))}
        </ol>
        <Typing typists={thread.typists} customer={thread.customer} />
      </div>
      {scroll.missed > 0 && (
        <Button className="talk-latest" size="small" onPress={scroll.toEnd}>
          {texts.talkNew(scroll.missed)} <ArrowDown size={14} aria-hidden />
        </Button>
      )}
      <Announcer rows={rows} />
    </div>
  );
}

/** Says to a screen reader what the customer has just said, and nothing of what was there before. */
function Announcer({ rows }: { rows: readonly Row[] }) {
  const texts = useTexts();
  const since = useRef(rows.findLast((row) => row.kind === "said")?.key);
  const newest = rows.findLast((row) => row.kind === "said");
  const said = newest?.kind === "said" && newest.key !== since.current && newest.said.speaker === "customer" ? newest.said : null;
  const words = said !== null && "text" in said.content ? (said.content.text ?? "") : "";
  return (
    <p className="visually-hidden" role="status">
      {said === null ? "" : `${said.author?.displayName ?? texts.talkCustomer}: ${words}`}
    </p>
  );
}

function Line({ row, responses, isLastOut }: { row: Row; responses: ReadonlyMap<string, AgentMessage>; isLastOut: boolean }) {
  const { language, texts } = useLanguage();
  switch (row.kind) {
    case "day":
      return <li className="talk-day">{dayName(language, row.at, texts)}</li>;
    case "happened":
      return <Happened those={row.those} at={row.at} />;
    case "said":
      return <Entry said={row.said} isAnswered={responses.has(row.said.id ?? "")} isLastOut={isLastOut} />;
  }
}

/** The shape of a conversation, until it is there. */
export function LogSkeleton({ lines = 6 }: { lines?: number }) {
  return (
    <div className="talk-skeleton" aria-hidden>
      {Array.from({ length: lines }, (_, at) => (
        <div key={at} data-own={at % 3 === 1 || undefined}>
          <Skeleton round width={28} height={28} />
          <Skeleton width={`${30 + ((at * 17) % 35)}%`} height={38} />
        </div>
      ))}
    </div>
  );
}
