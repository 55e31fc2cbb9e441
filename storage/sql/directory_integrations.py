"""The directory's integrations: an app's channels and programs, with their keys. Each method is one transaction, unless it says so."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import ColumnElement, and_

from domain.directory import ApiKey, Integration
from domain.errors import Refused
from domain.integrations import CustomSettings, check_integration_count
from storage.ports import Collision, Database
from storage.sql import directory_rows as rows
from storage.sql.directory_tables import api_keys, apps, integrations, sessions, switchboard_integrations

T = TypeVar("T")

_SESSIONS_AT_ONCE = 500
"""How many sessions go in one transaction, when a channel goes that a million visitors came by."""


class Integrations:
    """Over `database`, which it does not close. Another app's integration is not found."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, one: Integration) -> None:
        """Refused when the app has its greatest number of integrations, or of webhooks."""

        def work(c: Connection) -> None:
            c.execute(select(apps.c.id).where(apps.c.id == one.app_id).with_for_update())
            known = select(integrations.c.settings, integrations.c.type).where(integrations.c.app_id == one.app_id)
            found = [rows.to_settings(row.type, row.settings) for row in c.execute(known)]
            webhooks = sum(len(settings.webhooks) for settings in (*found, one.settings) if isinstance(settings, CustomSettings))
            check_integration_count(len(found), webhooks)
            c.execute(insert(integrations).values(rows.of_integration(one)))

        try:
            await self._database.write(work)
        except Collision:
            raise Refused("conflict", "Integration already exists") from None

    async def page(self, app_id: str, types: Collection[str], after: str, before: str, limit: int) -> list[Integration]:
        """Those of these types, by id: the first `limit` after `after`, or the last before `before` if that is not empty."""
        by = integrations.c.id
        query = select(integrations).where(integrations.c.app_id == app_id, integrations.c.type.in_(sorted(types))).limit(limit)
        query = query.where(by < before).order_by(by.desc()) if before else query.where(by > after).order_by(by)
        found = await self._database.read(lambda c: [rows.to_integration(row) for row in c.execute(query)])
        return found[::-1] if before else found

    async def change(self, app_id: str, identifier: str, change: Callable[[Integration], Integration]) -> Integration | None:
        """The integration after `change`, which may refuse."""

        def work(c: Connection) -> Integration | None:
            row = c.execute(select(integrations).where(_this(app_id, identifier)).with_for_update()).first()
            if row is None:
                return None
            after = change(rows.to_integration(row))
            c.execute(update(integrations).where(_this(app_id, identifier)).values(rows.of_integration(after)))
            return after

        return await self._database.write(work)

    async def delete(self, app_id: str, identifier: str) -> list[ApiKey] | None:
        """The keys that went along with it, whose sessions end; None when there is no such integration. Refused while it is a member of
        the switchboard.

        With the row its visitors' tokens are worth nothing: what is left to do of those is clearing up, and is done a few at a time.
        """
        keys = await self._database.write(lambda c: _delete(c, app_id, identifier))
        if keys is None:
            return None
        some = select(sessions.c.token_hash).where(sessions.c.app_id == app_id, sessions.c.integration_id == identifier)
        gone = delete(sessions).where(sessions.c.token_hash.in_(some.limit(_SESSIONS_AT_ONCE)))
        while await self._database.write(lambda c: c.execute(gone).rowcount) == _SESSIONS_AT_ONCE:
            pass
        return keys

    async def list_keys(self, app_id: str, identifier: str) -> list[ApiKey]:
        query = select(api_keys).where(_its_keys(app_id, identifier)).order_by(api_keys.c.id)
        return await self._database.read(lambda c: [rows.to_key(row) for row in c.execute(query)])


def _delete(c: Connection, app_id: str, identifier: str) -> list[ApiKey] | None:
    if c.execute(select(integrations.c.id).where(_this(app_id, identifier)).with_for_update()).first() is None:
        return None
    members = switchboard_integrations
    stands = select(members.c.name).where(members.c.app_id == app_id, members.c.integration_id == identifier)
    name = c.execute(stands.limit(1)).scalar()
    if name is not None:
        raise Refused("bad_request", f"The integration is a member of the switchboard ({name}): remove it there first")
    keys = [rows.to_key(row) for row in c.execute(select(api_keys).where(_its_keys(app_id, identifier)))]
    if keys:
        c.execute(update(sessions).where(sessions.c.key_id.in_([key.id for key in keys])).values(revoked=True))
        c.execute(delete(api_keys).where(_its_keys(app_id, identifier)))
    c.execute(delete(integrations).where(_this(app_id, identifier)))
    return keys


def _this(app_id: str, identifier: str) -> ColumnElement[bool]:
    return and_(integrations.c.app_id == app_id, integrations.c.id == identifier)


def _its_keys(app_id: str, identifier: str) -> ColumnElement[bool]:
    return and_(api_keys.c.app_id == app_id, api_keys.c.integration_id == identifier)
