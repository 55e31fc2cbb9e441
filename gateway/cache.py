"""A small cache with a time to live, which forgets the least recently used when full. What to fetch is the caller's."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

Clock = Callable[[], float]
"""Seconds that never run back."""


class Cache(Generic[K, V]):
    """Remembers also that something is not there: the same unknown key asked a thousand times is one query.

    So are a thousand questions at the same moment.
    """

    def __init__(self, clock: Clock, ttl_s: float = 1.0, capacity: int = 10_000) -> None:
        self._clock, self._ttl_s, self._capacity = clock, ttl_s, capacity
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._fetching: dict[K, asyncio.Task[V]] = {}

    async def get(self, key: K, fetch: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """The value of `key`, fetched when it is not fresh. What was forgotten while it was fetched is not remembered."""
        entry = self._entries.get(key)
        if entry is not None and self._clock() < entry[0]:
            self._entries.move_to_end(key)
            return entry[1]
        task = self._fetching.get(key)
        if task is None:
            task = self._fetching[key] = asyncio.create_task(fetch())
            task.add_done_callback(lambda done: self._fetched(key, done))
        return await asyncio.shield(task)  # whoever hangs up does not take the others' answer along

    def forget(self, key: K) -> None:
        self._entries.pop(key, None)
        self._fetching.pop(key, None)

    def forget_if(self, condition: Callable[[K], bool]) -> None:
        """Forget all keys of which `condition` holds."""
        for key in [key for key in (*self._entries, *self._fetching) if condition(key)]:
            self.forget(key)

    def _fetched(self, key: K, task: asyncio.Task[V]) -> None:
        if self._fetching.get(key) is not task:
            return
        del self._fetching[key]
        if task.cancelled() or task.exception() is not None:
            return
        self._entries[key] = (self._clock() + self._ttl_s, task.result())
        self._entries.move_to_end(key)
        if len(self._entries) > self._capacity:
            self._entries.popitem(last=False)
