"""Reads people for `/api/v2`: users by trees of tests, and whoever an id or a number names, user or account. Never writes.

Numbers are given by `storage.sql.numbers` when somebody is first shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, Table, func, literal, or_, select, tuple_
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import ColumnElement

from domain.directory import Account, User
from domain.finding.filters import Filter
from domain.ids import row_id
from storage.ports import Database
from storage.sql.directory_rows import to_account, to_user
from storage.sql.directory_tables import accounts, users
from storage.sql.finding import Shelf, condition
from storage.sql.help_tables import numbers
from storage.sql.organizations import of_person
from storage.sql.people_tables import deleted_people
from storage.sql.tickets_tables import user_marks

MAX_ACCOUNTS = 1_000
_AT_ONCE = 500
KINDS = ("account", "user")

_FACTS: dict[str, ColumnElement[Any]] = {
    "id": users.c.id,
    "external_id": users.c.external_id,
    "role": literal("end-user"),
    "created_ms": users.c.id,
    "organization": of_person(users.c.app_id, users.c.id),
}
#: An id begins with the second in which it was made.
SHELF = Shelf(users, user_marks, _FACTS, {"created_ms": lambda at_ms: row_id(-(-int(at_ms or 0) // 1000) * 1000, 0)})


class Users(msgspec.Struct, frozen=True):
    """Users by id, and how many there are; `more`: there are others in the direction that was asked for."""

    users: list[User]
    count: int
    more: bool


class Changed(msgspec.Struct, frozen=True):
    """Somebody as they were last changed. Who was deleted is no `person`."""

    at_ms: int
    id: str
    person: User | Account | None = None
    role: str = ""
    name: str = ""


class People:
    """Over `database`, which it does not close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def users(self, app: str, asked: Filter, *, limit: int, offset: int = 0, after: str = "", before: str = "") -> Users:
        """By id: those behind `after`, or the last before `before`."""
        these = [users.c.app_id == app, condition(asked, SHELF, app)]

        def work(c: Connection) -> Users:
            count = int(c.execute(select(func.count()).select_from(users).where(*these)).scalar_one())
            query = select(users).where(*these, users.c.id < before if before else users.c.id > after)
            query = query.order_by(users.c.id.desc() if before else users.c.id).limit(limit + 1).offset(offset)
            found = [to_user(row) for row in c.execute(query)]
            return Users(found[:limit][:: -1 if before else 1], count, len(found) > limit)

        return await self._database.read(work)

    async def changed(self, app: str, after: tuple[int, str], before_ms: int, limit: int) -> tuple[list[Changed], bool]:
        """By time of change and id: who was made or changed behind a place and before an instant, or deleted; and if there are more."""
        of_app = or_(accounts.c.app_id == app, accounts.c.app_id.is_(None))

        def of(table: Table, column: ColumnElement[int], *these: ColumnElement[bool]) -> Select[Any]:
            query = select(table).where(*these, tuple_(column, table.c.id) > tuple_(*after), column < before_ms)
            return query.order_by(column, table.c.id).limit(limit + 1)

        def work(c: Connection) -> list[Changed]:
            of_users = of(users, users.c.updated_ms, users.c.app_id == app)
            those = [Changed(row.updated_ms, row.id, to_user(row)) for row in c.execute(of_users)]
            of_accounts = of(accounts, accounts.c.updated_ms, of_app)
            those += [Changed(row.updated_ms, row.id, to_account(row)) for row in c.execute(of_accounts)]
            gone = of(deleted_people, deleted_people.c.at_ms, deleted_people.c.app_id == app)
            return those + [Changed(row.at_ms, row.id, role=row.role, name=row.name) for row in c.execute(gone)]

        found = sorted(await self._database.read(work), key=lambda one: (one.at_ms, one.id))
        return found[:limit], len(found) > limit

    async def accounts(self, app: str) -> list[Account]:
        """The agents and admins of an app, those of the whole installation among them, by id."""
        query = select(accounts).where(or_(accounts.c.app_id == app, accounts.c.app_id.is_(None))).order_by(accounts.c.id)
        return await self._database.read(lambda c: [to_account(row) for row in c.execute(query.limit(MAX_ACCOUNTS))])

    async def named(self, app: str, ids: Sequence[str]) -> tuple[dict[str, Account], dict[str, User], dict[str, int]]:
        """Who these are: accounts, users, and the numbers that were given to any of them, also to such as are gone."""
        wanted = sorted(set(ids))
        found: tuple[dict[str, Account], dict[str, User], dict[str, int]] = ({}, {}, {})

        def work(c: Connection) -> None:
            for first in range(0, len(wanted), _AT_ONCE):
                _named(c, app, wanted[first : first + _AT_ONCE], *found)

        if wanted:
            await self._database.read(work)
        return found

    async def ids(self, wanted: Sequence[int]) -> dict[int, tuple[str, str]]:
        """(kind, id) behind each of these numbers, if it is a person's."""
        query = select(numbers).where(numbers.c.number.in_(wanted), numbers.c.kind.in_(KINDS))
        return await self._database.read(lambda c: {row.number: (row.kind, row.id) for row in c.execute(query)})


def _named(
    c: Connection, app: str, part: Sequence[str], them: dict[str, Account], those: dict[str, User], numbered: dict[str, int]
) -> None:
    of_app = or_(accounts.c.app_id == app, accounts.c.app_id.is_(None))
    them.update((row.id, to_account(row)) for row in c.execute(select(accounts).where(of_app, accounts.c.id.in_(part))))
    those.update((row.id, to_user(row)) for row in c.execute(select(users).where(users.c.app_id == app, users.c.id.in_(part))))
    query = select(numbers.c.id, numbers.c.number).where(numbers.c.kind.in_(KINDS), numbers.c.id.in_(part))
    numbered.update((row.id, row.number) for row in c.execute(query))
