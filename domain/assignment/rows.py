"""What a turn leaves in the read tables: a row for each agent, and one for each piece of work. Lists, counts and reports read them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from domain.assignment.commands import Presence
from domain.assignment.state import Agent, Piece, Stage, line_of
from domain.assignment.turn import Turn

AGENTS, WORK = "routing_agents", "routing_work"


class AgentRow(msgspec.Struct, frozen=True, array_like=True):
    id: str
    status: str
    reason: str
    since_ms: int
    connected: bool
    channels: dict[str, Presence] = {}


class WorkRow(msgspec.Struct, frozen=True, array_like=True):
    """`agent_id` has it, `offer_id` is asked. `priority`, `due_ms`, `eligible_ms` and the id are its order in its line."""

    ticket_id: str
    stage: Stage
    line: str
    queue: int
    group: int | None
    channel: str
    conversation_id: str | None
    agent_id: str | None
    offer_id: str | None
    until_ms: int
    priority: int
    due_ms: int
    eligible_ms: int
    since_ms: int
    active: bool


_encode = msgspec.msgpack.Encoder().encode
decode_agent = msgspec.msgpack.Decoder(AgentRow).decode
decode_work = msgspec.msgpack.Decoder(WorkRow).decode


def rows_of(turn: Turn) -> Iterator[tuple[str, str, bytes | None]]:
    """(table, key, row) of everything that the turn has changed; no row: it goes."""
    for ticket in turn.tickets:
        piece = turn.state.pieces.get(ticket)
        yield WORK, ticket, None if piece is None else _encode(work_row(piece))
    for name in turn.agents:
        agent = turn.state.agents.get(name)
        yield AGENTS, name, None if agent is None else _encode(agent_row(agent))


def agent_row(agent: Agent) -> AgentRow:
    return AgentRow(agent.id, agent.status, agent.reason, agent.since_ms, bool(agent.gateways), agent.channels)


def work_row(piece: Piece) -> WorkRow:
    work = piece.work
    return WorkRow(
        work.ticket_id,
        piece.stage,
        line_of(work),
        work.queue,
        work.group,
        work.channel,
        work.conversation_id,
        piece.agent,
        piece.offer,
        piece.until_ms,
        work.priority,
        work.due_ms,
        work.eligible_ms or piece.since_ms,
        piece.since_ms,
        work.active,
    )
