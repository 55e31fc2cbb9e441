"""Organizations and who belongs to them. Whose ticket it is says which organization's it is: nothing of that is kept with the ticket."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import and_, delete, func, insert, literal, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import ColumnElement, ScalarSelect

from domain.errors import Refused
from domain.organizations import MAX_MEMBERSHIPS, MAX_ORGANIZATIONS, Body, Membership, Organization, folded
from storage.ports import Collision, Database
from storage.sql.numbers import draw
from storage.sql.people_tables import organization_members as members
from storage.sql.people_tables import organizations

_encode = msgspec.json.Encoder().encode
_body = msgspec.json.Decoder(Body).decode
_AT_ONCE = 500
T = TypeVar("T")


def of_person(app_id: ColumnElement[Any], user_id: ColumnElement[Any]) -> ScalarSelect[int]:
    """The number of the organization that somebody belongs to by default, for conditions of SQL."""
    these = members.c.app_id == app_id, members.c.user_id == user_id, members.c.is_default
    return select(members.c.organization).where(*these).scalar_subquery()


class Organizations:
    """Over `database`, which it does not close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, app_id: str, body: Body, at_ms: int) -> Organization:
        """Refused (`conflict`): the name, or the external id, is another's; or there are as many as may be."""

        def work(c: Connection) -> Organization:
            if _count(c, organizations.c.app_id == app_id) >= MAX_ORGANIZATIONS:
                raise Refused("conflict", f"There may be at most {MAX_ORGANIZATIONS} organizations")
            one = Organization(draw(c), body, at_ms, at_ms)
            c.execute(insert(organizations).values(_row(app_id, one)))
            return one

        return await self._write(work)

    async def change(self, app_id: str, number: int, change: Callable[[Body], Body], at_ms: int) -> Organization | None:
        """As it is after `change`, which may refuse."""

        def work(c: Connection) -> Organization | None:
            this = and_(organizations.c.app_id == app_id, organizations.c.number == number)
            row = c.execute(select(organizations).where(this).with_for_update()).first()
            if row is None:
                return None
            before = _organization(row)
            after = Organization(number, change(before.body), before.created_ms, at_ms)
            c.execute(update(organizations).where(this).values(_row(app_id, after)))
            return after

        return await self._write(work)

    async def remove(self, app_id: str, number: int) -> bool:
        """With all memberships. Who belonged to it by default belongs to another one of theirs, if there is one."""

        def work(c: Connection) -> bool:
            these = members.c.app_id == app_id, members.c.organization == number
            defaults = c.execute(select(members.c.user_id).where(*these, members.c.is_default)).scalars().all()
            c.execute(delete(members).where(*these))
            for user_id in defaults:
                _settle_default(c, app_id, user_id)
            this = organizations.c.app_id == app_id, organizations.c.number == number
            return bool(c.execute(delete(organizations).where(*this)).rowcount)

        return await self._database.write(work)

    async def get(self, app_id: str, numbers: Sequence[int]) -> dict[int, Organization]:
        query = select(organizations).where(organizations.c.app_id == app_id, organizations.c.number.in_(numbers))
        return {one.number: one for one in await self._database.read(lambda c: [_organization(row) for row in c.execute(query)])}

    async def listed(
        self, app_id: str, *, words: Sequence[str] = (), name: str | None = None, external_ids: Sequence[str] | None = None,
        user_id: str | None = None, limit: int = 100, offset: int = 0,
    ) -> tuple[list[Organization], int]:  # fmt: skip
        """By number, and how many there are: those whose names have words that begin so, or are this one; those of a person."""
        of = organizations.c
        these: list[ColumnElement[bool]] = [of.app_id == app_id]
        these += [(literal(" ") + of.folded).contains(f" {word}", autoescape=True) for word in words]
        if name is not None:
            these.append(of.folded == folded(name))
        if external_ids is not None:
            these.append(of.external_id.in_(external_ids))
        if user_id is not None:
            these.append(of.number.in_(select(members.c.organization).where(members.c.app_id == app_id, members.c.user_id == user_id)))
        query = select(organizations).where(*these).order_by(of.number).limit(limit).offset(offset)
        return await self._database.read(lambda c: ([_organization(row) for row in c.execute(query)], _count(c, *these)))

    async def of_people(self, app_id: str, ids: Sequence[str]) -> Mapping[str, int]:
        """The organizations to which these belong by default."""
        found: dict[str, int] = {}

        def work(c: Connection) -> None:
            for first in range(0, len(ids), _AT_ONCE):
                these = members.c.app_id == app_id, members.c.is_default, members.c.user_id.in_(ids[first : first + _AT_ONCE])
                found.update((row.user_id, row.organization) for row in c.execute(select(members).where(*these)))

        if ids:
            await self._database.read(work)
        return found

    # Memberships.

    async def join(self, app_id: str, user_id: str, number: int, at_ms: int, *, default: bool = False) -> Membership:
        """Refused: there is no such organization, they belong to it already, or to as many as may be."""

        def work(c: Connection) -> Membership:
            this = organizations.c.app_id == app_id, organizations.c.number == number
            if c.execute(select(organizations.c.number).where(*this).with_for_update(read=True)).first() is None:
                raise Refused("not_found", "There is no such organization")
            mine = and_(members.c.app_id == app_id, members.c.user_id == user_id)
            count = int(c.execute(select(func.count()).select_from(members).where(mine)).scalar_one())
            if count >= MAX_MEMBERSHIPS:
                raise Refused("conflict", f"A person belongs to at most {MAX_MEMBERSHIPS} organizations")
            one = Membership(draw(c), user_id, number, default or not count, at_ms)
            if one.is_default:
                c.execute(update(members).where(mine).values(is_default=False))
            c.execute(insert(members).values(app_id=app_id, **msgspec.structs.asdict(one)))
            return one

        return await self._write(work)

    async def leave(self, app_id: str, number: int) -> bool:
        """End a membership, by its number."""

        def work(c: Connection) -> bool:
            this = members.c.app_id == app_id, members.c.number == number
            user_id = c.execute(select(members.c.user_id).where(*this)).scalar()
            c.execute(delete(members).where(*this))
            if user_id is not None:
                _settle_default(c, app_id, user_id)
            return user_id is not None

        return await self._database.write(work)

    async def prefer(self, app_id: str, user_id: str, number: int) -> bool:
        """Make a membership the person's default one."""

        def work(c: Connection) -> bool:
            mine = and_(members.c.app_id == app_id, members.c.user_id == user_id)
            if c.execute(select(members.c.number).where(mine, members.c.number == number)).first() is None:
                return False
            c.execute(update(members).where(mine).values(is_default=members.c.number == number))
            return True

        return await self._database.write(work)

    async def memberships(
        self, app_id: str, *, user_id: str | None = None, organization: int | None = None, number: int | None = None,
        limit: int = 100, offset: int = 0,
    ) -> tuple[list[Membership], int]:  # fmt: skip
        """By number, and how many there are."""
        these: list[ColumnElement[bool]] = [members.c.app_id == app_id]
        for column, value in ((members.c.user_id, user_id), (members.c.organization, organization), (members.c.number, number)):
            if value is not None:
                these.append(column == value)
        query = select(members).where(*these).order_by(members.c.number).limit(limit).offset(offset)

        def work(c: Connection) -> tuple[list[Membership], int]:
            count = int(c.execute(select(func.count()).select_from(members).where(*these)).scalar_one())
            return [_membership(row) for row in c.execute(query)], count

        return await self._database.read(work)

    async def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            return await self._database.write(work)
        except Collision:
            raise Refused("conflict", "There is one already") from None


def _settle_default(c: Connection, app_id: str, user_id: str) -> None:
    """Somebody belongs to one of theirs by default."""
    mine = and_(members.c.app_id == app_id, members.c.user_id == user_id)
    rows = c.execute(select(members.c.number, members.c.is_default).where(mine).order_by(members.c.number)).all()
    if rows and not any(row.is_default for row in rows):
        c.execute(update(members).where(mine, members.c.number == rows[0].number).values(is_default=True))


def _count(c: Connection, *these: ColumnElement[bool]) -> int:
    return int(c.execute(select(func.count()).select_from(organizations).where(*these)).scalar_one())


def _row(app_id: str, one: Organization) -> dict[str, Any]:
    name = one.body.name
    values = {"app_id": app_id, "number": one.number, "name": name, "folded": folded(name), "external_id": one.body.external_id}
    return values | {"body": _encode(one.body), "created_ms": one.created_ms, "updated_ms": one.updated_ms}


def _organization(row: Any) -> Organization:
    return Organization(row.number, _body(row.body), row.created_ms, row.updated_ms)


def _membership(row: Any) -> Membership:
    return Membership(row.number, row.user_id, row.organization, row.is_default, row.created_ms)
