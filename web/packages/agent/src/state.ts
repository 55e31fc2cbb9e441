/** All that a view of the workspace needs. Each part is replaced when it changes, and never changed: views compare by identity. */

import type { Reference, Status } from "@causerie/client";
import type {
  AgentAuthor,
  AgentContent,
  AgentEvent,
  AgentMessage,
  AgentStatus,
  Line,
  Listed,
  Member,
  Participant,
  SessionState,
  TicketRef,
  TicketStatus,
  Work,
} from "./frames.js";

export interface State {
  /** Of the connection: `online`, `connecting`, `waiting` (tried again soon), `refused` (sign in again), `off`. */
  connection: Status;
  /** Who this is; null until the server has said so. */
  me: { id: string; displayName: string } | null;
  /** What the server's clock is ahead of ours, in ms: add it to Date.now() for countdowns. */
  skewMs: number;
  inbox: Inbox;
  routing: Routing;
  threads: Readonly<Record<string, Thread>>;
  /** What waits to be sent, is being sent, or was refused: of all conversations, oldest first. */
  outgoing: readonly Outgoing[];
  /** Conversations whose history is on its way. */
  loading: ReadonlySet<string>;
}

export interface Inbox {
  /** The first snapshot is here. */
  ready: boolean;
  conversations: ReadonlyMap<string, Summary>;
  /** Ids, newest activity first. */
  order: readonly string[];
}

/** A conversation as a row of a list. */
export interface Summary extends Omit<Listed, "ticket" | "session" | "participants"> {
  participants: readonly Participant[];
  ticket: TicketRef | null;
  session: SessionState | null;
  /** The customer, when they were heard of here: the name that they write under. */
  customer: { userId: string; name: string; avatarUrl: string | null } | null;
  /** Where the customer's last word came from: `web`, `api`, or a channel. */
  channel: string | null;
  /** The newest message, when it was heard of here. */
  last: { content: AgentMessage["content"]; author: AgentAuthor; at: string; internal: boolean } | null;
}

export interface Routing {
  /** Of the last event that is in it; 0: nothing is known yet. */
  position: number;
  lines: readonly Line[];
  agents: Readonly<Record<string, AgentStatus>>;
  /** What this agent has or is asked to take, by ticket. */
  work: Readonly<Record<string, Work>>;
}

export interface Typist {
  /** `user`, or the agent's id. */
  id: string;
  name: string;
  isCustomer: boolean;
  avatarUrl: string | null;
  until: number;
}

export interface Viewer {
  id: string;
  name: string;
  until: number;
}

/** A message, a note, or something that happened, in its place. */
export type Item =
  | { kind: "message"; key: string; seq: number; at: string; message: AgentMessage; internal: boolean }
  | { kind: "event"; key: string; seq: number; at: string; event: AgentEvent };

export interface Thread {
  id: string;
  /** The events that are known are those from `first` to `last`; 0: none yet. */
  first: number;
  last: number;
  /** There are older ones than `first`. */
  more: boolean;
  items: readonly Item[];
  name: string | null;
  /** Who has control, and to whom it was offered; undefined: nothing was heard of it. */
  active: Member | null | undefined;
  pending: Member | null | undefined;
  status: TicketStatus | null;
  ticket: TicketRef | null;
  session: SessionState | null;
  customer: Summary["customer"];
  channel: string | null;
  /** Instants up to which the customer, and anybody of the business, have read. */
  customerRead: string;
  businessRead: string;
  delivered: ReadonlySet<string>;
  failed: ReadonlySet<string>;
  typists: readonly Typist[];
  /** Other agents who have it open. */
  viewers: readonly Viewer[];
  queue: { position: number; waitSeconds: number | null } | null;
  removed: boolean;
}

/** What this agent wrote and the server has not shown in the conversation yet. */
export interface Outgoing {
  id: string;
  conversation: string;
  at: string;
  content: AgentContent;
  internal: boolean;
  references?: readonly Reference[];
  /** `sent`: acknowledged, but its event is still to come. */
  state: "waiting" | "sending" | "sent" | "failed";
  /** Why it was refused for good. */
  code?: string;
  /** Its message's id, once it is known. */
  message?: string;
}
