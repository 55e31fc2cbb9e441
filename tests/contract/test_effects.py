"""Effects that fail are tried again, ever more slowly, and in the end given up. On virtual time: the pauses take none."""

from __future__ import annotations

import asyncio

import pytest

from actors.effects import MAX_ATTEMPTS, EffectRunner
from storage.ports import ActorId, EffectRow
from tests import virtual_time

ANN = ActorId("conversation", "app", "ann")


class Failing:
    """A performer that works at the n-th attempt."""

    def __init__(self, works_at: int) -> None:
        self.works_at = works_at
        self.at_s: list[float] = []
        self.keys: set[int] = set()
        self.results: list[bytes] = []
        self.runner = EffectRunner(self, lambda effect, command, digest: self.results.append(command))
        self.runner.performers["line"] = self._perform
        self.runner.gave_up = lambda effect: b"gave up"

    def now_ms(self) -> int:
        return int(asyncio.get_running_loop().time() * 1000)

    async def _perform(self, effect: EffectRow) -> bytes:
        self.at_s.append(asyncio.get_running_loop().time())
        self.keys.add(effect.id)
        if len(self.at_s) < self.works_at:
            raise ConnectionError("not now")
        return b"done"

    async def run(self, *effects: EffectRow) -> None:
        self.runner.start()
        self.runner.add(effects)
        await asyncio.sleep(3_600)
        await self.runner.stop()


@pytest.mark.parametrize(("works_at", "result"), [(1, b"done"), (4, b"done"), (MAX_ATTEMPTS + 1, b"gave up")])
def test_an_effect_is_tried_until_it_works_or_was_tried_enough(works_at: int, result: bytes) -> None:
    """With the same key each time, by which the outside world knows a repeat."""
    failing = Failing(works_at)
    virtual_time.run(failing.run(EffectRow(5, ANN, "line", b"")))
    assert ([result], {5}) == (failing.results, failing.keys)
    assert min(works_at, MAX_ATTEMPTS) == len(failing.at_s)


def test_the_pauses_grow_to_a_minute_at_most() -> None:
    failing = Failing(MAX_ATTEMPTS)
    virtual_time.run(failing.run(EffectRow(5, ANN, "line", b"")))
    pauses = [later - earlier for earlier, later in zip(failing.at_s, failing.at_s[1:], strict=False)]
    assert sorted(pauses) == pauses and 60 >= pauses[-1] > 10 * pauses[0] > 0


def test_a_timer_rings_at_its_time() -> None:
    """Whether it is near, or further away than the runner looks at once."""
    failing = Failing(1)
    rang: list[float] = []
    failing.runner._done = lambda *_: rang.append(asyncio.get_running_loop().time())
    virtual_time.run(failing.run(EffectRow(1, ANN, "timer", b"", 500), EffectRow(2, ANN, "timer", b"", 1_000_000)))
    assert pytest.approx([0.5, 1_000], abs=0.01) == rang
