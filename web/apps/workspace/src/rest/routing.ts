/** How work finds its agents, where the stream does not tell it: what waits, who is there, which statuses there are. */

import type { Rest } from "./rest.js";
import type { AgentStatus, Availability, Line, Waiting } from "./types.js";

export async function lines(rest: Rest, signal?: AbortSignal): Promise<Line[]> {
  return (await rest.get<{ lines: Line[] }>("/api/v2/routing/lines", {}, signal)).lines;
}

/** What waits in a queue (null: in the standard one, for a group), the next one first; `after` is the last page's cursor. */
export async function waiting(
  rest: Rest,
  queue: number | null,
  group: number | null,
  after?: string,
  signal?: AbortSignal,
): Promise<{ work: Waiting[]; cursor: string | null }> {
  return rest.get(`/api/v2/routing/lines/${queue ?? 0}/waiting`, { group_id: group ?? undefined, after }, signal);
}

export async function statuses(rest: Rest, signal?: AbortSignal): Promise<{ standard: AgentStatus[]; own: AgentStatus[] }> {
  const path = "/api/v2/agent_availabilities/agent_statuses";
  const answer = await rest.get<{ default: AgentStatus[]; custom: AgentStatus[] }>(path, {}, signal);
  return { standard: answer.default, own: answer.custom };
}

interface Document {
  attributes: {
    agent_id: number;
    agent_status: { id: number; name: string; reason: string; updated_at: string };
    group_ids: number[];
    connected: boolean;
  };
  relationships: { channels: { data: { id: string }[] } };
}
interface Channel {
  id: string;
  attributes: { name: string; status: string; max_capacity: number; work_item_count: number };
}

export async function availability(rest: Rest, signal?: AbortSignal): Promise<Availability> {
  const answer = await rest.get<{ data: Document; included: Channel[] }>("/api/v2/agent_availabilities/me", {}, signal);
  return availabilityOf(answer.data, answer.included);
}

/** Of everybody, up to a hundred. */
export async function availabilities(rest: Rest, signal?: AbortSignal): Promise<Availability[]> {
  const answer = await rest.get<{ data: Document[]; included: Channel[] }>("/api/v2/agent_availabilities", { "page[size]": 100 }, signal);
  return answer.data.map((one) => availabilityOf(one, answer.included));
}

function availabilityOf(one: Document, channels: readonly Channel[]): Availability {
  const wanted = new Set(one.relationships.channels.data.map(({ id }) => id));
  const { agent_id, agent_status, group_ids, connected } = one.attributes;
  const own = channels.filter(({ id }) => wanted.has(id)).map(({ attributes }) => attributes);
  return { agent_id, status: agent_status, group_ids, connected, channels: own };
}
