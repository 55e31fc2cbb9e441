"""A host's timers: those that are due soon are in memory, the others sleep in the database, where an index has them by their instants.

So a timer costs nothing until its time comes near, though there be millions, and a host that takes over reads a page of them and not all.
What is in memory is everything up to a *horizon*, in the order of (instant, id). The host reads on in time, between two commits, so that no
timer that it reads is just being replaced.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from storage.ports import EffectRow

WINDOW_MS = 60_000
"""So far ahead the host reads at most."""
LEAD_MS = 30_000
"""It reads on when the horizon is so near."""
PAGE = 4_096
"""Timers that are read at once. It reads on when half of them have rung."""
NOTHING = (-1, 0)
FOREVER_MS = 2**62
_AFTER_ALL = 2**63 - 1


class Timers:
    """The timers up to the horizon, `until`: nowhere until some were read."""

    def __init__(self) -> None:
        self.until: tuple[int, int] = NOTHING
        self._heap: list[tuple[int, int]] = []
        self._waiting: set[int] = set()

    def __len__(self) -> int:
        """How many are to ring yet."""
        return len(self._waiting)

    def wants(self, now_ms: int) -> bool:
        """Whether it is time to read on."""
        return self.until[0] - now_ms <= LEAD_MS and len(self._waiting) <= PAGE // 2

    def add(self, effect: EffectRow) -> bool:
        """Take one in that is new; beyond the horizon it is left to the database."""
        if (effect.due_ms, effect.id) > self.until:
            return False
        self._hold(effect)
        return True

    def read(self, rows: Sequence[EffectRow], until_ms: int) -> None:
        """Take in what the database has from the horizon up to `until_ms`: all of it, unless it fills a page."""
        self.until = (rows[-1].due_ms, rows[-1].id) if len(rows) >= PAGE else (until_ms, _AFTER_ALL)
        for row in rows:
            self._hold(row)

    def _hold(self, effect: EffectRow) -> None:
        self._waiting.add(effect.id)
        heapq.heappush(self._heap, (effect.due_ms, effect.id))

    def drop(self, effect_id: int) -> None:
        """It was settled, cancelled or replaced."""
        self._waiting.discard(effect_id)

    def due(self, now_ms: int) -> list[int]:
        """The ids of those whose time has come, in order; each is told once."""
        found = []
        while self._heap and self._heap[0][0] <= now_ms:
            _, effect_id = heapq.heappop(self._heap)
            if effect_id in self._waiting:
                self._waiting.discard(effect_id)
                found.append(effect_id)
        return found

    @property
    def next_ms(self) -> int | None:
        """When to look again."""
        return self._heap[0][0] if self._heap else None
