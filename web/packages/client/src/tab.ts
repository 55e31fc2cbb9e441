/** One tab's place on a shelf that all tabs of the browser share: its own while it lives, and anybody's when it is gone. */

import { hold, ifGone } from "./locks.js";
import type { Shelf } from "./shelf.js";

export class Tab {
  readonly key: string;
  private readonly release: () => void;

  /** Places of a kind begin with `prefix`; `name` is like no other's. */
  constructor(
    private readonly shelf: Shelf,
    private readonly prefix: string,
    name: string,
  ) {
    this.key = prefix + name;
    this.release = hold(this.key);
  }

  /** The tab is gone: what it has left is for others. */
  end(): void {
    this.release();
  }

  /** Take over what tabs that are gone have left. */
  async adopt(take: (key: string) => void): Promise<void> {
    const others = this.shelf.keys().filter((key) => key.startsWith(this.prefix) && key !== this.key);
    for (const key of others) await ifGone(key, () => take(key));
  }
}
