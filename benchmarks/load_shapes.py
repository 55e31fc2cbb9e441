"""How many people there are at each moment of a locust run, chosen by LOAD_SHAPE; LOAD_USERS at most, for LOAD_SECONDS.

| shape | what it is for |
|---|---|
| `steady` (default) | all at once, to the end: locust's own |
| `ramp` | from few to all in an even slope: where does it bend? |
| `spike` | a tenth, then suddenly all for the middle fifth, then a tenth: does it recover? |
| `waves` | up and down like days, five times: does something stay behind each time? |
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable

from locust import LoadTestShape

USERS = int(os.environ.get("LOAD_USERS", "50"))
SECONDS = float(os.environ.get("LOAD_SECONDS", "60"))


def _spike(part: float) -> float:
    return 1.0 if 0.4 <= part < 0.6 else 0.1


def _waves(part: float) -> float:
    return (1 - math.cos(part * 5 * 2 * math.pi)) / 2


#: The share of all people that is there when so much of the time is over; None leaves it to locust.
SHARES: dict[str, Callable[[float], float] | None] = {"steady": None, "ramp": lambda part: part, "spike": _spike, "waves": _waves}
CHOSEN = SHARES[os.environ.get("LOAD_SHAPE", "steady")]


class Shape(LoadTestShape):
    """The chosen share of people, as locust asks for it."""

    def tick(self) -> tuple[int, float] | None:
        """(people, how many of them may come or go in a second) now; None ends the run."""
        part = self.get_run_time() / SECONDS  # type: ignore[no-untyped-call] # locust's
        if CHOSEN is None or part >= 1:
            return None
        return max(1, round(USERS * CHOSEN(part))), float(USERS)
