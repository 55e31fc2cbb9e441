/** How much room there is. Below `PHONE` one pane is shown at a time; below `DESK` the pane at the side lies over the conversation. */

import { useSyncExternalStore } from "react";

export const PHONE = 860;
export const DESK = 1180;
export const ROOMY = 1380;

const watch = (query: MediaQueryList) => (changed: () => void) => {
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
};

const queries = new Map<number, { query: MediaQueryList; watch: (changed: () => void) => () => void }>();

/** Whether the page is at least so many pixels wide. */
export function useWide(pixels: number): boolean {
  let known = queries.get(pixels);
  if (known === undefined) {
    const query = window.matchMedia(`(min-width: ${pixels}px)`);
    known = { query, watch: watch(query) };
    queries.set(pixels, known);
  }
  const { query } = known;
  return useSyncExternalStore(known.watch, () => query.matches);
}
