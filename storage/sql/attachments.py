"""The rows of attachments. Each method is one transaction. It reads no clock, and touches no file: whoever deletes rows deletes the files
first, so that no file is left that nothing knows of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import and_, case, delete, func, insert, literal, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import ColumnElement

from domain.attachments import Attachment
from storage.ports import Database
from storage.sql.attachments_tables import attachments
from storage.sql.tables import BigKey

_COLUMNS = tuple(attachments.c[field] for field in Attachment.__struct_fields__)


class Attachments:
    """Over `database`, which it does not close. Another app's attachment is not found."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, one: Attachment) -> None:
        values = msgspec.structs.asdict(one)
        await self._database.write(lambda c: c.execute(insert(attachments).values(values)))

    async def get(self, app_id: str, identifier: str) -> Attachment | None:
        return await self._one(and_(attachments.c.app_id == app_id, attachments.c.id == identifier))

    async def by_key(self, app_id: str, key: str) -> Attachment | None:
        return await self._one(and_(attachments.c.app_id == app_id, attachments.c.key == key))

    async def claim(self, app_id: str, key: str, user_id: str | None, conversation_id: str, expires_ms: int | None) -> Attachment | None:
        """A message of this conversation has it: if it is for messages, it goes at `expires_ms`, and by itself not before. None when it is
        not there, or when it is a visitor who sends it (`user_id`) and it is another's: of another conversation, or private. Of one that is
        public and not sent yet, its address is enough: who uploaded it may have become known since, and have another id.

        It belongs to the first conversation that it is in.
        """
        this = and_(attachments.c.app_id == app_id, attachments.c.key == key)
        if user_id is not None:
            free = and_(attachments.c.conversation_id.is_(None), attachments.c.access == "public")
            this = and_(this, or_(free, attachments.c.user_id == user_id, attachments.c.conversation_id == conversation_id))
        until = None if expires_ms is None else case((attachments.c.for_message.is_(True), literal(expires_ms, BigKey)), else_=None)
        told = {"used": True, "conversation_id": func.coalesce(attachments.c.conversation_id, conversation_id), "expires_ms": until}

        def work(c: Connection) -> Attachment | None:
            if not c.execute(update(attachments).where(this).values(told)).rowcount:
                return None
            return _read(c.execute(select(*_COLUMNS).where(this)).first())

        return await self._database.write(work)

    async def of_conversation(self, app_id: str, conversation_id: str, limit: int) -> list[Attachment]:
        """Those that go with a conversation."""
        return await self._some(_goes(app_id, attachments.c.conversation_id == conversation_id), limit)

    async def of_user(self, app_id: str, user_id: str, limit: int) -> list[Attachment]:
        """Those that go with a user."""
        return await self._some(_goes(app_id, attachments.c.user_id == user_id), limit)

    async def of_message(self, app_id: str, conversation_id: str, keys: Sequence[str]) -> list[Attachment]:
        """Of these, those that go with a message of a conversation."""
        these = and_(attachments.c.conversation_id == conversation_id, attachments.c.key.in_(list(keys)))
        return await self._some(_goes(app_id, these), len(keys))

    async def expired(self, now_ms: int, limit: int) -> list[Attachment]:
        """Of all apps, those whose time has come longest ago."""
        query = select(*_COLUMNS).where(attachments.c.expires_ms <= now_ms).order_by(attachments.c.expires_ms).limit(limit)
        return await self._database.read(lambda c: [Attachment(*row) for row in c.execute(query)])

    async def postpone(self, one: Attachment, expires_ms: int | None) -> None:
        """It stays until then."""
        this = and_(attachments.c.app_id == one.app_id, attachments.c.id == one.id)
        await self._database.write(lambda c: c.execute(update(attachments).where(this).values(expires_ms=expires_ms)))

    async def delete(self, app_id: str, identifiers: Sequence[str]) -> int:
        these = and_(attachments.c.app_id == app_id, attachments.c.id.in_(list(identifiers)))
        return await self._database.write(lambda c: c.execute(delete(attachments).where(these)).rowcount)

    async def _one(self, this: ColumnElement[bool]) -> Attachment | None:
        return await self._database.read(lambda c: _read(c.execute(select(*_COLUMNS).where(this)).first()))

    async def _some(self, these: ColumnElement[bool], limit: int) -> list[Attachment]:
        query = select(*_COLUMNS).where(these).limit(limit)
        return await self._database.read(lambda c: [Attachment(*row) for row in c.execute(query)])


def _goes(app_id: str, these: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(attachments.c.app_id == app_id, attachments.c.for_message.is_(True), these)


def _read(row: Any) -> Attachment | None:
    return None if row is None else Attachment(*row)
