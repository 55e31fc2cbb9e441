"""Who is asked, and what for: by the strategy among agents, by the queue's order among work. Both looks are short ones into the index."""

from __future__ import annotations

from collections.abc import Iterator

from domain.assignment.eligible import Open, open_for
from domain.assignment.index import Index, Order, Pool, Rank
from domain.assignment.state import Agent, Piece


def agent_for(index: Index, piece: Piece, at_ms: int) -> str | None:
    """The agent who is to be asked for a piece that waits; None when there is nobody."""
    pool = index.places[piece.work.ticket_id].pool
    best: Rank | None = None
    for group in pool.groups:
        for what in _askable(pool):
            found = _first(index, index.ready.get((pool.key.channel, group, what), ()), pool, piece, at_ms)
            if found is not None and (best is None or found < best):
                best = found
    return None if best is None else best[2]


def _askable(pool: Pool) -> tuple[Open, ...]:
    return ("work", "transfers") if pool.key.transfer else ("work",)


def _first(index: Index, ranks: list[Rank] | tuple[()], pool: Pool, piece: Piece, at_ms: int) -> Rank | None:
    """The first in rank who has the skills and has not just let it pass."""
    if not pool.skills and not piece.passed:
        return ranks[0] if ranks else None
    for rank in ranks:
        seat = index.seat(rank[2])
        if seat is not None and pool.skills <= seat.skills and piece.again_ms(rank[2]) <= at_ms:
            return rank
    return None


def work_for(index: Index, agent: Agent, at_ms: int) -> Piece | None:
    """What an agent who has room is to be asked for; None when nothing that waits is for them."""
    best: tuple[int, Order] | None = None
    for pool in _pools(index, agent):
        if best is not None and (pool.priority, pool.orders[0]) >= best:
            continue
        order = next((one for one in pool.orders if index.pieces[one[3]].again_ms(agent.id) <= at_ms), None)
        if order is not None and (best is None or (pool.priority, order) < best):
            best = (pool.priority, order)
    return None if best is None else index.pieces[best[1][3]]


def _pools(index: Index, agent: Agent) -> Iterator[Pool]:
    """Where there is work that the agent may have."""
    seat = index.seat(agent.id)
    if seat is None:
        return
    for channel, (what, _) in index.ranks.get(agent.id, {}).items():
        for group in seat.groups:
            for pool in index.pools_at.get((channel, group), {}).values():
                if (what == "work" or pool.key.transfer) and pool.skills <= seat.skills:
                    yield pool


def may_have(index: Index, agent: Agent, channel: str) -> bool:
    """Whether another agent may hand them work: they are there, and have room."""
    return open_for(agent, channel) != "nothing" and index.has_room(agent.id, channel)
