/**
 * A value that changes often and is shown seldom: watchers are called once a frame, however much happened in it.
 *
 * What is shown (`get`) stays the same until then, so that a view never draws half of a burst. Where nothing is drawn (a tab in the
 * background) a timer takes the frame's place.
 */

/** Calls `work` once, soon. */
export type Schedule = (work: () => void) => void;

const HIDDEN_MS = 100;
/** Not at each frame: nobody reads sixty changes a second, and each costs a drawing. */
const LEAST_MS = 30;

let last = 0;

export function nextFrame(work: () => void): void {
  let isDone = false;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    clearTimeout(late);
    last = performance.now();
    work();
  };
  const late = setTimeout(once, HIDDEN_MS);
  const frame = (now: number): void => void (now - last < LEAST_MS && !isDone ? requestAnimationFrame(frame) : once());
  if (typeof document !== "undefined" && !document.hidden) requestAnimationFrame(frame);
}

export class Batch<T> {
  private readonly watchers = new Set<() => void>();
  private isDue = false;

  /** `take` tells the value as it is now; equal parts of it are the same objects as before. */
  constructor(
    private shown: T,
    private readonly take: () => T,
    private readonly schedule: Schedule,
  ) {}

  /** As the watchers have heard of it. */
  get(): T {
    return this.shown;
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  /** Something is different: show it soon. */
  changed(): void {
    if (this.isDue) return;
    this.isDue = true;
    this.schedule(() => this.show());
  }

  /** Show it now. */
  show(): void {
    this.isDue = false;
    const value = this.take();
    if (Object.is(value, this.shown)) return;
    this.shown = value;
    for (const watcher of [...this.watchers]) watcher();
  }
}
