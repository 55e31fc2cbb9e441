/** Rows in sight with what neither the stream nor a list has told of them: who the customer is, and what was last said. */

import type { AgentEvent, AgentMessage } from "@causerie/agent";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { people, useRest, type Person, type Rest } from "../rest/index.js";
import { Gather } from "./gather.js";
import type { Last, Row } from "./rows.js";

const PEOPLE_AT_ONCE = 100;
const LAST_AT_ONCE = 50;

interface Books {
  readonly names: Gather<Person>;
  readonly last: Gather<Last>;
}

const all = new WeakMap<Rest, Books>();

/** One pair of books for whoever is signed in. */
function booksOf(rest: Rest): Books {
  let found = all.get(rest);
  if (found === undefined) {
    found = { names: new Gather((ids) => named(rest, ids), PEOPLE_AT_ONCE), last: new Gather((names) => lastSaid(rest, names), LAST_AT_ONCE) };
    all.set(rest, found);
  }
  return found;
}

async function named(rest: Rest, ids: readonly string[]): Promise<Map<string, Person>> {
  return new Map((await people.peopleById(rest, ids)).map((one) => [one.messaging_id, one]));
}

/** By `nameOf`: what was said last when the conversation had come so far. */
async function lastSaid(rest: Rest, names: readonly string[]): Promise<Map<string, Last>> {
  const ids = names.map((name) => name.split("@", 1)[0] ?? "");
  const answer = await rest.get<{ last_messages: { conversation_id: string; event: AgentEvent }[] }>("/api/v2/desk/last_messages", { ids });
  const told = new Map(answer.last_messages.map((one) => [one.conversation_id, one.event]));
  return new Map(names.flatMap((name, at) => lastOf(told.get(ids[at] ?? ""), name)));
}

function lastOf(event: AgentEvent | undefined, name: string): [string, Last][] {
  const message = event?.payload.message as AgentMessage | undefined;
  if (event === undefined || message?.content === undefined) return [];
  return [[name, { content: message.content, author: message.author, at: event.createdAt, internal: event.type === "causerie:note:create" }]];
}

/** A conversation as far as it has come: further on, something else was said last. */
const nameOf = (row: Row): string => `${row.conversation ?? ""}@${row.summary?.seq ?? row.at}`;

/** The last words are the conversation's: a row of one of its earlier tickets is about something else. */
const mayTell = (row: Row): boolean => row.last === null && row.conversation !== null && row.key === row.conversation;

/** Fills these rows in as the answers come; `withWords` with what was said last, too. */
export function useFilled(rows: readonly Row[], withWords = true): readonly Row[] {
  const { names, last } = booksOf(useRest());
  const known = useSyncExternalStore(names.watch, () => names.version);
  const heard = useSyncExternalStore(last.watch, () => last.version);
  useWanted(names, rows.flatMap((row) => (row.name === null && row.userId !== null ? [row.userId] : [])));
  useWanted(last, withWords ? rows.filter(mayTell).map(nameOf) : []);
  return useMemo(() => rows.map((row) => withLast(withName(row, names), last)), [rows, names, last, known, heard]);
}

function useWanted<T>(book: Gather<T>, wanted: readonly string[]): void {
  const missing = wanted.filter((name) => book.get(name) === undefined).join();
  useEffect(() => book.want(missing === "" ? [] : missing.split(",")), [book, missing]);
}

function withName(row: Row, names: Gather<Person>): Row {
  const person = row.userId === null ? null : names.get(row.userId);
  if (person == null || (row.name !== null && row.avatarUrl !== null)) return row;
  return { ...row, name: row.name ?? person.name, avatarUrl: row.avatarUrl ?? person.photo?.content_url ?? null };
}

function withLast(row: Row, last: Gather<Last>): Row {
  const found = mayTell(row) ? last.get(nameOf(row)) : null;
  return found == null ? row : { ...row, last: found };
}
