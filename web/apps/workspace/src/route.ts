/** Which page the address names, and how to get to another one. The list of conversations stays beside whatever is open. */

import { useMemo, useSyncExternalStore } from "react";

export type Open = { readonly kind: "nothing" } | { readonly kind: "conversation"; readonly id: string } | { readonly kind: "ticket"; readonly number: number };

export interface Route {
  readonly open: Open;
  /** The list beside it: `mine`, `waiting`, `all`, `line:<queue>.<group>`, `view:<id>`, `search`. */
  readonly list: string;
  /** What is searched for, in the list `search`. */
  readonly words: string;
}

const BASE = "/workspace";
const FIRST_LIST = "mine";

export function parse(path: string, query: string): Route {
  const [, kind, name = ""] = path.slice(BASE.length).split("/");
  const given = new URLSearchParams(query);
  const list = given.get("list") ?? FIRST_LIST;
  return { open: opened(kind, decode(name)), list, words: given.get("words") ?? "" };
}

export function address(route: Route): string {
  const { open, list, words } = route;
  const path = open.kind === "conversation" ? `/c/${encodeURIComponent(open.id)}` : open.kind === "ticket" ? `/t/${open.number}` : "";
  const given = new URLSearchParams();
  if (list !== FIRST_LIST) given.set("list", list);
  if (words !== "") given.set("words", words);
  const query = given.toString();
  return BASE + path + (query === "" ? "" : `?${query}`);
}

function opened(kind: string | undefined, name: string): Open {
  if (kind === "c" && /^[0-9a-f]{24}$/.test(name)) return { kind: "conversation", id: name };
  if (kind === "t" && /^[1-9][0-9]{0,14}$/.test(name)) return { kind: "ticket", number: Number(name) };
  return { kind: "nothing" };
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return "";
  }
}

const followers = new Set<() => void>();

/** Goes to a page. `replace`: the browser's way back does not lead to the one before. */
export function go(changes: Partial<Route>, how: { replace?: boolean } = {}): void {
  const here = parse(location.pathname, location.search);
  const there = address({ ...here, ...changes });
  if (there === location.pathname + location.search) return;
  history[how.replace ? "replaceState" : "pushState"](null, "", there);
  for (const follower of followers) follower();
}

export const openConversation = (id: string): void => go({ open: { kind: "conversation", id } });
export const openTicket = (number: number): void => go({ open: { kind: "ticket", number } });
export const openNothing = (): void => go({ open: { kind: "nothing" } });

function follow(told: () => void): () => void {
  followers.add(told);
  window.addEventListener("popstate", told);
  return () => {
    followers.delete(told);
    window.removeEventListener("popstate", told);
  };
}

export function useRoute(): Route {
  const here = useSyncExternalStore(follow, () => location.pathname + location.search);
  return useMemo(() => {
    const [path = "", query = ""] = here.split("?", 2);
    return parse(path, query);
  }, [here]);
}
