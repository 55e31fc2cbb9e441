/** Which lists there are: the agent's own, what waits in which line, the app's views, everything. With how much is in each, live. */

import type { Line } from "@causerie/agent";
import { shallow, useAgent } from "@causerie/agent/react";
import { useQuery } from "@tanstack/react-query";
import { desk, finding, keys, useRest } from "../rest/index.js";
import { isMyWork } from "./rows.js";

export type ListKind = "mine" | "waiting" | "all" | "search" | "line" | "view";

/** A list by its name in the address. */
export interface ListRef {
  readonly kind: ListKind;
  /** Of a line: its queue (0: the standard one) and, of the standard queue, the group. */
  readonly queue?: number;
  readonly group?: number | null;
  /** Of a view. */
  readonly view?: number;
}

export function parseList(name: string): ListRef {
  const line = /^line:([0-9]{1,15})(?:\.([0-9]{1,15}))?$/.exec(name);
  if (line !== null) return { kind: "line", queue: Number(line[1]), group: line[2] === undefined ? null : Number(line[2]) };
  const view = /^view:([0-9]{1,15})$/.exec(name);
  if (view !== null) return { kind: "view", view: Number(view[1]) };
  return name === "waiting" || name === "all" || name === "search" ? { kind: name } : { kind: "mine" };
}

export const lineName = (line: { queue: number; group: number | null }): string =>
  line.group === null || line.group === 0 ? `line:${line.queue}` : `line:${line.queue}.${line.group}`;

export interface Listing {
  readonly name: string;
  readonly title: string;
  readonly count: number | null;
}

export interface Catalogue {
  readonly mine: number;
  readonly waiting: number;
  readonly unread: number;
  readonly lines: readonly Listing[];
  readonly views: readonly Listing[];
}

const COUNTS_MS = 20_000;
const SELDOM_MS = 5 * 60_000;

/** A line's title: its queue's name, or, in the standard queue, its group's. */
export function titleOf(line: Pick<Line, "queue" | "group">, queues: ReadonlyMap<number, string>, groups: ReadonlyMap<number, string>, standard: string): string {
  if (line.queue !== 0) return queues.get(line.queue) ?? `#${line.queue}`;
  return line.group === null ? standard : (groups.get(line.group) ?? standard);
}

export function useCatalogue(standard: string): Catalogue {
  const rest = useRest();
  const lines = useAgent((state) => state.routing.lines);
  const [mine, unread] = useAgent(
    (state) => {
      const me = state.me?.id ?? null;
      const work = Object.values(state.routing.work).filter((one) => isMyWork(one, me));
      const unread = work.reduce((sum, one) => sum + (one.conversationId !== undefined && (state.inbox.conversations.get(one.conversationId)?.unread ?? 0) > 0 ? 1 : 0), 0);
      return [work.length, unread] as const;
    },
    shallow,
  );
  const queues = useQuery({ queryKey: keys.queues, queryFn: ({ signal }) => desk.queues(rest, signal), staleTime: SELDOM_MS });
  const groups = useQuery({ queryKey: keys.groups, queryFn: ({ signal }) => desk.groups(rest, signal), staleTime: SELDOM_MS });
  const views = useQuery({ queryKey: keys.views, queryFn: ({ signal }) => finding.views(rest, signal), staleTime: SELDOM_MS });
  const ids = (views.data ?? []).map((view) => view.id);
  const counts = useQuery({
    queryKey: [...keys.viewCounts, ...ids],
    queryFn: ({ signal }) => finding.viewCounts(rest, ids, signal),
    enabled: ids.length > 0,
    refetchInterval: COUNTS_MS,
  });
  const ofView = new Map((counts.data ?? []).map((one) => [one.view_id, one.value]));
  const queueNames = new Map((queues.data ?? []).map((one) => [one.id, one.name]));
  const groupNames = new Map((groups.data ?? []).map((one) => [one.id, one.name]));
  return {
    mine,
    unread,
    waiting: lines.reduce((sum, line) => sum + line.waiting + line.offered, 0),
    lines: lines.map((line) => ({ name: lineName(line), title: titleOf(line, queueNames, groupNames, standard), count: line.waiting + line.offered })),
    views: (views.data ?? []).map((view) => ({ name: `view:${view.id}`, title: view.title, count: ofView.get(view.id) ?? null })),
  };
}

