/**
 * Where the rows of each list come from. What the stream tells is there at once and follows every event; what only the server's tables
 * know (older tickets, views, searches) is asked for page by page, and again when something has moved.
 */

import type { Inbox, State, Summary } from "@causerie/agent";
import { shallow, useAgent, useOrders } from "@causerie/agent/react";
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { keys, people, tickets, useRest, type Person, type Rest } from "../rest/index.js";
import type { ListRef } from "./catalogue.js";
import { byActivity, interleaved, isDone, isMyWork, merged, rowOfSummary, rowOfTicket, type Row, type TicketRow } from "./rows.js";

export interface Source {
  readonly rows: readonly Row[];
  /** The first page is still to come. */
  readonly loading: boolean;
  readonly failed: boolean;
  readonly more: boolean;
  readonly loadMore: () => void;
  readonly again: () => void;
}

interface TicketPage {
  tickets: TicketRow[];
  users: Person[];
  next: string | null;
}

/** How seldom a list that moves is asked for again, in ms. */
const PAUSE_MS = 3_000;

/** So many pages are asked for again. Who has gone further down looks at the past: what moves there, the stream tells. */
const FRESH_PAGES = 3;

interface Asked {
  readonly key: readonly unknown[];
  readonly ask: (rest: Rest, page: string, signal: AbortSignal) => Promise<TicketPage>;
}

/** Which tickets the server is asked for; null: the list is all in the stream. */
export function askedOf(list: ListRef, words: string, myNumber: number | null): Asked | null {
  switch (list.kind) {
    case "mine":
      return myNumber === null ? null : { key: ["rows", "mine", myNumber], ask: numbered(`/api/v2/users/${myNumber}/tickets/assigned`, { sort_by: "updated_at", sort_order: "desc" }) };
    case "all":
      return { key: ["rows", "all"], ask: numbered("/api/v2/tickets", { sort_by: "updated_at", sort_order: "desc" }) };
    case "waiting":
      return { key: ["rows", "waiting"], ask: searched("type:ticket assignee:none status<solved order_by:created sort:asc") };
    case "line":
      return { key: ["rows", "line", list.queue, list.group], ask: waiting(list.queue ?? 0, list.group ?? null) };
    case "view":
      return { key: ["rows", ...keys.viewTickets(list.view ?? 0)], ask: numbered(`/api/v2/views/${list.view ?? 0}/tickets`, {}) };
    case "search":
      return words.trim() === "" ? null : { key: ["rows", "search", words.trim()], ask: searched(`type:ticket ${words.trim()}`) };
  }
}

const PER_PAGE = 100;

function numbered(path: string, query: Record<string, string>): Asked["ask"] {
  return async (rest, page, signal) => {
    const answer = await rest.get<{ tickets: TicketRow[]; users?: Person[]; next_page: string | null }>(path, { include: "users", per_page: PER_PAGE, page, ...query }, signal);
    return { tickets: answer.tickets, users: answer.users ?? [], next: answer.next_page === null ? null : String(Number(page) + 1) };
  };
}

function searched(query: string): Asked["ask"] {
  return async (rest, page, signal) => {
    const answer = await rest.get<{ results: TicketRow[]; users?: Person[]; next_page: string | null }>("/api/v2/search", { query, include: "users", per_page: PER_PAGE, page }, signal);
    return { tickets: answer.results, users: answer.users ?? [], next: answer.next_page === null ? null : String(Number(page) + 1) };
  };
}

function waiting(queue: number, group: number | null): Asked["ask"] {
  return async (rest, page, signal) => {
    const after = page === "1" ? undefined : page;
    const query = { group_id: group ?? undefined, after, include: "tickets,users" };
    const answer = await rest.get<{ tickets?: TicketRow[]; users?: Person[]; cursor: string | null }>(`/api/v2/routing/lines/${queue}/waiting`, query, signal);
    return { tickets: answer.tickets ?? [], users: answer.users ?? [], next: answer.cursor };
  };
}

/** This agent's number: by it `/api/v2` knows whom the stream knows by an id. */
export function useMyNumber(): number | null {
  const rest = useRest();
  const me = useQuery({ queryKey: keys.me, queryFn: ({ signal }) => people.me(rest, signal), staleTime: Infinity });
  return me.data?.id ?? null;
}

/** What of the stream says that a list of this kind may have moved. */
function movedBy(list: ListRef): (state: State) => unknown {
  if (list.kind === "search") return () => null;
  if (list.kind === "line" || list.kind === "waiting") return (state) => state.routing.lines;
  return (state) => state.routing.position;
}

export function useSource(list: ListRef, words: string): Source {
  const rest = useRest();
  const queries = useQueryClient();
  const myNumber = useMyNumber();
  const asked = askedOf(list, words, myNumber);
  const found = useInfiniteQuery({
    queryKey: asked?.key ?? ["rows", "none"],
    queryFn: ({ pageParam, signal }) => asked?.ask(rest, pageParam, signal) ?? Promise.resolve({ tickets: [], users: [], next: null }),
    initialPageParam: "1",
    getNextPageParam: (page: TicketPage) => page.next,
    enabled: asked !== null,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    ...(list.kind === "search" ? { placeholderData: keepPreviousData } : {}),
  });
  const key = asked?.key.join() ?? "";
  const isShort = (found.data?.pages.length ?? 0) <= FRESH_PAGES;
  useAgain(useAgent(movedBy(list)), key, () => asked !== null && isShort && void queries.invalidateQueries({ queryKey: asked.key }));
  const { rows, ready } = useRows(list, found.data?.pages, myNumber);
  const older = useOlder(list.kind === "all");
  return {
    rows,
    loading: rows.length === 0 && (asked === null ? !ready && list.kind !== "search" : found.isPending || (list.kind !== "search" && !ready)),
    failed: rows.length === 0 && found.isError,
    more: found.hasNextPage || older.more,
    loadMore: () => {
      if (found.hasNextPage && !found.isFetching) void found.fetchNextPage();
      older.load();
    },
    again: () => void found.refetch(),
  };
}

/** Conversations that began before those of the stream's snapshot: there may be no ticket that tells of them. They join what the stream knows. */
function useOlder(isWanted: boolean): { more: boolean; load: () => void } {
  const rest = useRest();
  const orders = useOrders();
  const { hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: keys.everything,
    queryFn: async ({ pageParam, signal }) => {
      const page = await tickets.conversations(rest, pageParam, signal);
      orders.know(page.conversations);
      return page.after;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (after) => after,
    enabled: isWanted,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return { more: isWanted && hasNextPage, load: () => void (isWanted && hasNextPage && !isFetching && fetchNextPage()) };
}

/** Calls `act` when `value` has changed, at once and then once a pause. */
function useAgain(value: unknown, key: string, act: () => void): void {
  const before = useRef({ value, key, at: 0 });
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const { value: last, key: lastKey, at } = before.current;
    before.current = { value, key, at };
    if (last === value || lastKey !== key) return;
    const wait = Math.max(0, at + PAUSE_MS - Date.now());
    const timer = setTimeout(() => {
      before.current.at = Date.now();
      latest.current();
    }, wait);
    return () => clearTimeout(timer);
  }, [value, key]);
}

/** The parts of the state of which rows are made. */
const taken = ({ inbox, routing, me }: State) => ({ inbox, work: routing.work, me: me?.id ?? null });

function useRows(list: ListRef, pages: readonly TicketPage[] | undefined, myNumber: number | null): { rows: readonly Row[]; ready: boolean } {
  const { inbox, work, me } = useAgent(taken, shallow);
  const held = useRef(new Held());
  const listed = useMemo(() => listedIn(pages ?? []), [pages]);
  const rows = useMemo(() => {
    const { conversations } = inbox;
    const live = (ids: readonly string[]) => ids.flatMap((id) => held.current.row(conversations.get(id), listed.of.get(id), listed, me, myNumber));
    const told = (those: readonly TicketRow[]) => those.map((one) => rowOfTicket(one, listed.people, conversations.get(one.conversation_id ?? ""), me, myNumber));
    switch (list.kind) {
      case "all": {
        const rest = listed.tickets.filter((one) => !isLive(one, conversations));
        return interleaved(live(inbox.order), byActivity(told(rest)));
      }
      case "mine": {
        const ids = Object.values(work).flatMap((one) => (isMyWork(one, me) && one.conversationId !== undefined ? [one.conversationId] : []));
        const own = inbox.order.filter((id) => conversations.get(id)?.ticket?.assigneeId === me);
        const found = merged(live([...new Set([...ids, ...own])]), told(listed.tickets).filter((row) => row.mine));
        return byActivity(found.filter((row) => !isDone(row.status)));
      }
      case "waiting":
        return told(listed.tickets).filter((row) => !row.mine && !isDone(row.status));
      default:
        return told(listed.tickets);
    }
  }, [list.kind, list.queue, list.group, list.view, inbox, listed, work, me, myNumber]);
  return { rows, ready: inbox.ready };
}

/** What the pages of a list hold, each ticket once, and those that are a conversation's by that. */
interface InPages {
  readonly tickets: readonly TicketRow[];
  readonly of: ReadonlyMap<string, TicketRow>;
  readonly people: ReadonlyMap<number, Person>;
}

function listedIn(pages: readonly TicketPage[]): InPages {
  const tickets = [...new Map(pages.flatMap((page) => page.tickets).map((one) => [one.id, one])).values()];
  const of = new Map<string, TicketRow>();
  for (const one of tickets) {
    const known = one.conversation_id === null ? undefined : of.get(one.conversation_id);
    if (one.conversation_id !== null && (known === undefined || known.id < one.id)) of.set(one.conversation_id, one);
  }
  return { tickets, of, people: new Map(pages.flatMap((page) => page.users.map((user) => [user.id, user] as const))) };
}

/** The ticket is shown as its conversation, of which the stream tells. */
function isLive(ticket: TicketRow, conversations: Inbox["conversations"]): boolean {
  const summary = ticket.conversation_id === null ? undefined : conversations.get(ticket.conversation_id);
  return summary !== undefined && (!summary.ticket?.number || summary.ticket.number === ticket.id);
}

/** Rows of conversations that have not changed are the same rows: a burst of events makes few new ones. */
class Held {
  private readonly rows = new WeakMap<Summary, { row: Row; ticket: TicketRow | undefined; me: string | null }>();

  row(summary: Summary | undefined, ticket: TicketRow | undefined, { people }: InPages, me: string | null, myNumber: number | null): Row[] {
    if (summary === undefined) return [];
    const known = this.rows.get(summary);
    if (known !== undefined && known.me === me && known.ticket === ticket) return [known.row];
    const live = rowOfSummary(summary, me);
    const row = ticket === undefined ? live : (merged([live], [rowOfTicket(ticket, people, summary, me, myNumber)])[0] ?? live);
    this.rows.set(summary, { row, ticket, me });
    return [row];
  }
}
