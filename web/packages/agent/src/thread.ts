/**
 * A conversation as an agent sees it, made of its events: what was said, noted, and what happened. Pure.
 *
 * Every event has its seq, without gaps; one that is there already changes nothing.
 */

import { TYPING_MS, later } from "@causerie/client";
import { customerOf, newerTicket } from "./book.js";
import type { AgentEvent, AgentMessage } from "./frames.js";
import type { Item, Thread, Typist, Viewer } from "./state.js";

export const VIEWING_MS = 45_000;

interface Page {
  events: readonly { seq: number; event: unknown }[];
  more: boolean;
}

/** Names an item by what it was called before the server knew it, so that a view keeps it. */
export type KeyOf = (messageId: string) => string;

export function emptyThread(id: string): Thread {
  return {
    id,
    first: 0,
    last: 0,
    more: false,
    items: [],
    name: null,
    active: undefined,
    pending: undefined,
    status: null,
    ticket: null,
    session: null,
    customer: null,
    channel: null,
    customerRead: "",
    businessRead: "",
    delivered: new Set(),
    failed: new Set(),
    typists: [],
    viewers: [],
    queue: null,
    removed: false,
  };
}

/** The thread with an event behind those that it knows. */
export function reduce(thread: Thread, seq: number | null, event: AgentEvent | null, now: number, keyOf: KeyOf = same): Thread {
  if (seq === null) return event === null ? thread : passing(thread, event, now);
  if (seq <= thread.last) return thread;
  const next = { ...thread, last: seq, first: thread.first === 0 ? seq : thread.first };
  return event === null ? next : told(next, seq, event, keyOf);
}

const same: KeyOf = (id) => id;

/** The thread with a page of older events before those that it knows. */
export function prepend(thread: Thread, page: Page, keyOf: KeyOf = same): Thread {
  const older = page.events.filter(({ seq }) => thread.first === 0 || seq < thread.first);
  let before = emptyThread(thread.id);
  for (const { seq, event } of older) before = reduce(before, seq, event as AgentEvent | null, 0, keyOf);
  return {
    ...thread,
    first: before.first === 0 ? thread.first : before.first,
    last: Math.max(thread.last, before.last),
    more: page.more,
    items: [...before.items, ...thread.items],
    ...standing(thread, before),
    customerRead: later(thread.customerRead, before.customerRead),
    businessRead: later(thread.businessRead, before.businessRead),
    delivered: new Set([...before.delivered, ...thread.delivered]),
    failed: new Set([...before.failed, ...thread.failed]),
  };
}

/** How things are: as newer events tell it, and as older ones do where those are silent. */
function standing(thread: Thread, before: Thread): Partial<Thread> {
  return {
    name: thread.name ?? before.name,
    active: thread.active === undefined ? before.active : thread.active,
    pending: thread.pending === undefined ? before.pending : thread.pending,
    status: thread.status ?? before.status,
    ticket: thread.ticket ?? before.ticket,
    session: thread.session ?? before.session,
    customer: thread.customer ?? before.customer,
    channel: thread.channel ?? before.channel,
  };
}

/** Without those who have stopped typing or looking without saying so. */
export function quiet(thread: Thread, now: number): Thread {
  const typists = thread.typists.filter((one) => one.until > now);
  const viewers = thread.viewers.filter((one) => one.until > now);
  if (typists.length === thread.typists.length && viewers.length === thread.viewers.length) return thread;
  return { ...thread, typists, viewers };
}

function told(before: Thread, seq: number, event: AgentEvent, keyOf: KeyOf): Thread {
  const thread = controlled(before, event);
  switch (event.type) {
    case "conversation:message":
      return withMessage(thread, seq, event.payload.message as AgentMessage, keyOf);
    case "causerie:note:create":
      return withItem(thread, messageItem(seq, event.payload.message as AgentMessage, true, keyOf));
    case "conversation:read":
      return withRead(thread, event);
    case "conversation:message:delivery:user":
      return { ...thread, delivered: with1(thread.delivered, event) };
    case "causerie:message:delivery:business":
      return thread;
    case "conversation:message:delivery:failure":
      return { ...thread, failed: with1(thread.failed, event) };
    case "causerie:message:delete":
      return withoutMessage(thread, (event.payload.message as { id: string }).id);
    case "causerie:messages:delete":
      return withItem({ ...thread, items: thread.items.filter((one) => one.kind !== "message") }, eventItem(seq, event));
    case "conversation:remove":
      return { ...thread, removed: true, items: [] };
    default:
      return withItem(stated(thread, event), eventItem(seq, event));
  }
}

function controlled(thread: Thread, { payload }: AgentEvent): Thread {
  const { conversation } = payload;
  if (conversation === undefined) return thread;
  return {
    ...thread,
    active: conversation.activeSwitchboardIntegration ?? null,
    pending: conversation.pendingSwitchboardIntegration ?? null,
  };
}

/** What an event changes beside that it happened. */
function stated(thread: Thread, event: AgentEvent): Thread {
  const { payload } = event;
  switch (event.type) {
    case "conversation:create":
    case "causerie:conversation:update":
      return { ...thread, name: payload.conversation?.displayName ?? null };
    case "causerie:status:change":
      return { ...thread, status: payload.status ?? thread.status };
    case "causerie:ticket:open":
      return { ...thread, ticket: newerTicket(thread, event), session: "active" };
    case "causerie:ticket:change":
      return { ...thread, ticket: newerTicket(thread, event) };
    case "causerie:session:change":
      return { ...thread, session: payload.session ?? thread.session };
    case "causerie:session:end":
      return { ...thread, session: "ended", queue: null, typists: thread.typists.filter((one) => !one.isCustomer) };
    case "causerie:participant:replace":
      return thread.customer === null || payload.user === undefined ? thread : { ...thread, customer: { ...thread.customer, userId: payload.user.id } };
    default:
      return thread;
  }
}

function messageItem(seq: number, message: AgentMessage, internal: boolean, keyOf: KeyOf): Item {
  return { kind: "message", key: keyOf(message.id), seq, at: message.received, message, internal };
}

function eventItem(seq: number, event: AgentEvent): Item {
  return { kind: "event", key: event.id, seq, at: event.createdAt, event };
}

function withItem(thread: Thread, item: Item): Thread {
  return { ...thread, items: [...thread.items, item] };
}

/** Whoever writes has read what was there, and types no longer. */
function withMessage(thread: Thread, seq: number, message: AgentMessage, keyOf: KeyOf): Thread {
  const item = messageItem(seq, message, false, keyOf);
  const { author, received } = message;
  if (author.type === "user") {
    const who = { customer: customerOf(message, thread.customer), channel: message.source?.type ?? thread.channel };
    const typists = thread.typists.filter((one) => !one.isCustomer);
    return withItem({ ...thread, ...who, typists, customerRead: later(thread.customerRead, received) }, item);
  }
  const isPerson = author.agentId !== undefined;
  const typists = thread.typists.filter((one) => one.id !== author.agentId);
  const read = isPerson ? later(thread.businessRead, received) : thread.businessRead;
  return withItem({ ...thread, typists, businessRead: read, queue: isPerson ? null : thread.queue }, item);
}

function withRead(thread: Thread, { payload, createdAt }: AgentEvent): Thread {
  if (payload.activity?.author?.type === "business") return { ...thread, businessRead: later(thread.businessRead, createdAt) };
  return { ...thread, customerRead: later(thread.customerRead, createdAt) };
}

function with1(ids: ReadonlySet<string>, { payload }: AgentEvent): ReadonlySet<string> {
  return payload.message === undefined ? ids : new Set([...ids, payload.message.id]);
}

function withoutMessage(thread: Thread, id: string): Thread {
  const gone = (item: Item): Item =>
    item.kind === "message" && item.message.id === id ? { ...item, message: { ...item.message, deleted: true } } : item;
  return { ...thread, items: thread.items.map(gone) };
}

/** What is told in passing, and never stored. */
function passing(thread: Thread, event: AgentEvent, now: number): Thread {
  const { payload } = event;
  if (event.type === "conversation:typing") return typing(thread, event, now);
  if (event.type === "causerie:viewing") return viewing(thread, event, now);
  if (event.type !== "causerie:queue:position") return thread;
  const { position = 0, waitSeconds = null } = payload;
  return { ...thread, queue: position > 0 ? { position, waitSeconds } : null };
}

function typing(thread: Thread, { payload }: AgentEvent, now: number): Thread {
  const author = payload.activity?.author;
  if (author === undefined) return thread;
  const isCustomer = author.type === "user";
  const id = isCustomer ? "user" : (author.agentId ?? "business");
  const others = thread.typists.filter((one) => one.id !== id);
  if (payload.activity?.type !== "typing:start") return { ...thread, typists: others };
  const name = author.displayName ?? (isCustomer ? (thread.customer?.name ?? "") : "");
  const typist: Typist = { id, name, isCustomer, avatarUrl: author.avatarUrl ?? null, until: now + TYPING_MS };
  return { ...thread, typists: [...others, typist] };
}

function viewing(thread: Thread, { payload }: AgentEvent, now: number): Thread {
  const { agent, on } = payload;
  if (agent === undefined) return thread;
  const others = thread.viewers.filter((one) => one.id !== agent.id);
  if (on !== true) return { ...thread, viewers: others };
  const viewer: Viewer = { id: agent.id, name: agent.displayName ?? "", until: now + VIEWING_MS };
  return { ...thread, viewers: [...others, viewer] };
}
