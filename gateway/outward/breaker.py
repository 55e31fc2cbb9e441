"""A breaker for each app and host: who did not answer several times in a row is left alone for a while. Pure but for its memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

FAILURES = 5
OPEN_S = 30.0
CAPACITY = 10_000


class Breakers:
    """Closed: all may pass. Open: nobody, until `OPEN_S` have gone by; then one try tells whether it closes.

    The apps are kept apart, so that one that calls wrongly does not take a host away from the others.
    """

    def __init__(self) -> None:
        self._states: OrderedDict[Any, tuple[int, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._states)

    def may_pass(self, name: Any, now_s: float) -> bool:
        """Whoever may pass an open breaker is the one try: until it has ended, or as long again, nobody else may."""
        failures, until_s = self._states.get(name, (0, 0.0))
        if failures < FAILURES:
            return True
        if now_s < until_s:
            return False
        self._states[name] = (failures, now_s + OPEN_S)
        return True

    def passed(self, name: Any) -> None:
        self._states.pop(name, None)

    def failed(self, name: Any, now_s: float) -> None:
        failures, _ = self._states.pop(name, (0, 0.0))
        self._states[name] = (failures + 1, now_s + OPEN_S)
        if len(self._states) > CAPACITY:
            self._states.popitem(last=False)
