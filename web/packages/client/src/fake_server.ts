/** A server of the stream in memory, for tests: it acknowledges, keeps, and plays back, and breaks when it is told to. */

import type { SocketLike } from "./connection.js";
import type { Message, StreamEvent, ToServer } from "./frames.js";

export const CONVERSATION = "c".repeat(24);

export class FakeServer {
  readonly events: StreamEvent[] = [];
  readonly heard: ToServer[] = [];
  sockets: FakeSocket[] = [];
  /** What is answered to messages: their ack, nothing, or a refusal. */
  mood: "acks" | "silent" = "acks";
  private readonly known = new Map<string, number>();

  open = (): SocketLike => {
    const socket = new FakeSocket(this);
    this.sockets.push(socket);
    return socket;
  };

  get live(): FakeSocket[] {
    return this.sockets.filter((socket) => !socket.closed);
  }

  /** Every socket ends, as when a server goes. */
  cut(): void {
    for (const socket of this.live) socket.cut();
  }

  says(text: string, type: "user" | "business" = "business"): number {
    const seq = this.events.length + 1;
    const received = new Date(1_767_225_600_000 + seq * 1000).toISOString();
    const message: Message = { id: `m${seq}`, received, author: { type, displayName: "Ada" }, content: { type: "text", text } };
    this.events.push({ id: `e${seq}`, createdAt: received, type: "conversation:message", payload: { message } });
    for (const socket of this.live) socket.show(seq);
    return seq;
  }

  take(socket: FakeSocket, frame: ToServer): void {
    this.heard.push(frame);
    if (frame.type === "hello") socket.tell({ type: "welcome", now: "", user: { id: "u", externalId: null, authenticated: false } });
    if (frame.type === "subscribe") socket.follow(frame.after);
    if (frame.type === "history") this.page(socket, frame);
    if (frame.type === "message" && this.mood === "acks") this.post(socket, frame.id, (frame.content as { text: string }).text);
  }

  private post(socket: FakeSocket, id: string, text: string): void {
    const seq = this.known.get(id) ?? this.says(text, "user");
    this.known.set(id, seq);
    socket.tell({ type: "ack", id, conversation: CONVERSATION, seq, message: `m${seq}` });
  }

  private page(socket: FakeSocket, { id, before, limit }: { id: string; before?: number; limit: number }): void {
    const end = before ?? this.events.length + 1;
    const start = Math.max(1, end - limit);
    const events = Array.from({ length: Math.max(0, end - start) }, (_, at) => ({ seq: start + at, event: this.events[start + at - 1] }));
    queueMicrotask(() => socket.tell({ type: "page", id, conversation: CONVERSATION, events, more: start > 1 }));
  }
}

/** The server's end of a socket in memory, which opens by itself. */
export class FakeWire<Frame> implements SocketLike {
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  closed = false;

  constructor(private readonly take: (frame: Frame) => void) {
    queueMicrotask(() => this.onopen?.(new Event("open")));
  }

  send(text: string): void {
    if (!this.closed) this.take(JSON.parse(text) as Frame);
  }
  close(): void {
    this.closed = true;
  }
  /** It ends from the server's side. */
  cut(): void {
    this.closed = true;
    this.onclose?.(new Event("close") as CloseEvent);
  }
  tell(frame: object): void {
    if (!this.closed) this.onmessage?.(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }
}

export class FakeSocket extends FakeWire<ToServer> {
  private shown: number | null = null;

  constructor(private readonly server: FakeServer) {
    super((frame) => server.take(this, frame));
  }

  follow(after: number): void {
    this.shown = after;
    this.show(this.server.events.length);
  }
  show(until: number): void {
    if (this.shown === null) return;
    for (let seq = this.shown + 1; seq <= until; seq++) {
      this.shown = seq;
      this.tell({ type: "event", topic: "", conversation: CONVERSATION, seq, event: this.server.events[seq - 1] });
    }
  }
}
