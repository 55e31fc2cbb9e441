/** Tickets that belong together: a problem and its incidents, a ticket and the closed one that it goes on with. */

import { useQuery } from "@tanstack/react-query";
import { keys, tickets, useRest, type Ticket } from "../rest/index.js";
import { openTicket } from "../route.js";
import { useTexts } from "../texts/language.js";
import { Badge } from "../ui/index.js";
import { statusName, statusTone } from "./names.js";
import { Part } from "./Part.js";

export function Links({ ticket }: { ticket: Ticket }) {
  const texts = useTexts();
  const rest = useRest();
  const wanted = [ticket.problem_id, ticket.via_followup_source_id].filter((one) => one !== null);
  const named = useQuery({
    queryKey: ["tickets", ...wanted],
    queryFn: ({ signal }) => tickets.many(rest, wanted, signal),
    enabled: wanted.length > 0,
  });
  const incidents = useQuery({
    queryKey: keys.incidents(ticket.id),
    queryFn: ({ signal }) => tickets.incidents(rest, ticket.id, signal),
    enabled: ticket.has_incidents,
  });
  const of = (number: number | null): Ticket[] => (named.data ?? []).filter((one) => one.id === number);
  const groups = [
    [texts.linkProblem, of(ticket.problem_id)],
    [texts.linkFollowsUp, of(ticket.via_followup_source_id)],
    [texts.linkIncidents, incidents.data ?? []],
  ] as const;
  if (groups.every(([, those]) => those.length === 0)) return null;
  return (
    <Part title={texts.links}>
      {groups.map(([title, those]) => those.length > 0 && <Group key={title} title={title} tickets={those} />)}
    </Part>
  );
}

function Group({ title, tickets: those }: { title: string; tickets: readonly Ticket[] }) {
  const texts = useTexts();
  return (
    <div className="side-links">
      <h4>{title}</h4>
      <ul>
        {those.map((one) => (
          <li key={one.id}>
            <button type="button" onClick={() => openTicket(one.id)}>
              <span className="side-number">{texts.ticketNumber(one.id)}</span>
              <span className="side-one-line" dir="auto">
                {one.subject}
              </span>
              <Badge tone={statusTone(one.status)}>{statusName(texts, one.status)}</Badge>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
