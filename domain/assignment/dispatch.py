"""Gives out what waits, as long as there is somebody to ask: at the end of a turn, for whatever the turn has set free.

No more is looked at than what has changed, since before the turn nobody who had room was left without work that waited for them. After
a change of the desk, at the opening of business hours and when the index was made anew, everything is looked at.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right

from domain import hours
from domain.assignment.choose import agent_for, work_for
from domain.assignment.index import Order, PoolKey
from domain.assignment.turn import Turn


def dispatch(turn: Turn) -> None:
    """Ask agents, up to the bound of a turn."""
    index = turn.index
    if _is_closed(turn):
        index.freed.clear()
        index.waiting.clear()
        return
    if index.everything:
        _all(turn)
        return
    while turn.moves and (index.freed or index.waiting):
        if index.freed:
            _agent(turn, next(iter(index.freed)))
        else:
            _piece(turn, next(iter(index.waiting)))
    if index.freed or index.waiting:
        index.deadlines.add(turn.at_ms, "rest")


def _is_closed(turn: Turn) -> bool:
    """Outside business hours nobody is asked. When they begin, everything is looked at."""
    desk, index = turn.desk, turn.index
    schedule = desk.schedules.get(desk.routing.schedule) if desk.routing.schedule is not None else None
    if schedule is None or hours.is_open(schedule, turn.at_ms):
        return False
    if index.opens_ms <= turn.at_ms:
        opens_ms = hours.add_business_ms(schedule, turn.at_ms, 1)
        index.opens_ms = opens_ms or turn.at_ms + _LOOK_AGAIN_MS
        index.deadlines.add(index.opens_ms, "opening")
    index.everything = True
    return True


_LOOK_AGAIN_MS = 86_400_000


def _agent(turn: Turn, name: str) -> None:
    """Somebody may have got room: the best of what waits for them, until there is no room or no work."""
    index = turn.index
    agent = turn.index.agents.get(name)
    piece = None if agent is None else work_for(index, agent, turn.at_ms)
    if piece is None:
        index.freed.pop(name, None)
        return
    turn.give(piece, name)
    turn.moves -= 1
    if not index.ranks.get(name):
        index.freed.pop(name, None)


def _piece(turn: Turn, ticket: str) -> None:
    """Something waits: whoever is best for it."""
    index = turn.index
    index.waiting.pop(ticket, None)
    agent_id = agent_for(index, index.pieces[ticket], turn.at_ms)
    if agent_id is not None:
        turn.give(index.pieces[ticket], agent_id)
        turn.moves -= 1


def _all(turn: Turn) -> None:
    """All that waits, in the order of the queues; each piece to whoever is best for it."""
    index = turn.index
    heap: list[tuple[int, Order, int, PoolKey]] = []
    for n, (key, pool) in enumerate(index.pools.items()):
        heapq.heappush(heap, (pool.priority, pool.orders[0], n, key))
    while heap and turn.moves:
        priority, order, n, key = heapq.heappop(heap)
        piece = index.pieces[order[3]]
        agent_id = agent_for(index, piece, turn.at_ms)
        if agent_id is not None:
            turn.give(piece, agent_id)
            turn.moves -= 1
        elif not piece.passed:  # then there is nobody for those behind it, either
            continue
        following = _after(turn, key, order)
        if following is not None:
            heapq.heappush(heap, (priority, following, n, key))
    if heap:
        index.deadlines.add(turn.at_ms, "rest")
        return
    index.everything = False
    index.freed.clear()
    index.waiting.clear()


def _after(turn: Turn, key: PoolKey, order: Order) -> Order | None:
    """The next in the pool."""
    pool = turn.index.pools.get(key)
    if pool is None:
        return None
    at = bisect_right(pool.orders, order)
    return pool.orders[at] if at < len(pool.orders) else None
