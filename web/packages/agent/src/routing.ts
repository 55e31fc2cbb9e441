/**
 * How work finds its agents, as this agent is shown it: a snapshot, and every event behind it, once and in order. Pure.
 *
 * Lines are counts of everybody's work, which no event tells: they are asked for anew (see `Agent`).
 */

import type { AgentStatus, Line, RoutingEvent, RoutingPayload, Work } from "./frames.js";
import type { Routing } from "./state.js";

export const NO_ROUTING: Routing = { position: 0, lines: [], agents: {}, work: {} };

interface Snapshot {
  position: number;
  lines: readonly Line[];
  agents: readonly AgentStatus[];
  work: readonly Work[];
}

export function fromSnapshot({ position, lines, agents, work }: Snapshot): Routing {
  return {
    position,
    lines,
    agents: Object.fromEntries(agents.map((one) => [one.id, one])),
    work: Object.fromEntries(work.map((one) => [one.ticketId, one])),
  };
}

/** Types that change what waits, is offered or assigned. */
export const MOVES = new Set(["routing:queued", "routing:offered", "routing:offer_ended", "routing:assigned", "routing:taken", "routing:withdrawn"]);

/** With the event at `position`; `me` is this agent. One that is in it already changes nothing. */
export function routed(routing: Routing, position: number, event: RoutingEvent, me: string): Routing {
  if (position <= routing.position) return routing;
  const at = Date.parse(event.createdAt);
  const work = worked(routing.work, event, me, at);
  return { ...routing, position, work, agents: staffed(routing.agents, event, at) };
}

function worked(all: Routing["work"], { type, payload }: RoutingEvent, me: string, at: number): Routing["work"] {
  const known = all[payload.ticketId];
  switch (type) {
    case "routing:offered":
      if (payload.agentId === me) return put(all, offered(known, payload, at));
      return known === undefined ? all : put(all, { ...known, stage: "handing", ...asked(payload) });
    case "routing:offer_ended":
      return known === undefined ? all : ended(all, known, payload, me);
    case "routing:assigned":
    case "routing:taken":
      return payload.agentId === me ? put(all, had(known, payload, at)) : without(all, payload.ticketId);
    case "routing:queued":
      return queued(all, known, payload);
    case "routing:withdrawn":
      return without(all, payload.ticketId);
    case "routing:activity":
      return known === undefined ? all : put(all, { ...known, active: payload.active ?? false });
    default:
      return all;
  }
}

const put = (all: Routing["work"], one: Work): Routing["work"] => ({ ...all, [one.ticketId]: one });

function without(all: Routing["work"], ticket: string): Routing["work"] {
  if (!(ticket in all)) return all;
  const { [ticket]: _, ...rest } = all;
  return rest;
}

function asked({ agentId, untilMs }: RoutingPayload): Partial<Work> {
  return { ...(agentId === undefined ? {} : { offerId: agentId }), ...(untilMs === undefined ? {} : { untilMs }) };
}

/** What is known of work by an event that names only a part of it. */
function base(known: Work | undefined, payload: RoutingPayload): Work {
  const { ticketId, channel, conversationId, priority, dueMs } = payload;
  return {
    stage: "waiting",
    ...(known ?? { queue: 0, channel: "messaging" }),
    ticketId,
    ...(payload.queue === undefined ? {} : { queue: payload.queue }),
    ...(channel === undefined ? {} : { channel }),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(priority === undefined ? {} : { priority }),
    ...(dueMs === undefined ? {} : { dueMs }),
  };
}

/** This agent is asked; `fromAgent` has it until then. */
function offered(known: Work | undefined, payload: RoutingPayload, at: number): Work {
  const from = payload.fromAgent === undefined ? {} : { agentId: payload.fromAgent };
  return { ...base(known, payload), ...asked(payload), ...from, stage: payload.fromAgent === undefined ? "offered" : "handing", sinceMs: at };
}

function had(known: Work | undefined, payload: RoutingPayload, at: number): Work {
  const { offerId: _, untilMs: __, ...rest } = base(known, payload);
  const since = known?.stage === "assigned" ? (known.sinceMs ?? at) : at;
  return { ...rest, stage: "assigned", sinceMs: since, ...(payload.agentId === undefined ? {} : { agentId: payload.agentId }) };
}

/** An offer came to nothing: whose work it was has it still. */
function ended(all: Routing["work"], known: Work, payload: RoutingPayload, me: string): Routing["work"] {
  if (known.offerId !== payload.agentId) return all;
  if (known.agentId !== me) return without(all, known.ticketId);
  const { offerId: _, untilMs: __, ...rest } = known;
  return put(all, { ...rest, stage: "assigned" });
}

/** It waits again. What is only asked anew, because something about it has changed, is still offered. */
function queued(all: Routing["work"], known: Work | undefined, payload: RoutingPayload): Routing["work"] {
  if (known?.stage === "offered" && payload.why === "changed") return put(all, { ...base(known, payload), stage: "offered" });
  return without(all, payload.ticketId);
}

function staffed(all: Routing["agents"], { type, payload }: RoutingEvent, at: number): Routing["agents"] {
  const { agentId } = payload;
  if (type === "routing:presence") return present(all, payload);
  if (agentId === undefined) return all;
  if (type === "routing:agent_removed") {
    const { [agentId]: _, ...rest } = all;
    return rest;
  }
  if (type !== "routing:status") return all;
  const known = all[agentId];
  const status = { id: agentId, status: payload.status ?? "", reason: payload.reason ?? "", sinceMs: at };
  return { ...all, [agentId]: { ...status, connected: known?.connected ?? false } };
}

function present(all: Routing["agents"], { joined = [], left = [] }: RoutingPayload): Routing["agents"] {
  if (joined.length + left.length === 0) return all;
  const changed = { ...all };
  for (const [ids, connected] of [[left, false], [joined, true]] as const) {
    for (const id of ids) if (changed[id] !== undefined) changed[id] = { ...changed[id], connected };
  }
  return changed;
}
