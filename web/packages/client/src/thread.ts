/**
 * A conversation as a visitor sees it, made of its events. Pure: `reduce(thread, seq, event)` gives the next one.
 *
 * Every event has its seq, without gaps; one that is there already changes nothing.
 */

import type { Message, Page, StreamEvent } from "./frames.js";

export interface Typist {
  name: string;
  avatarUrl?: string;
  until: number;
}

/** A message and its place among the conversation's events. */
export interface Placed extends Message {
  seq: number;
}

export interface Thread {
  id: string;
  name: string | null;
  /** The events that are known are those from `first` to `last`; 0: none yet. */
  first: number;
  last: number;
  /** There are older ones than `first`. */
  more: boolean;
  messages: readonly Placed[];
  /** Up to when the business has read, and the person themselves (on any device). */
  businessRead: string;
  ownRead: string;
  delivered: ReadonlySet<string>;
  typists: readonly Typist[];
  status: string | null;
  /** While the customer waits for an agent. */
  queue: { position: number; waitSeconds: number | null } | null;
  /** Who has ended it, until something is said again. */
  ended: "user" | "agent" | null;
  removed: boolean;
}

export const TYPING_MS = 10_000;

export function emptyThread(id: string, last = 0): Thread {
  return {
    id,
    name: null,
    first: last === 0 ? 0 : last + 1,
    last,
    more: last > 0,
    messages: [],
    businessRead: "",
    ownRead: "",
    delivered: new Set(),
    typists: [],
    status: null,
    queue: null,
    ended: null,
    removed: false,
  };
}

/** The thread with an event behind those that it knows. */
export function reduce(thread: Thread, seq: number | null, event: StreamEvent | null, now: number): Thread {
  if (seq === null) return event === null ? thread : passing(thread, event, now);
  if (seq <= thread.last) return thread;
  const next = { ...thread, last: seq, first: thread.first === 0 ? seq : thread.first };
  return event === null ? next : told(next, event);
}

/** The thread with a page of older events before those that it knows. */
export function prepend(thread: Thread, page: Page): Thread {
  const older = page.events.filter(({ seq }) => thread.first === 0 || seq < thread.first);
  let before: Thread = { ...emptyThread(thread.id), name: thread.name };
  for (const { seq, event } of older) before = reduce(before, seq, event, 0);
  return {
    ...thread,
    name: thread.name ?? before.name,
    first: before.first === 0 ? thread.first : before.first,
    last: Math.max(thread.last, before.last),
    more: page.more,
    messages: [...before.messages, ...thread.messages],
    businessRead: later(thread.businessRead, before.businessRead),
    ownRead: later(thread.ownRead, before.ownRead),
    delivered: new Set([...thread.delivered, ...before.delivered]),
    status: thread.status ?? before.status,
    ended: thread.messages.length > 0 || thread.ended !== null ? thread.ended : before.ended,
  };
}

/** The thread without its oldest messages: `count` are left, and the others are a page of history again. */
export function shortened(thread: Thread, count: number): Thread {
  const messages = thread.messages.slice(-count);
  const [first] = messages;
  return first === undefined || messages.length === thread.messages.length ? thread : { ...thread, messages, first: first.seq, more: true };
}

/** Without those who have stopped typing without saying so. */
export function quiet(thread: Thread, now: number): Thread {
  const typists = thread.typists.filter((one) => one.until > now);
  return typists.length === thread.typists.length ? thread : { ...thread, typists };
}

/** How many messages of the business the person has not read. */
export function unread(thread: Thread): number {
  return thread.messages.filter((one) => one.author.type === "business" && !one.deleted && one.received > thread.ownRead).length;
}

/** The later one of two instants. */
export const later = (one: string, other: string): string => (one > other ? one : other);

function told(thread: Thread, event: StreamEvent): Thread {
  const { payload } = event;
  switch (event.type) {
    case "conversation:message":
      return withMessage(thread, { ...(payload.message as Message), seq: thread.last });
    case "conversation:read":
      return withRead(thread, payload.activity?.author?.type, event.createdAt);
    case "conversation:message:delivery:user":
    case "causerie:message:delivery:business":
      return withDelivered(thread, (payload.message as { id: string }).id);
    case "causerie:message:delete":
      return withoutMessage(thread, (payload.message as { id: string }).id);
    case "causerie:messages:delete":
      return { ...thread, messages: [] };
    case "causerie:conversation:update":
    case "conversation:create":
      return { ...thread, name: payload.conversation?.displayName ?? null };
    case "causerie:status:change":
      return { ...thread, status: payload.status ?? null };
    case "causerie:session:end":
      return { ...thread, ended: payload.by ?? "agent", queue: null, typists: [] };
    case "conversation:remove":
      return { ...thread, removed: true, messages: [] };
    default:
      return thread;
  }
}

/** Whoever has a message has those before it. */
function withDelivered(thread: Thread, id: string): Thread {
  const before = thread.messages.slice(0, thread.messages.findIndex((one) => one.id === id) + 1).map((one) => one.id);
  return { ...thread, delivered: new Set([...thread.delivered, ...before, id]) };
}

function withMessage(thread: Thread, message: Placed): Thread {
  const business = message.author.type === "business";
  return {
    ...thread,
    messages: [...thread.messages, message],
    // Whoever writes has read what was there, and types no longer.
    businessRead: business ? later(thread.businessRead, message.received) : thread.businessRead,
    ownRead: business ? thread.ownRead : later(thread.ownRead, message.received),
    typists: business ? [] : thread.typists,
    queue: business && !message.author.subtypes?.includes("bot") ? null : thread.queue,
    ended: null,
  };
}

function withRead(thread: Thread, reader: string | undefined, at: string): Thread {
  if (reader === "business") return { ...thread, businessRead: later(thread.businessRead, at) };
  return { ...thread, ownRead: later(thread.ownRead, at) };
}

function withoutMessage(thread: Thread, id: string): Thread {
  return { ...thread, messages: thread.messages.map((one) => (one.id === id ? { ...one, deleted: true } : one)) };
}

/** What is told in passing, and never stored. */
function passing(thread: Thread, event: StreamEvent, now: number): Thread {
  if (event.type !== "causerie:queue:position") return typing(thread, event, now);
  const { position = 0, waitSeconds = null } = event.payload;
  return { ...thread, queue: position > 0 ? { position, waitSeconds } : null };
}

function typing(thread: Thread, event: StreamEvent, now: number): Thread {
  const { activity } = event.payload;
  if (activity?.author?.type !== "business") return thread;
  const name = activity.author.displayName ?? "";
  const others = thread.typists.filter((one) => one.name !== name);
  if (activity.type !== "typing:start") return { ...thread, typists: others };
  const avatar = activity.author.avatarUrl === undefined ? {} : { avatarUrl: activity.author.avatarUrl };
  return { ...thread, typists: [...others, { name, until: now + TYPING_MS, ...avatar }] };
}
