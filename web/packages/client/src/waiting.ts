/**
 * What was said and the server has not yet acknowledged: sent once, in order, however often the connection breaks.
 *
 * Each entry keeps its id for ever, so that the server knows a repeat. One is under way at a time in each lane: the next goes when it
 * was acknowledged. The entries are kept on the shelf, each tab's by themselves; those of a tab that is gone are taken over.
 */

import type { Ack, Refused } from "./frames.js";
import { read, type Shelf } from "./shelf.js";
import { Store } from "./store.js";

export interface EntryBase {
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

export const MAX_WAITING = 200;

export class Full extends Error {}

export interface WaitingOptions<E, Frame> {
  frameOf: (entry: E) => Frame;
  /** Says whether there was a socket to send by. */
  send: (frame: Frame) => boolean;
  /** What is of one lane goes one after the other. */
  laneOf?: (entry: E) => string;
}

export class Waiting<E extends EntryBase, Frame> {
  readonly entries = new Store<readonly E[]>([]);
  private readonly pauses = new Map<string, ReturnType<typeof setTimeout>>();
  private online = false;

  constructor(
    private readonly shelf: Shelf,
    private readonly key: string,
    private readonly options: WaitingOptions<E, Frame>,
  ) {
    this.entries.set(saved(shelf, key));
  }

  /** Raises `Full`. */
  add(entry: E): void {
    if (this.entries.get().length >= MAX_WAITING) throw new Full();
    this.change((all) => [...all, entry]);
    this.pump();
  }

  /** Take over what another tab has left: it was said before anything that is said here from now on. */
  adopt(key: string): void {
    const left = saved<E>(this.shelf, key).filter((entry) => !this.entries.get().some((own) => own.id === entry.id));
    this.change((all) => [...left, ...all]);
    this.shelf.drop(key);
    this.pump();
  }

  /** The socket is there, or is not: what was under way on the old one goes again on the new one. */
  connected(online: boolean): void {
    this.online = online;
    for (const pause of this.pauses.values()) clearTimeout(pause);
    this.pauses.clear();
    this.change((all) => all.map((entry) => (entry.state === "sending" ? { ...entry, state: "waiting" } : entry)));
    this.pump();
  }

  acked(ack: Pick<Ack, "id" | "conversation">): void {
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
    this.pause(this.lane(entry), refused.retry_after * 1000);
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
    const again: E = { ...entry, id: fresh, state: "waiting" };
    delete again.code;
    this.change((all) => [...all.filter((one) => one.id !== id), again]);
    this.pump();
  }

  forget(id: string): void {
    this.change((all) => all.filter((one) => one.id !== id || one.state !== "failed"));
  }

  clear(): void {
    this.change(() => []);
  }

  private pause(lane: string, ms: number): void {
    clearTimeout(this.pauses.get(lane));
    const over = (): void => {
      this.pauses.delete(lane);
      this.pump();
    };
    this.pauses.set(lane, setTimeout(over, ms));
  }

  /** Send the first of each lane in which nothing is under way. */
  private pump(): void {
    if (!this.online) return;
    const busy = new Set(this.pauses.keys());
    for (const entry of this.entries.get()) if (entry.state === "sending") busy.add(this.lane(entry));
    for (const entry of this.entries.get()) {
      const lane = this.lane(entry);
      if (entry.state !== "waiting" || busy.has(lane)) continue;
      busy.add(lane);
      this.replace(entry.id, { ...entry, state: "sending" });
      if (!this.options.send(this.options.frameOf(entry))) this.replace(entry.id, entry);
    }
  }

  private lane(entry: E): string {
    return this.options.laneOf?.(entry) ?? "";
  }

  private find(id: string): E | undefined {
    return this.entries.get().find((entry) => entry.id === id);
  }

  private replace(id: string, by: E): void {
    this.change((all) => all.map((entry) => (entry.id === id ? by : entry)));
  }

  private change(how: (all: readonly E[]) => readonly E[]): void {
    const changed = how(this.entries.get());
    this.entries.set(changed);
    if (changed.length === 0) this.shelf.drop(this.key);
    else this.shelf.put(this.key, JSON.stringify(changed));
  }
}

function saved<E extends EntryBase>(shelf: Shelf, key: string): E[] {
  const found = read<E[]>(shelf, key);
  if (!Array.isArray(found)) return [];
  return found.map((entry) => (entry.state === "sending" ? { ...entry, state: "waiting" } : entry));
}
