"""What falls due in an app's routing, in the order of time. Lazy: what is not so any more is found out when it is due.

One timer of the actor stands for all of it: the earliest.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Literal

#: An offer's lease, a wait for skills or groups, somebody who may be asked again | an agent's grace or idleness | a gateway's lease |
#: the opening of business hours | what the first of a line are told | the rest of a long turn.
What = Literal["piece", "agent", "gateway", "opening", "line", "rest"]

GRAIN_MS = 50
"""What is due within so long of each other is due at once."""


class Deadlines:
    """(instant, what, whose), earliest first. `armed_ms` is the instant for which a timer is known to be set; 0: none is known."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, What, str]] = []
        self._count = 0
        self.armed_ms = 0

    def add(self, due_ms: int, what: What, whose: str = "") -> None:
        self._count += 1
        heapq.heappush(self._heap, (due_ms, self._count, what, whose))

    def pop(self, at_ms: int) -> tuple[What, str] | None:
        """The next that is due."""
        if not self._heap or self._heap[0][0] > at_ms:
            return None
        _, _, what, whose = heapq.heappop(self._heap)
        return what, whose

    def to_arm(self, at_ms: int, is_live: Callable[[int, What, str], bool]) -> int | None:
        """The instant for which a timer must be set anew, if one must be. Whoever asks sets it."""
        if self._heap and self.armed_ms and self.armed_ms <= self._heap[0][0]:
            return None
        while self._heap and not is_live(self._heap[0][0], *self._heap[0][2:]):
            heapq.heappop(self._heap)
        if not self._heap or (self.armed_ms and self.armed_ms <= self._heap[0][0]):
            return None
        due_ms = self._heap[0][0]
        self.armed_ms = due_ms if due_ms <= at_ms else -(-due_ms // GRAIN_MS) * GRAIN_MS
        return self.armed_ms

    def __len__(self) -> int:
        return len(self._heap)
