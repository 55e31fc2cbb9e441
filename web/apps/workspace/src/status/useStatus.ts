/** What the agent is to new work, what they may be, and how much of their room is taken. */

import { shallow, useAgent, useOrders } from "@causerie/agent/react";
import { useQuery } from "@tanstack/react-query";
import { keys, routing, useRest, type Availability } from "../rest/index.js";
import { isMyWork } from "../lists/rows.js";
import type { Presence } from "../ui/Avatar.js";
import { notify } from "../ui/Toast.js";
import { useTexts } from "../texts/language.js";

export const STANDARD = ["online", "away", "transfers_only", "offline"] as const;

/** How the standard statuses are numbered where they are set and told by number. */
const NUMBERS: Record<number, Presence> = { 2: "offline", 3: "online", 4: "away", 5: "transfers_only" };

export interface Choice {
  /** What the stream is told. */
  readonly id: string;
  readonly name: string;
  readonly presence: Presence;
}

export interface Own {
  readonly current: Choice | null;
  readonly choices: readonly Choice[];
  readonly channels: Availability["channels"];
  readonly choose: (id: string) => void;
}

/** A custom status takes no new work, as away does; its dot says so. */
export function choicesOf(own: readonly { id: number; name: string }[], words: Record<Presence, string>): Choice[] {
  const standard = STANDARD.map((one): Choice => ({ id: one, name: words[one], presence: one }));
  const named = own.filter((one) => !(one.id in NUMBERS)).map((one): Choice => ({ id: String(one.id), name: one.name, presence: "away" }));
  return [...standard, ...named];
}

export function useStatus(): Own {
  const rest = useRest();
  const texts = useTexts();
  const orders = useOrders();
  const [status, work] = useAgent((state) => {
    const me = state.me?.id ?? null;
    const mine = Object.values(state.routing.work).filter((one) => isMyWork(one, me)).length;
    // Of whom the routing has never heard, it takes for offline.
    const unheard = state.routing.position > 0 ? "offline" : undefined;
    return [me === null ? undefined : (state.routing.agents[me]?.status ?? unheard), mine] as const;
  }, shallow);
  const statuses = useQuery({ queryKey: keys.statuses, queryFn: ({ signal }) => routing.statuses(rest, signal), staleTime: 5 * 60_000 });
  const room = useQuery({ queryKey: [...keys.availability, status, work], queryFn: ({ signal }) => routing.availability(rest, signal), placeholderData: (before) => before });
  const own = (statuses.data?.own ?? []).map((one) => ({ id: one.id, name: one.attributes.name }));
  const choices = choicesOf(own, texts.statusNames);
  const choose = (id: string) => {
    orders.availability(id).catch((error: unknown) => notify({ tone: "bad", words: texts.statusFailed(error instanceof Error ? error.message : "") }));
  };
  return { current: choices.find((one) => one.id === status) ?? null, choices, channels: room.data?.channels ?? [], choose };
}
