"""Desks: what apps have set up for their agents, as rows, and as the one value that tickets and routing work with.

A desk is read whole and changed by rows. Whoever changes it holds the app's row of `desks` until the commit, so that changes come one
after the other and are checked against what really is there. What is asked for and not there is None. It reads no clock.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import ColumnElement

from domain.desk.bodies import (
    LIMITS,
    MAX_BODY,
    SYSTEM_FIELDS,
    Body,
    FieldBody,
    GroupBody,
    Kind,
    MembershipBody,
    Row,
    decode_body,
    encode_body,
)
from domain.desk.building import DEFAULT_GROUP, Person, build, people_in
from domain.desk.model import Desk
from domain.errors import Refused
from storage.ports import Database
from storage.sql.desk_tables import desk_log, desk_rows, desks
from storage.sql.directory_tables import accounts, apps
from storage.sql.help_tables import numbers
from storage.sql.numbers import draw, give

T = TypeVar("T")

MAX_CACHED = 256
"""Desks that a process holds."""
MAX_LOG = 5_000
"""Changes of an app that its log remembers."""
_DROPPED_AT_ONCE = 100
_BY_THE_RULES: tuple[Kind, ...] = (
    "group", "membership", "agent", "field", "trigger", "trigger_category", "automation", "sla", "schedule", "skill", "capacity", "queue",
    "status", "settings", "webhook",
)  # fmt: skip
"""Kinds that a desk is built of. The others are read when somebody asks for them."""


_RULES: frozenset[Kind] = frozenset({"trigger", "trigger_category", "automation", "sla", "macro", "view", "queue"})


class Change(msgspec.Struct, frozen=True):
    """A line of the log. `fields` are those that differ, by name."""

    number: int
    at_ms: int
    by: str
    action: str
    kind: str
    row: int
    label: str
    fields: tuple[str, ...]


class Desks:
    """Over `database`, which it does not close. An app's first desk is made when it is first asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: OrderedDict[str, Desk] = OrderedDict()

    async def current(self, app_id: str) -> Desk:
        """The app's desk as it is now: one small SELECT where it has not changed."""
        query = select(desks.c.version).where(desks.c.app_id == app_id)
        version = await self._database.read(lambda c: c.execute(query).scalar(), inline=True)
        known = self._cache.get(app_id)
        if known is None or known.version != version:
            known = await self._load(app_id)
            self._cache[app_id] = known
            while len(self._cache) > MAX_CACHED:
                self._cache.popitem(last=False)
        self._cache.move_to_end(app_id)
        return known

    async def _load(self, app_id: str) -> Desk:
        found = await self._database.read(lambda c: None if _is_wanting(c, app_id) else _desk(c, app_id))
        if found is not None:
            return found

        def work(c: Connection) -> Desk:
            if _exists(c, app_id):
                _settle(c, app_id)
            return _desk(c, app_id)

        return await self._database.write(work)

    async def rows(self, app_id: str, kind: Kind) -> list[Row]:
        """By position, then by number."""
        await self.current(app_id)
        return await self._database.read(lambda c: _rows(c, app_id, (kind,)))

    async def get(self, app_id: str, kind: Kind, number: int) -> Row | None:
        await self.current(app_id)
        return await self._database.read(lambda c: _row(c, app_id, kind, number))

    async def write(self, app_id: str, by: str, at_ms: int, work: Callable[[Draft], T]) -> T:
        """What `work` does to the desk, all of it or, if it refuses, nothing. It runs in the transaction and awaits nothing."""

        def transaction(c: Connection) -> T:
            if not _exists(c, app_id):
                raise Refused("app_not_found", "App not found")
            _settle(c, app_id)
            draft = Draft(c, app_id, by, at_ms)
            result = work(draft)
            if draft.changed:
                _trim_log(c, app_id)
            return result

        return await self._database.write(transaction)

    async def log(self, app_id: str, *, limit: int, offset: int = 0, before: int | None = None) -> tuple[list[Change], int]:
        """The latest changes first, and how many there are."""
        these = desk_log.c.app_id == app_id
        query = select(desk_log).where(these if before is None else and_(these, desk_log.c.number < before))
        query = query.order_by(desk_log.c.number.desc()).limit(limit).offset(offset)

        def work(c: Connection) -> tuple[list[Change], int]:
            count = c.execute(select(func.count()).select_from(desk_log).where(these)).scalar_one()
            return [_change(row) for row in c.execute(query)], int(count)

        return await self._database.read(work)


class Draft:
    """A desk while it is being changed, inside one transaction."""

    def __init__(self, c: Connection, app_id: str, by: str, at_ms: int) -> None:
        self._c, self.app_id, self._by, self.at_ms = c, app_id, by, at_ms
        self._desk: Desk | None = None
        self.changed = False

    @property
    def desk(self) -> Desk:
        """As it is with the changes so far, but for rules: nothing is checked against them, and many may be written at once."""
        if self._desk is None:
            self._desk = _desk(self._c, self.app_id)
        return self._desk

    def rows(self, kind: Kind) -> list[Row]:
        return _rows(self._c, self.app_id, (kind,))

    def get(self, kind: Kind, number: int) -> Row | None:
        return _row(self._c, self.app_id, kind, number)

    def people(self, *rows: Row) -> dict[int, str]:
        """Ids of the people whom these rows name by number."""
        return _people(self._c, rows)

    def number(self) -> int:
        """One that nobody else has."""
        return draw(self._c)

    def add(self, kind: Kind, body: Body, position: int | None = None, number: int | None = None) -> Row:
        """A new row, behind all others of its kind unless a position is given. Refused: there are as many as may be; it is too large."""
        these = and_(desk_rows.c.app_id == self.app_id, desk_rows.c.kind == kind)
        count, last = self._c.execute(select(func.count(), func.max(desk_rows.c.position)).where(these)).one()
        if count >= LIMITS[kind]:
            raise Refused("bad_request", f"There may be at most {LIMITS[kind]} of these")
        at = (last or 0) + 1 if position is None else position
        row = Row(kind, draw(self._c) if number is None else number, at, body, self.at_ms, self.at_ms)
        self._c.execute(insert(desk_rows).values(_values(self.app_id, row)))
        self._told("create", row, ())
        return row

    def replace(self, row: Row, body: Body | None = None, position: int | None = None) -> Row:
        """The row with another body or position. The same as before changes nothing."""
        after = msgspec.structs.replace(
            row, body=row.body if body is None else body, position=row.position if position is None else position
        )
        if after == row:
            return row
        after = msgspec.structs.replace(after, updated_ms=self.at_ms)
        self._c.execute(update(desk_rows).where(_this(self.app_id, row)).values(_values(self.app_id, after)))
        fields = tuple(name for name in row.body.__struct_fields__ if getattr(row.body, name) != getattr(after.body, name))
        self._told("update", after, fields or ("position",))
        return after

    def drop(self, row: Row) -> None:
        self._c.execute(delete(desk_rows).where(_this(self.app_id, row)))
        self._told("destroy", row, ())

    def _told(self, action: str, row: Row, fields: tuple[str, ...]) -> None:
        if not self.changed:
            raise_version(self._c, self.app_id)
        self.changed = True
        if row.kind not in _RULES:
            self._desk = None
        label = getattr(row.body, "title", None) or getattr(row.body, "name", None) or getattr(row.body, "account", "")
        values = {"app_id": self.app_id, "number": draw(self._c), "at_ms": self.at_ms, "who": self._by, "action": action}
        values |= {"kind": row.kind, "row_number": row.number, "label": label, "fields": ",".join(fields)}
        self._c.execute(insert(desk_log).values(values))


def raise_version(c: Connection, app_id: str | None) -> None:
    """Whoever holds the desk of the app (None: of any) reads it anew. Also called when an account is made or changed."""
    raised = update(desks).values(version=desks.c.version + 1)
    c.execute(raised if app_id is None else raised.where(desks.c.app_id == app_id))


def forget_account(c: Connection, account_id: str) -> None:
    """What desks say of an account that is being deleted goes with it."""
    for row in c.execute(select(desk_rows).where(desk_rows.c.kind.in_(("membership", "agent")))).all():
        if _to_row(row).body.account == account_id:
            this = and_(desk_rows.c.app_id == row.app_id, desk_rows.c.kind == row.kind, desk_rows.c.number == row.number)
            c.execute(delete(desk_rows).where(this))
    raise_version(c, None)


def _exists(c: Connection, app_id: str) -> bool:
    """An app that is being deleted has no desk made any more."""
    return c.execute(select(apps.c.id).where(apps.c.id == app_id)).first() is not None


def _is_wanting(c: Connection, app_id: str) -> bool:
    """Whether the desk, or something that every account has, must still be made."""
    if c.execute(select(desks.c.version).where(desks.c.app_id == app_id)).first() is None:
        return True
    found = _accounts(c, app_id)
    return any(one.number == 0 for one in found) or bool(_ungrouped(c, app_id, found))


def _settle(c: Connection, app_id: str) -> None:
    """Wait for whoever changes the desk, and make what is wanting: the first group, the fields that every app has, numbers, memberships."""
    upsert = (postgresql.insert if c.dialect.name == "postgresql" else sqlite.insert)(desks)
    is_new = c.execute(upsert.values(app_id=app_id, version=1).on_conflict_do_nothing()).rowcount > 0
    if not is_new:
        c.execute(update(desks).where(desks.c.app_id == app_id).values(version=desks.c.version))  # a lock, no change
    bodies: list[tuple[Kind, Body]] = []
    if is_new:
        bodies.append(("group", GroupBody(DEFAULT_GROUP, default=True)))
        bodies.extend(("field", FieldBody(title, name)) for name, title in SYSTEM_FIELDS.items())
        _insert(c, app_id, bodies)
    people = _accounts(c, app_id)
    give(c, "account", sorted(one.id for one in people if one.number == 0))
    group = next((row.number for row in _rows(c, app_id, ("group",)) if row.body.default), None)
    if (missing := _ungrouped(c, app_id, people)) and group is not None:
        _insert(c, app_id, [("membership", MembershipBody(one, group, True)) for one in missing])
        raise_version(c, app_id)


def _insert(c: Connection, app_id: str, bodies: Sequence[tuple[Kind, Body]]) -> None:
    first = draw(c, len(bodies))
    rows = [Row(kind, first + at, at, body) for at, (kind, body) in enumerate(bodies)]
    c.execute(insert(desk_rows), [_values(app_id, row) for row in rows])


def _ungrouped(c: Connection, app_id: str, people: Sequence[Person]) -> list[str]:
    """Accounts that are in no group: an agent is in one at least."""
    grouped = {row.body.account for row in _rows(c, app_id, ("membership",))}
    return [one.id for one in people if one.id not in grouped]


def _desk(c: Connection, app_id: str) -> Desk:
    version = c.execute(select(desks.c.version).where(desks.c.app_id == app_id)).scalar() or 0
    found = _rows(c, app_id, _BY_THE_RULES)
    return build(app_id, version, found, _accounts(c, app_id), _people(c, found))


def _accounts(c: Connection, app_id: str) -> list[Person]:
    """The accounts of the app, and those of all apps. Those that have no number yet have 0."""
    match = and_(numbers.c.kind == "account", numbers.c.id == accounts.c.id)
    query = select(accounts.c.id, numbers.c.number, accounts.c.display_name, accounts.c.email, accounts.c.role)
    query = query.select_from(accounts.outerjoin(numbers, match)).where(or_(accounts.c.app_id == app_id, accounts.c.app_id.is_(None)))
    query = query.where(accounts.c.suspended.is_(False))
    return [Person(row[0], row[1] or 0, *row[2:]) for row in c.execute(query.order_by(accounts.c.id))]


def _people(c: Connection, rows: Sequence[Row]) -> dict[int, str]:
    wanted = people_in(rows)
    if not wanted:
        return {}
    query = select(numbers.c.number, numbers.c.id).where(numbers.c.number.in_(wanted), numbers.c.kind.in_(("account", "user")))
    return {row.number: row.id for row in c.execute(query)}


def _rows(c: Connection, app_id: str, kinds: Sequence[Kind]) -> list[Row]:
    query = select(desk_rows).where(desk_rows.c.app_id == app_id, desk_rows.c.kind.in_(kinds))
    return [_to_row(row) for row in c.execute(query.order_by(desk_rows.c.position, desk_rows.c.number))]


def _row(c: Connection, app_id: str, kind: Kind, number: int) -> Row | None:
    query = select(desk_rows).where(desk_rows.c.app_id == app_id, desk_rows.c.kind == kind, desk_rows.c.number == number)
    found = c.execute(query).first()
    return None if found is None else _to_row(found)


def _to_row(row: Any) -> Row:
    return Row(row.kind, row.number, row.position, decode_body(row.kind, bytes(row.body)), row.created_ms, row.updated_ms)


def _values(app_id: str, row: Row) -> dict[str, Any]:
    """Refused: the body is too large."""
    body = encode_body(row.body)
    if len(body) > MAX_BODY:
        raise Refused("payload_too_large", f"It has more than {MAX_BODY} bytes")
    values = {"app_id": app_id, "kind": row.kind, "number": row.number, "position": row.position}
    return values | {"body": body, "created_ms": row.created_ms, "updated_ms": row.updated_ms}


def _this(app_id: str, row: Row) -> ColumnElement[bool]:
    return and_(desk_rows.c.app_id == app_id, desk_rows.c.kind == row.kind, desk_rows.c.number == row.number)


def _change(row: Any) -> Change:
    fields = tuple(filter(None, row.fields.split(",")))
    return Change(row.number, row.at_ms, row.who, row.action, row.kind, row.row_number, row.label, fields)


def _trim_log(c: Connection, app_id: str) -> None:
    """The oldest changes go, a few at a time."""
    count = c.execute(select(func.count()).select_from(desk_log).where(desk_log.c.app_id == app_id)).scalar_one()
    if count > MAX_LOG:
        oldest = select(desk_log.c.number).where(desk_log.c.app_id == app_id).order_by(desk_log.c.number)
        found = c.execute(oldest.limit(min(count - MAX_LOG, _DROPPED_AT_ONCE))).scalars().all()
        c.execute(delete(desk_log).where(desk_log.c.app_id == app_id, desk_log.c.number.in_(found)))
