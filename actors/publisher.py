"""Hands committed events to the feed without ever holding up a turn. The feed is a hint: what does not fit is dropped."""

from __future__ import annotations

import asyncio

import structlog

from domain.errors import Unavailable
from storage.ports import Feed, Published

log = structlog.get_logger()

MAX_WAITING = 20_000
MAX_BATCH = 500


class Publisher:
    """A bounded queue before a `Feed`."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._waiting: list[Published] = []
        self._task: asyncio.Task[None] | None = None
        self.dropped = 0

    def offer(self, events: list[Published]) -> None:
        room = MAX_WAITING - len(self._waiting)
        self.dropped += max(0, len(events) - room)
        self._waiting.extend(events[:room])
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._publish())

    async def _publish(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
            try:
                await self._feed.publish(batch)
            except Unavailable as error:
                self.dropped += len(batch)
                log.warning("feed_unavailable", dropped=len(batch), code=error.code)
