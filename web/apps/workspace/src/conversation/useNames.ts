/** Names of agents and groups, for whoever shows their ids. */

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { desk, keys, useRest, type DeskAgent } from "../rest/index.js";
import type { Names } from "./happenings.js";

const LONG_MS = 5 * 60_000;

export interface Book extends Names {
  agents: readonly DeskAgent[];
  /** The names that a note may mention, longest first. */
  mentions: readonly string[];
}

export function useNames(): Book {
  const rest = useRest();
  const agents = useQuery({ queryKey: keys.agents, queryFn: ({ signal }) => desk.agents(rest, signal), staleTime: LONG_MS }).data;
  const groups = useQuery({ queryKey: keys.groups, queryFn: ({ signal }) => desk.groups(rest, signal), staleTime: LONG_MS }).data;
  return useMemo(() => {
    const byId = new Map(agents?.map((one) => [one.account_id, one.name]));
    const byNumber = new Map(groups?.map((one) => [one.id, one.name]));
    return {
      agents: agents ?? [],
      mentions: (agents ?? []).map((one) => one.name).sort((one, other) => other.length - one.length),
      agent: (id) => byId.get(id ?? "") ?? "…",
      group: (number) => byNumber.get(number ?? 0) ?? "…",
    };
  }, [agents, groups]);
}
