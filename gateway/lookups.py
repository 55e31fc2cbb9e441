"""Rows of the directory that nearly every request needs, remembered for a second. Changes made in this process show at once."""

from __future__ import annotations

import time

from domain.directory import ApiKey, App, Integration, User
from domain.ids import ID
from gateway.cache import Cache, Clock
from storage.sql.directory import Directory

_LONGEST_EXTERNAL_ID = 1024
_LONGEST_ID = 64


class Lookups:
    """Reads of apps, keys, integrations and users. What cannot be an id is not looked for."""

    def __init__(self, directory: Directory, clock: Clock = time.monotonic, ttl_s: float = 1.0) -> None:
        self._directory = directory
        self._keys: Cache[str, ApiKey | None] = Cache(clock, ttl_s)
        self._apps: Cache[str, App | None] = Cache(clock, ttl_s)
        self._integrations: Cache[str, Integration | None] = Cache(clock, ttl_s)
        self._users: Cache[tuple[str, str], User | None] = Cache(clock, ttl_s)
        self._external: Cache[tuple[str, str], User | None] = Cache(clock, ttl_s)

    async def key(self, key_id: str) -> ApiKey | None:
        if len(key_id) > _LONGEST_ID or not key_id.isascii() or not key_id.isprintable():
            return None
        return await self._keys.get(key_id, lambda: self._directory.get_key(key_id))

    async def app(self, app_id: str) -> App | None:
        if not ID.match(app_id):
            return None
        return await self._apps.get(app_id, lambda: self._directory.get_app(app_id))

    async def integration(self, integration_id: str) -> Integration | None:
        if not ID.match(integration_id):
            return None
        return await self._integrations.get(integration_id, lambda: self._directory.get_integration(integration_id))

    async def user(self, app_id: str, user_id: str) -> User | None:
        if not ID.match(user_id):
            return None
        return await self._users.get((app_id, user_id), lambda: self._directory.get_user(app_id, user_id))

    async def user_by_external_id(self, app_id: str, external_id: str) -> User | None:
        if not external_id or len(external_id) > _LONGEST_EXTERNAL_ID or "\0" in external_id:
            return None
        found = self._external.get((app_id, external_id), lambda: self._directory.get_user_by_external_id(app_id, external_id))
        return await found

    def forget_app(self, app_id: str) -> None:
        self._apps.forget(app_id)

    def forget_key(self, key_id: str) -> None:
        self._keys.forget(key_id)

    def forget_user(self, user: User) -> None:
        """A user was made, changed or deleted."""
        self._users.forget((user.app_id, user.id))
        if user.external_id is not None:
            self._external.forget((user.app_id, user.external_id))
