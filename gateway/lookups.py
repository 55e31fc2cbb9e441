"""Rows of the directory that nearly every request needs, remembered for a second. Changes made in this process show at once."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from domain.directory import ApiKey, App, Integration, User
from domain.ids import ID
from domain.switchboard import Switchboard
from domain.switchboard_rows import Board, snapshot
from gateway.cache import Cache, Clock
from storage.sql.directory import Directory

_LONGEST_EXTERNAL_ID = 1024
_LONGEST_ID = 64


LiveRelease = Callable[[str], Awaitable[int | None]]
"""The number of the bot's release that is live in an app; None: its bot has nothing to say."""


async def no_release(app_id: str) -> int | None:
    """While there are no bots."""
    return None


class Lookups:
    """Reads of apps, keys, integrations, users and switchboards. What cannot be an id is not looked for.

    `live_release` is asked whenever a switchboard is read.
    """

    def __init__(
        self,
        directory: Directory,
        clock: Clock = time.monotonic,
        ttl_s: float = 1.0,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._directory, self._now_ms = directory, now_ms
        self.live_release: LiveRelease = no_release
        self._boards: Cache[str, Board | None] = Cache(clock, ttl_s)
        self._switchboards: Cache[tuple[str, str | None], Switchboard | None] = Cache(clock, ttl_s)
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

    async def board(self, app_id: str) -> Board | None:
        """An app's switchboard as it is written, whether it is enabled or not."""
        return await self._boards.get(app_id, lambda: self._directory.switchboards.of_app(app_id))

    async def switchboard(self, app_id: str, integration_id: str | None = None) -> Switchboard | None:
        """An app's enabled switchboard, as commands carry it. `integration_id` is the channel by which the customer comes."""
        return await self._switchboards.get((app_id, integration_id), lambda: self._snapshot(app_id, integration_id))

    async def _snapshot(self, app_id: str, integration_id: str | None) -> Switchboard | None:
        board, app = await self.board(app_id), await self.app(app_id)
        if board is None or app is None or not board.row.enabled:
            return None
        channel = None if integration_id is None else await self.integration(integration_id)
        default_id = None if channel is None or channel.app_id != app_id else channel.default_responder_id
        release, settings = await self.live_release(app_id), app.settings
        made = snapshot(board, settings.hand_back, settings.hand_back_idle_seconds, release, self._now_ms(), default_id)
        reopens = not settings.disable_conversation_reopen
        return None if made is None else replace(made, session_idle_s=settings.session_idle_seconds, reopens=reopens)

    async def answered(self, app_id: str, member_id: str) -> None:
        """A program spoke. Nearly always there is nothing to be forgiven, and nothing to write."""
        board = await self.board(app_id)
        member = None if board is None else board.member(member_id)
        if member is not None and member.silences:
            await self._directory.switchboards.answered(app_id, member_id)
            self.forget_switchboard(app_id)

    def forget_switchboard(self, app_id: str) -> None:
        """A switchboard, its members, or what is live behind them changed."""
        self._boards.forget(app_id)
        self._switchboards.forget_if(lambda key: key[0] == app_id)

    def forget_app(self, app_id: str) -> None:
        self._apps.forget(app_id)
        self.forget_switchboard(app_id)

    def forget_key(self, key_id: str) -> None:
        self._keys.forget(key_id)

    def forget_integration(self, one: Integration) -> None:
        """An integration was made, changed or deleted."""
        self._integrations.forget(one.id)
        self.forget_switchboard(one.app_id)

    def forget_user(self, user: User) -> None:
        """A user was made, changed or deleted."""
        self._users.forget((user.app_id, user.id))
        if user.external_id is not None:
            self._external.forget((user.app_id, user.external_id))
