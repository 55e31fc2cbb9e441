/** The agent in a browser: its storage, its network, and what wakes it. */

import { browserShelf } from "@causerie/client";
import { Agent } from "./agent.js";
import { readLines, streamUrl } from "./api.js";

export interface BrowserOptions {
  /** The server's origin. */
  base: string;
  /** The signed-in agent's id. */
  account: string;
  token: () => string | null;
  /** The token is not valid any more. */
  refused: () => void;
}

/** An agent that is connected from now on, until the returned function is called. */
export function startAgent({ base, account, token, refused }: BrowserOptions): { agent: Agent; stop: () => void } {
  const shelf = browserShelf(() => localStorage);
  const lines = (): ReturnType<typeof readLines> => readLines(base, token() ?? "");
  const agent = new Agent({ url: streamUrl(base), account, token, refused, lines, shelf });
  const ending = new AbortController();
  const { signal } = ending;
  const wake = (): void => {
    if (document.visibilityState === "visible") agent.wake();
  };
  addEventListener("online", () => agent.wake(), { signal });
  addEventListener("offline", () => agent.connection.lost(), { signal });
  addEventListener("pageshow", wake, { signal });
  document.addEventListener("visibilitychange", wake, { signal });
  agent.start();
  const stop = (): void => {
    ending.abort();
    agent.close();
  };
  return { agent, stop };
}
