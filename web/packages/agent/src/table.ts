/** Many values by name, shown as they were at a moment. They are kept in buckets: after a change one of these is copied, and not all. */

/** As it was when it was taken. */
export interface Table<T> {
  readonly size: number;
  get(name: string): T | undefined;
}

const BUCKETS = 256;

export class Growing<T> implements Table<T> {
  size = 0;
  private buckets: Map<string, T>[] = Array.from({ length: BUCKETS }, () => new Map<string, T>());
  /** Buckets that somebody was shown. */
  private shown = new Set<number>();

  get(name: string): T | undefined {
    return this.buckets[placeOf(name)]?.get(name);
  }

  set(name: string, value: T): void {
    const bucket = this.own(placeOf(name));
    if (!bucket.has(name)) this.size++;
    bucket.set(name, value);
  }

  delete(name: string): void {
    if (this.own(placeOf(name)).delete(name)) this.size--;
  }

  /** All of it as it is now, whatever changes later. */
  taken(): Table<T> {
    const { size } = this;
    const buckets = [...this.buckets];
    this.shown = new Set(buckets.keys());
    return { size, get: (name) => buckets[placeOf(name)]?.get(name) };
  }

  private own(place: number): Map<string, T> {
    const bucket = this.buckets[place] as Map<string, T>;
    if (!this.shown.delete(place)) return bucket;
    const copy = new Map(bucket);
    this.buckets[place] = copy;
    return copy;
  }
}

/** By its last two signs, which are by chance in the server's ids. */
function placeOf(name: string): number {
  return (name.charCodeAt(name.length - 1) * 31 + name.charCodeAt(name.length - 2)) % BUCKETS || 0;
}
