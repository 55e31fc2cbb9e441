"""The commands that wait for a host's next batch, taken in turn over apps and actors, so that no one owns a batch."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any

import msgspec

from storage.ports import ActorId


class Item(msgspec.Struct):
    """One command for one actor, with where its answer goes.

    `key` is the command's 64-bit key (None: no repeat can be), `digest` a hash of its content. `settles` is the id of the
    effect whose result this is, 0 for none. `answer` is called once, with an `Answer`, a `Refused`, or an `Unavailable` where it may
    come again. `span` is its trace's, if it is traced.
    """

    actor: ActorId
    command: bytes
    key: int | None
    digest: int
    want_body: bool
    answer: Callable[[object], None]
    settles: int = 0
    span: Any = None


class Mailbox:
    """A fair queue. Order is kept within an actor; nothing is kept between actors."""

    def __init__(self, per_actor: int = 64) -> None:
        self._apps: OrderedDict[str, OrderedDict[ActorId, deque[Item]]] = OrderedDict()
        self._per_actor = per_actor
        self._size = 0
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return self._size

    def put(self, item: Item) -> None:
        actors = self._apps.get(item.actor.app)
        if actors is None:
            actors = self._apps[item.actor.app] = OrderedDict()
        queue = actors.get(item.actor)
        if queue is None:
            queue = actors[item.actor] = deque()
        queue.append(item)
        self._size += 1
        self._filled.set()

    async def filled(self) -> None:
        """Wait until there is something to take."""
        await self._filled.wait()

    def wake(self) -> None:
        """Let whoever waits for work look around, though there may be none."""
        self._filled.set()

    def take(self, most: int) -> list[Item]:
        """Up to `most` items: one actor of each app in turn, at most `per_actor` of each actor."""
        batch: list[Item] = []
        rest: list[tuple[ActorId, deque[Item]]] = []
        while self._apps and len(batch) < most:
            app, actors = self._apps.popitem(last=False)
            actor, queue = actors.popitem(last=False)
            if actors:
                self._apps[app] = actors
            count = min(len(queue), self._per_actor, most - len(batch))
            batch.extend(queue.popleft() for _ in range(count))
            if queue:
                rest.append((actor, queue))
        for actor, queue in rest:
            self._apps.setdefault(actor.app, OrderedDict())[actor] = queue
        self._size -= len(batch)
        if not self._size:
            self._filled.clear()
        return batch
