/** What the app has set up for its agents: groups, agents, queues, fields, macros. Short lists, that change seldom. */

import type { Rest } from "./rest.js";
import type { DeskAgent, Field, Group, Macro, MacroResult, Queue } from "./types.js";

export function groups(rest: Rest, signal?: AbortSignal): Promise<Group[]> {
  return rest.all<Group>("/api/v2/groups/assignable", "groups", {}, signal);
}

export async function agents(rest: Rest, signal?: AbortSignal): Promise<DeskAgent[]> {
  return (await rest.get<{ agents: DeskAgent[] }>("/api/v2/desk/agents", {}, signal)).agents;
}

export function queues(rest: Rest, signal?: AbortSignal): Promise<Queue[]> {
  return rest.all<Queue>("/api/v2/queues", "queues", {}, signal);
}

/** In their order; those that are switched off are left out. */
export async function fields(rest: Rest, signal?: AbortSignal): Promise<Field[]> {
  const found = await rest.all<Field>("/api/v2/ticket_fields", "ticket_fields", {}, signal);
  return found.filter((one) => one.active).sort((one, other) => one.position - other.position);
}

export function macros(rest: Rest, signal?: AbortSignal): Promise<Macro[]> {
  return rest.all<Macro>("/api/v2/macros/active", "macros", {}, signal);
}

/** What a macro would make of a ticket, its placeholders filled in; without one, of any. */
export async function applied(rest: Rest, macro: number, ticket: number | null, signal?: AbortSignal): Promise<MacroResult> {
  const path = ticket === null ? `/api/v2/macros/${macro}/apply` : `/api/v2/tickets/${ticket}/macros/${macro}/apply`;
  return (await rest.get<{ result: MacroResult }>(path, {}, signal)).result;
}
