"""Attachments as the gateway's operations see them: the rows and the files together, which are always changed in an order that leaves no
file of which nothing knows. Knows nothing of HTTP.
"""

from __future__ import annotations

import asyncio
import io
import secrets
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import imagesize  # type: ignore[import-untyped]
import msgspec
import puremagic
import structlog

from actors.conversation import ConversationKind
from actors.router import Router
from domain.attachments import MAX_PIXELS, MAX_SIDE, UNKNOWN, UNUSED_MS, Access, Attachment, clean_name, is_bomb, is_image, media_type
from domain.errors import Invalid, Refused, Unavailable
from gateway.lookups import Lookups
from storage.files import Draft, Files
from storage.ports import ActorId
from storage.sql.attachments import Attachments

log = structlog.get_logger()

HEAD_BYTES = 524_288
"""So much of a file is looked at, to say what it is."""
DRAFT_S = 86_400.0
SWEEP_S = 900.0
_AT_ONCE = 500
_MOST_AT_A_SWEEP = 10_000


class Terms(msgspec.Struct, frozen=True):
    """Who uploads what for."""

    app_id: str
    sender: str
    access: Access = "public"
    for_message: bool = True
    user_id: str | None = None
    conversation_id: str | None = None


class Store:
    """`max_bytes`: of one file."""

    def __init__(self, rows: Attachments, files: Files, router: Router, max_bytes: int) -> None:
        self.rows, self.files, self._router, self.max_bytes = rows, files, router, max_bytes

    async def receive(self, chunks: AsyncIterator[bytes], name: str | None, terms: Terms) -> Attachment:
        """Write a file down as it comes. Raises Refused (`payload_too_large`, `bad_request`), Unavailable (`storage_full`), and then
        nothing is left of it."""
        draft = await self.files.draft(self.max_bytes)
        try:
            size, head = await self._copied(chunks, draft)
            one = await self._made(size, head, clean_name(name), terms)
            await self._keep(one, draft)
        finally:
            await draft.drop()
        return one

    async def _copied(self, chunks: AsyncIterator[bytes], draft: Draft) -> tuple[int, bytes]:
        size, head = 0, bytearray()
        async for chunk in chunks:
            size += len(chunk)
            if size > self.max_bytes:
                raise Refused("payload_too_large", f"The file has more than {self.max_bytes} bytes")
            head += chunk[: max(0, HEAD_BYTES - len(head))]
            await draft.write(chunk)
        if not size:
            raise Invalid("source", "is empty")
        return size, bytes(head)

    async def _made(self, size: int, head: bytes, name: str, terms: Terms) -> Attachment:
        kind, width, height = await asyncio.to_thread(looked_at, head, name)
        now_ms = self._router.now_ms()
        return Attachment(
            *(terms.app_id, self._router.new_id(), secrets.token_hex(16), name, kind, size, terms.access, terms.sender, now_ms),
            for_message=terms.for_message,
            user_id=terms.user_id,
            conversation_id=terms.conversation_id,
            expires_ms=now_ms + UNUSED_MS if terms.for_message else None,
            width=width,
            height=height,
        )

    async def _keep(self, one: Attachment, draft: Draft) -> None:
        await self.rows.add(one)
        try:
            await draft.keep(one.app_id, one.key)
        except BaseException:
            await self.remove([one])
            raise

    async def remove(self, these: Sequence[Attachment]) -> None:
        """The files, then the rows: broken off half way, it may be done again."""
        by_app: dict[str, list[Attachment]] = {}
        for one in these:
            by_app.setdefault(one.app_id, []).append(one)
        for app_id, found in by_app.items():
            await self.files.delete(app_id, [one.key for one in found])
            await self.rows.delete(app_id, [one.id for one in found])

    async def forget_messages(self, app_id: str, conversation_id: str, keys: Sequence[str]) -> None:
        """Messages with these are deleted."""
        if keys:
            await self.remove(await self.rows.of_message(app_id, conversation_id, keys))

    async def forget_conversation(self, app_id: str, conversation_id: str) -> None:
        """Its messages are deleted, or it is."""
        await self._remove_all(lambda: self.rows.of_conversation(app_id, conversation_id, _AT_ONCE))

    async def forget_user(self, app_id: str, user_id: str) -> None:
        """A user is deleted."""
        await self._remove_all(lambda: self.rows.of_user(app_id, user_id, _AT_ONCE))

    async def _remove_all(self, some: Callable[[], Awaitable[list[Attachment]]]) -> None:
        while found := await some():
            await self.remove(found)

    async def sweep(self, lookups: Lookups) -> int:
        """Clear up what was broken off, what nobody has used, and what outlived its app's retention. How many files went.

        Bounded: what is left is left to the next sweep.
        """
        gone = await self.files.drop_drafts(DRAFT_S)
        for _ in range(_MOST_AT_A_SWEEP // _AT_ONCE):
            found = await self.rows.expired(self._router.now_ms(), _AT_ONCE)
            over = [one for one in found if not one.used or await self._is_over(one, lookups)]
            await self.remove(over)
            gone += len(over)
            if len(found) < _AT_ONCE:
                break
        return gone

    async def _is_over(self, one: Attachment, lookups: Lookups) -> bool:
        """Whether the messages of its conversation are gone by retention; if not, it is looked at again when they may be."""
        app = await lookups.app(one.app_id)
        retention_ms = app.settings.conversation_retention_seconds * 1000 if app is not None else 0
        state = await self._router.state(ActorId(ConversationKind.name, one.app_id, one.conversation_id or ""))
        if app is None or state is None or state.life != "live":
            return True
        until_ms = state.last_message_ms + retention_ms if retention_ms else None
        if until_ms is not None and until_ms <= self._router.now_ms():
            return True
        await self.rows.postpone(one, until_ms)
        return False

    async def keep_swept(self, lookups: Lookups) -> None:
        """Sweep at the start, and then again and again."""
        while True:
            try:
                gone = await self.sweep(lookups)
                if gone:
                    log.info("attachments_swept", files=gone)
            except Unavailable as error:
                log.warning("attachments_not_swept", code=error.code)
            await asyncio.sleep(SWEEP_S)


def looked_at(head: bytes, name: str) -> tuple[str, int | None, int | None]:
    """(type, width, height) of a file, by its beginning. An image whose size cannot be told is no image. Raises Refused for a bomb."""
    try:
        found = [(match.mime_type, match.extension, match.confidence) for match in puremagic.magic_string(head)]
    except (puremagic.PureError, ValueError):
        found = []
    kind = media_type(found, name)
    if not is_image(kind):
        return kind, None, None
    try:
        width, height = imagesize.get(io.BytesIO(head))
    except (ValueError, struct.error, IndexError, OverflowError, RecursionError):  # a header that lies
        width, height = -1, -1
    if width <= 0 or height <= 0:
        return UNKNOWN, None, None
    if is_bomb(width, height):
        raise Refused("payload_too_large", f"The image has more than {MAX_PIXELS} pixels, or a side of more than {MAX_SIDE}")
    return kind, width, height
