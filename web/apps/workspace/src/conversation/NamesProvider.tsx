/** Names of agents and groups, asked for once for all that is below. */

import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { desk, keys, useRest } from "../rest/index.js";
import { type Book, NamesContext } from "./useNames.js";

const LONG_MS = 5 * 60_000;

export function NamesProvider({ children }: { children: ReactNode }) {
  const rest = useRest();
  const agents = useQuery({ queryKey: keys.agents, queryFn: ({ signal }) => desk.agents(rest, signal), staleTime: LONG_MS }).data;
  const groups = useQuery({ queryKey: keys.groups, queryFn: ({ signal }) => desk.groups(rest, signal), staleTime: LONG_MS }).data;
  const book = useMemo<Book>(() => {
    const byId = new Map(agents?.map((one) => [one.account_id, one.name]));
    const byNumber = new Map(groups?.map((one) => [one.id, one.name]));
    return {
      agents: agents ?? [],
      mentions: (agents ?? []).map((one) => one.name).sort((one, other) => other.length - one.length),
      agent: (id) => byId.get(id ?? "") ?? "…",
      group: (number) => byNumber.get(number ?? 0) ?? "…",
    };
  }, [agents, groups]);
  return <NamesContext value={book}>{children}</NamesContext>;
}
