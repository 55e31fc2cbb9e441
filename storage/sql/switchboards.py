"""The directory's switchboards: an app's one, and its integrations. Each method is one transaction, and all rules are the domain's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Select, and_, delete, insert, select, update
from sqlalchemy.engine import Connection

from domain.directory import Integration
from domain.errors import Refused
from domain.switchboard_rows import (
    Board,
    MemberRow,
    SwitchboardRow,
    check_removal,
    check_row,
    no_member,
    no_switchboard,
    silent_once_more,
    with_member,
)
from storage.ports import Collision, Database
from storage.sql import directory_rows as rows
from storage.sql.directory_tables import integrations, switchboard_integrations, switchboards

T = TypeVar("T")

_members = switchboard_integrations
_MEMBER = tuple(_members.c[field] for field in MemberRow.__struct_fields__)
_ROW = tuple(switchboards.c[field] for field in SwitchboardRow.__struct_fields__)


class Switchboards:
    """Over `database`, which it does not close. Another app's switchboard is not found."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_app(self, app_id: str) -> Board | None:
        return await self._database.read(lambda c: _found(c, app_id))

    async def create(self, row: SwitchboardRow) -> None:
        """Refused (`bad_request`) when the app has one."""
        try:
            await self._database.write(lambda c: insert_board(c, Board(row)))
        except Collision:
            raise Refused("bad_request", "Only one switchboard can be created per app") from None

    async def change(self, app_id: str, switchboard_id: str, change: Callable[[SwitchboardRow], SwitchboardRow]) -> SwitchboardRow:
        """The row after `change`."""

        def work(c: Connection) -> SwitchboardRow:
            board = _locked(c, app_id, switchboard_id)
            after = check_row(change(board.row), board.members)
            c.execute(update(switchboards).where(switchboards.c.id == after.id).values(_values(after)))
            return after

        return await self._database.write(work)

    async def delete(self, app_id: str, switchboard_id: str) -> None:
        """With its integrations. The channels that they stood for stay."""

        def work(c: Connection) -> None:
            _locked(c, app_id, switchboard_id)
            c.execute(delete(_members).where(_members.c.switchboard_id == switchboard_id))
            c.execute(delete(switchboards).where(switchboards.c.id == switchboard_id))

        await self._database.write(work)

    async def add(self, new: MemberRow) -> MemberRow:
        """The member as it is written. One of a type alone stands for the app's integration of that type; `new.integration_id` is
        the id of that integration if it must be made."""

        def work(c: Connection) -> MemberRow:
            board = _locked(c, new.app_id, new.switchboard_id)
            with_member(board, new)
            placed = msgspec.structs.replace(new, integration_id=_integration(c, new))
            c.execute(insert(_members).values(_values(placed)))
            return placed

        return await self._write(work)

    async def change_member(self, app_id: str, switchboard_id: str, member_id: str, change: Callable[[MemberRow], MemberRow]) -> MemberRow:
        def work(c: Connection) -> MemberRow:
            board = _locked(c, app_id, switchboard_id)
            before = board.member(member_id)
            if before is None:
                raise no_member()
            after = change(before)
            with_member(board, after)
            after = msgspec.structs.replace(after, integration_id=_integration(c, after))
            c.execute(update(_members).where(_members.c.id == member_id).values(_values(after)))
            return after

        return await self._write(work)

    async def remove(self, app_id: str, switchboard_id: str, member_id: str) -> None:
        """Refused while the switchboard or another member refers to it."""

        def work(c: Connection) -> None:
            check_removal(_locked(c, app_id, switchboard_id), member_id)
            c.execute(delete(_members).where(_members.c.id == member_id))

        await self._database.write(work)

    async def silent(self, app_id: str, member_id: str, now_ms: int) -> None:
        """A program let a customer wait."""

        def work(c: Connection) -> None:
            row = c.execute(select(*_MEMBER).where(_this(app_id, member_id)).with_for_update()).first()
            if row is not None:
                after = silent_once_more(MemberRow(*row), now_ms)
                c.execute(update(_members).where(_members.c.id == member_id).values(_values(after)))

        await self._database.write(work)

    async def answered(self, app_id: str, member_id: str) -> None:
        """A program spoke: its row of silences is over."""
        changed = update(_members).where(_this(app_id, member_id)).values(silences=0, passed_over_until_ms=0)
        await self._database.write(lambda c: c.execute(changed))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            return await self._database.write(work)
        except Collision:
            raise Refused("conflict", "The switchboard has an integration of this name already") from None


def insert_board(c: Connection, board: Board) -> None:
    """All of a new switchboard."""
    c.execute(insert(switchboards).values(_values(board.row)))
    if board.members:
        c.execute(insert(_members), [_values(one) for one in board.members])


def _values(row: msgspec.Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(row)


def _this(app_id: str, member_id: str) -> Any:
    return and_(_members.c.app_id == app_id, _members.c.id == member_id)


def _found(c: Connection, app_id: str, lock: bool = False) -> Board | None:
    query: Select[Any] = select(*_ROW).where(switchboards.c.app_id == app_id)
    row = c.execute(query.with_for_update() if lock else query).first()
    if row is None:
        return None
    board = SwitchboardRow(*row)
    those = select(*_MEMBER).where(_members.c.app_id == app_id, _members.c.switchboard_id == board.id).order_by(_members.c.id)
    return Board(board, tuple(MemberRow(*one) for one in c.execute(those)))


def _locked(c: Connection, app_id: str, switchboard_id: str) -> Board:
    """The switchboard, which nobody else changes meanwhile. Raises Refused (`switchboard_not_found`)."""
    board = _found(c, app_id, lock=True)
    if board is None or board.row.id != switchboard_id:
        raise no_switchboard()
    return board


def _integration(c: Connection, new: MemberRow) -> str:
    """The integration that a member stands for: the one it names, or else the app's of its type, made if there is none."""
    named = select(integrations.c.id).where(integrations.c.app_id == new.app_id, integrations.c.id == new.integration_id)
    found = c.execute(named).scalar()
    if found is None:
        typed = select(integrations.c.id).where(integrations.c.app_id == new.app_id, integrations.c.type == new.integration_type)
        found = c.execute(typed.order_by(integrations.c.id).limit(1)).scalar()
    if found is None:
        c.execute(insert(integrations).values(rows.of_integration(Integration(new.app_id, new.integration_id, new.integration_type))))
    return found or new.integration_id
