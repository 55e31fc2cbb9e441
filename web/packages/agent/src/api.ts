/** The few calls by HTTP that the stream's side itself needs. */

import { ask } from "@causerie/client";
import type { Line } from "./frames.js";

interface TheirLine {
  queue_id: number | null;
  group_id: number | null;
  waiting: number;
  offered: number;
  assigned: number;
  oldest_at: string | null;
}

/** The address of the agents' stream of a server. */
export const streamUrl = (base: string): string => `${base.replace(/^http/, "ws")}/agent/v1/stream`;

/** How much waits in each line. Raises `ApiError`. */
export async function readLines(base: string, token: string): Promise<Line[]> {
  const { lines } = await ask<{ lines: TheirLine[] }>(`${base}/api/v2/routing/lines`, { method: "GET", token });
  return lines.map(({ queue_id, group_id, waiting, offered, assigned, oldest_at }) => ({
    queue: queue_id ?? 0,
    group: group_id,
    waiting,
    offered,
    assigned,
    handing: 0,
    ...(oldest_at === null ? {} : { oldestMs: Date.parse(oldest_at) }),
  }));
}
