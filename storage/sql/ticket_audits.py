"""When things happened to tickets: what exports of events and lists of all audits are read by. Never reads a clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import and_, insert, select, tuple_
from sqlalchemy.engine import Connection

from domain.envelope import Later
from domain.ticket import events as ev
from storage.ports import Database, RowChange
from storage.sql.tables import actors, events
from storage.sql.tickets_tables import ticket_audits

Place = tuple[int, str, int]
"""Instant, ticket and seq, in this order."""


class Told(msgspec.Struct, frozen=True):
    """An event of a ticket's; None where nothing is left of it."""

    place: Place
    event: ev.Event | None


def write(connection: Connection, changes: Sequence[tuple[str, RowChange]]) -> None:
    """The writer of `ticket_audits`: the key is ticket and seq, the row the instant."""
    rows = []
    for app, change in changes:
        identifier, _, seq = change.key.partition("/")
        rows.append({"app_id": app, "at_ms": int(change.row or b"0"), "id": identifier, "seq": int(seq)})
    connection.execute(insert(ticket_audits), rows)


class TicketAudits:
    """Over `database`, which it does not close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def after(self, app: str, place: Place, before_ms: int, limit: int) -> tuple[list[Told], bool]:
        """Those behind a place and before an instant, oldest first; and if there are more."""
        of = ticket_audits.c
        found = await self._read(app, limit, False, tuple_(of.at_ms, of.id, of.seq) > tuple_(*place), of.at_ms < before_ms)
        return found[:limit], len(found) > limit

    async def before(self, app: str, place: Place, limit: int) -> tuple[list[Told], bool]:
        """Those before a place, newest first; and if there are more."""
        of = ticket_audits.c
        found = await self._read(app, limit, True, tuple_(of.at_ms, of.id, of.seq) < tuple_(*place))
        return found[:limit], len(found) > limit

    async def _read(self, app: str, limit: int, newest: bool, *these: object) -> list[Told]:
        of = ticket_audits.c
        order = (of.at_ms.desc(), of.id.desc(), of.seq.desc()) if newest else (of.at_ms, of.id, of.seq)
        asked = select(ticket_audits).where(of.app_id == app, *these).order_by(*order).limit(limit + 1).subquery()  # type: ignore[arg-type]
        its = and_(actors.c.kind == "ticket", actors.c.app_id == asked.c.app_id, actors.c.id == asked.c.id)
        this = and_(events.c.actor == actors.c.key, events.c.seq == asked.c.seq)
        query = select(asked.c.at_ms, asked.c.id, asked.c.seq, events.c.body, events.c.version)
        query = query.select_from(asked.join(actors, its).join(events, this))
        found = await self._database.read(lambda c: [_told(row) for row in c.execute(query)])
        return sorted(found, key=lambda one: one.place, reverse=newest)


def _told(row: Any) -> Told:
    event = ev.decode(bytes(row.body), row.version)[1]
    return Told((row.at_ms, row.id, row.seq), None if isinstance(event, Later) else event)
