/** The conversation pane: who it is with, what was said, and where to write. */

import { emptyThread } from "@causerie/agent";
import { shallow, useAgent, useOrders } from "@causerie/agent/react";
import { MessageSquareX } from "lucide-react";
import { useEffect, useMemo } from "react";
import { useSession } from "../session/SessionProvider.js";
import { useTexts } from "../texts/language.js";
import { Empty } from "../ui/index.js";
import { Composer } from "./composer/Composer.js";
import { Header } from "./Header.js";
import { Log, LogSkeleton } from "./Log.js";
import { NamesProvider } from "./NamesProvider.js";
import { rowsOf } from "./rows.js";
import "./conversation.css";

/** `readOnly`: a look at what was said, without a word of one's own. */
export function Conversation({ id, readOnly = false }: { id: string; readOnly?: boolean }) {
  const texts = useTexts();
  const { agent } = useSession();
  const thread = useAgent((state) => state.threads[id]) ?? EMPTY;
  const isLoading = useAgent((state) => state.loading.has(id));
  const outgoing = useAgent((state) => state.outgoing.filter((one) => one.conversation === id), shallow);
  useFollowed(id, !readOnly);
  useRead(id, thread.last, !readOnly);
  const rows = useMemo(() => rowsOf(thread, outgoing, agent.id), [thread, outgoing, agent.id]);
  const Pane = readOnly ? "section" : "main";
  if (thread.removed) {
    return (
      <Pane className="talk" aria-label={texts.talkConversation}>
        <Empty icon={MessageSquareX} title={texts.talkRemoved} hint={texts.talkRemovedHint} />
      </Pane>
    );
  }
  return (
    <NamesProvider>
      <Pane className="talk" aria-label={texts.talkConversation}>
        {!readOnly && <Header id={id} thread={thread} />}
        {thread.last === 0 ? <LogSkeleton /> : <Log key={`log ${id}`} thread={thread} rows={rows} isLoading={isLoading} />}
        {!readOnly && <Composer key={`composer ${id}`} id={id} channel={thread.channel} />}
      </Pane>
    </NamesProvider>
  );
}

const EMPTY = emptyThread("");

/** Follows the conversation while it is shown, and says so to the others who look at it. */
function useFollowed(id: string, isOpen: boolean): void {
  const orders = useOrders();
  useEffect(() => orders.open(id), [orders, id]);
  useEffect(() => {
    if (!isOpen) return undefined;
    const look = (): void => orders.viewing(id, document.visibilityState === "visible");
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      orders.viewing(id, false);
    };
  }, [orders, id, isOpen]);
}

/** What is before the agent's eyes is read. */
function useRead(id: string, last: number, isOpen: boolean): void {
  const orders = useOrders();
  useEffect(() => {
    if (!isOpen) return undefined;
    const look = (): void => {
      if (document.visibilityState === "visible" && document.hasFocus()) orders.read(id);
    };
    look();
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, [orders, id, last, isOpen]);
}
