/** Small things that rows in sight still want: asked for together, each once, and kept for as long as there is room. */

const GATHER_MS = 30;
const MOST_KNOWN = 20_000;

export class Gather<T> {
  private readonly known = new Map<string, T | null>();
  private readonly wanted = new Set<string>();
  private readonly watchers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Rises when something has come. */
  version = 0;

  /** `ask` brings what there is for these names, `most` of them at once. */
  constructor(
    private readonly ask: (names: readonly string[]) => Promise<ReadonlyMap<string, T>>,
    private readonly most: number,
  ) {}

  /** Null: there is none. Undefined: that is not known. */
  get(name: string): T | null | undefined {
    return this.known.get(name);
  }

  want(names: readonly string[]): void {
    for (const name of names) if (!this.known.has(name)) this.wanted.add(name);
    if (this.wanted.size > 0) this.timer ??= setTimeout(() => void this.fetch(), GATHER_MS);
  }

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** What was wanted last comes first: it is what is in sight now. */
  private async fetch(): Promise<void> {
    const names = [...this.wanted].slice(-this.most);
    for (const name of names) this.wanted.delete(name);
    try {
      const found = await this.ask(names);
      if (this.known.size > MOST_KNOWN) this.known.clear();
      for (const name of names) this.known.set(name, found.get(name) ?? null);
      this.version += 1;
      for (const watcher of this.watchers) watcher();
    } catch {
      // Rows go on without, and ask again when they are in sight again.
    } finally {
      this.timer = undefined;
      if (this.wanted.size > 0) this.want([]);
    }
  }
}
