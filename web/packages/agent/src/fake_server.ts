/** The agents' stream in memory, for tests: conversations with journals, the inbox, routing; it acknowledges, and breaks when it is told to. */

import { FakeWire } from "@causerie/client/fake_server";
import type { AgentEvent, EventPayload, FromServer, Listed, RoutingEvent, RoutingPayload, ToServer, Work } from "./frames.js";

export const ME = "a".repeat(24);
export const ONE = "1".repeat(24);
export const TWO = "2".repeat(24);

const START_MS = 1_767_225_600_000;

class Socket extends FakeWire<ToServer> {
  readonly follows = new Map<string, number>();
  constructor(server: FakeAgentServer) {
    super((frame) => server.take(this, frame));
  }
}

type Ask = Extract<ToServer, { id: string }>;

export class FakeAgentServer {
  readonly journals = new Map<string, AgentEvent[]>();
  readonly routed: RoutingEvent[] = [];
  readonly heard: ToServer[] = [];
  readonly work: Work[] = [];
  sockets: Socket[] = [];
  /** What is answered to what is asked: an ack, nothing, or a refusal. */
  mood: "acks" | "silent" | { code: string; retry_after?: number } = "acks";
  /** Whether events of conversations reach the inbox. */
  isInboxWhole = true;
  private position = 0;
  private readonly known = new Map<string, { seq: number; message: string }>();
  private drawn = 0;

  open = (): Socket => {
    const socket = new Socket(this);
    this.sockets.push(socket);
    return socket;
  };

  get live(): Socket[] {
    return this.sockets.filter((socket) => !socket.closed);
  }

  cut(): void {
    for (const socket of this.live) socket.cut();
  }

  /** The customer says something. */
  says(conversation: string, text: string): number {
    return this.happens(conversation, "conversation:message", this.message({ type: "user", userId: "u", displayName: "Ada" }, { type: "text", text }));
  }

  happens(conversation: string, type: string, payload: EventPayload = {}): number {
    const journal = this.journals.get(conversation) ?? [];
    this.journals.set(conversation, journal);
    const event = { id: `e${++this.drawn}`, createdAt: this.at(), type, payload: { conversation: { id: conversation }, ...payload } };
    journal.push(event);
    if (this.isInboxWhole) this.position++;
    for (const socket of this.live) this.show(socket, conversation, journal.length, event);
    return journal.length;
  }

  /** Something that is not stored. */
  whispers(conversation: string, type: string, payload: EventPayload): void {
    const event = { id: "w", createdAt: this.at(), type, payload };
    for (const socket of this.live) socket.tell({ type: "event", topic: `conversation:${conversation}`, conversation, seq: null, event });
  }

  routes(type: string, payload: Partial<RoutingPayload>): void {
    const event = { id: `r${this.routed.length}`, createdAt: this.at(), type, payload: { ticketId: "t", epoch: 1, ...payload } };
    this.routed.push(event);
    for (const socket of this.live) this.tell(socket, { type: "routed", topic: "inbox", position: this.routed.length, event });
  }

  take(socket: Socket, frame: ToServer): void {
    this.heard.push(frame);
    if (frame.type === "hello") this.tell(socket, { type: "welcome", now: this.at(), agent: { id: ME, displayName: "Ben" } });
    else if (frame.type === "subscribe") this.subscribe(socket, frame.topic, frame.after);
    else if (frame.type === "unsubscribe") socket.follows.delete(frame.topic);
    else if (frame.type === "history") this.page(socket, frame);
    else if ("id" in frame) this.answer(socket, frame);
  }

  private answer(socket: Socket, frame: Ask): void {
    if (this.mood === "silent") return;
    if (this.mood !== "acks") return this.tell(socket, { type: "refused", id: frame.id, title: "", ...this.mood });
    if (!("conversation" in frame) || frame.conversation === undefined) return this.tell(socket, { type: "ack", id: frame.id, position: this.routed.length });
    const done = this.known.get(frame.id) ?? this.perform(frame, frame.conversation);
    this.known.set(frame.id, done);
    this.tell(socket, { type: "ack", id: frame.id, conversation: frame.conversation, ...done });
  }

  private perform(frame: Ask, conversation: string): { seq: number; message: string } {
    if (frame.type !== "message") return { seq: this.happens(conversation, `told:${frame.type}`), message: "" };
    const isNote = "internal" in frame && frame.internal === true;
    const payload = this.message({ type: "business", agentId: ME, displayName: "Ben" }, frame.content as { type: "text"; text: string });
    const seq = this.happens(conversation, isNote ? "causerie:note:create" : "conversation:message", payload);
    return { seq, message: payload.message.id };
  }

  private message(author: { type: "user" | "business"; userId?: string; agentId?: string; displayName: string }, content: { type: "text"; text: string }) {
    return { message: { id: `m${++this.drawn}`, received: this.at(), author, content, source: { type: "web" } } };
  }

  private subscribe(socket: Socket, topic: string, after: number): void {
    socket.follows.set(topic, after);
    if (topic === "inbox") return this.inbox(socket, after);
    const conversation = topic.slice("conversation:".length);
    const journal = this.journals.get(conversation);
    if (journal === undefined) return this.tell(socket, { type: "refused", id: null, code: "conversation_not_found", title: "", topic });
    this.tell(socket, { type: "subscribed", topic, after });
    for (let seq = after + 1; seq <= journal.length; seq++) this.tell(socket, { type: "event", topic, conversation, seq, event: journal[seq - 1] ?? null });
  }

  private inbox(socket: Socket, after: number): void {
    const conversations = [...this.journals].map(([id, journal]) => listed(id, journal.length));
    this.tell(socket, { type: "subscribed", topic: "inbox", after: 0, position: this.position, conversations });
    if (after === 0) this.tell(socket, { type: "routing", topic: "inbox", position: this.routed.length, lines: [], agents: [], work: this.work });
    else for (let at = after; at < this.routed.length; at++) this.tell(socket, { type: "routed", topic: "inbox", position: at + 1, event: this.routed[at] as RoutingEvent });
  }

  private show(socket: Socket, conversation: string, seq: number, event: AgentEvent): void {
    const topic = `conversation:${conversation}`;
    if (socket.follows.has(topic)) this.tell(socket, { type: "event", topic, conversation, seq, event });
    if (socket.follows.has("inbox") && this.isInboxWhole) this.tell(socket, { type: "event", topic: "inbox", conversation, seq, event, position: this.position });
  }

  private page(socket: Socket, { id, conversation, before, limit }: Extract<ToServer, { type: "history" }>): void {
    const journal = this.journals.get(conversation) ?? [];
    const end = before ?? journal.length + 1;
    const start = Math.max(1, end - limit);
    const events = journal.slice(start - 1, end - 1).map((event, at) => ({ seq: start + at, event }));
    queueMicrotask(() => socket.tell({ type: "page", id, conversation, events, more: start > 1 }));
  }

  private tell(socket: Socket, frame: FromServer): void {
    socket.tell(frame);
  }

  private at(): string {
    return new Date(START_MS + ++this.drawn * 1000).toISOString();
  }
}

function listed(id: string, seq: number): Listed {
  const control = { activeSwitchboardIntegration: null, pendingSwitchboardIntegration: null };
  return { id, type: "personal", displayName: null, metadata: null, seq, status: "open", ...control, unread: seq, lastUpdatedAt: null, participants: [] };
}
