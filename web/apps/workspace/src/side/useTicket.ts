/** A ticket as this agent sees it: shown as it will be while it is being saved, and put right when the server says otherwise. */

import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { desk, keys, RestError, tickets, useRest, type Person, type Rest, type Ticket, type TicketChange } from "../rest/index.js";
import { changed, clashes, type Clash } from "./changes.js";
import { known, type Known } from "./names.js";

export interface Held {
  value: Ticket;
  users: Person[];
}

export interface Conflict {
  change: TicketChange;
  those: Clash[];
}

export interface Saving {
  save: (change: TicketChange) => Promise<void>;
  state: "idle" | "saving" | "saved";
  failure: RestError | null;
  conflict: Conflict | null;
  /** Ends a conflict: with one's own change, or with theirs. */
  settle: (mine: boolean) => void;
}

const SHORT_LISTS_MS = 5 * 60_000;
const TRIES = 3;

export function useTicket(number: number) {
  const rest = useRest();
  const queries = useQueryClient();
  return useQuery({
    queryKey: keys.ticket(number),
    queryFn: async ({ signal }) => {
      const held = await tickets.ticket(rest, number, signal);
      remember(queries, held.value);
      return held;
    },
  });
}

/** What numbers stand for, of all lists that are short. */
export function useDesk(users: readonly Person[]) {
  const rest = useRest();
  const groups = useQuery({ queryKey: keys.groups, queryFn: ({ signal }) => desk.groups(rest, signal), staleTime: SHORT_LISTS_MS });
  const agents = useQuery({ queryKey: keys.agents, queryFn: ({ signal }) => desk.agents(rest, signal), staleTime: SHORT_LISTS_MS });
  const fields = useQuery({ queryKey: keys.fields, queryFn: ({ signal }) => desk.fields(rest, signal), staleTime: SHORT_LISTS_MS });
  const names = useMemo<Known>(
    () => known([...users, ...(agents.data ?? [])], groups.data ?? [], fields.data ?? []),
    [users, agents.data, groups.data, fields.data],
  );
  return { groups: groups.data ?? [], agents: agents.data ?? [], fields: fields.data ?? [], names };
}

/** Changes go one after the other, so that an agent never is in conflict with themselves. */
export function useSaving(number: number): Saving {
  const rest = useRest();
  const queries = useQueryClient();
  const [state, setState] = useState<Saving["state"]>("idle");
  const [failure, setFailure] = useState<RestError | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const before = useRef<Promise<void>>(Promise.resolve());
  const waiting = useRef(0);

  const save = useCallback(
    (change: TicketChange): Promise<void> => {
      show(queries, number, (ticket) => changed(ticket, change));
      waiting.current += 1;
      setState("saving");
      setFailure(null);
      const work = async (): Promise<void> => {
        try {
          const clash = await put(rest, queries, number, change);
          if (clash.length > 0) setConflict({ change, those: clash });
        } catch (error) {
          setFailure(error as RestError);
          await queries.invalidateQueries({ queryKey: keys.ticket(number), exact: true });
        } finally {
          waiting.current -= 1;
          if (waiting.current === 0) setState("saved");
          void queries.invalidateQueries({ queryKey: keys.audits(number) });
        }
      };
      before.current = before.current.then(work);
      return before.current;
    },
    [rest, queries, number],
  );

  const settle = (mine: boolean): void => {
    const open = conflict;
    setConflict(null);
    if (mine && open !== null) void save(open.change);
  };
  return { save, state, failure, conflict, settle };
}

/** What was saved before, told by the server: the stamp that a change stands on. */
const stamps = new WeakMap<QueryClient, Map<number, Ticket>>();

/** Says that a ticket was told so by the server, and not by what is shown meanwhile. */
export function remember(queries: QueryClient, ticket: Ticket): void {
  const held = stamps.get(queries) ?? new Map<number, Ticket>();
  held.set(ticket.id, ticket);
  stamps.set(queries, held);
}

/** The fields on which somebody else was quicker: then theirs are shown. What else they changed stands in nobody's way. */
async function put(rest: Rest, queries: QueryClient, number: number, change: TicketChange): Promise<Clash[]> {
  let seen = stamps.get(queries)?.get(number) ?? (await fresh(rest, number, queries));
  for (let left = TRIES; ; left--) {
    try {
      const now = await tickets.change(rest, number, change, seen.updated_at);
      remember(queries, now);
      show(queries, number, () => now);
      return [];
    } catch (error) {
      if (!(error instanceof RestError) || !error.isConflict || left === 0) throw error;
    }
    const now = await fresh(rest, number, queries);
    const those = clashes(seen, now, change);
    seen = now;
    if (those.length > 0) {
      show(queries, number, () => now);
      return those;
    }
  }
}

async function fresh(rest: Rest, number: number, queries: QueryClient): Promise<Ticket> {
  const { value } = await tickets.ticket(rest, number);
  remember(queries, value);
  return value;
}

function show(queries: QueryClient, number: number, make: (ticket: Ticket) => Ticket): void {
  queries.setQueryData<Held>(keys.ticket(number), (held) => (held === undefined ? held : { ...held, value: make(held.value) }));
}
