/** To whom work may be handed over, as a list to choose from. Pure. */

import type { AgentStatus, Target } from "@causerie/agent";
import type { DeskAgent, Group, Queue } from "../rest/index.js";

export interface Choice {
  /** `agent:<id>`, `group:<number>`, `queue:<number>`. */
  id: string;
  name: string;
  kind: "agent" | "group" | "queue";
  target: Target;
  /** An agent's. */
  status: string | null;
  /** Of an agent: their groups. */
  hint: string;
}

export interface Known {
  agents: readonly DeskAgent[];
  groups: readonly Group[];
  queues: readonly Queue[];
  statuses: Readonly<Record<string, AgentStatus>>;
  me: string;
}

const ORDER = ["online", "transfers_only", "away", "offline"];

/** Those who are there first, then by name. Oneself is not among them: to take work is another order. */
export function choices({ agents, groups, queues, statuses, me }: Known): Choice[] {
  const names = new Map(groups.map((one) => [one.id, one.name]));
  const people = agents
    .filter((one) => one.account_id !== me)
    .map((one): Choice => {
      const status = statuses[one.account_id]?.status ?? "offline";
      const hint = one.group_ids.map((id) => names.get(id) ?? "").filter(Boolean).join(", ");
      return { id: `agent:${one.account_id}`, name: one.name, kind: "agent", target: { agent: one.account_id }, status, hint };
    })
    .sort((one, other) => place(one) - place(other) || one.name.localeCompare(other.name));
  const teams = groups.map((one): Choice => ({ id: `group:${one.id}`, name: one.name, kind: "group", target: { group: one.id }, status: null, hint: "" }));
  const lines = queues.map((one): Choice => ({ id: `queue:${one.id}`, name: one.name, kind: "queue", target: { queue: one.id }, status: null, hint: one.description ?? "" }));
  return [...people, ...teams, ...lines];
}

/** Those whose name has each word somewhere, without regard to case and accents. */
export function found(all: readonly Choice[], words: string): Choice[] {
  const wanted = fold(words).split(/\s+/u).filter(Boolean);
  return all.filter((one) => wanted.every((word) => fold(one.name).includes(word)));
}

function place(one: Choice): number {
  const at = ORDER.indexOf(one.status ?? "");
  return at < 0 ? ORDER.length : at;
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
