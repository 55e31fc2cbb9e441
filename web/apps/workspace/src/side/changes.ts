/** What becomes of a ticket that two people change at once. Pure. */

import type { FieldValue, Ticket, TicketChange } from "../rest/index.js";

/** The ticket as it will be if the server agrees. */
export function changed(ticket: Ticket, change: TicketChange): Ticket {
  const { comment: _said, custom_fields: given, ...rest } = change;
  const fields = new Map(ticket.custom_fields.map((one) => [one.id, one.value]));
  for (const one of given ?? []) fields.set(one.id, one.value);
  return { ...ticket, ...rest, custom_fields: [...fields].map(([id, value]) => ({ id, value })) };
}

export interface Clash {
  /** A field of the ticket, or the number of one of the app's own. */
  field: string | number;
  theirs: unknown;
}

/**
 * The fields of `change` that somebody else has given another value since `before`. Fields that nobody else touched are no clash, nor
 * those on which both agree.
 */
export function clashes(before: Ticket, now: Ticket, change: TicketChange): Clash[] {
  const found: Clash[] = [];
  const { custom_fields: given, comment: _said, ...rest } = change;
  for (const [name, mine] of Object.entries(rest)) {
    const field = name as keyof typeof rest;
    const theirs = now[field];
    if (!same(before[field], theirs) && !same(theirs, mine)) found.push({ field, theirs });
  }
  for (const one of given ?? []) {
    const theirs = valueOf(now, one.id);
    if (!same(valueOf(before, one.id), theirs) && !same(theirs, one.value)) found.push({ field: one.id, theirs });
  }
  return found;
}

export function valueOf(ticket: Ticket, field: number): FieldValue {
  return ticket.custom_fields.find((one) => one.id === field)?.value ?? null;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** A tag as the server keeps it; empty if there is nothing of it. */
export function tagOf(written: string): string {
  return written.trim().toLowerCase().replace(/[\s,]+/gu, "_").slice(0, 80);
}
