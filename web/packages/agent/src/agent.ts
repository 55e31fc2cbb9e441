/**
 * An agent's side of the stream, put together: the inbox, routing, the conversations that are looked at, and what is said and ordered.
 *
 * It knows no view and no framework. `state` is all that a view needs, and is replaced once a frame, however much has happened.
 */

import { Arrivals, Connection, type Metadata, newId, type Refused, type Shelf, type SocketLike, type Status, Store } from "@causerie/client";
import { Batch, nextFrame, type Schedule } from "./batch.js";
import { Book } from "./book.js";
import {
  AGENTS,
  type AgentContent,
  type AgentMessage,
  type Asking,
  type ControlAction,
  type FromServer,
  type Line,
  type Listed,
  type TicketStatus,
  type ToServer,
} from "./frames.js";
import { Pending } from "./pending.js";
import { fromSnapshot, MOVES, NO_ROUTING, routed } from "./routing.js";
import { Seldom } from "./seldom.js";
import { Sending } from "./sending.js";
import { type Done, type Orders, OrderRefused, type Target, type Writing } from "./signatures.js";
import type { Routing, State } from "./state.js";
import { Threads } from "./threads.js";

export interface AgentOptions {
  /** The address of the stream. */
  url: string;
  /** Whose words these are: what one agent left unsent is never another's. */
  account: string;
  /** The session's token; null when it is over, which ends the connection for good. */
  token: () => string | null;
  /** The server does not know the token (any more). */
  refused?: () => void;
  /** How much waits in each line, asked of the server. */
  lines?: () => Promise<readonly Line[]>;
  shelf: Shelf;
  open?: (url: string) => SocketLike;
  schedule?: Schedule;
  now?: () => number;
}

const TYPING_AGAIN_MS = 4_000;
const VIEWING_AGAIN_MS = 20_000;
const LINES_PAUSE_MS = 1_000;
const SNAPSHOT_PAUSE_MS = 5_000;
const TICKET_MS = 8_000;

/** The session is over: nobody is asked again. */
class SignedOut extends Error {
  readonly final = true;
}

export class Agent implements Orders {
  readonly state: Batch<State>;
  readonly connection: Connection<FromServer, ToServer>;
  /** Every event of every conversation and of the routing, as it comes: for sounds and notifications. */
  readonly news = new Store<Extract<FromServer, { type: "event" | "routed" }> | null>(null);
  private readonly book = new Book();
  private readonly threads: Threads;
  private readonly sending: Sending;
  private readonly pending: Pending;
  private readonly arrivals = new Arrivals((conversation) => this.arrived(conversation));
  private routing: Routing = NO_ROUTING;
  private me: State["me"] = null;
  private skewMs = 0;
  private position = 0;
  private shown: State | null = null;
  private readonly typed = new Map<string, number>();
  private readonly lastRead = new Map<string, string>();
  private readonly looked = new Map<string, ReturnType<typeof setInterval>>();
  private readonly counting: Seldom;
  private readonly rechecking: Seldom;

  constructor(private readonly options: AgentOptions) {
    const send = (frame: ToServer): boolean => this.connection.send(frame);
    const changed = (): void => this.changed();
    this.connection = new Connection<FromServer, ToServer>({
      url: options.url,
      token: (renew) => this.token(renew),
      listen: (frame) => this.listen(frame),
      ...(options.open === undefined ? {} : { open: options.open }),
    });
    this.sending = new Sending(options.shelf, `causerie:agent:${options.account}:outbox:`, send, changed);
    const { keyOf } = this.sending;
    this.threads = new Threads({ send, changed, keyOf, now: this.now, forgot: (id) => this.sending.unfollowed(id) });
    this.pending = new Pending(send);
    this.counting = new Seldom(() => this.countLines(), LINES_PAUSE_MS, this.now);
    this.rechecking = new Seldom(() => this.subscribe(), SNAPSHOT_PAUSE_MS, this.now);
    this.state = new Batch(this.taken(), () => this.taken(), options.schedule ?? nextFrame);
    this.connection.status.watch((status) => this.moved(status));
  }

  start(): void {
    this.connection.start();
    void this.sending.adopt();
  }

  close(): void {
    this.connection.stop();
    this.arrivals.close();
    this.pending.close();
    this.threads.close();
    this.sending.end();
    for (const timer of this.looked.values()) clearInterval(timer);
    this.counting.close();
    this.rechecking.close();
  }

  wake(): void {
    void this.sending.adopt();
    this.connection.probe();
  }

  // -- conversations

  open(conversation: string): () => void {
    return this.threads.open(conversation);
  }

  older(conversation: string): void {
    this.threads.older(conversation);
  }

  know(listed: readonly Listed[]): void {
    this.book.list(listed, false);
    this.changed();
  }

  send(conversation: string, content: AgentContent, writing: Writing = {}): string {
    this.typed.delete(conversation);
    return this.sending.add(conversation, content, writing, new Date(this.now() + this.skewMs).toISOString());
  }

  retry(id: string): void {
    this.sending.retry(id);
  }

  forget(id: string): void {
    this.sending.forget(id);
  }

  /** Said now and then, not at each key. */
  typing(conversation: string, on: boolean): void {
    const last = this.typed.get(conversation) ?? 0;
    if (on ? this.now() - last < TYPING_AGAIN_MS : last === 0) return;
    if (on) this.typed.set(conversation, this.now());
    else this.typed.delete(conversation);
    this.connection.send({ type: "activity", conversation, activity: on ? "typing:start" : "typing:stop" });
  }

  read(conversation: string): void {
    const thread = this.threads.all[conversation];
    const newest = thread?.items.findLast((one) => one.kind === "message" && one.message.author.type === "user");
    const isUnread = (this.book.get(conversation)?.unread ?? 0) > 0 || (newest !== undefined && newest.at > (thread?.businessRead ?? ""));
    if (newest === undefined || !isUnread || this.lastRead.get(conversation) === newest.key) return;
    if (this.connection.send({ type: "activity", conversation, activity: "conversation:read" })) this.lastRead.set(conversation, newest.key);
  }

  /** Others see that this agent has it open, until they do not any more. */
  viewing(conversation: string, on: boolean): void {
    const timer = this.looked.get(conversation);
    if (on === (timer !== undefined)) return;
    clearInterval(timer);
    const say = (): void => void this.connection.send({ type: "viewing", conversation, on });
    if (on) this.looked.set(conversation, setInterval(say, VIEWING_AGAIN_MS));
    else this.looked.delete(conversation);
    say();
  }

  // -- orders

  control(conversation: string, action: ControlAction, to?: string, metadata?: Metadata): Promise<Done> {
    const more = { ...(to === undefined ? {} : { to }), ...(metadata === undefined ? {} : { metadata }) };
    return this.order({ type: "control", id: newId(), conversation, action, ...more });
  }

  async take(conversation: string): Promise<void> {
    const active = this.threads.all[conversation]?.active ?? this.book.get(conversation)?.activeSwitchboardIntegration;
    if (active?.integrationType !== AGENTS) await this.toPeople(conversation);
    const ticket = await this.ticketOf(conversation);
    const me = this.me?.id;
    if (ticket === null || me === undefined || this.routing.work[ticket]?.agentId === me) return;
    await this.transfer(ticket, { agent: me });
  }

  setStatus(conversation: string, status: TicketStatus): Promise<Done> {
    return this.order({ type: "status", id: newId(), conversation, status });
  }

  endSession(conversation: string): Promise<Done> {
    return this.order({ type: "session", id: newId(), conversation, action: "end" });
  }

  availability(status: string, agent?: string): Promise<Done> {
    return this.order({ type: "availability", id: newId(), status, ...(agent === undefined ? {} : { agent }) });
  }

  accept(ticket: string): Promise<Done> {
    return this.order({ type: "accept", id: newId(), ticket });
  }

  decline(ticket: string): Promise<Done> {
    return this.order({ type: "decline", id: newId(), ticket });
  }

  transfer(ticket: string, target: Target): Promise<Done> {
    return this.order({ type: "transfer", id: newId(), ticket, ...target });
  }

  private order(frame: Asking): Promise<Done> {
    return this.pending.give(frame);
  }

  /** Control to the agents' member. Where there is no switchboard everybody may speak, and nothing has to be moved. */
  private async toPeople(conversation: string): Promise<void> {
    try {
      await this.control(conversation, "pass", AGENTS);
    } catch (error) {
      if (!(error instanceof OrderRefused) || !error.code.startsWith("switchboard_")) throw error;
    }
  }

  /** The conversation's ticket: a ticket opens a moment after the agents got control. Null: none did. */
  private ticketOf(conversation: string): Promise<string | null> {
    const find = (): string | null => {
      const ticket = this.threads.all[conversation]?.ticket ?? this.book.get(conversation)?.ticket;
      if (ticket != null && ticket.status !== "closed") return ticket.id;
      return Object.values(this.routing.work).find((one) => one.conversationId === conversation)?.ticketId ?? null;
    };
    const found = find();
    if (found !== null) return Promise.resolve(found);
    return new Promise((resolve) => {
      const done = (ticket: string | null): void => {
        stop();
        clearTimeout(late);
        resolve(ticket);
      };
      const stop = this.state.watch(() => find() !== null && done(find()));
      const late = setTimeout(() => done(null), TICKET_MS);
    });
  }

  // -- what the server says

  private token(renew: boolean): Promise<string> {
    const token = this.options.token();
    if (token !== null && !renew) return Promise.resolve(token);
    this.options.refused?.();
    return Promise.reject(new SignedOut("The session is over"));
  }

  private moved(status: Status): void {
    if (status === "online") this.connected();
    else this.threads.disconnected();
    this.sending.connected(status === "online");
    this.changed();
  }

  private connected(): void {
    this.position = 0;
    void this.sending.adopt();
    this.subscribe();
    this.threads.connected();
    this.pending.connected();
    for (const conversation of this.looked.keys()) this.connection.send({ type: "viewing", conversation, on: true });
  }

  /** The inbox's snapshot again, and routing from where it was left. */
  private subscribe(): void {
    this.rechecking.done();
    this.connection.send({ type: "subscribe", topic: "inbox", after: this.routing.position });
  }

  private listen(frame: FromServer): void {
    switch (frame.type) {
      case "welcome":
        return this.welcome(frame);
      case "subscribed":
        return this.subscribed(frame);
      case "event":
        return frame.topic === "inbox" ? this.inboxEvent(frame) : this.threadEvent(frame);
      case "routing":
        this.routing = fromSnapshot(frame);
        return this.changed();
      case "routed":
        return this.routedEvent(frame);
      case "ack":
        return this.acked(frame);
      case "page":
        this.threads.page(frame);
        return this.landed(frame.conversation);
      case "refused":
        return this.refused(frame);
      default:
        return;
    }
  }

  private welcome({ agent, now }: Extract<FromServer, { type: "welcome" }>): void {
    this.me = agent === undefined || agent.id === null ? null : { id: agent.id, displayName: agent.displayName };
    const server = Date.parse(now);
    if (!Number.isNaN(server)) this.skewMs = server - this.now();
    this.changed();
  }

  private subscribed({ topic, position, conversations }: Extract<FromServer, { type: "subscribed" }>): void {
    if (topic !== "inbox") return;
    this.position = position ?? 0;
    this.book.list(conversations ?? [], true);
    this.changed();
  }

  private inboxEvent(frame: Extract<FromServer, { type: "event" }>): void {
    const { conversation, seq, event, position } = frame;
    const isNext = position === undefined || position === this.position + 1;
    if (position !== undefined) this.position = position;
    if (seq === null || event === null) return;
    const isKnown = this.book.hear(conversation, seq, event);
    if (!isNext || !isKnown) this.rechecking.due(); // something was missed: the snapshot has it
    const { ticket } = this.book.get(conversation) ?? {};
    if (event.type === "conversation:message" && this.me !== null && ticket?.assigneeId === this.me.id) this.arrivals.came(conversation);
    this.news.set(frame);
    this.changed();
  }

  /** Of a customer's message, at whoever has the conversation open or is to answer it. */
  private arrived(conversation: string): void {
    if ((this.book.get(conversation)?.unread ?? 0) > 0) this.connection.send({ type: "activity", conversation, activity: "conversation:delivered" });
  }

  private threadEvent({ conversation, seq, event }: Extract<FromServer, { type: "event" }>): void {
    const { payload } = event ?? {};
    const isMine = payload?.activity?.author?.agentId === this.me?.id || payload?.agent?.id === this.me?.id;
    if (seq === null && this.me !== null && isMine) return; // what we do ourselves we know
    const message = payload?.message as AgentMessage | undefined;
    if (message?.author?.agentId !== undefined && message.author.agentId === this.me?.id) this.sending.arrived(conversation, message);
    this.threads.event(conversation, seq, event);
    if (message?.author?.type === "user") this.arrivals.came(conversation);
    if (message !== undefined) this.sending.seen(message.id);
  }

  /** Of a page, what was acknowledged before it came. */
  private landed(conversation: string): void {
    for (const one of this.threads.all[conversation]?.items ?? []) if (one.kind === "message") this.sending.seen(one.message.id);
  }

  private routedEvent(frame: Extract<FromServer, { type: "routed" }>): void {
    this.routing = routed(this.routing, frame.position, frame.event, this.me?.id ?? "");
    if (MOVES.has(frame.event.type)) this.counting.due();
    this.news.set(frame);
    this.changed();
  }

  /** Everybody's counts anew. If they cannot be had the next event asks again, and the next connection brings them. */
  private countLines(): void {
    this.options.lines?.().then(
      (found) => this.counted(found),
      () => undefined,
    );
  }

  private counted(lines: readonly Line[]): void {
    this.routing = { ...this.routing, lines };
    this.changed();
  }

  private acked(ack: Extract<FromServer, { type: "ack" }>): void {
    this.pending.acked(ack);
    if ("conversation" in ack) this.sending.acked(ack, (conversation, message) => this.willShow(conversation, message));
  }

  /** Whether a message is still to be seen: its conversation is followed, and does not have it. */
  private willShow(conversation: string, message: string): boolean {
    const thread = this.threads.all[conversation];
    return thread !== undefined && !thread.items.some((one) => one.kind === "message" && one.message.id === message);
  }

  private refused(refused: Refused): void {
    this.pending.refused(refused);
    this.sending.refused(refused);
    if (refused.topic === "inbox") this.rechecking.due();
    else this.threads.refused(refused);
  }

  // -- what is shown

  private changed(): void {
    this.shown = null;
    this.state?.changed();
  }

  private taken(): State {
    this.shown ??= {
      connection: this.connection.status.get(),
      me: this.me,
      skewMs: this.skewMs,
      inbox: this.book.state(),
      routing: this.routing,
      threads: this.threads.all,
      outgoing: this.sending.all,
      loading: this.threads.loading,
    };
    return this.shown;
  }

  private readonly now = (): number => (this.options.now ?? Date.now)();
}
