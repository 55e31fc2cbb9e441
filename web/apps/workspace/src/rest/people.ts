/** People: agents and customers, what is known of them, and their past. */

import type { Rest } from "./rest.js";
import type { Identity, Person, Talk } from "./types.js";

/** The agent who is signed in. */
export async function me(rest: Rest, signal?: AbortSignal): Promise<Person> {
  return (await rest.get<{ user: Person }>("/api/v2/users/me", {}, signal)).user;
}

export async function person(rest: Rest, number: number, signal?: AbortSignal): Promise<Person> {
  return (await rest.get<{ user: Person }>(`/api/v2/users/${number}`, {}, signal)).user;
}

/** At most a hundred, by number. Who is gone is left out. */
export async function people(rest: Rest, numbers: readonly number[], signal?: AbortSignal): Promise<Person[]> {
  if (numbers.length === 0) return [];
  return (await rest.get<{ users: Person[] }>("/api/v2/users/show_many", { ids: numbers }, signal)).users;
}

/** At most a hundred, by the ids of the stream. */
export async function peopleById(rest: Rest, ids: readonly string[], signal?: AbortSignal): Promise<Person[]> {
  if (ids.length === 0) return [];
  return (await rest.get<{ users: Person[] }>("/api/v2/users/show_many", { messaging_ids: ids }, signal)).users;
}

export async function changePerson(rest: Rest, number: number, change: { name?: string; email?: string; locale?: string }): Promise<Person> {
  return (await rest.put<{ user: Person }>(`/api/v2/users/${number}`, { user: change })).user;
}

export async function identities(rest: Rest, number: number, signal?: AbortSignal): Promise<Identity[]> {
  return (await rest.get<{ identities: Identity[] }>(`/api/v2/users/${number}/identities`, {}, signal)).identities;
}

/** A person's conversations on all channels, the newest first. */
export async function conversationsOf(rest: Rest, number: number, signal?: AbortSignal): Promise<Talk[]> {
  return (await rest.get<{ conversations: Talk[] }>(`/api/v2/desk/users/${number}/conversations`, {}, signal)).conversations;
}

/** Agents and customers whose names or addresses begin so (two letters at least). */
export async function peopleLike(rest: Rest, name: string, signal?: AbortSignal): Promise<Person[]> {
  if (name.trim().length < 2) return [];
  return (await rest.page<Person>("/api/v2/users/autocomplete", "users", { name: name.trim(), per_page: 20 }, signal)).items;
}
