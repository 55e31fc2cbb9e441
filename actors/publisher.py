"""Hands committed events to the feed without ever holding up a turn. The feed is a hint: what does not fit is dropped."""

from __future__ import annotations

import asyncio

import structlog

from domain.errors import Unavailable
from storage.ports import Feed, Published, Withdrawn

log = structlog.get_logger()

MAX_WAITING = 20_000
MAX_BATCH = 500


class Publisher:
    """A bounded queue before a `Feed`."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._waiting: list[Published | Withdrawn] = []
        self._task: asyncio.Task[None] | None = None
        self.dropped = 0

    def offer(self, events: list[Published]) -> None:
        room = MAX_WAITING - len(self._waiting)
        self.dropped += max(0, len(events) - room)
        self._waiting.extend(events[:room])
        self._go_on()

    def withdraw(self, what: Withdrawn) -> None:
        """Whatever was offered before and is redacted now: in its turn, so that nothing of it comes later. Never dropped for room."""
        self._waiting.append(what)
        self._go_on()

    def _go_on(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._publish())

    async def _publish(self) -> None:
        while self._waiting:
            first = self._waiting[0]
            if isinstance(first, Withdrawn):
                await self._withdraw(first)
            else:
                end = next((n for n, one in enumerate(self._waiting[:MAX_BATCH]) if isinstance(one, Withdrawn)), MAX_BATCH)
                await self._append([one for one in self._waiting[:end] if isinstance(one, Published)])

    async def _append(self, batch: list[Published]) -> None:
        del self._waiting[: len(batch)]
        try:
            await self._feed.publish(batch)
        except Unavailable as error:
            self.dropped += len(batch)
            log.warning("feed_unavailable", dropped=len(batch), code=error.code)

    async def _withdraw(self, what: Withdrawn) -> None:
        """What people have deleted has to go: it is tried until it is done."""
        try:
            await self._feed.withdraw(what)
            self._waiting.remove(what)
        except Unavailable as error:
            log.warning("feed_unavailable", withdrawn=0, code=error.code)
            await asyncio.sleep(error.retry_after_s)
