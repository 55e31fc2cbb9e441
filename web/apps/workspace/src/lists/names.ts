/** Names of people of whom the stream has told only the id: those that are in sight are asked for together. */

import { useEffect, useMemo, useSyncExternalStore } from "react";
import { people, useRest, type Person, type Rest } from "../rest/index.js";
import type { Row } from "./rows.js";

const AT_ONCE = 100;
const GATHER_MS = 30;
const MOST_KNOWN = 20_000;

class Names {
  private readonly known = new Map<string, Person | null>();
  private readonly wanted = new Set<string>();
  private readonly watchers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  version = 0;

  constructor(private readonly rest: Rest) {}

  get(id: string): Person | null | undefined {
    return this.known.get(id);
  }

  want(ids: readonly string[]): void {
    for (const id of ids) if (!this.known.has(id)) this.wanted.add(id);
    if (this.wanted.size > 0) this.timer ??= setTimeout(() => void this.ask(), GATHER_MS);
  }

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  private async ask(): Promise<void> {
    const ids = [...this.wanted].slice(-AT_ONCE);
    for (const id of ids) this.wanted.delete(id);
    try {
      const found = await people.peopleById(this.rest, ids);
      if (this.known.size > MOST_KNOWN) this.known.clear();
      for (const id of ids) this.known.set(id, null);
      for (const one of found) this.known.set(one.messaging_id, one);
      this.version += 1;
      for (const watcher of this.watchers) watcher();
    } catch {
      // Rows go on without a name, and ask again when they are in sight again.
    } finally {
      this.timer = undefined;
      if (this.wanted.size > 0) this.want([]);
    }
  }
}

const all = new WeakMap<Rest, Names>();

/** One book of names for whoever is signed in. */
function namesOf(rest: Rest): Names {
  let found = all.get(rest);
  if (found === undefined) all.set(rest, (found = new Names(rest)));
  return found;
}

/** Fills in who the customers of these rows are. */
export function useNamed(rows: readonly Row[]): readonly Row[] {
  const rest = useRest();
  const names = namesOf(rest);
  const version = useSyncExternalStore(names.watch, () => names.version);
  const missing = rows.flatMap((row) => (row.name === null && row.userId !== null && names.get(row.userId) === undefined ? [row.userId] : []));
  const asked = missing.join();
  useEffect(() => {
    names.want(asked === "" ? [] : asked.split(","));
  }, [names, asked]);
  return useMemo(() => rows.map((row) => named(row, names)), [rows, names, version]);
}

function named(row: Row, names: Names): Row {
  const person = row.userId === null ? null : names.get(row.userId);
  if (person == null || (row.name !== null && row.avatarUrl !== null)) return row;
  return { ...row, name: row.name ?? person.name, avatarUrl: row.avatarUrl ?? person.photo?.content_url ?? null };
}
