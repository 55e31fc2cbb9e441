"""Reads tickets: by number, in lists, as they changed, and by trees of tests. Never writes: rows are written by tickets' turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import ColumnElement

from domain.finding.filters import KEPT, Every, Filter, Test
from domain.ticket.model import Ticket
from storage.ports import Database
from storage.sql.finding import Shelf, condition
from storage.sql.tickets_rows import decode
from storage.sql.tickets_tables import ticket_marks, tickets

Order = Literal[
    "number",
    "created_ms",
    "updated_ms",
    "status_ms",
    "due_ms",
    "rated_ms",
    "status",
    "priority",
    "type",
    "subject",
    "assignee_id",
    "requester_id",
    "group_id",
    "score",
]
_WORDS = frozenset({"type", "subject", "assignee_id", "requester_id", "score"})

SHELF = Shelf(tickets, ticket_marks, {column.name: column for column in tickets.columns}, text=tickets.c.text)


class Part(msgspec.Struct, frozen=True):
    """A page: by `offset`, or from behind (`before`: up to) a place in the order, which is the sorted value and the number."""

    limit: int = 100
    offset: int = 0
    after: tuple[Any, int] | None = None
    before: tuple[Any, int] | None = None
    order: Order = "number"
    descending: bool = False
    counted: bool = True


class Listed(msgspec.Struct, frozen=True):
    """Tickets with the place of each in the order; `more`: there are others in the direction that was asked for."""

    tickets: list[Ticket]
    places: list[tuple[Any, int]]
    count: int
    more: bool


class Tickets:
    """Over `database`, which it does not close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_numbers(self, app: str, numbers: Sequence[int], *, deleted: bool = False) -> dict[int, Ticket]:
        """Those that are there, by number; with `deleted` also those that were deleted."""
        query = select(tickets.c.body).where(tickets.c.app_id == app, tickets.c.number.in_(numbers))
        if not deleted:
            query = query.where(tickets.c.deleted == 0)
        return {one.number: one for one in await self._tickets(query)}

    async def by_id(self, app: str, identifier: str) -> Ticket | None:
        found = await self._tickets(select(tickets.c.body).where(tickets.c.app_id == app, tickets.c.id == identifier))
        return found[0] if found else None

    async def by_ids(self, app: str, identifiers: Sequence[str]) -> dict[str, Ticket]:
        """Those that are there and were not deleted, by id."""
        query = select(tickets.c.body).where(tickets.c.app_id == app, tickets.c.id.in_(identifiers), tickets.c.deleted == 0)
        return {one.id: one for one in await self._tickets(query)}

    async def listed(self, app: str, asked: Filter, part: Part) -> Listed:
        """A page of those that are asked for, and how many there are. Deleted ones are only left out if `asked` says so."""
        return await self._database.read(lambda c: _listed(c, app, asked, part))

    async def count(self, app: str, asked: Filter) -> int:
        query = select(func.count()).select_from(tickets).where(tickets.c.app_id == app, condition(asked, SHELF))
        return await self._database.read(lambda c: int(c.execute(query).scalar_one()))

    async def counts(self, app: str, asked: Sequence[Filter]) -> list[int]:
        """How many there are of each, all at one moment."""
        these = [select(func.count()).select_from(tickets).where(tickets.c.app_id == app, condition(one, SHELF)) for one in asked]
        return await self._database.read(lambda c: [int(c.execute(query).scalar_one()) for query in these])

    async def changed(self, app: str, after: tuple[int, int], before_ms: int, limit: int) -> tuple[list[Ticket], bool]:
        """By time of change and number: those behind a place and changed before an instant, deleted ones too; and if there are more."""
        place = tuple_(tickets.c.updated_ms, tickets.c.number)
        query = select(tickets.c.body).where(tickets.c.app_id == app, place > tuple_(*after), tickets.c.updated_ms < before_ms)
        found = await self._tickets(query.order_by(tickets.c.updated_ms, tickets.c.number).limit(limit + 1))
        return found[:limit], len(found) > limit

    async def tags(self, app: str, after: str, limit: int, prefix: str = "", offset: int = 0) -> list[tuple[str, int]]:
        """Tags that tickets have, and how many have each, by name."""
        of = ticket_marks.c
        these = [of.app_id == app, of.kind == "tag", of.value > after]
        if prefix:
            these += [of.value >= prefix, of.value < prefix + "\U0010ffff"]
        query = select(of.value, func.count()).where(*these).group_by(of.value).order_by(of.value).limit(limit).offset(offset)
        return await self._database.read(lambda c: [(row[0], row[1]) for row in c.execute(query)])

    async def tag_count(self, app: str) -> int:
        """How many different tags there are."""
        of = ticket_marks.c
        query = select(func.count(of.value.distinct())).where(of.app_id == app, of.kind == "tag")
        return await self._database.read(lambda c: int(c.execute(query).scalar_one()))

    async def incidents(self, app: str, numbers: Sequence[int]) -> set[int]:
        """Those of these problems that have incidents."""
        query = select(tickets.c.problem_number).where(tickets.c.app_id == app, tickets.c.problem_number.in_(numbers)).distinct()
        return await self._database.read(lambda c: set(c.execute(query).scalars()))

    async def _tickets(self, query: Select[Any]) -> list[Ticket]:
        return await self._database.read(lambda c: [decode(body) for body in c.execute(query).scalars()])


def kept(*tests: Filter) -> Filter:
    """Those that are not deleted and pass these tests."""
    return Every((KEPT, *tests))


def of(column: str, value: str | int | None) -> Filter:
    return Test(column, "=", value)


def _listed(c: Connection, app: str, asked: Filter, part: Part) -> Listed:
    these = [tickets.c.app_id == app, condition(asked, SHELF)]
    count = int(c.execute(select(func.count()).select_from(tickets).where(*these)).scalar_one()) if part.counted else 0
    by, backwards = _by(part.order), part.before is not None
    query = select(tickets.c.body, by.label("sorted_by"), tickets.c.number).where(*these)
    place = tuple_(by, tickets.c.number)
    for at, behind in ((part.after, not part.descending), (part.before, part.descending)):
        if at is not None:
            query = query.where(place > tuple_(*at) if behind else place < tuple_(*at))
    down = part.descending != backwards
    query = query.order_by(*((by.desc(), tickets.c.number.desc()) if down else (by, tickets.c.number)))
    found = c.execute(query.limit(part.limit + 1).offset(part.offset)).all()
    shown = found[: part.limit][:: -1 if backwards else 1]
    places = [(row.sorted_by, row.number) for row in shown]
    return Listed([decode(row.body) for row in shown], places, count, len(found) > part.limit)


def _by(order: Order) -> ColumnElement[Any]:
    """What has no value stands before what has one."""
    column = tickets.c[order]
    return func.coalesce(column, "" if order in _WORDS else -1) if column.nullable else column
