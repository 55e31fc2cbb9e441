/**
 * Orders that were given and not answered yet. They are said again after a cut, by the same id and in order, so none is carried out
 * twice; and given up after a while, since nobody wants a ticket to move an hour later. Unlike messages they do not outlive the page.
 */

import type { Refused } from "@causerie/client";
import type { Asking } from "./frames.js";
import { type Done, OrderRefused } from "./signatures.js";

const PATIENCE_MS = 30_000;

interface Order {
  frame: Asking;
  resolve: (done: Done) => void;
  reject: (error: OrderRefused) => void;
  end: ReturnType<typeof setTimeout>;
}

export class Pending {
  private readonly orders = new Map<string, Order>();
  private readonly again = new Set<ReturnType<typeof setTimeout>>();

  /** `send` says whether there was a socket to send by. */
  constructor(private readonly send: (frame: Asking) => boolean) {}

  /** Rejects with `OrderRefused`. */
  give(frame: Asking): Promise<Done> {
    return new Promise((resolve, reject) => {
      const end = setTimeout(() => this.end(frame.id)?.reject(new OrderRefused("unreachable", "The server did not answer")), PATIENCE_MS);
      this.orders.set(frame.id, { frame, resolve, reject, end });
      this.send(frame);
    });
  }

  /** There is a socket again. */
  connected(): void {
    for (const { frame } of this.orders.values()) this.send(frame);
  }

  acked(ack: { id: string; seq?: number; position?: number }): void {
    this.end(ack.id)?.resolve({ seq: ack.seq ?? 0, position: ack.position ?? 0 });
  }

  refused(refused: Refused): void {
    const order = refused.id === null ? undefined : this.orders.get(refused.id);
    if (order === undefined) return;
    if (refused.retry_after === undefined) this.end(order.frame.id)?.reject(new OrderRefused(refused.code, refused.title));
    else this.later(order.frame.id, refused.retry_after * 1000);
  }

  close(): void {
    for (const timer of this.again) clearTimeout(timer);
    for (const id of [...this.orders.keys()]) this.end(id)?.reject(new OrderRefused("unreachable", "The page was left"));
  }

  private later(id: string, ms: number): void {
    const timer = setTimeout(() => {
      this.again.delete(timer);
      const order = this.orders.get(id);
      if (order !== undefined) this.send(order.frame);
    }, ms);
    this.again.add(timer);
  }

  private end(id: string): Order | undefined {
    const order = this.orders.get(id);
    clearTimeout(order?.end);
    this.orders.delete(id);
    return order;
  }
}
