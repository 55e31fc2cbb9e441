/**
 * What an agent has begun to write, kept for each conversation until it is sent: over reloads, other conversations and cuts.
 *
 * It is written to the shelf at each change. Files are there as soon as the server has them.
 */

import { read, type Shelf, Store } from "@causerie/client";
import type { TicketChange } from "../../rest/index.js";

export type Mode = "reply" | "note";

export interface DraftFile {
  mediaUrl: string;
  mediaType: string;
  name: string;
  size: number;
  /** When the server got it, in Unix milliseconds. */
  at: number;
}

/** The server keeps files that are in no message for a day. */
const FILE_MS = 23 * 3_600_000;

/** What else a macro wants to be done with the ticket, once the words are sent. */
export interface DraftChange {
  title: string;
  change: TicketChange;
}

export interface Draft {
  mode: Mode;
  /** Each mode keeps words of its own, so that a note is never sent by mistake. */
  reply: string;
  note: string;
  files: readonly DraftFile[];
  change: DraftChange | null;
  /** When it was written last, in Unix milliseconds. */
  at: number;
}

export const NO_DRAFT: Draft = { mode: "reply", reply: "", note: "", files: [], change: null, at: 0 };

/** More than this many are not kept: the oldest goes. */
export const MAX_DRAFTS = 200;

export const isEmpty = ({ reply, note, files, change }: Draft): boolean => reply === "" && note === "" && files.length === 0 && change === null;

export class Drafts {
  private readonly open = new Map<string, Store<Draft>>();
  private readonly prefix: string;

  constructor(
    private readonly shelf: Shelf,
    account: string,
    private readonly now: () => number = Date.now,
  ) {
    this.prefix = `causerie:agent:${account}:draft:`;
  }

  of(conversation: string): Store<Draft> {
    let store = this.open.get(conversation);
    if (store === undefined) {
      const kept = { ...NO_DRAFT, ...read<Draft>(this.shelf, this.prefix + conversation) };
      store = new Store<Draft>({ ...kept, files: kept.files.filter((file) => file.at > this.now() - FILE_MS) });
      this.open.set(conversation, store);
    }
    return store;
  }

  change(conversation: string, by: Partial<Draft>): void {
    const store = this.of(conversation);
    const draft = { ...store.get(), ...by, at: this.now() };
    store.set(draft);
    if (isEmpty(draft)) this.shelf.drop(this.prefix + conversation);
    else {
      this.shelf.put(this.prefix + conversation, JSON.stringify(draft));
      this.prune();
    }
  }

  /** What was written in a mode is on its way; the mode stays. */
  sent(conversation: string, mode: Mode): void {
    this.change(conversation, { [mode]: "", files: [], change: null });
  }

  private prune(): void {
    const mine = this.shelf.keys().filter((key) => key.startsWith(this.prefix));
    if (mine.length <= MAX_DRAFTS) return;
    const aged = mine.map((key) => ({ key, at: read<Draft>(this.shelf, key)?.at ?? 0 })).sort((one, other) => one.at - other.at);
    for (const { key } of aged.slice(0, mine.length - MAX_DRAFTS)) this.shelf.drop(key);
  }
}
