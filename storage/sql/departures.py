"""People who go: an account with its sessions and seats, a customer with their row. What is to happen to their tickets becomes a job, in
the same transaction, so that nothing of it is forgotten when a server dies.

Names and words of customers are not kept. An agent's name is: it stands under what they wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Literal

import msgspec
from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import ColumnElement

from domain.directory import Account
from domain.errors import Refused
from domain.ticket.commands import By
from storage.ports import Database
from storage.sql import user_marks
from storage.sql.desk import forget_account, raise_version
from storage.sql.directory_rows import to_account
from storage.sql.directory_tables import accounts, apps, identities, sessions, users
from storage.sql.help_tables import numbers
from storage.sql.numbers import give
from storage.sql.people_tables import deleted_people, organization_members
from storage.sql.support_jobs import Job, row_of
from storage.sql.tickets_tables import support_jobs, tickets

PER_PART = 500
"""Tickets that one part of a job looks at, by their numbers."""
RELEASE, FORGET = "release", "forget"
_BY = {"by": msgspec.to_builtins(By(via="departure")), "sender": "departures", "account_id": None, "base": ""}


class Gone(msgspec.Struct, frozen=True):
    """Somebody who was deleted."""

    id: str
    number: int
    kind: Literal["user", "account"]
    role: str
    name: str
    at_ms: int


class Departures:
    """Over `database`, which it does not close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def remove_account(self, account_id: str, at_ms: int, *, last_too: bool = False) -> Account | None:
        """The account that was there. Its seats and sessions go, and its open tickets are given back.

        Refused: the last admin, unless `last_too`."""

        def work(c: Connection) -> Account | None:
            row = c.execute(select(accounts).where(accounts.c.id == account_id).with_for_update()).first()
            if row is None:
                return None
            account = to_account(row)
            if not last_too:
                require_another_admin(c, account)
            c.execute(delete(sessions).where(sessions.c.account_id == account_id))
            c.execute(delete(organization_members).where(organization_members.c.user_id == account_id))
            give(c, "account", [account_id])
            for app in _apps_of(c, account):
                _tell(c, app, account_id, "account", account.role, account.display_name, at_ms)
            release(c, account, at_ms)
            forget_account(c, account_id)
            c.execute(delete(accounts).where(accounts.c.id == account_id))
            return account

        return await self._database.write(work)

    async def erase_user(self, app_id: str, user_id: str, at_ms: int) -> bool:
        """The row, addresses and sessions; and what tickets hold of the person. What the conversations hold is the journal's."""

        def work(c: Connection) -> bool:
            give(c, "user", [user_id])
            if not drop_user(c, app_id, user_id):
                return False
            _tell(c, app_id, user_id, "user", "end-user", "", at_ms)
            forget(c, app_id, user_id, at_ms)
            return True

        return await self._database.write(work)

    async def forget_user(self, app_id: str, user_id: str, at_ms: int) -> None:
        """What tickets hold of a person who stays."""
        await self._database.write(lambda c: forget(c, app_id, user_id, at_ms))

    async def gone(self, app_id: str, *, limit: int = 100, offset: int = 0, number: int | None = None) -> tuple[list[Gone], int]:
        """The latest first, and how many there are."""
        these = [deleted_people.c.app_id == app_id]
        if number is not None:
            these.append(numbers.c.number == number)
        joined = deleted_people.join(numbers, and_(numbers.c.kind == deleted_people.c.kind, numbers.c.id == deleted_people.c.id))
        query = select(deleted_people, numbers.c.number).select_from(joined).where(*these)
        query = query.order_by(deleted_people.c.at_ms.desc(), deleted_people.c.id).limit(limit).offset(offset)

        def work(c: Connection) -> tuple[list[Gone], int]:
            count = c.execute(select(func.count()).select_from(joined).where(*these)).scalar_one()
            return [Gone(row.id, row.number, row.kind, row.role, row.name, row.at_ms) for row in c.execute(query)], int(count)

        return await self._database.read(work)

    async def forget_gone(self, app_id: str, identifier: str) -> None:
        """That somebody was there."""
        this = deleted_people.c.app_id == app_id, deleted_people.c.id == identifier
        await self._database.write(lambda c: c.execute(delete(deleted_people).where(*this)))


# In others' transactions.


def require_another_admin(c: Connection, account: Account) -> None:
    """Raises Refused: nobody else could administer what this account does. Who asks at the same moment waits."""
    if account.role != "admin" or account.suspended:
        return
    whose: ColumnElement[bool] = accounts.c.app_id.is_(None)
    if account.app_id is not None:
        whose = or_(whose, accounts.c.app_id == account.app_id)
    query = select(accounts.c.id).where(whose, accounts.c.role == "admin", accounts.c.suspended.is_(False))
    found = c.execute(query.order_by(accounts.c.id).with_for_update()).scalars().all()
    if not [one for one in found if one != account.id]:
        raise Refused("conflict", "This is the last admin: make another one first")


def release(c: Connection, account: Account, at_ms: int) -> None:
    """An agent has gone, or may do nothing for now: their open tickets are given back, and the routing sees it in the desk."""
    for app in _apps_of(c, account):
        _queue(c, app, RELEASE, {"agent": account.id}, at_ms)
    raise_version(c, account.app_id)


def end_sessions(c: Connection, account_id: str) -> None:
    c.execute(update(sessions).where(sessions.c.account_id == account_id).values(revoked=True))


def forget(c: Connection, app_id: str, user_id: str, at_ms: int) -> None:
    """Tickets are told to forget a person's words."""
    _queue(c, app_id, FORGET, {"user": user_id}, at_ms)


def drop_user(c: Connection, app_id: str, user_id: str) -> bool:
    user_marks.forget(c, app_id, user_id)
    for table in (identities, sessions, organization_members):
        c.execute(delete(table).where(table.c.app_id == app_id, table.c.user_id == user_id))
    return bool(c.execute(delete(users).where(users.c.app_id == app_id, users.c.id == user_id)).rowcount)


def _apps_of(c: Connection, account: Account) -> Sequence[str]:
    return [account.app_id] if account.app_id is not None else c.execute(select(apps.c.id).order_by(apps.c.id)).scalars().all()


def _queue(c: Connection, app: str, kind: str, about: dict[str, Any], at_ms: int) -> None:
    """A job, also where there are many already."""
    highest = c.execute(select(func.max(tickets.c.number)).where(tickets.c.app_id == app)).scalar()
    if highest is None:
        return
    work = [{**about, "after": first, "by": _BY} for first in range(0, highest, PER_PART)]
    identifier = blake2b(f"{kind}\0{app}\0{about}\0{at_ms}".encode(), digest_size=12).hexdigest()
    insertion = (postgresql.insert if c.dialect.name == "postgresql" else sqlite.insert)(support_jobs)
    c.execute(insertion.values(row_of(Job(app, identifier, kind, work, created_ms=at_ms))).on_conflict_do_nothing())


def _tell(c: Connection, app: str, identifier: str, kind: str, role: str, name: str, at_ms: int) -> None:
    values = {"app_id": app, "id": identifier, "kind": kind, "role": role, "name": name, "at_ms": at_ms}
    c.execute(delete(deleted_people).where(deleted_people.c.app_id == app, deleted_people.c.id == identifier))
    c.execute(insert(deleted_people).values(values))
