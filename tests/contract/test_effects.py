"""Effects that fail are tried again, ever more slowly, and in the end given up. On virtual time: the pauses take none."""

from __future__ import annotations

import asyncio

import pytest

from actors.answers import Answer
from actors.effects import LONGEST_DELIVERY_PAUSE_S, MAX_ATTEMPTS, EffectRunner, Ways
from actors.link import OnAnswer
from domain.errors import Unavailable
from storage.ports import ActorId, EffectRow
from tests import virtual_time

ANN = ActorId("conversation", "app", "ann")


class Failing:
    """A performer that works at the n-th attempt."""

    def __init__(self, works_at: int) -> None:
        self.works_at = works_at
        self.at_s: list[float] = []
        self.keys: set[int] = set()
        self.results: list[bytes | None] = []
        self.done_at_s: list[float] = []
        ways = Ways({"line": self._perform}, {"bot"}, self._deliver)
        self.runner = EffectRunner(self, self._done, ways, lambda effect, code: f"gave up: {code}".encode())
        self.runner.add_timers([], 2**60)

    def now_ms(self) -> int:
        return int(asyncio.get_running_loop().time() * 1000)

    def _done(self, effect: EffectRow, command: bytes | None) -> None:
        self.results.append(command)
        self.done_at_s.append(asyncio.get_running_loop().time())

    def _deliver(self, effect: EffectRow, on_answer: OnAnswer) -> None:
        """Sent, and not answered in time; or not even sent."""
        self.at_s.append(asyncio.get_running_loop().time())
        if len(self.at_s) >= self.works_at:
            on_answer(Answer(1, ""))
        elif len(self.at_s) % 2:
            raise Unavailable("overloaded", "Too much is waiting already", 1.0)
        else:
            on_answer(Unavailable("unavailable", "No answer", 2.0))

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


@pytest.mark.parametrize(("works_at", "result"), [(1, b"done"), (4, b"done"), (MAX_ATTEMPTS + 1, b"gave up: unavailable")])
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


def test_an_actor_of_another_kind_is_told_however_long_its_database_is_away() -> None:
    """For ten minutes, say. The pauses are those that it asks for, and short enough that it goes on soon after."""
    failing = Failing(150)
    virtual_time.run(failing.run(EffectRow(5, ANN, "bot", b"")))
    pauses = [later - earlier for earlier, later in zip(failing.at_s, failing.at_s[1:], strict=False)]
    assert ([None], 150) == (failing.results, len(failing.at_s))
    assert failing.at_s[-1] > 600 and pytest.approx(LONGEST_DELIVERY_PAUSE_S) == max(pauses) and [1.0, 2.0] == pytest.approx(pauses[:2])


def test_a_performer_says_itself_when_it_may_be_tried_again() -> None:
    failing = Failing(2)

    async def busy(effect: EffectRow) -> bytes:
        if len(failing.at_s) < 1:
            failing.at_s.append(asyncio.get_running_loop().time())
            raise Unavailable("unavailable", "Busy", 7.0)
        return b"done"

    failing.runner._ways.performers["line"] = busy  # type: ignore[index]
    virtual_time.run(failing.run(EffectRow(5, ANN, "line", b"")))
    assert pytest.approx([7.0], abs=0.01) == failing.done_at_s


def test_a_timer_rings_at_its_time() -> None:
    """Whether it is near, or further away than the runner looks at once."""
    failing = Failing(1)
    virtual_time.run(failing.run(EffectRow(1, ANN, "timer", b"", 500), EffectRow(2, ANN, "timer", b"", 1_000_000)))
    assert pytest.approx([0.5, 1_000], abs=0.01) == failing.done_at_s
