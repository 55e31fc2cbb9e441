/** The frames of the stream, as docs/reference/stream.md has them. */

import type { Content, Metadata, OwnContent } from "./contents.js";

export type ActivityName = "conversation:read" | "conversation:delivered" | "typing:start" | "typing:stop";

export interface Author {
  type: "user" | "business";
  userId?: string;
  displayName?: string;
  avatarUrl?: string;
  subtypes?: string[];
}

export interface Reference {
  uri: string;
  title: string;
  description?: string;
}

/** A message as an event brings it. */
export interface Message {
  id: string;
  received: string;
  author: Author;
  content: Content;
  metadata?: Metadata;
  deleted?: boolean;
  references?: Reference[];
  quotedMessage?: { type: string; message?: { id: string } };
}

export interface StreamEvent {
  id: string;
  createdAt: string;
  type: string;
  payload: {
    message?: Message | { id: string };
    activity?: { type: string; author?: Author };
    conversation?: { id: string; displayName?: string };
    status?: string;
    /** How many wait before the customer, and about how long. */
    position?: number;
    waitSeconds?: number;
    /** Who ended the session. */
    by?: "user" | "agent";
    isFinalEvent?: boolean;
  };
}

export type ToServer =
  | { type: "hello"; token: string }
  | { type: "subscribe"; topic: string; after: number }
  | { type: "unsubscribe"; topic: string }
  | MessageFrame
  | PostbackFrame
  | { type: "visit"; conversation: string; url: string; title: string }
  | { type: "activity"; conversation: string; activity: ActivityName }
  | { type: "session"; id: string; conversation: string; action: "end" }
  | { type: "history"; id: string; conversation: string; before?: number; limit: number }
  | { type: "ping" };

export interface MessageFrame {
  type: "message";
  id: string;
  content: OwnContent;
  conversation?: string;
  metadata?: Metadata;
}

export interface PostbackFrame {
  type: "postback";
  id: string;
  conversation: string;
  message: string;
  action: number;
}

export interface Refused {
  type: "refused";
  id: string | null;
  code: string;
  title: string;
  retry_after?: number;
  topic?: string;
}

export interface Ack {
  type: "ack";
  id: string;
  conversation: string;
  seq: number;
  message: string;
}

export interface Page {
  type: "page";
  id: string;
  conversation: string;
  events: { seq: number; event: StreamEvent | null }[];
  more: boolean;
}

export type FromServer =
  | { type: "welcome"; now: string; user?: { id: string; externalId: string | null; authenticated: boolean } }
  | { type: "subscribed"; topic: string; after: number }
  | { type: "event"; topic: string; conversation: string; seq: number | null; event: StreamEvent | null }
  | Ack
  | Page
  | Refused
  | { type: "pong" }
  | { type: "bye"; code: string; reason: string };

/** The frames in one WebSocket message: one a line. */
export function parse<In = FromServer>(text: string): In[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as In);
}

export const topicOf = (conversation: string): string => `conversation:${conversation}`;
