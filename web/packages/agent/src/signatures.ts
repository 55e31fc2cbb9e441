/** What the workspace may ask of the agent's side of the stream. `Agent` (agent.ts) is it. */

import type { AgentContent, ControlAction, Listed, TicketStatus } from "./frames.js";
import type { State } from "./state.js";
import type { Metadata, Reference } from "@causerie/client";

/** What a promise of an order resolves to: its event's place, and `position` for orders to the routing. 0: nothing had to change. */
export interface Done {
  seq: number;
  position: number;
}

export interface Writing {
  internal?: boolean;
  metadata?: Metadata;
  references?: Reference[];
}

export interface Target {
  /** One of them; none: back to its queue. */
  agent?: string;
  group?: number;
  queue?: number;
}

export interface Orders {
  readonly state: { get(): State; watch(watcher: () => void): () => void };

  start(): void;
  /** Ends for good; what was not sent stays on the shelf. */
  close(): void;
  /** Somebody looks again, or the network has changed. */
  wake(): void;

  /** Follow a conversation, from its newest page on; until the returned function is called. Opened twice, followed once. */
  open(conversation: string): () => void;
  /** The page of history before what is known. */
  older(conversation: string): void;
  /** Conversations that were found elsewhere (search, REST): they take part in the inbox from now on. */
  know(listed: readonly Listed[]): void;

  /** Say something. Raises `Full`. Returns the id under which it waits; it outlives a reload, goes once, and in order. */
  send(conversation: string, content: AgentContent, writing?: Writing): string;
  /** Once more what was refused for good. */
  retry(id: string): void;
  /** Give up what was refused for good. */
  forget(id: string): void;

  typing(conversation: string, on: boolean): void;
  read(conversation: string): void;
  viewing(conversation: string, on: boolean): void;

  // Orders reject with `OrderRefused` (code, title), and with the code `unreachable` when there is no answer within 30 s.
  control(conversation: string, action: ControlAction, to?: string): Promise<Done>;
  /** Have it: control from a bot to the people, and its ticket to oneself. */
  take(conversation: string): Promise<void>;
  setStatus(conversation: string, status: TicketStatus): Promise<Done>;
  endSession(conversation: string): Promise<Done>;
  availability(status: string, agent?: string): Promise<Done>;
  accept(ticket: string): Promise<Done>;
  decline(ticket: string): Promise<Done>;
  transfer(ticket: string, target: Target): Promise<Done>;
}

/** The server has refused an order, or did not answer. */
export class OrderRefused extends Error {
  constructor(
    readonly code: string,
    title: string,
  ) {
    super(title);
  }
}
