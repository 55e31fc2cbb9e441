/** The time, for what says how long ago something was: everybody is told at once, so that a page changes once. */

import { useSyncExternalStore } from "react";

function ticker(everyMs: number) {
  const watchers = new Set<() => void>();
  let at = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    at = Date.now();
    for (const watcher of watchers) watcher();
  };
  const watch = (watcher: () => void) => {
    if (watchers.size === 0) {
      at = Date.now();
      timer = setInterval(tick, everyMs);
    }
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) clearInterval(timer);
    };
  };
  return () => useSyncExternalStore(watch, () => at);
}

export const useMinute = ticker(20_000);
export const useSecond = ticker(1_000);
