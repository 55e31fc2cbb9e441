/**
 * The conversations that are followed: those that somebody looks at, and the last few that somebody did, so that going back to one is
 * immediate. Each is filled by a page, and then by its topic from where the page ends.
 */

import { newId, type Page, type Refused, topicOf } from "@causerie/client";
import type { AgentEvent, ToServer } from "./frames.js";
import type { Thread } from "./state.js";
import { emptyThread, type KeyOf, prepend, quiet, reduce } from "./thread.js";

const PAGE = 50;
const MAX_FOLLOWED = 20;
const SWEEP_MS = 1_000;

export interface ThreadsOptions {
  send: (frame: ToServer) => boolean;
  changed: () => void;
  keyOf: KeyOf;
  /** A conversation is not followed any more. */
  forgot: (id: string) => void;
  now: () => number;
}

export class Threads {
  all: Readonly<Record<string, Thread>> = {};
  loading: ReadonlySet<string> = new Set();
  private readonly opened = new Map<string, number>();
  /** Conversations in the order in which they were last looked at. */
  private recent: string[] = [];
  private readonly asked = new Map<string, string>();
  private sweeping: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ThreadsOptions) {}

  open(id: string): () => void {
    this.opened.set(id, (this.opened.get(id) ?? 0) + 1);
    this.recent = [...this.recent.filter((one) => one !== id), id];
    if (this.all[id] === undefined || this.all[id].removed) this.follow(id);
    this.forgetOld();
    let isOpen = true;
    return () => {
      if (isOpen) this.leave(id);
      isOpen = false;
    };
  }

  /** Ask for the page before what is known. */
  older(id: string): void {
    const thread = this.all[id];
    if (thread !== undefined && thread.more && !this.loading.has(id)) this.ask(id, thread.first);
  }

  /** There is a socket again: every conversation from where it was left. */
  connected(): void {
    this.asked.clear();
    this.loading = new Set();
    for (const id of Object.keys(this.all)) this.begin(id);
  }

  disconnected(): void {
    this.loading = new Set();
    this.options.changed();
  }

  /** Whether the event is of a conversation that is followed. */
  event(id: string, seq: number | null, event: AgentEvent | null): boolean {
    const thread = this.all[id];
    if (thread === undefined) return false;
    this.put(reduce(thread, seq, event, this.options.now(), this.options.keyOf));
    if (seq === null) this.sweep();
    return true;
  }

  page(page: Page): void {
    const thread = this.all[page.conversation];
    if (this.asked.get(page.id) === undefined) return;
    this.asked.delete(page.id);
    this.load(page.conversation, false);
    if (thread === undefined) return;
    const filled = prepend(thread, page, this.options.keyOf);
    this.put(filled);
    if (thread.last === 0) this.subscribe(filled);
  }

  refused(refused: Refused): void {
    const gone = refused.topic?.slice("conversation:".length) ?? (refused.id === null ? undefined : this.asked.get(refused.id));
    if (refused.id !== null) this.asked.delete(refused.id);
    const thread = gone === undefined ? undefined : this.all[gone];
    if (gone === undefined || thread === undefined) return;
    this.load(gone, false);
    if (refused.retry_after === undefined) this.put({ ...thread, removed: true });
    else setTimeout(() => this.begin(gone), refused.retry_after * 1000);
  }

  close(): void {
    clearTimeout(this.sweeping);
  }

  private leave(id: string): void {
    const left = (this.opened.get(id) ?? 1) - 1;
    if (left > 0) this.opened.set(id, left);
    else this.opened.delete(id);
    this.forgetOld();
  }

  private forgetOld(): void {
    const idle = this.recent.filter((id) => !this.opened.has(id));
    for (const id of idle.slice(0, Math.max(0, this.recent.length - MAX_FOLLOWED))) this.forget(id);
  }

  private forget(id: string): void {
    this.recent = this.recent.filter((one) => one !== id);
    const { [id]: _, ...rest } = this.all;
    this.all = rest;
    this.options.send({ type: "unsubscribe", topic: topicOf(id) });
    this.options.forgot(id);
    this.options.changed();
  }

  private follow(id: string): void {
    this.put(emptyThread(id));
    this.begin(id);
  }

  private begin(id: string): void {
    const thread = this.all[id];
    if (thread === undefined) return;
    if (thread.last === 0) this.ask(id);
    else this.subscribe(thread);
  }

  private subscribe(thread: Thread): void {
    this.options.send({ type: "subscribe", topic: topicOf(thread.id), after: thread.last });
  }

  private ask(conversation: string, before?: number): void {
    const id = newId();
    const until = before === undefined ? {} : { before };
    if (!this.options.send({ type: "history", id, conversation, limit: PAGE, ...until })) return;
    this.asked.set(id, conversation);
    this.load(conversation, true);
  }

  private load(id: string, on: boolean): void {
    const loading = new Set(this.loading);
    if (on) loading.add(id);
    else loading.delete(id);
    this.loading = loading;
    this.options.changed();
  }

  private put(thread: Thread): void {
    if (this.all[thread.id] === thread) return;
    this.all = { ...this.all, [thread.id]: thread };
    this.options.changed();
  }

  /** Whoever has stopped typing or looking without a word is forgotten. */
  private sweep(): void {
    clearTimeout(this.sweeping);
    this.sweeping = setTimeout(() => {
      for (const thread of Object.values(this.all)) this.put(quiet(thread, this.options.now()));
      if (Object.values(this.all).some((thread) => thread.typists.length + thread.viewers.length > 0)) this.sweep();
    }, SWEEP_MS);
  }
}
