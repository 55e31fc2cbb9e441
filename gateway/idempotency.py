"""Posts that are done once: the same `Idempotency-Key` again, also at the same moment, gets the first answer.

Source: design.md, "Interfaces that stay fixed". A key is known for 24 hours, in the scope of app, API key and path. Messages are
not remembered here: their journal does, for ever. Only what succeeded is remembered: a refusal changed nothing and may be tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import blake2b

import structlog
from aiohttp import web

from domain.directory import Reply
from domain.errors import Invalid, Refused, Unavailable
from storage.sql.directory import Directory

log = structlog.get_logger(__name__)

HEADER = "Idempotency-Key"
MAX_KEY = 255
KEPT_MS = 24 * 3600 * 1000

Perform = Callable[[], Awaitable[Reply]]


def key_of(request: web.Request) -> str | None:
    """The request's key. Raises Invalid: more than one, empty, too long, or not printable ASCII."""
    given = request.headers.getall(HEADER, None)
    if given is None:
        return None
    if len(given) != 1 or not 0 < len(given[0]) <= MAX_KEY or not (given[0].isascii() and given[0].isprintable()):
        raise Invalid(HEADER, f"must be one to {MAX_KEY} printable ASCII characters")
    return given[0]


def digest_of(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).digest()


def scope_of(app_id: str, key_id: str, path: str, key: str) -> bytes:
    return blake2b("\0".join((app_id, key_id, path, key)).encode(), digest_size=24).digest()


class Idempotency:
    """Remembers answers in the directory, and who is at it in this process."""

    def __init__(self, directory: Directory, now_ms: Callable[[], int]) -> None:
        self._directory, self._now_ms = directory, now_ms
        self._running: dict[bytes, tuple[bytes, asyncio.Task[Reply]]] = {}

    async def once(self, scope: bytes, app_id: str, digest: bytes, perform: Perform) -> Reply:
        """The answer of `perform`, or of an earlier one in this scope. Raises Refused (`id_reused`) for another body."""
        if scope not in self._running:
            task = asyncio.create_task(self._perform(scope, app_id, digest, perform))
            self._running[scope] = (digest, task)
            task.add_done_callback(lambda _: self._running.pop(scope, None))
        first, task = self._running[scope]
        if first != digest:
            raise _reused()
        return await asyncio.shield(task)  # whoever hangs up does not take the others' answer along

    async def _perform(self, scope: bytes, app_id: str, digest: bytes, perform: Perform) -> Reply:
        found = await self._directory.find_reply(scope, self._now_ms())
        if found is not None:
            return _same(found, digest)
        reply = await perform()
        now_ms = self._now_ms()
        try:
            await self._directory.store_reply(scope, app_id, reply, now_ms, now_ms + KEPT_MS)
        except Refused:  # another process was quicker: all callers are to get one answer
            found = await self._directory.find_reply(scope, now_ms)
            return reply if found is None else _same(found, digest)
        except Unavailable as error:  # it is done; to say that it is not would be worse than to forget it
            log.warning("reply_not_stored", code=error.code)
        return reply


def _same(found: Reply, digest: bytes) -> Reply:
    if found.digest != digest:
        raise _reused()
    return found


def _reused() -> Refused:
    return Refused("id_reused", f"This {HEADER} was used with another body")
