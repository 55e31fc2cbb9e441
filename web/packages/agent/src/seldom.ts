/** Work that is due again and again, and done once in a while: at once when it was not done for long, else after a pause. */

export class Seldom {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = -Infinity;

  constructor(
    private readonly work: () => void,
    private readonly pauseMs: number,
    private readonly now: () => number,
  ) {}

  /** It is due. */
  due(): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.done();
      this.work();
    }, Math.max(0, this.last + this.pauseMs - this.now()));
  }

  /** It was done otherwise. */
  done(): void {
    this.last = this.now();
  }

  close(): void {
    clearTimeout(this.timer);
  }
}
