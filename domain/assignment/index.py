"""What makes choosing quick: who may be asked and what waits, in order. Derived from a state and a desk, and kept beside that state.

Never a truth of its own: it may be thrown away at any time, and is made anew from whatever state is handed in. All order is total and
none is that of a map, so that one that was kept up and one that was made anew choose alike.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left, insort
from collections.abc import Callable
from itertools import islice
from typing import Any

import msgspec

from domain.assignment.commands import Work
from domain.assignment.deadlines import Deadlines, What
from domain.assignment.eligible import Open, Seat, groups_of, open_for, seat_of
from domain.assignment.state import Agent, Piece, State, line_of
from domain.desk.model import Desk, Queue

#: (by the strategy, then, id): smaller is asked first.
Rank = tuple[float, float, str]
#: (-priority, due, eligible, ticket): smaller goes first.
Order = tuple[int, float, int, str]
#: The priority of the standard queue: after all others.
LAST = 101


class PoolKey(msgspec.Struct, frozen=True):
    """Work of one line that the same agents may have. `group` counts where the desk knows no such queue, as of the standard one."""

    queue: int
    group: int | None
    channel: str
    skills: tuple[int, ...]
    overflows: bool
    transfer: bool


class Pool:
    """Work that waits, in order. `priority` is its queue's: smaller goes first."""

    __slots__ = ("groups", "key", "line", "orders", "priority", "skills")

    def __init__(self, key: PoolKey, line: str, priority: int, groups: tuple[int, ...]) -> None:
        self.key, self.line, self.priority, self.groups, self.skills = key, line, priority, groups, frozenset(key.skills)
        self.orders: list[Order] = []


class Place(msgspec.Struct, frozen=True):
    """Where a piece that waits is to be found again."""

    pool: Pool
    order: Order


_NOTHING: dict[str, Piece] = {}


class Told(msgspec.Struct, frozen=True):
    """At an instant, each of these tickets its position."""

    at_ms: int
    positions: dict[str, int] = {}
    is_due: bool = False
    """Whether a deadline is set for telling more."""


class Index:
    """The agents who have room, by channel and group, and the work that waits, by who may have it."""

    def __init__(self, state: State, desk: Desk, at_ms: int) -> None:
        self.desk, self.at_ms = desk, at_ms
        self._queues: dict[int, Queue] = {queue.id: queue for queue in desk.queues}
        self._seats: dict[str, Seat | None] = {}
        self.agents: dict[str, Agent] = {agent.id: agent for agent in state.agents.values()}
        self.pieces: dict[str, Piece] = {}
        """Both as in the state: to look into a dict takes a fraction of the time."""
        self.places: dict[str, Place] = {}
        self.held: dict[str, dict[str, Piece]] = {}
        """By agent: what they have, or are asked to take."""
        self.pools: dict[PoolKey, Pool] = {}
        self.pools_at: dict[tuple[str, int], dict[PoolKey, Pool]] = {}
        self._lines: dict[str, dict[PoolKey, Pool]] = {}
        self.ready: dict[tuple[str, int, Open], list[Rank]] = {}
        self.ranks: dict[str, dict[str, tuple[Open, Rank]]] = {}
        """By agent and channel: how they are listed."""
        self.channels: tuple[str, ...] = ()
        self.freed: dict[str, None] = {}
        """Agents who may have got room: they are to be given work."""
        self.waiting: dict[str, None] = {}
        """Work that has begun to wait, or may be had by others than before."""
        self.stale: dict[str, None] = {}
        """Lines in which somebody's place has changed."""
        self.everything = True
        """Whether all that waits is to be looked at."""
        self.opens_ms = 0
        """When business hours begin for which a deadline is set."""
        self.told: dict[str, Told] = {}
        """By line: what the customers in it were told last."""
        self.deadlines = Deadlines()
        self._build(state)

    def _build(self, state: State) -> None:
        """All at once: unordered first, since one sort is quicker than thousands of insertions."""
        self._put: Callable[[list[Any], Any], None] = list.append
        for agent in self.agents.values():
            self.ranks[agent.id] = {}
            self.watch(agent)
        for piece in state.pieces.values():
            self._enter(piece)
        for channel in self.channels:
            for agent in self.agents.values():
                self._list(agent, channel)
        for name, gateway in state.gateways.items():
            self.deadlines.add(gateway.until_ms, "gateway", name)
        for items in (*self.ready.values(), *(pool.orders for pool in self.pools.values())):
            items.sort()  # type: ignore[attr-defined]
        self._put = insort
        self.waiting.clear()

    def seat(self, agent_id: str) -> Seat | None:
        if agent_id not in self._seats:
            self._seats[agent_id] = seat_of(self.desk, agent_id)
        return self._seats[agent_id]

    # -- following the state

    def follow(self, state: State, tickets: tuple[str, ...] = (), agents: tuple[str, ...] = ()) -> None:
        """These pieces and agents may be others in `state` than before."""
        touched: dict[str, None] = dict.fromkeys(agents)
        for ticket in tickets:
            old, new = self.pieces.get(ticket), state.pieces.get(ticket)
            if old is new:
                continue
            if old is not None:
                for name in old.hands:
                    touched[name] = None
                self._leave(ticket)
            if new is not None:
                for name in new.hands:
                    touched[name] = None
                self._enter(new)
        for name in touched:
            self._refresh(name, state.agents.get(name))

    def _refresh(self, name: str, agent: Agent | None) -> None:
        """List an agent anew."""
        listed = self.ranks.get(name)
        for channel in tuple(listed or ()):
            self._unlist(name, channel)
        if agent is None:
            self.ranks.pop(name, None)
            self.agents.pop(name, None)
            return
        self.agents[name] = agent
        if listed is None:
            listed = self.ranks[name] = {}
        for channel in self.channels:
            self._list(agent, channel)
        if listed:
            self.freed[name] = None

    def place_again(self, ticket: str) -> None:
        """Time has passed: others may have it now."""
        piece = self.pieces.get(ticket)
        if piece is not None and ticket in self.places:
            self._leave(ticket)
            self._enter(piece)

    # -- pieces

    def _enter(self, piece: Piece) -> None:
        ticket = piece.work.ticket_id
        self.pieces[ticket] = piece
        if piece.work.channel not in self.channels:
            self._new_channel(piece.work.channel)
        for name in piece.hands:
            self.held.setdefault(name, {})[ticket] = piece
        if piece.offer is not None:
            self.deadlines.add(piece.until_ms, "piece", ticket)
        elif piece.agent is None:
            self._wait(piece)

    def _new_channel(self, channel: str) -> None:
        self.channels = tuple(sorted((*self.channels, channel)))
        if self._put is insort:  # while all is built, agents are listed at the end
            for agent in self.agents.values():
                self._list(agent, channel)  # none of them has got more room

    def _wait(self, piece: Piece) -> None:
        work = piece.work
        ticket, pool = work.ticket_id, self._pool(piece)
        order = (-work.priority, work.due_ms or math.inf, work.eligible_ms or piece.since_ms, ticket)
        self.places[ticket] = Place(pool, order)
        self._put(pool.orders, order)
        self.waiting[ticket] = None
        self.stale[pool.line] = None
        for due_ms in self._turns(piece):
            self.deadlines.add(due_ms, "piece", ticket)

    def _leave(self, ticket: str) -> None:
        piece = self.pieces.pop(ticket, None)
        if piece is None:
            return
        for name in piece.hands:
            held = self.held[name]
            del held[ticket]
            if not held:
                del self.held[name]
        place = self.places.pop(ticket, None)
        if place is not None:
            self.waiting.pop(ticket, None)
            self._forget(place)

    def _forget(self, place: Place) -> None:
        pool = place.pool
        _remove(pool.orders, place.order)
        self.stale[pool.line] = None
        if not pool.orders:
            key = pool.key
            del self.pools[key]
            for group in pool.groups:
                del self.pools_at[key.channel, group][key]
            del self._lines[pool.line][key]
            if not self._lines[pool.line]:
                del self._lines[pool.line]

    def first(self, line: str, count: int) -> list[str]:
        """The tickets that are the first of a line, in order."""
        waiting = heapq.merge(*(pool.orders for pool in self._lines.get(line, {}).values()))
        return [order[3] for order in islice(waiting, count)]

    def _pool(self, piece: Piece) -> Pool:
        work, routing = piece.work, self.desk.routing
        queue = self._queues.get(work.queue)
        overflows = bool(queue and queue.secondary_groups and self.at_ms >= piece.since_ms + queue.overflow_after_s * 1000)
        skills = work.skills
        if skills:
            relaxed = routing.skills_timeout_s and self.at_ms >= piece.since_ms + routing.skills_timeout_s * 1000
            skills = () if relaxed else tuple(sorted(skills))
        group = None if queue is not None else work.group
        key = PoolKey(work.queue, group, work.channel, skills, overflows, piece.transfer)
        return self.pools.get(key) or self._new_pool(key, work, LAST if queue is None else queue.priority)

    def _new_pool(self, key: PoolKey, work: Work, priority: int) -> Pool:
        pool = self.pools[key] = Pool(key, line_of(work), priority, groups_of(self.desk, work, key.overflows))
        for each in pool.groups:
            self.pools_at.setdefault((key.channel, each), {})[key] = pool
        self._lines.setdefault(pool.line, {})[key] = pool
        return pool

    def groups_of(self, piece: Piece) -> tuple[int, ...]:
        """All groups that may ever have it."""
        return groups_of(self.desk, piece.work, True)

    def _turns(self, piece: Piece) -> list[int]:
        """The instants at which others may have it, or be asked again."""
        work = piece.work
        if not (piece.passed or work.skills or work.queue):
            return []
        queue, timeout_s = self._queues.get(work.queue), self.desk.routing.skills_timeout_s
        found = [again_ms for _, again_ms in piece.passed]
        if work.skills and timeout_s:
            found.append(piece.since_ms + timeout_s * 1000)
        if queue is not None and queue.secondary_groups:
            found.append(piece.since_ms + queue.overflow_after_s * 1000)
        return [due_ms for due_ms in found if due_ms > self.at_ms]

    # -- agents

    def load(self, name: str, channel: str) -> float:
        """How much of the agent's capacity on a channel is used, offers included."""
        seat = self.seat(name)
        return 0.0 if seat is None else self._load(seat, name, channel)

    def _load(self, seat: Seat, name: str, channel: str) -> float:
        active = idle = 0
        for piece in self.held.get(name, _NOTHING).values():
            work = piece.work
            if work.channel == channel:
                if work.active:
                    active += 1
                else:
                    idle += 1
        return active * seat.weight(channel) + idle * seat.weight(channel, active=False)

    def has_room(self, name: str, channel: str) -> bool:
        """Whether one more piece fits."""
        seat = self.seat(name)
        return seat is not None and self.load(name, channel) + seat.weight(channel) <= seat.limit(channel) + 1e-9

    def _list(self, agent: Agent, channel: str) -> None:
        seat, what = self.seat(agent.id), open_for(agent, channel)
        if seat is None or what == "nothing":
            return
        spare = seat.limit(channel) - self._load(seat, agent.id, channel)
        if seat.weight(channel) > spare + 1e-9:
            return
        rank = self._rank(agent, channel, spare)
        self.ranks[agent.id][channel] = (what, rank)
        for group in seat.groups:
            self._put(self.ready.setdefault((channel, group, what), []), rank)

    def _unlist(self, name: str, channel: str) -> None:
        what, rank = self.ranks[name].pop(channel)
        seat = self.seat(name)
        assert seat is not None, "only agents of the desk are listed"
        for group in seat.groups:
            _remove(self.ready[channel, group, what], rank)

    def _rank(self, agent: Agent, channel: str, spare: float) -> Rank:
        last = agent.last.get(channel, 0)
        match self.desk.routing.strategy:
            case "round_robin":
                return (last, 0, agent.id)
            case "longest_idle":
                return (0, agent.idle_ms, agent.id) if not agent.count else (1, last, agent.id)
            case _:
                return (-spare, last, agent.id)

    def watch(self, agent: Agent) -> None:
        """Its grace or idleness may end at another instant than before."""
        for due_ms in agent_turns(agent, self.desk):
            self.deadlines.add(due_ms, "agent", agent.id)

    # -- time

    def to_arm(self, state: State, at_ms: int) -> int | None:
        """The instant for which the actor's timer must be set anew, if it must be."""

        def is_live(due_ms: int, what: What, whose: str) -> bool:
            if what == "gateway":
                return whose in state.gateways and state.gateways[whose].until_ms <= due_ms
            piece = self.pieces.get(whose)
            return what != "piece" or (piece is not None and (piece.agent is None or piece.offer is not None) and piece.until_ms <= due_ms)

        return self.deadlines.to_arm(at_ms, is_live)


def agent_turns(agent: Agent, desk: Desk) -> list[int]:
    """The instants at which an agent's status may change by itself."""
    found, idle_s = [], desk.routing.idle_timeout_s
    if agent.lost_ms and agent.status != "offline":
        found.append(agent.lost_ms + desk.routing.disconnect_grace_s * 1000)
    if idle_s and agent.status not in ("offline", "away"):
        found.append(max(agent.seen_ms, agent.since_ms) + idle_s * 1000)
    return found


def _remove(items: list[Any], item: Any) -> None:
    at = bisect_left(items, item)
    assert items[at] == item, "what is removed was there"
    del items[at]
