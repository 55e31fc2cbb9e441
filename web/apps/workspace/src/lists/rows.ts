/** What a list shows of a conversation or a ticket, from wherever it is known: the live inbox, a search, a view. Pure. */

import type { Summary, Work } from "@causerie/agent";
import type { Person, Ticket, TicketStatus } from "../rest/index.js";

export type Last = NonNullable<Summary["last"]>;

export interface Row {
  /** The conversation's id, or `#` and the ticket's number where there is no conversation. */
  readonly key: string;
  readonly conversation: string | null;
  readonly ticket: number | null;
  /** The customer, by the id of the stream or the number of `/api/v2`: whose name is looked up where it is null. */
  readonly userId: string | null;
  readonly name: string | null;
  readonly avatarUrl: string | null;
  /** The ticket's subject; null where only the conversation is known. */
  readonly subject: string | null;
  readonly summary: Summary | null;
  /** What was said last, where that was heard of. */
  readonly last: Last | null;
  readonly status: TicketStatus | null;
  readonly channel: string | null;
  readonly unread: number;
  /** When something was last said or changed, in ms. */
  readonly at: number;
  /** Whether it is this agent's. */
  readonly mine: boolean;
  readonly priority: Ticket["priority"];
}

/** How far one is with it, where it needs no more work. */
const DONE = new Set<string>(["solved", "closed", "deleted"]);

export const isDone = (status: string | null): boolean => status !== null && DONE.has(status);

const ms = (instant: string | null | undefined): number => (instant == null ? 0 : Date.parse(instant) || 0);

export function rowOfSummary(summary: Summary, me: string | null): Row {
  const { ticket } = summary;
  return {
    key: summary.id,
    conversation: summary.id,
    ticket: ticket?.number || null,
    userId: summary.customer?.userId ?? summary.participants[0]?.userId ?? null,
    name: summary.customer?.name || null,
    avatarUrl: summary.customer?.avatarUrl ?? null,
    subject: null,
    summary,
    last: summary.last,
    status: ticket === null ? null : (ticket.status ?? "new"),
    channel: summary.channel,
    unread: summary.unread,
    at: Math.max(ms(summary.lastUpdatedAt), ms(summary.last?.at)),
    mine: me !== null && ticket?.assigneeId === me,
    priority: null,
  };
}

/** A ticket, with what the live inbox knows of its conversation since. */
export function rowOfTicket(ticket: TicketRow, people: ReadonlyMap<number, Person>, live: Summary | undefined, me: string | null, myNumber: number | null): Row {
  const requester = ticket.requester_id === null ? undefined : people.get(ticket.requester_id);
  const known = live === undefined ? null : rowOfSummary(live, me);
  const key = ticket.conversation_id ?? `#${ticket.id}`;
  // The inbox hears of each change at once, the list when it is asked: but of an earlier ticket of the conversation it says nothing.
  const isSame = known !== null && (known.ticket === null || known.ticket === ticket.id);
  return {
    key: isSame || ticket.conversation_id === null || known === null ? key : `#${ticket.id}`,
    conversation: ticket.conversation_id,
    ticket: ticket.id,
    userId: requester?.messaging_id ?? known?.userId ?? null,
    name: requester?.name ?? known?.name ?? null,
    avatarUrl: requester?.photo?.content_url ?? known?.avatarUrl ?? null,
    subject: ticket.subject,
    summary: isSame ? (live ?? null) : null,
    last: isSame ? (known?.last ?? null) : null,
    status: (isSame ? known?.status : null) ?? (ticket.status === "deleted" ? "closed" : ticket.status),
    channel: known?.channel ?? null,
    unread: isSame ? (known?.unread ?? 0) : 0,
    at: Math.max(isSame ? (known?.at ?? 0) : 0, ms(ticket.updated_at)),
    mine: isSame && known?.summary?.ticket != null ? known.mine : myNumber !== null && ticket.assignee_id === myNumber,
    priority: ticket.priority,
  };
}

/** The fields of a ticket that a row needs. */
export type TicketRow = Pick<Ticket, "id" | "subject" | "status" | "priority" | "requester_id" | "assignee_id" | "conversation_id" | "updated_at">;

/** Each conversation once; what comes first in `lists` is believed. */
export function merged(...lists: readonly (readonly Row[])[]): Row[] {
  const found = new Map<string, Row>();
  for (const row of lists.flat()) {
    const before = found.get(row.key);
    if (before === undefined) found.set(row.key, row);
    else if (before.subject === null && row.subject !== null) found.set(row.key, filled(before, row));
  }
  return [...found.values()];
}

/** What is known from the stream, with what only the server's tables tell of its ticket. */
function filled(live: Row, { subject, priority, ticket, status, name, avatarUrl }: Row): Row {
  return { ...live, subject, priority, ticket: live.ticket ?? ticket, status: live.status ?? status, name: live.name ?? name, avatarUrl: live.avatarUrl ?? avatarUrl };
}

/** Newest activity first; ties by key, so that nothing jumps. */
export function byActivity(rows: readonly Row[]): Row[] {
  return [...rows].sort((one, other) => other.at - one.at || (one.key < other.key ? 1 : -1));
}

/** Two lists that stand by activity, as one. */
export function interleaved(one: readonly Row[], other: readonly Row[]): readonly Row[] {
  if (other.length === 0) return one;
  const found: Row[] = [];
  let at = 0;
  for (const row of one) {
    for (let next = other[at]; next !== undefined && next.at > row.at; next = other[at]) {
      found.push(next);
      at += 1;
    }
    found.push(row);
  }
  return found.concat(other.slice(at));
}

/** Work that is this agent's, or that the agent is asked to take over. */
export function isMyWork(work: Work, me: string | null): boolean {
  return me !== null && work.agentId === me && (work.stage === "assigned" || work.stage === "handing");
}

/** Where one goes from a row, by steps: the next one down is 1. From nowhere: to the first or the last. */
export function stepped(rows: readonly Row[], from: string | null, step: 1 | -1): Row | undefined {
  const at = from === null ? -1 : rows.findIndex((row) => row.key === from);
  if (at === -1) return step === 1 ? rows[0] : rows[rows.length - 1];
  return rows[Math.min(rows.length - 1, Math.max(0, at + step))];
}
