/** A ticket without a conversation, in the middle pane: what was said, and a place to answer or to write a note. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, FileQuestion, SendHorizontal } from "lucide-react";
import { useEffect, useState, type KeyboardEvent } from "react";
import { keys, RestError, tickets, useRest, type Ticket } from "../rest/index.js";
import { go, openNothing } from "../route.js";
import { SideToggle } from "../shell/SideToggle.js";
import { useTexts } from "../texts/language.js";
import { Button, Empty, Field, IconButton, notify } from "../ui/index.js";
import { Comments } from "./Comments.js";
import { Failed, Loading } from "./Part.js";
import { why } from "./TicketTab.js";
import { useTicket } from "./useTicket.js";
import "./side.css";

export function TicketPane({ number }: { number: number }) {
  const texts = useTexts();
  const found = useTicket(number);
  const conversation = found.data?.value.conversation_id ?? null;
  useEffect(() => {
    if (conversation !== null) go({ open: { kind: "conversation", id: conversation } }, { replace: true });
  }, [conversation]);
  if (found.isError) {
    const isGone = found.error instanceof RestError && found.error.status === 404;
    const told = isGone ? <Empty icon={FileQuestion} title={texts.paneNotFound} hint={texts.paneNotFoundHint} /> : <Failed again={() => void found.refetch()} />;
    return <main className="ticket-pane">{told}</main>;
  }
  if (found.isPending || conversation !== null) {
    return (
      <main className="ticket-pane" aria-busy="true">
        <Loading />
      </main>
    );
  }
  const ticket = found.data.value;
  return (
    <main className="ticket-pane" aria-label={ticket.subject}>
      <header>
        <IconButton label={texts.back} className="pane-back" onPress={openNothing}>
          <ArrowLeft size={18} aria-hidden className="turns" />
        </IconButton>
        <h2 dir="auto">
          <span className="side-number">{texts.ticketNumber(ticket.id)}</span> {ticket.subject}
        </h2>
        <SideToggle />
      </header>
      <div className="ticket-pane-log" tabIndex={0} role="region" aria-label={texts.paneComments}>
        <Comments number={number} />
      </div>
      {ticket.status === "closed" ? <p className="side-quiet ticket-pane-closed">{texts.paneClosedHint}</p> : <Answer ticket={ticket} />}
    </main>
  );
}

function Answer({ ticket }: { ticket: Ticket }) {
  const texts = useTexts();
  const rest = useRest();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const [isNote, setNote] = useState(false);
  const sending = useMutation({
    mutationFn: () => tickets.comment(rest, ticket.id, text.trim(), !isNote),
    onSuccess: async () => {
      setText("");
      await queries.invalidateQueries({ queryKey: keys.ticket(ticket.id) });
    },
    onError: (error: RestError) => notify({ tone: "bad", words: texts.ticketNotSaved(why(error)) }),
  });
  const isEmpty = text.trim() === "";
  const send = (): void => {
    if (!isEmpty && !sending.isPending) sending.mutate();
  };
  const keyed = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  };
  const label = isNote ? texts.paneNote : texts.paneReply;
  return (
    <form
      className={isNote ? "ticket-pane-answer note" : "ticket-pane-answer"}
      onKeyDown={keyed}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="side-buttons start" role="group" aria-label={texts.paneReply}>
        <Button size="small" variant={isNote ? "quiet" : "secondary"} aria-pressed={!isNote} onPress={() => setNote(false)}>
          {texts.paneReply}
        </Button>
        <Button size="small" variant={isNote ? "secondary" : "quiet"} aria-pressed={isNote} onPress={() => setNote(true)}>
          {texts.paneNote}
        </Button>
      </div>
      <Field label={label} lines={4} value={text} onChange={setText} placeholder={isNote ? texts.paneNotePlaceholder : texts.panePlaceholder} />
      <div className="side-buttons">
        <Button type="submit" variant="primary" isDisabled={isEmpty} isPending={sending.isPending}>
          <SendHorizontal size={15} aria-hidden /> {sending.isPending ? texts.paneSending : texts.paneSend}
        </Button>
      </div>
    </form>
  );
}
