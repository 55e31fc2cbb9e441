"""Reads of routing: who is there, what waits, who has what. Never writes."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import BigInteger, Select, and_, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.sql.expression import ColumnElement

from domain.assignment.rows import AgentRow, WorkRow
from storage.ports import Database
from storage.sql.routing_tables import routing_agents, routing_work
from storage.sql.tables import Word, actors, events

KIND = "assignment"
MAX_AGENTS_SHOWN = 2_000
MAX_OWN = 500


class Count(msgspec.Struct, frozen=True):
    """How much work of a line is at a stage, and since when the oldest of it is eligible."""

    line: str
    stage: str
    n: int
    oldest_ms: int


class Snapshot(msgspec.Struct, frozen=True):
    """An app's routing as its journal left it at `position`. `work` is what one agent has or is asked."""

    position: int
    counts: list[Count]
    agents: list[AgentRow]
    work: list[WorkRow]


class Load(msgspec.Struct, frozen=True):
    """How much an agent has on a channel: assigned, and offered."""

    agent_id: str
    channel: str
    assigned: int
    active: int


class Routings:
    """What the gateway reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def snapshot(self, app: str, agent_id: str) -> Snapshot:
        """All in one statement, so that all of it is of one moment."""
        parts = (_head(app), _counts(app), _some_agents(app), _own(app, agent_id))
        query = union_all(*parts)
        rows = await self._database.read(lambda c: c.execute(query).all())
        position, counts, agents, work = 0, [], [], []
        for row in rows:
            match row.what:
                case "head":
                    position = row.n1 or 0
                case "count":
                    counts.append(Count(row.w1, row.w2, row.n1, row.n2))
                case "agent":
                    agents.append(AgentRow(row.w1, row.w2, row.w3, row.n1, bool(row.n2), _channels(row.w4)))
                case _:
                    work.append(_work_of(row))
        return Snapshot(position, counts, sorted(agents, key=lambda one: one.id), sorted(work, key=lambda one: one.ticket_id))

    async def counts(self, app: str) -> list[Count]:
        rows = await self._database.read(lambda c: c.execute(_counts(app)).all())
        return [Count(row.w1, row.w2, row.n1, row.n2) for row in rows]

    async def agents(self, app: str, after: str, limit: int, ids: tuple[str, ...] | None = None) -> list[AgentRow]:
        """By id, behind `after`; only these, if there are some named."""
        query = select(routing_agents).where(routing_agents.c.app_id == app, routing_agents.c.agent_id > after)
        if ids is not None:
            query = query.where(routing_agents.c.agent_id.in_(ids))
        query = query.order_by(routing_agents.c.agent_id).limit(limit)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [AgentRow(row.agent_id, row.status, row.reason, row.since_ms, row.connected, _channels(row.channels)) for row in rows]

    async def loads(self, app: str, agents: list[str]) -> list[Load]:
        """What these agents have, by channel."""
        w = routing_work.c
        active = func.sum(_number(w.active))
        query = (
            select(w.agent_id, w.channel, func.count().label("n"), active.label("active"))
            .where(w.app_id == app, w.agent_id.is_not(None), w.agent_id.in_(agents))
            .group_by(w.agent_id, w.channel)
        )
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [Load(row.agent_id, row.channel, row.n, int(row.active or 0)) for row in rows]

    async def waiting(self, app: str, line: str, after: tuple[int, int, int, str] | None, limit: int) -> list[WorkRow]:
        """A page of a line, in its order; `after` is (priority, due, eligible, ticket) of the last one before it."""
        w, order = routing_work.c, _ORDER
        query = select(routing_work).where(w.app_id == app, w.line == line, w.stage == "waiting")
        if after is not None:
            query = query.where(_behind(after))
        query = query.order_by(*order).limit(limit)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_row(row) for row in rows]

    async def position(self, app: str, ticket_id: str) -> tuple[int, str] | None:
        """(place in its line, from 1, and the line) of work that waits."""
        w = routing_work.c
        found = await self._database.read(
            lambda c: c.execute(select(routing_work).where(w.app_id == app, w.ticket_id == ticket_id, w.stage == "waiting")).one_or_none()
        )
        if found is None:
            return None
        key = (found.priority, found.due_ms, found.eligible_ms, found.ticket_id)
        ahead = select(func.count()).where(
            w.app_id == app, w.line == found.line, w.stage == "waiting", ~_behind(key), w.ticket_id != ticket_id
        )
        n = await self._database.read(lambda c: c.execute(ahead).scalar_one())
        return n + 1, found.line


#: No due instant is the latest.
_DUE = func.coalesce(func.nullif(routing_work.c.due_ms, 0), 2**62)
_ORDER: tuple[ColumnElement[Any], ...] = (
    routing_work.c.priority.desc(),
    _DUE,
    routing_work.c.eligible_ms,
    routing_work.c.ticket_id,
)


def _behind(key: tuple[int, int, int, str]) -> ColumnElement[bool]:
    w, (priority, due_ms, eligible_ms, ticket_id) = routing_work.c, key
    due = due_ms or 2**62
    same = w.priority == priority
    return or_(
        w.priority < priority,
        and_(same, _DUE > due),
        and_(same, _DUE == due, w.eligible_ms > eligible_ms),
        and_(same, _DUE == due, w.eligible_ms == eligible_ms, w.ticket_id > ticket_id),
    )


_WORDS, _NUMBERS = 7, 8


def _part(what: str, words: tuple[Any, ...], numbers: tuple[Any, ...]) -> Select[Any]:
    """A select in the common form of all parts of a snapshot."""
    texts = [(words[at] if at < len(words) else cast(null(), Word)).label(f"w{at + 1}") for at in range(_WORDS)]
    ints = [(numbers[at] if at < len(numbers) else cast(null(), BigInteger)).label(f"n{at + 1}") for at in range(_NUMBERS)]
    return select(literal(what).label("what"), *texts, *ints)


def _number(flag: ColumnElement[bool]) -> ColumnElement[int]:
    return case((flag, 1), else_=0)


def _head(app: str) -> Select[Any]:
    key = select(actors.c.key).where(actors.c.kind == KIND, actors.c.app_id == app, actors.c.id == app).scalar_subquery()
    last = select(func.max(events.c.seq)).where(events.c.actor == key).scalar_subquery()
    return _part("head", (), (last,))


def _counts(app: str) -> Select[Any]:
    w = routing_work.c
    part = _part("count", (w.line, w.stage), (func.count(), func.min(w.eligible_ms)))
    return part.where(w.app_id == app).group_by(w.line, w.stage)


def _some_agents(app: str) -> Select[Any]:
    a = routing_agents.c
    part = _part("agent", (a.agent_id, a.status, a.reason, a.channels), (a.since_ms, _number(a.connected)))
    shown = select(a.agent_id).where(a.app_id == app).order_by(a.agent_id).limit(MAX_AGENTS_SHOWN).subquery()
    return part.where(a.app_id == app, a.agent_id.in_(select(shown.c.agent_id)))


def _own(app: str, agent_id: str) -> Select[Any]:
    w = routing_work.c
    words = (w.ticket_id, w.stage, w.line, w.channel, w.conversation_id, w.agent_id, w.offer_id)
    numbers = (w.queue, w.group_id, w.until_ms, w.priority, w.due_ms, w.eligible_ms, w.since_ms, _number(w.active))
    own = or_(w.agent_id == agent_id, w.offer_id == agent_id)
    shown = select(w.ticket_id).where(w.app_id == app, own).order_by(w.ticket_id).limit(MAX_OWN).subquery()
    return _part("work", words, numbers).where(w.app_id == app, w.ticket_id.in_(select(shown.c.ticket_id)))


def _channels(text: str) -> Any:
    return msgspec.json.decode(text)


def _work_of(row: Any) -> WorkRow:
    """Of a snapshot's row."""
    words = (row.w1, row.w2, row.w3, row.n1, row.n2, row.w4, row.w5, row.w6, row.w7)
    return WorkRow(*words, row.n3, row.n4, row.n5, row.n6, row.n7, bool(row.n8))


def _row(row: Any) -> WorkRow:
    return WorkRow(
        row.ticket_id, row.stage, row.line, row.queue, row.group_id, row.channel, row.conversation_id, row.agent_id, row.offer_id,
        row.until_ms, row.priority, row.due_ms, row.eligible_ms, row.since_ms, row.active,
    )  # fmt: skip
