/** What the page has once somebody is signed in: the stream, and the way by HTTP. Both end with the session. */

import { browserShelf } from "@causerie/client";
import { Agent, readLines, streamUrl } from "@causerie/agent";
import { AgentProvider } from "@causerie/agent/react";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { Rest, RestContext } from "../rest/index.js";
import { useSession } from "./SessionProvider.js";

const Context = createContext<Agent | null>(null);

/** The stream itself, for what hears of each event. Views take `useAgent`. */
export function useStream(): Agent {
  const agent = useContext(Context);
  if (agent === null) throw new Error("outside of <Connected>");
  return agent;
}

export function Connected({ children }: { children: ReactNode }) {
  const { token, agent: who, expired } = useSession();
  const rest = useMemo(() => new Rest({ token: () => token, signedOut: expired }), [token, expired]);
  const [agent, setAgent] = useState<Agent | null>(null);
  useEffect(() => {
    const made = new Agent({
      url: streamUrl(location.origin),
      account: who.id,
      token: () => token,
      refused: expired,
      lines: () => readLines(location.origin, token),
      shelf: browserShelf(() => localStorage),
    });
    made.start();
    setAgent(made);
    const wake = () => document.visibilityState === "visible" && made.wake();
    const lost = () => made.connection.lost();
    window.addEventListener("online", wake);
    window.addEventListener("offline", lost);
    document.addEventListener("visibilitychange", wake);
    return () => {
      window.removeEventListener("online", wake);
      window.removeEventListener("offline", lost);
      document.removeEventListener("visibilitychange", wake);
      made.close();
    };
  }, [rest, token, who.id, expired]);
  if (agent === null) return null;
  return (
    <RestContext value={rest}>
      <Context value={agent}>
        <AgentProvider value={agent}>{children}</AgentProvider>
      </Context>
    </RestContext>
  );
}
