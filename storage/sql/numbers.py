"""Whole numbers of the installation: those of new rows, and those by which `/api/v2` knows rows whose ids are words of ours."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from storage.ports import Database
from storage.sql import slots
from storage.sql.help_tables import numbers

COUNTER = "number"
_AT_ONCE = 500


def draw(c: Connection, count: int = 1) -> int:
    """The first of `count` numbers that nobody else gets."""
    return slots.reserve(c, COUNTER, count)


def give(c: Connection, kind: str, ids: Sequence[str]) -> dict[str, int]:
    """The number of each of these ids; those that had none have one now."""
    found = _known(c, kind, ids)
    missing = [one for one in ids if one not in found]
    if not missing:
        return found
    first = draw(c, len(missing))
    insert = (postgresql.insert if c.dialect.name == "postgresql" else sqlite.insert)(numbers)
    rows = [{"number": first + at, "kind": kind, "id": one} for at, one in enumerate(missing)]
    c.execute(insert.on_conflict_do_nothing(index_elements=["kind", "id"]), rows)
    return found | _known(c, kind, missing)


class Numbers:
    """Numbers of accounts, users and the like, given when they are first asked for and kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, kind: str, ids: Sequence[str]) -> dict[str, int]:
        """The number of each of these ids."""
        wanted = sorted(set(ids))
        found = await self._database.read(lambda c: _known(c, kind, wanted))
        if len(found) == len(wanted):
            return found
        return await self._database.write(lambda c: give(c, kind, wanted))

    async def id_of(self, kind: str, number: int) -> str | None:
        """The id behind a number."""
        query = select(numbers.c.id).where(numbers.c.number == number, numbers.c.kind == kind)
        return await self._database.read(lambda c: c.execute(query).scalar())


def _known(c: Connection, kind: str, ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for first in range(0, len(ids), _AT_ONCE):
        query = select(numbers.c.id, numbers.c.number).where(numbers.c.kind == kind, numbers.c.id.in_(ids[first : first + _AT_ONCE]))
        found.update((row.id, row.number) for row in c.execute(query))
    return found
