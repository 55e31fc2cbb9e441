/**
 * One socket of the stream that comes back by itself: after an error, a sleep, a change of the network, a server that went away.
 *
 * It knows nothing of conversations. Who listens resumes by seq at each `welcome`, and sends again what was not acked.
 */

import { type FromServer, parse, type ToServer } from "./frames.js";
import { Store } from "./store.js";

/** `off`: not wanted. `waiting`: broken, and tried again soon. `refused`: the server will not have it, and is not asked again. */
export type Status = "off" | "connecting" | "online" | "waiting" | "refused";

export interface SocketLike {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(text: string): void;
  close(): void;
}

/** Of a frame, what a connection itself understands. */
interface Frame {
  type: string;
  code?: string;
}

export interface ConnectionOptions<In extends Frame = FromServer> {
  url: string;
  /** A valid token; `renew` when the last one was refused. Rejects when there is none to be had: for good, if the error is `final`. */
  token: (renew: boolean) => Promise<string>;
  listen: (frame: In) => void;
  open?: (url: string) => SocketLike;
  chance?: () => number;
}

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 20_000;
const OPEN_MS = 10_000;
const PING_MS = 25_000;
const SILENCE_MS = 8_000;

/** `In` and `Out` are the frames that it brings and takes: a visitor's, or an agent's. */
export class Connection<In extends Frame = FromServer, Out = ToServer> {
  readonly status = new Store<Status>("off");
  private socket: SocketLike | null = null;
  private tries = 0;
  private renew = false;
  private round = 0;
  private again: ReturnType<typeof setTimeout> | undefined;
  private heart: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ConnectionOptions<In>) {}

  /** Be connected from now on. */
  start(): void {
    if (this.status.get() === "off" || this.status.get() === "refused") void this.connect();
  }

  stop(): void {
    this.drop();
    this.status.set("off");
  }

  /** Try at once, if it is not connected: the network came back, or somebody looks. */
  hurry(): void {
    if (this.status.get() === "waiting") {
      this.tries = 0;
      void this.connect();
    }
  }

  /** Ask whether the other end is still there, and begin again if it does not answer: after a sleep, TCP alone would not tell. */
  probe(): void {
    if (this.status.get() !== "online") return this.hurry();
    this.write({ type: "ping" });
    this.expect(SILENCE_MS);
  }

  /** The network is gone, says the browser. */
  lost(): void {
    if (this.status.get() === "off" || this.status.get() === "refused") return;
    this.drop();
    this.wait();
  }

  /** Whether it was handed to the socket, which does not mean that it arrives. */
  send(frame: Out): boolean {
    return this.write(frame);
  }

  private write(frame: Out | { type: "ping" }): boolean {
    if (this.status.get() !== "online" || this.socket === null) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  private async connect(): Promise<void> {
    this.drop();
    this.status.set("connecting");
    const round = ++this.round;
    let token: string;
    try {
      token = await this.options.token(this.renew);
    } catch (error) {
      if (round !== this.round) return;
      if ((error as { final?: boolean }).final === true) this.status.set("refused");
      else this.wait();
      return;
    }
    if (round !== this.round) return;
    this.renew = false;
    this.open(token);
  }

  private open(token: string): void {
    const make = this.options.open ?? ((url: string) => new WebSocket(url) as SocketLike);
    const socket = make(this.options.url);
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token }));
    socket.onmessage = (event) => this.take(String(event.data));
    socket.onclose = () => this.lost();
    this.expect(OPEN_MS);
  }

  private take(text: string): void {
    const round = this.round;
    this.expect(PING_MS, () => this.probe());
    for (const frame of parse<In>(text)) {
      if (frame.type === "welcome") {
        this.tries = 0;
        this.status.set("online");
      }
      if (frame.type === "bye") this.bye(frame.code ?? "");
      this.options.listen(frame);
      if (round !== this.round) return; // the socket was given up on the way
    }
  }

  private bye(code: string): void {
    this.renew = code === "unauthorized";
    if (code === "resume") this.tries = 0;
  }

  /** After so long without a word do something; give the socket up, if nothing else is said. */
  private expect(ms: number, then: () => void = () => this.lost()): void {
    clearTimeout(this.heart);
    this.heart = setTimeout(then, ms);
  }

  private drop(): void {
    this.round++;
    clearTimeout(this.again);
    clearTimeout(this.heart);
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private wait(): void {
    this.status.set("waiting");
    const chance = this.options.chance ?? Math.random;
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.tries++);
    clearTimeout(this.again);
    this.again = setTimeout(() => void this.connect(), longest * (0.5 + chance() / 2));
  }
}
