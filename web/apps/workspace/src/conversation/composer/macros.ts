/** What a macro would change about a ticket: only that, of all that the server shows of it. Pure. */

import type { Ticket, TicketChange } from "../../rest/index.js";

const FIELDS = ["subject", "status", "priority", "type", "assignee_id", "group_id", "tags", "follower_ids"] as const;

/** Null: nothing but words, or there is no ticket to change. `made` is the ticket as the macro would have it. */
export function changeOf(made: Partial<Ticket>, ticket: Ticket | null): TicketChange | null {
  if (ticket === null) return null;
  const differing = FIELDS.filter((name) => made[name] !== undefined && !isSame(made[name], ticket[name])).map((name) => [name, made[name]]);
  const fields = (made.custom_fields ?? []).filter(({ id, value }) => !isSame(value, ticket.custom_fields.find((one) => one.id === id)?.value));
  const change = { ...Object.fromEntries(differing), ...(fields.length === 0 ? {} : { custom_fields: fields }) } as TicketChange;
  return Object.keys(change).length === 0 ? null : change;
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
