/** Tickets: one, those of a person, what was said and changed, and how they are changed. */

import type { Listed } from "@causerie/agent";
import type { Page, Rest } from "./rest.js";
import type { Audit, Comment, Dossier, Person, Ticket, TicketChange } from "./types.js";

const one = (number: number): string => `/api/v2/tickets/${number}`;

export interface WithPeople<T> {
  value: T;
  users: Person[];
}

export async function ticket(rest: Rest, number: number, signal?: AbortSignal): Promise<WithPeople<Ticket>> {
  const answer = await rest.get<{ ticket: Ticket; users: Person[] }>(one(number), { include: "users,slas" }, signal);
  return { value: answer.ticket, users: answer.users };
}

/** All conversations by when they began, the newest first; `after` is the last page's. */
export async function conversations(rest: Rest, after: string | null, signal?: AbortSignal): Promise<{ conversations: Listed[]; after: string | null }> {
  return rest.get("/api/v2/desk/conversations", { after: after ?? undefined }, signal);
}

/** A conversation's person and tickets. */
export async function dossier(rest: Rest, conversation: string, signal?: AbortSignal): Promise<WithPeople<Dossier>> {
  const answer = await rest.get<Dossier & { users: Person[] }>(`/api/v2/desk/conversations/${conversation}`, {}, signal);
  const { users, ...value } = answer;
  return { value, users };
}

/**
 * Change a ticket as it was at `seen` (its `updated_at`). Rejects with a conflict when somebody was there in between.
 * Without `seen` whatever is there is changed.
 */
export async function change(rest: Rest, number: number, change: TicketChange, seen?: string): Promise<Ticket> {
  const safe = seen === undefined ? {} : { safe_update: true, updated_stamp: seen };
  const answer = await rest.put<{ ticket: Ticket }>(`${one(number)}?include=slas`, { ticket: { ...change, ...safe } });
  return answer.ticket;
}

/** Add and take away tags, whatever the others are. */
export async function tag(rest: Rest, number: number, add: readonly string[], remove: readonly string[]): Promise<void> {
  if (add.length > 0) await rest.put(`${one(number)}/tags`, { tags: add });
  if (remove.length > 0) await rest.delete(`${one(number)}/tags`, { tags: remove });
}

export async function audits(rest: Rest, number: number, page = 1, signal?: AbortSignal): Promise<Page<Audit> & { users: Person[] }> {
  const query = { include: "users", sort_order: "desc", per_page: 50, page };
  const answer = await rest.get<{ audits: Audit[]; users: Person[]; count: number; next_page: string | null }>(`${one(number)}/audits`, query, signal);
  return { items: answer.audits, users: answer.users, count: answer.count, next: answer.next_page === null ? null : page + 1 };
}

export async function comments(rest: Rest, number: number, page = 1, signal?: AbortSignal): Promise<Page<Comment> & { users: Person[] }> {
  const query = { include: "users", per_page: 100, page };
  const answer = await rest.get<{ comments: Comment[]; users: Person[]; count: number; next_page: string | null }>(
    `${one(number)}/comments`,
    query,
    signal,
  );
  return { items: answer.comments, users: answer.users, count: answer.count, next: answer.next_page === null ? null : page + 1 };
}

export function comment(rest: Rest, number: number, body: string, isPublic: boolean): Promise<Ticket> {
  return change(rest, number, { comment: { body, public: isPublic } });
}

export async function incidents(rest: Rest, number: number, signal?: AbortSignal): Promise<Ticket[]> {
  return (await rest.page<Ticket>(`${one(number)}/incidents`, "tickets", { per_page: 25 }, signal)).items;
}

export async function many(rest: Rest, numbers: readonly number[], signal?: AbortSignal): Promise<Ticket[]> {
  if (numbers.length === 0) return [];
  return (await rest.page<Ticket>("/api/v2/tickets/show_many", "tickets", { ids: numbers }, signal)).items;
}

export function requestedBy(rest: Rest, person: number, page = 1, signal?: AbortSignal): Promise<Page<Ticket>> {
  const query = { sort_by: "updated_at", sort_order: "desc", per_page: 25, page };
  return rest.page<Ticket>(`/api/v2/users/${person}/tickets/requested`, "tickets", query, signal);
}

export function assignedTo(rest: Rest, agent: number, page = 1, signal?: AbortSignal): Promise<Page<Ticket>> {
  const query = { sort_by: "updated_at", sort_order: "desc", per_page: 100, page };
  return rest.page<Ticket>(`/api/v2/users/${agent}/tickets/assigned`, "tickets", query, signal);
}

export function recent(rest: Rest, page = 1, signal?: AbortSignal): Promise<Page<Ticket>> {
  return rest.page<Ticket>("/api/v2/tickets/recent", "tickets", { per_page: 100, page }, signal);
}

/** Tags that tickets have, and that begin so. */
export async function tagsLike(rest: Rest, name: string, signal?: AbortSignal): Promise<string[]> {
  const answer = await rest.get<{ tags: string[] }>("/api/v2/autocomplete/tags", { name }, signal);
  return answer.tags;
}
