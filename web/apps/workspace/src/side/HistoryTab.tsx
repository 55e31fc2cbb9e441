/** All that this person has ever talked and written about, on every channel: opened here to read, without leaving the conversation. */

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ExternalLink, History, MessagesSquare, Ticket as TicketMark } from "lucide-react";
import { useState } from "react";
import { keys, people, tickets, useRest, type Person, type Talk, type Ticket } from "../rest/index.js";
import { openConversation, openTicket } from "../route.js";
import { useLanguage, useTexts } from "../texts/language.js";
import { Badge, Button, Empty } from "../ui/index.js";
import { statusName, statusTone } from "./names.js";
import { Failed, Loading } from "./Part.js";
import { Comments } from "./Comments.js";
import { shortly } from "./times.js";

/** A ticket, or a conversation that never became one. */
export type Past = { kind: "ticket"; at: string; ticket: Ticket } | { kind: "talk"; at: string; talk: Talk };

/** Newest first. A conversation with tickets is shown as its tickets. */
export function pastOf(those: readonly Ticket[], talks: readonly Talk[]): Past[] {
  const ticketed = new Set(those.map((one) => one.conversation_id));
  const found: Past[] = [
    ...those.map((ticket) => ({ kind: "ticket" as const, at: ticket.updated_at, ticket })),
    ...talks.filter((one) => !ticketed.has(one.id)).map((talk) => ({ kind: "talk" as const, at: talk.last_at ?? talk.created_at, talk })),
  ];
  return found.sort((one, other) => (one.at < other.at ? 1 : -1));
}

export function HistoryTab({ person, here, current }: { person: Person; here: string | null; current: number | null }) {
  const rest = useRest();
  const texts = useTexts();
  const [read, setRead] = useState<Ticket | null>(null);
  const theirs = useQuery({ queryKey: keys.requested(person.id), queryFn: ({ signal }) => tickets.requestedBy(rest, person.id, 1, signal) });
  const talks = useQuery({ queryKey: keys.conversations(person.id), queryFn: ({ signal }) => people.conversationsOf(rest, person.id, signal) });
  if (theirs.isPending || talks.isPending) return <Loading />;
  if (theirs.isError || talks.isError) return <Failed again={() => void Promise.all([theirs.refetch(), talks.refetch()])} />;
  if (read !== null) return <Reading ticket={read} back={() => setRead(null)} here={here} />;
  const past = pastOf(theirs.data.items, talks.data).filter((one) => (one.kind === "ticket" ? one.ticket.id !== current : one.talk.id !== here));
  if (past.length === 0) return <Empty icon={History} title={texts.historyNone} hint={texts.historyNoneHint} />;
  return (
    <ol className="side-history">
      {past.map((one) => (
        <li key={one.kind === "ticket" ? one.ticket.id : one.talk.id}>
          <Entry past={one} onRead={setRead} />
        </li>
      ))}
    </ol>
  );
}

function Entry({ past, onRead }: { past: Past; onRead: (ticket: Ticket) => void }) {
  const { language, texts } = useLanguage();
  const isTicket = past.kind === "ticket";
  const status = isTicket ? past.ticket.status : past.talk.status;
  const title = isTicket ? past.ticket.subject : (past.talk.display_name ?? texts.historyConversation);
  return (
    <button type="button" onClick={() => (isTicket ? onRead(past.ticket) : openConversation(past.talk.id))}>
      {isTicket ? <TicketMark size={16} aria-hidden /> : <MessagesSquare size={16} aria-hidden />}
      <span className="side-history-words">
        <span className="side-one-line" dir="auto">
          {title}
        </span>
        <small>
          {isTicket && `${texts.ticketNumber(past.ticket.id)} · `}
          <time dateTime={past.at}>{shortly(language, past.at)}</time>
        </small>
      </span>
      {status !== null && <Badge tone={statusTone(status)}>{statusName(texts, status)}</Badge>}
    </button>
  );
}

function Reading({ ticket, back, here }: { ticket: Ticket; back: () => void; here: string | null }) {
  const texts = useTexts();
  const elsewhere = ticket.conversation_id === null || ticket.conversation_id !== here;
  const open = (): void => (ticket.conversation_id === null ? openTicket(ticket.id) : openConversation(ticket.conversation_id));
  return (
    <div className="side-reading">
      <div className="side-buttons start">
        <Button size="small" variant="quiet" onPress={back} autoFocus>
          <ArrowLeft size={14} aria-hidden /> {texts.historyBack}
        </Button>
        {elsewhere && (
          <Button size="small" variant="quiet" onPress={open}>
            <ExternalLink size={14} aria-hidden /> {texts.historyOpen}
          </Button>
        )}
      </div>
      <h3 dir="auto">
        <span className="side-number">{texts.ticketNumber(ticket.id)}</span> {ticket.subject}
      </h3>
      <Comments number={ticket.id} />
    </div>
  );
}
