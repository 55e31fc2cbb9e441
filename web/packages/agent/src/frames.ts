/** What agents say and hear on the stream beside what visitors do, as docs/reference/stream.md has it. */

import type { Ack, Author, Content, Message, Metadata, Page, Reference, Refused, ToServer as Common } from "@causerie/client";

export type TicketStatus = "new" | "open" | "pending" | "hold" | "solved" | "closed";
export type SessionState = "none" | "active" | "inactive" | "ended";
export type ControlAction = "pass" | "offer" | "accept" | "release";

/** A member of the switchboard. `integrationType` of our own bot and of the people: see `AGENTS` and `BOT`. */
export interface Member {
  id: string;
  name: string;
  integrationId?: string;
  integrationType?: string;
}

export const AGENTS = "zd:agentWorkspace";
export const BOT = "zd:answerBot";

/** A ticket as its conversation knows it; fields with their default values are left out. */
export interface TicketRef {
  id: string;
  number?: number;
  status?: TicketStatus;
  assigneeId?: string;
  groupId?: number;
  revision?: number;
}

export interface Participant {
  userId: string;
  userExternalId?: string | null;
}

/** A conversation as every event names it. */
export interface ConversationRef {
  id: string;
  type?: string;
  displayName?: string;
  metadata?: Metadata;
  activeSwitchboardIntegration?: Member;
  pendingSwitchboardIntegration?: Member;
}

/** A conversation in the inbox's snapshot. */
export interface Listed {
  id: string;
  type: string;
  displayName: string | null;
  metadata: Metadata | null;
  seq: number;
  status: TicketStatus;
  activeSwitchboardIntegration: Member | null;
  pendingSwitchboardIntegration: Member | null;
  unread: number;
  lastUpdatedAt: string | null;
  participants: Participant[];
  /** Of servers that tell it. */
  ticket?: TicketRef | null;
  session?: SessionState;
}

export interface AgentAuthor extends Author {
  agentId?: string;
}

/** Where something came from: `web`, `api`, `agent`, or the name of a channel. */
export interface Source {
  type: string;
  integrationId?: string;
}

export interface AgentMessage extends Message {
  author: AgentAuthor;
  source?: Source;
  /** The system wrote it, and nobody said it. */
  activity?: { type: string };
}

export interface EventPayload {
  conversation?: ConversationRef;
  message?: AgentMessage | { id: string };
  activity?: { type: string; author?: AgentAuthor; source?: Source };
  postback?: { payload: string; metadata?: Metadata; messageId?: string };
  user?: { id: string; externalId?: string; authenticated?: boolean };
  discarded?: { id: string };
  /** `causerie:page:visit`: where the customer is. */
  page?: { url: string; title?: string };
  participant?: { id: string; userId: string };
  participants?: { id: string; userId: string; userExternalId?: string }[];
  creationReason?: string;
  source?: Source;
  metadata?: Metadata;
  reason?: string;
  error?: { code: string; message: string };
  status?: TicketStatus;
  ticket?: TicketRef;
  waitingMs?: number;
  agentId?: string;
  followupOf?: number;
  session?: SessionState;
  by?: "user" | "agent";
  ticketId?: string;
  score?: number;
  of?: number;
  comment?: boolean;
  position?: number;
  waitSeconds?: number;
  /** `causerie:viewing`: who has the conversation open, and whether still. */
  agent?: { id: string; displayName?: string };
  on?: boolean;
}

export interface AgentEvent {
  id: string;
  createdAt: string;
  type: string;
  payload: EventPayload;
}

/** How much waits in a queue; the standard one (0) by group. */
export interface Line {
  queue: number;
  group: number | null;
  waiting: number;
  offered: number;
  assigned: number;
  handing: number;
  oldestMs?: number;
}

export interface AgentStatus {
  id: string;
  status: string;
  reason: string;
  sinceMs: number;
  connected: boolean;
}

export type Stage = "waiting" | "offered" | "assigned" | "handing";

/** Work that this agent has (`agentId`), or is asked to take (`offerId`, until `untilMs`). */
export interface Work {
  ticketId: string;
  stage: Stage;
  queue: number;
  channel: string;
  group?: number | null;
  conversationId?: string;
  agentId?: string;
  offerId?: string;
  untilMs?: number;
  priority?: number;
  dueMs?: number;
  sinceMs?: number;
  active?: boolean;
}

/** What `routed` tells; the fields of all its types. Defaults are left out. */
export interface RoutingPayload {
  ticketId: string;
  epoch: number;
  agentId?: string;
  channel?: string;
  conversationId?: string;
  queue?: number;
  group?: number;
  groupId?: number;
  priority?: number;
  dueMs?: number;
  eligibleMs?: number;
  untilMs?: number;
  reason?: string;
  why?: string;
  how?: string;
  status?: string;
  active?: boolean;
  fromAgent?: string;
  by?: string;
  joined?: string[];
  left?: string[];
}

export interface RoutingEvent {
  id: string;
  createdAt: string;
  type: string;
  payload: RoutingPayload;
}

export interface AgentMessageFrame {
  type: "message";
  id: string;
  conversation: string;
  content: AgentContent;
  internal?: true;
  metadata?: Metadata;
  references?: Reference[];
}

/** What an agent may send. `markdownText` becomes HTML on the server. */
export type AgentContent = Content | { type: "text"; markdownText: string } | { type: "text"; htmlText: string };

/** What is answered by `ack`, and said again after a cut. */
export type Asking =
  | { type: "control"; id: string; conversation: string; action: ControlAction; to?: string; metadata?: Metadata }
  | { type: "status"; id: string; conversation: string; status: TicketStatus }
  | { type: "session"; id: string; conversation: string; action: "end" }
  | { type: "availability"; id: string; status: string; agent?: string }
  | { type: "accept"; id: string; ticket: string }
  | { type: "decline"; id: string; ticket: string }
  | { type: "transfer"; id: string; ticket: string; agent?: string; group?: number; queue?: number };

export type ToServer = Common | AgentMessageFrame | Asking | { type: "viewing"; conversation: string; on: boolean };

export interface RoutingAck {
  type: "ack";
  id: string;
  position: number;
}

export type FromServer =
  | { type: "welcome"; now: string; agent?: { id: string | null; displayName: string } }
  | { type: "subscribed"; topic: string; after: number; position?: number; conversations?: Listed[] }
  | { type: "event"; topic: string; conversation: string; seq: number | null; event: AgentEvent | null; position?: number }
  | { type: "routing"; topic: "inbox"; position: number; lines: Line[]; agents: AgentStatus[]; work: Work[] }
  | { type: "routed"; topic: "inbox"; position: number; event: RoutingEvent }
  | Ack
  | RoutingAck
  | Page
  | Refused
  | { type: "pong" }
  | { type: "bye"; code: string; reason: string };
