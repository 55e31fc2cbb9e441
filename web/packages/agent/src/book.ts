/**
 * The inbox: what is known of each conversation, newest activity first. The server's snapshot has the newest ones and its events come
 * without a memory, so where a seq is not the next one the book says so (`gap`), and keeps what it has.
 */

import type { AgentEvent, AgentMessage, Listed } from "./frames.js";
import type { Inbox, Summary } from "./state.js";

/** More than this many are not kept: those with the oldest activity are forgotten first. */
export const MAX_KNOWN = 20_000;

export class Book {
  private readonly all = new Map<string, Summary>();
  private order: string[] = [];
  private isSorted = true;
  private ready = false;
  private shown: Inbox | null = { ready: false, conversations: new Map(), order: [] };

  get(id: string): Summary | undefined {
    return this.all.get(id);
  }

  /** Conversations as the server lists them. */
  list(listed: readonly Listed[], isSnapshot: boolean): void {
    for (const one of listed) {
      const known = this.all.get(one.id);
      if (known !== undefined && known.seq > one.seq) continue;
      this.all.set(one.id, { ...(known ?? UNKNOWN), ...fields(one) });
      if (known === undefined) this.order.push(one.id);
    }
    this.ready ||= isSnapshot;
    this.isSorted = false;
    this.shown = null;
  }

  /** Something happened. False: something else must have happened before it that was not heard of. */
  hear(id: string, seq: number, event: AgentEvent): boolean {
    const known = this.all.get(id);
    if (known !== undefined && seq <= known.seq) return true;
    if (event.type === "conversation:remove") this.forget(id);
    else this.put(id, after(known ?? unknown(id), seq, event), known);
    this.shown = null;
    return known === undefined ? seq === 1 : seq === known.seq + 1;
  }

  state(): Inbox {
    if (this.shown === null) {
      this.sort();
      this.shown = { ready: this.ready, conversations: new Map(this.all), order: [...this.order] };
    }
    return this.shown;
  }

  private put(id: string, summary: Summary, before: Summary | undefined): void {
    this.all.set(id, summary);
    if (before !== undefined && before.lastUpdatedAt === summary.lastUpdatedAt) return;
    const newest = this.all.get(this.order[0] ?? "")?.lastUpdatedAt ?? "";
    if (before === undefined) this.order.unshift(id);
    else if (this.order[0] !== id) this.toFront(id);
    // Nearly always what happens is the newest; where clocks disagree all is put in order.
    if ((summary.lastUpdatedAt ?? "") < newest || this.order.length > MAX_KNOWN) this.isSorted = false;
  }

  private toFront(id: string): void {
    this.order.splice(this.order.indexOf(id), 1);
    this.order.unshift(id);
  }

  private forget(id: string): void {
    this.all.delete(id);
    this.order = this.order.filter((one) => one !== id);
  }

  private sort(): void {
    if (this.isSorted) return;
    const at = (id: string): string => this.all.get(id)?.lastUpdatedAt ?? "";
    this.order.sort((one, other) => (at(one) < at(other) ? 1 : at(one) > at(other) ? -1 : one < other ? 1 : -1));
    for (const id of this.order.splice(MAX_KNOWN)) this.all.delete(id);
    this.isSorted = true;
  }
}

const UNKNOWN = { ticket: null, session: null, customer: null, channel: null, last: null } as const;

function unknown(id: string): Summary {
  return {
    ...UNKNOWN,
    id,
    type: "personal",
    displayName: null,
    metadata: null,
    seq: 0,
    status: "open",
    activeSwitchboardIntegration: null,
    pendingSwitchboardIntegration: null,
    unread: 0,
    lastUpdatedAt: null,
    participants: [],
  };
}

/** What a list says; what it does not say of a conversation stays as it was. */
function fields({ ticket, session, ...rest }: Listed): Partial<Summary> & Omit<Listed, "ticket" | "session"> {
  return { ...rest, ...(ticket == null ? {} : { ticket }), ...(session === undefined ? {} : { session }) };
}

function after(known: Summary, seq: number, event: AgentEvent): Summary {
  return { ...known, seq, ...controlOf(event), ...changeOf(known, event) };
}

/** Each event names who has control since. */
function controlOf({ payload }: AgentEvent): Partial<Summary> {
  const { conversation } = payload;
  if (conversation === undefined) return {};
  return {
    activeSwitchboardIntegration: conversation.activeSwitchboardIntegration ?? null,
    pendingSwitchboardIntegration: conversation.pendingSwitchboardIntegration ?? null,
  };
}

function changeOf(known: Summary, event: AgentEvent): Partial<Summary> {
  const { payload, createdAt: at } = event;
  switch (event.type) {
    case "conversation:create":
      return { ...named(event), status: "new", participants: payload.participants ?? [], lastUpdatedAt: at };
    case "causerie:conversation:update":
      return named(event);
    case "conversation:message":
      return said(known, payload.message as AgentMessage);
    case "causerie:note:create":
      return { last: lastOf(payload.message as AgentMessage, true), lastUpdatedAt: at };
    case "conversation:read":
      return payload.activity?.author?.type === "business" ? { unread: 0 } : {};
    case "causerie:messages:delete":
      return { unread: 0, last: null };
    case "causerie:status:change":
      return { status: payload.status ?? known.status };
    case "causerie:ticket:open":
    case "causerie:ticket:change":
      return ticketOf(known, event);
    case "causerie:session:change":
      return { session: payload.session ?? known.session };
    case "causerie:session:end":
      return { session: "ended" };
    case "causerie:participant:replace":
      return replaced(known, event);
    case "conversation:join":
    case "conversation:leave":
      return membersOf(known, event);
    default:
      return {};
  }
}

function named({ payload }: AgentEvent): Partial<Summary> {
  const { displayName = null, metadata = null } = payload.conversation ?? {};
  return { displayName, metadata };
}

function said(known: Summary, message: AgentMessage): Partial<Summary> {
  const isCustomer = message.author.type === "user";
  const heard = { last: lastOf(message, false), lastUpdatedAt: message.received };
  if (!isCustomer) return heard;
  return { ...heard, unread: known.unread + 1, customer: customerOf(message, known.customer), channel: message.source?.type ?? known.channel };
}

function lastOf({ content, author, received }: AgentMessage, internal: boolean): Summary["last"] {
  return { content, author, at: received, internal };
}

/** Whoever wrote, as a person with a name. */
export function customerOf({ author }: AgentMessage, before: Summary["customer"]): Summary["customer"] {
  const userId = author.userId ?? before?.userId;
  if (userId === undefined) return before;
  const same = before?.userId === userId ? before : null;
  const name = author.displayName ?? same?.name ?? "";
  const avatarUrl = author.avatarUrl ?? same?.avatarUrl ?? null;
  return same !== null && same.name === name && same.avatarUrl === avatarUrl ? same : { userId, name, avatarUrl };
}

/** An older revision never undoes a newer one. */
export function newerTicket<T extends { ticket: Summary["ticket"] }>(known: T, { payload }: AgentEvent): Summary["ticket"] {
  const { ticket } = payload;
  if (ticket === undefined) return known.ticket;
  const isOld = known.ticket?.id === ticket.id && (ticket.revision ?? 0) < (known.ticket.revision ?? 0);
  return isOld ? known.ticket : ticket;
}

function ticketOf(known: Summary, event: AgentEvent): Partial<Summary> {
  const ticket = newerTicket(known, event);
  return event.type === "causerie:ticket:open" ? { ticket, session: "active" } : { ticket };
}

function replaced(known: Summary, { payload }: AgentEvent): Partial<Summary> {
  const { discarded, user } = payload;
  if (discarded === undefined || user === undefined) return {};
  const rest = known.participants.filter((one) => one.userId !== discarded.id && one.userId !== user.id);
  const customer = known.customer?.userId === discarded.id ? { ...known.customer, userId: user.id } : known.customer;
  return { participants: [...rest, { userId: user.id, userExternalId: user.externalId ?? null }], customer };
}

function membersOf(known: Summary, { type, payload }: AgentEvent): Partial<Summary> {
  const id = payload.user?.id ?? payload.participant?.userId;
  if (id === undefined) return {};
  const rest = known.participants.filter((one) => one.userId !== id);
  return { participants: type === "conversation:join" ? [...rest, { userId: id, userExternalId: payload.user?.externalId ?? null }] : rest };
}
