/** What an agent has written, until its message is seen in its conversation. It waits in an outbox of its own in each tab. */

import { newId, type EntryBase, type Metadata, type Reference, type Shelf, Tab, Waiting } from "@causerie/client";
import type { AgentContent, AgentMessage, AgentMessageFrame } from "./frames.js";
import type { Writing } from "./signatures.js";
import type { Outgoing } from "./state.js";

interface Entry extends EntryBase {
  conversation: string;
  content: AgentContent;
  internal: boolean;
  metadata?: Metadata;
  references?: Reference[];
}

const MAX_NAMES = 1_000;

export class Sending {
  /** Of all conversations, oldest first. */
  all: readonly Outgoing[] = [];
  private readonly tab: Tab;
  private readonly outbox: Waiting<Entry, AgentMessageFrame>;
  /** Acknowledged, but not yet seen in their conversation. */
  private landing: readonly Outgoing[] = [];
  /** What messages were called before the server had named them. */
  private readonly names = new Map<string, string>();

  constructor(
    shelf: Shelf,
    prefix: string,
    send: (frame: AgentMessageFrame) => boolean,
    private readonly changed: () => void,
  ) {
    this.tab = new Tab(shelf, prefix, newId());
    this.outbox = new Waiting<Entry, AgentMessageFrame>(shelf, this.tab.key, { frameOf, send, laneOf: (entry) => entry.conversation });
    this.outbox.entries.watch(() => this.moved());
    this.moved();
  }

  /** Raises `Full`. */
  add(conversation: string, content: AgentContent, { internal = false, ...rest }: Writing, at: string): string {
    const id = newId();
    this.outbox.add({ id, conversation, at, state: "waiting", content, internal, ...rest });
    return id;
  }

  retry(id: string): void {
    this.outbox.retry(id, newId());
  }

  forget(id: string): void {
    this.outbox.forget(id);
  }

  connected(online: boolean): void {
    this.outbox.connected(online);
  }

  /** What tabs that are gone have left unsent goes out from here. */
  adopt(): Promise<void> {
    return this.tab.adopt((key) => this.outbox.adopt(key));
  }

  end(): void {
    this.tab.end();
  }

  /** `isToCome`: whether its event will still be seen in its conversation. */
  acked(ack: { id: string; conversation: string; message: string }, isToCome: (conversation: string, message: string) => boolean): void {
    const entry = this.outbox.entries.get().find((one) => one.id === ack.id);
    if (entry === undefined) return;
    this.name(ack.message, entry.id);
    if (isToCome(ack.conversation, ack.message)) this.landing = [...this.landing, { ...outgoing(entry), state: "sent", message: ack.message }];
    this.outbox.acked(ack);
  }

  refused(refused: Parameters<Waiting<Entry, AgentMessageFrame>["refused"]>[0]): void {
    this.outbox.refused(refused);
  }

  /** A message of this agent came before its ack: if it is what is under way, it is shown once. */
  arrived(conversation: string, message: AgentMessage): void {
    const entry = this.outbox.entries.get().find((one) => one.state === "sending" && one.conversation === conversation);
    if (entry === undefined || entry.message !== undefined || !isSame(entry.content, message.content)) return;
    this.name(message.id, entry.id);
    this.outbox.landed(entry.id, message.id);
  }

  /** The message is in its conversation. */
  seen(message: string): void {
    const left = this.landing.filter((one) => one.message !== message);
    if (left.length === this.landing.length) return;
    this.landing = left;
    this.moved();
  }

  /** The conversation is not followed any more, so nothing of it will be seen. */
  unfollowed(conversation: string): void {
    this.landing = this.landing.filter((one) => one.conversation !== conversation);
    this.moved();
  }

  readonly keyOf = (message: string): string => this.names.get(message) ?? message;

  private name(message: string, id: string): void {
    this.names.set(message, id);
    for (const first of this.names.keys()) if (this.names.size > MAX_NAMES) this.names.delete(first);
  }

  private moved(): void {
    const waiting = this.outbox.entries.get().filter((one) => one.message === undefined);
    this.all = [...this.landing, ...waiting.map(outgoing)];
    this.changed();
  }
}

function outgoing({ id, conversation, at, content, internal, references, state, code }: Entry): Outgoing {
  const more = { ...(references === undefined ? {} : { references }), ...(code === undefined ? {} : { code }) };
  return { id, conversation, at, content, internal, state, ...more };
}

function frameOf({ id, conversation, content, internal, metadata, references }: Entry): AgentMessageFrame {
  return {
    type: "message",
    id,
    conversation,
    content,
    ...(internal ? { internal: true } : {}),
    ...(metadata === undefined ? {} : { metadata }),
    ...(references === undefined ? {} : { references }),
  };
}

/** Whether a message is what was sent. What the server makes of rich text is not looked at: nothing else is under way there. */
function isSame(sent: AgentContent, shown: AgentMessage["content"]): boolean {
  if (sent.type !== shown.type) return false;
  if ("markdownText" in sent || "htmlText" in sent) return true;
  if ("text" in sent && "text" in shown) return sent.text === shown.text;
  return !("mediaUrl" in sent && "mediaUrl" in shown) || sent.mediaUrl === shown.mediaUrl;
}
