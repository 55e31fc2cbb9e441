/** The pane beside a conversation or a ticket: the person, the ticket, what came before. */

import { useAgent } from "@causerie/agent/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { TicketPlus, UserRound } from "lucide-react";
import { useEffect } from "react";
import { keys, people, tickets, useRest, type Person } from "../rest/index.js";
import { useTexts } from "../texts/language.js";
import { Empty, Tabs } from "../ui/index.js";
import { HistoryTab } from "./HistoryTab.js";
import { Failed, Loading } from "./Part.js";
import { PersonTab } from "./PersonTab.js";
import { TicketTab } from "./TicketTab.js";
import { useTicket } from "./useTicket.js";
import "./side.css";

const RATED = "causerie:survey:answer";
/** When the ticket is asked for again: nearly always it has heard by the first time. */
const TOLD_MS = [300, 2_000, 6_000];

/** Of a conversation, or of a ticket (by its number) that has none. */
export function Side(props: { conversation: string } | { ticket: number }) {
  const texts = useTexts();
  return (
    <aside className="side" aria-label={texts.sideAbout}>
      {"conversation" in props ? <OfConversation key={props.conversation} id={props.conversation} /> : <OfTicket key={props.ticket} number={props.ticket} />}
    </aside>
  );
}

function OfConversation({ id }: { id: string }) {
  const rest = useRest();
  const queries = useQueryClient();
  const found = useQuery({ queryKey: keys.dossier(id), queryFn: ({ signal }) => tickets.dossier(rest, id, signal) });
  const number = found.data?.value.ticket?.id ?? null;
  // The conversation hears when its ticket changes: then what is shown here is old.
  const heard = useAgent(({ threads, inbox }) => {
    const ref = threads[id]?.ticket ?? inbox.conversations.get(id)?.ticket;
    return ref == null ? "" : `${ref.id}:${ref.revision ?? 0}`;
  });
  useEffect(() => {
    if (heard === "") return;
    void queries.invalidateQueries({ queryKey: keys.dossier(id) });
    if (number !== null) void queries.invalidateQueries({ queryKey: keys.ticket(number) });
  }, [queries, heard, id, number]);
  // What the customer thinks of it the ticket hears from the conversation, a moment after us.
  const rated = useAgent(({ threads }) => threads[id]?.items.findLast((one) => one.kind === "event" && one.event.type === RATED)?.key ?? "");
  useEffect(() => {
    if (rated === "" || number === null) return;
    const timers = TOLD_MS.map((ms) => setTimeout(() => void queries.invalidateQueries({ queryKey: keys.ticket(number) }), ms));
    return () => timers.forEach(clearTimeout);
  }, [queries, rated, number]);
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failed again={() => void found.refetch()} />;
  return <Panels number={number} person={found.data.value.person} here={id} />;
}

function OfTicket({ number }: { number: number }) {
  const rest = useRest();
  const found = useTicket(number);
  const requester = found.data?.value.requester_id ?? 0;
  const person = useQuery({ queryKey: keys.person(requester), queryFn: ({ signal }) => people.person(rest, requester, signal), enabled: requester > 0 });
  if (found.isError) return null; // the pane beside it says so
  return <Panels number={number} person={person.data ?? null} here={null} />;
}

function Panels({ number, person, here }: { number: number | null; person: Person | null; here: string | null }) {
  const texts = useTexts();
  const nobody = <Empty icon={UserRound} title={texts.personNone} hint={texts.personNoneHint} />;
  const ticket = number === null ? <Empty icon={TicketPlus} title={texts.ticketNone} hint={texts.ticketNoneHint} /> : <TicketTab key={number} number={number} />;
  return (
    <Tabs
      label={texts.sideAbout}
      tabs={[
        { id: "ticket", title: texts.sideTicket, panel: ticket },
        { id: "person", title: texts.sidePerson, panel: person === null ? nobody : <PersonTab key={person.id} person={person} /> },
        { id: "history", title: texts.sideHistory, panel: person === null ? nobody : <HistoryTab key={person.id} person={person} here={here} current={number} /> },
      ]}
    />
  );
}
