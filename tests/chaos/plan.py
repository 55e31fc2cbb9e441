"""Which fault comes when: drawn from a seed alone, so that a run can be repeated and taken up where it was left."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from tests.chaos.site import Database, Shape, Site

MEAN_PAUSE_S = 1.5
MOST_PAUSE_S = 5.0
ON_TOP_SHARE = 0.15


class Inflict(Protocol):
    """Inflicts a fault when its block is entered, and heals it when the block is left. Chance comes as an argument."""

    def __call__(self, site: Site, chance: random.Random) -> AbstractAsyncContextManager[None]: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """A row of the table of faults."""

    name: str
    inflict: Inflict
    weight: int = 1
    """How often it comes in each round, in which every fault comes at least once."""
    databases: tuple[Database, ...] = ("sqlite", "postgresql")
    servers: int = 1
    """Of how many servers there must be at least."""
    lasts_s: tuple[float, float] = (0.0, 0.0)
    counts_from: Literal["fault", "healing"] = "fault"
    """From when recovery is counted. From the healing where nobody could serve before: there is no database, or no line."""
    planned: bool = False
    """It is no fault, but what the product does by itself: reported apart."""
    back_s: float = 60.0
    """In what time everybody has to be served again."""

    def fits(self, shape: Shape) -> bool:
        return shape.database in self.databases and shape.servers >= self.servers


@dataclass(frozen=True, slots=True)
class Step:
    """A fault with everything that was drawn for it."""

    number: int
    fault: Fault
    pause_s: float
    lasts_s: float
    seed: int
    one_more: bool
    """Whether the next fault comes before anybody has to be served again, on top of this one."""

    def __str__(self) -> str:
        lasts = f" for {self.lasts_s:.1f} s" if self.lasts_s else ""
        one_more = ", and at once" if self.one_more else ""
        return f"{self.number:4}  after {self.pause_s:.1f} s: {self.fault.name}{lasts}{one_more}"


def plan(faults: Sequence[Fault], shape: Shape, seed: int, first: int = 0, longest_s: float = 60.0) -> Iterator[Step]:
    """The steps from number `first` on, without end; nothing lasts longer than `longest_s`."""
    return itertools.islice(_steps(faults, shape, seed, longest_s), first, None)


def _steps(faults: Sequence[Fault], shape: Shape, seed: int, longest_s: float) -> Iterator[Step]:
    numbers = itertools.count()
    bag = [fault for fault in faults if fault.fits(shape) for _ in range(fault.weight)]
    for turn in itertools.count():
        chance = random.Random(f"{seed}/{shape}/{turn}")
        chance.shuffle(bag)
        for fault in bag:
            pause_s = min(chance.expovariate(1 / MEAN_PAUSE_S), MOST_PAUSE_S)
            lasts_s = min(chance.uniform(*fault.lasts_s), longest_s)
            yield Step(next(numbers), fault, pause_s, lasts_s, chance.getrandbits(32), chance.random() < ON_TOP_SHARE)
