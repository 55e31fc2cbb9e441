"""The stream of one actor's events from any `after`, gap-free: live from the link, older ones from the journal.

The link is a hint, the journal the truth. A subscription never emits anything but the seq after its cursor: what comes too
early makes it read the journal until it has caught up. So a lost publish, a new host or a slow reader cannot make a gap.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

import msgspec
import structlog

from domain.errors import Unavailable
from storage.ports import ActorId, Journal

log = structlog.get_logger()

PAGE = 200
QUEUE = 256
RETRY_S = 1.0


class Delivered(msgspec.Struct):
    """One event on its way to subscribers. `seq` 0 is a whisper. `frames` is where those who encode it keep what they made."""

    actor: ActorId
    seq: int
    body: bytes
    frames: dict[str, bytes] = {}


class Sink(Protocol):
    """Where a subscription's events go."""

    def push(self, event: Delivered) -> bool:
        """Take an event without waiting; False: no room, it will come again."""

    async def room(self) -> None:
        """Wait until there is room."""


class Subscription:
    """One reader of one actor, at a cursor."""

    def __init__(self, channel: Channel, after: int, sink: Sink) -> None:
        self.channel, self.cursor, self._sink = channel, after, sink
        self._reading: asyncio.Task[None] | None = None

    def offer(self, event: Delivered) -> None:
        """A live event: passed on if it is the next one, otherwise the journal is read up to it."""
        if event.seq == 0:
            self._sink.push(event)
        elif self._reading is None and event.seq == self.cursor + 1 and self._sink.push(event):
            self.cursor = event.seq
        elif event.seq > self.cursor:
            self.catch_up()

    def catch_up(self) -> None:
        """Read from the journal what is between the cursor and the head, unless that is being done."""
        if self._reading is None and self.cursor < self.channel.head:
            self._reading = asyncio.create_task(self._catch_up())

    async def _catch_up(self) -> None:
        try:
            while self.cursor < self.channel.head:
                await self._sink.room()
                try:
                    await self._page()
                except Exception:
                    log.exception("catch_up_failed", actor=self.channel.actor.id, cursor=self.cursor)
                    await asyncio.sleep(RETRY_S)
        finally:
            self._reading = None

    async def _page(self) -> None:
        """Pass on a page. Each event waits for room, so that history cannot overflow a socket that reads as fast as it can."""
        try:
            rows = await self.channel.journal.read(self.channel.key, self.cursor, PAGE)
        except Unavailable as error:
            await asyncio.sleep(error.retry_after_s)
            return
        if not rows:
            log.warning("journal_behind_head", actor=self.channel.actor.id, cursor=self.cursor, head=self.channel.head)
            await asyncio.sleep(0.1)
        for row in rows:
            await self._sink.room()
            if not self._sink.push(Delivered(self.channel.actor, row.seq, row.body, {})):
                return
            self.cursor = row.seq

    def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self.channel.leave(self)


class Channel:
    """One followed actor in this process: what is committed as far as known, and who reads it."""

    def __init__(self, actor: ActorId, key: int, head: int, state: Any, journal: Journal) -> None:
        self.actor, self.key, self.head, self.state, self.journal = actor, key, head, state, journal
        self.subscriptions: dict[Subscription, None] = {}
        """In the order in which they came: a set's order would change from run to run, and simulations could not be repeated."""
        self.empty: Callable[[Channel], None] | None = None

    def arrived(self, seq: int, body: bytes) -> None:
        """An event came down the link."""
        event = Delivered(self.actor, seq, body, {})
        self.head = max(self.head, seq)
        for subscription in tuple(self.subscriptions):
            subscription.offer(event)

    def known(self, head: int) -> None:
        """The journal is at `head`: whoever is behind reads on."""
        self.head = max(self.head, head)
        for subscription in self.subscriptions:
            subscription.catch_up()

    def join(self, after: int, sink: Sink) -> Subscription:
        """A reader from `after` on: the journal first, then live."""
        subscription = Subscription(self, after, sink)
        self.subscriptions[subscription] = None
        subscription.catch_up()
        return subscription

    def leave(self, subscription: Subscription) -> None:
        self.subscriptions.pop(subscription, None)
        if not self.subscriptions and self.empty is not None:
            self.empty(self)


class QueueSink:
    """A bounded queue for a program that reads at its own pace."""

    def __init__(self, size: int = QUEUE) -> None:
        self._queue: asyncio.Queue[Delivered] = asyncio.Queue(size)
        self._taken = asyncio.Event()

    def push(self, event: Delivered) -> bool:
        if self._queue.full():
            return False
        self._queue.put_nowait(event)
        return True

    async def room(self) -> None:
        while self._queue.full():
            self._taken.clear()
            await self._taken.wait()

    async def take(self) -> Delivered:
        event = await self._queue.get()
        self._taken.set()
        return event

    async def events(self, subscription: Subscription) -> AsyncIterator[Delivered]:
        """What arrives, with back-pressure. Closing the iterator closes the subscription."""
        try:
            while True:
                yield await self.take()
                subscription.catch_up()
        finally:
            subscription.close()
