"""A small cache with a time to live, which forgets the least recently used when full. Never fetches by itself."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

Clock = Callable[[], float]
"""Seconds that never run back."""


class Cache(Generic[K, V]):
    """Remembers also that something is not there: the same unknown key asked a thousand times is one query."""

    def __init__(self, clock: Clock, ttl_s: float = 1.0, capacity: int = 10_000) -> None:
        self._clock, self._ttl_s, self._capacity = clock, ttl_s, capacity
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._generation = 0

    async def get(self, key: K, fetch: Callable[[], Awaitable[V]]) -> V:
        """The value of `key`, fetched when it is not fresh. What was forgotten while it was fetched is not remembered."""
        entry = self._entries.get(key)
        if entry is not None and self._clock() < entry[0]:
            self._entries.move_to_end(key)
            return entry[1]
        generation = self._generation
        value = await fetch()
        if generation == self._generation:
            self.put(key, value)
        return value

    def put(self, key: K, value: V) -> None:
        self._entries[key] = (self._clock() + self._ttl_s, value)
        self._entries.move_to_end(key)
        if len(self._entries) > self._capacity:
            self._entries.popitem(last=False)

    def forget(self, key: K) -> None:
        self._generation += 1
        self._entries.pop(key, None)
