/** Views and searches. */

import type { Rest } from "./rest.js";
import type { Group, Person, SearchResult, View, ViewCount, ViewPage } from "./types.js";

/** Those that this agent may see, in their order. */
export async function views(rest: Rest, signal?: AbortSignal): Promise<View[]> {
  return (await rest.all<View>("/api/v2/views/active", "views", {}, signal)).sort((one, other) => one.position - other.position);
}

const AT_ONCE = 20;

/** How many tickets each shows now. */
export async function viewCounts(rest: Rest, ids: readonly number[], signal?: AbortSignal): Promise<ViewCount[]> {
  const found: ViewCount[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const part = ids.slice(at, at + AT_ONCE);
    found.push(...(await rest.get<{ view_counts: ViewCount[] }>("/api/v2/views/count_many", { ids: part }, signal)).view_counts);
  }
  return found;
}

export async function viewPage(rest: Rest, id: number, page = 1, signal?: AbortSignal): Promise<ViewPage> {
  const answer = await rest.get<Omit<ViewPage, "next"> & { next_page: string | null; users: Person[]; groups: Group[] }>(
    `/api/v2/views/${id}/execute`,
    { per_page: 100, page },
    signal,
  );
  const { next_page, ...rows } = answer;
  return { ...rows, next: next_page === null ? null : page + 1 };
}

export interface Found {
  results: SearchResult[];
  users: Person[];
  count: number;
  next: number | null;
}

/** Searches find at most the first thousand. */
export async function search(rest: Rest, query: string, page = 1, signal?: AbortSignal): Promise<Found> {
  const answer = await rest.get<{ results: SearchResult[]; users?: Person[]; count: number; next_page: string | null }>(
    "/api/v2/search",
    { query, include: "users", per_page: 50, page },
    signal,
  );
  return { results: answer.results, users: answer.users ?? [], count: answer.count, next: answer.next_page === null ? null : page + 1 };
}
