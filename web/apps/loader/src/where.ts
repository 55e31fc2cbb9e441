/** Which page a person looks at: told at once, and again whenever it is another one, also where a page turns into the next by script. */

import type { PageView } from "@causerie/bridge";

/** Titles often follow addresses a moment later. */
const SETTLE_MS = 400;
const MAX_TITLE = 256;

/** The address goes without query and fragment: what is in there is nobody's business. */
export function here(): PageView {
  return { url: location.origin + location.pathname, title: document.title.slice(0, MAX_TITLE) };
}

export function follow(told: (page: PageView) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => told(here()), SETTLE_MS);
  };
  // Where there is no Navigation API, a page that is turned by script tells so itself: zE("messenger:set", "page", ...).
  (window as { navigation?: EventTarget }).navigation?.addEventListener("navigatesuccess", look);
  for (const name of ["popstate", "hashchange"]) addEventListener(name, look);
  look();
}
