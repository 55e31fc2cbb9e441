/**
 * What a person has said and the server has not yet acknowledged: sent once, in order, however often the connection breaks.
 *
 * Each entry keeps its id for ever, so that the server knows a repeat. One is under way at a time: the next goes when it was
 * acknowledged. The entries are kept on the shelf, each tab's by themselves; those of a tab that is gone are taken over.
 */

import type { Metadata, OwnContent } from "./contents.js";
import type { Ack, MessageFrame, PostbackFrame, Refused } from "./frames.js";
import { read, type Shelf } from "./shelf.js";
import { Store } from "./store.js";

interface EntryBase {
  id: string;
  /** null: the person's default conversation, whose id is not known yet. */
  conversation: string | null;
  at: string;
  state: "waiting" | "sending" | "failed";
  /** Why it was refused for good. */
  code?: string;
  /** The message that the server made of it, once it is known. */
  message?: string;
}
export interface Draft extends EntryBase {
  kind: "message";
  content: OwnContent;
  metadata?: Metadata;
}
export interface Press extends EntryBase {
  kind: "postback";
  conversation: string;
  on: string;
  action: number;
}
export type Entry = Draft | Press;

export const MAX_WAITING = 200;

export class Full extends Error {}

export class Outbox {
  readonly entries = new Store<readonly Entry[]>([]);
  private pause: ReturnType<typeof setTimeout> | undefined;
  private online = false;

  /** `send` says whether there was a socket to send by. */
  constructor(
    private readonly shelf: Shelf,
    private readonly key: string,
    private readonly send: (frame: MessageFrame | PostbackFrame) => boolean,
  ) {
    this.entries.set(saved(shelf, key));
  }

  /** Raises `Full`. */
  add(entry: Entry): void {
    if (this.entries.get().length >= MAX_WAITING) throw new Full();
    this.change((all) => [...all, entry]);
    this.pump();
  }

  /** Take over what another tab has left: it was said before anything that is said here from now on. */
  adopt(key: string): void {
    const left = saved(this.shelf, key).filter((entry) => !this.entries.get().some((own) => own.id === entry.id));
    this.change((all) => [...left, ...all]);
    this.shelf.drop(key);
    this.pump();
  }

  /** The socket is there, or is not: what was under way on the old one goes again on the new one. */
  connected(online: boolean): void {
    this.online = online;
    clearTimeout(this.pause);
    this.pause = undefined;
    this.change((all) => all.map((entry) => (entry.state === "sending" ? { ...entry, state: "waiting" } : entry)));
    this.pump();
  }

  acked(ack: Ack): void {
    const entry = this.find(ack.id);
    if (entry === undefined) return;
    this.change((all) =>
      all
        .filter((one) => one.id !== ack.id)
        .map((one) => (one.conversation === null && entry.conversation === null ? { ...one, conversation: ack.conversation } : one)),
    );
    this.pump();
  }

  refused(refused: Refused): void {
    const entry = refused.id === null ? undefined : this.find(refused.id);
    if (entry === undefined) return;
    if (refused.retry_after === undefined) {
      this.replace(entry.id, { ...entry, state: "failed", code: refused.code });
      return this.pump();
    }
    this.replace(entry.id, { ...entry, state: "waiting" });
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      this.pause = undefined;
      this.pump();
    }, refused.retry_after * 1000);
  }

  /** The event of what is under way came before its ack. */
  landed(id: string, message: string): void {
    const entry = this.find(id);
    if (entry !== undefined) this.replace(id, { ...entry, message });
  }

  /** Once more what was refused for good, behind everything else. */
  retry(id: string, fresh: string): void {
    const entry = this.find(id);
    if (entry?.state !== "failed") return;
    const { code: _, ...rest } = entry;
    this.change((all) => [...all.filter((one) => one.id !== id), { ...rest, id: fresh, state: "waiting" }]);
    this.pump();
  }

  forget(id: string): void {
    this.change((all) => all.filter((one) => one.id !== id || one.state !== "failed"));
  }

  clear(): void {
    this.change(() => []);
  }

  private pump(): void {
    const all = this.entries.get();
    if (!this.online || this.pause !== undefined || all.some((entry) => entry.state === "sending")) return;
    const next = all.find((entry) => entry.state === "waiting");
    if (next === undefined) return;
    this.replace(next.id, { ...next, state: "sending" });
    if (!this.send(frameOf(next))) this.replace(next.id, next);
  }

  private find(id: string): Entry | undefined {
    return this.entries.get().find((entry) => entry.id === id);
  }

  private replace(id: string, by: Entry): void {
    this.change((all) => all.map((entry) => (entry.id === id ? by : entry)));
  }

  private change(how: (all: readonly Entry[]) => readonly Entry[]): void {
    const changed = how(this.entries.get());
    this.entries.set(changed);
    if (changed.length === 0) this.shelf.drop(this.key);
    else this.shelf.put(this.key, JSON.stringify(changed));
  }
}

function saved(shelf: Shelf, key: string): Entry[] {
  const found = read<Entry[]>(shelf, key);
  if (!Array.isArray(found)) return [];
  return found.map((entry) => (entry.state === "sending" ? { ...entry, state: "waiting" } : entry));
}

function frameOf(entry: Entry): MessageFrame | PostbackFrame {
  if (entry.kind === "postback") {
    return { type: "postback", id: entry.id, conversation: entry.conversation, message: entry.on, action: entry.action };
  }
  return {
    type: "message",
    id: entry.id,
    content: entry.content,
    ...(entry.conversation === null ? {} : { conversation: entry.conversation }),
    ...(entry.metadata === undefined ? {} : { metadata: entry.metadata }),
  };
}
