"""The driver that measures all systems, against one that answers by the test's clock."""

from __future__ import annotations

import asyncio
from collections import deque

import pytest

from benchmarks.peers.driver import Samples, loop, quantiles_ms
from benchmarks.peers.system import Visitor

STEP_S = 0.25


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Room:
    """A system in memory, both its visitor and its agent: each ack takes one step of the clock, and the agent sees what was sent."""

    def __init__(self, clock: Clock, *, loses: frozenset[str] = frozenset(), fails: bool = False) -> None:
        self._clock, self._loses, self._fails = clock, loses, fails
        self._unacked: deque[str] = deque()
        self._texts: asyncio.Queue[str] = asyncio.Queue()
        self.most_in_flight = 0

    async def send(self, name: str, text: str) -> None:
        self._unacked.append(name)
        self.most_in_flight = max(self.most_in_flight, len(self._unacked))
        if name not in self._loses:
            self._texts.put_nowait(text)

    async def acked(self) -> list[str]:
        self._clock.now += STEP_S
        await asyncio.sleep(0)
        return [self._unacked.popleft()]

    async def meet(self, number: int) -> Visitor:
        return self

    async def received(self) -> list[str]:
        if self._fails:
            raise ConnectionError("the socket ended")
        return [await self._texts.get()]


async def test_what_is_acked_in_the_time_counts() -> None:
    """From 1.0 s to 3.0 s with an ack every 0.25 s: eight acks; what was acked in the warm-up or after the end is left out."""
    clock = Clock()
    room = Room(clock)
    figures = await loop([room], [room], 1, Samples(1.0, 3.0, clock), "run")
    assert (4.0, 250.0, 250.0) == (figures.acked_per_s, figures.ack_p50_ms, figures.ack_p99_ms)


async def test_so_many_are_in_flight() -> None:
    clock = Clock()
    room = Room(clock)
    figures = await loop([room], [room], 8, Samples(0.0, 10.0, clock), "run")
    assert (8, 0, 0) == (room.most_in_flight, figures.late, figures.reordered)


async def test_an_acked_message_that_is_never_shown_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.peers.driver.LOST_S", 0.0)
    clock = Clock()
    room = Room(clock, loses=frozenset({"run.0-3"}))
    figures = await loop([room], [room], 1, Samples(0.0, 3.0, clock), "run")
    assert 1 == figures.late


async def test_an_agent_that_fails_ends_the_run() -> None:
    clock = Clock()
    room = Room(clock, fails=True)
    with pytest.raises(ConnectionError):
        await loop([room], [room], 1, Samples(0.0, 3.0, clock), "run")


def test_a_message_shown_after_a_later_one_is_reordered() -> None:
    samples = Samples(0.0, 1.0, Clock())
    for name in ("a-0", "a-1", "a-2", "b-0"):
        samples.sent(name)
    samples.acked(["a-0", "a-1", "a-2", "b-0"])
    samples.delivered(["a-1 words", "a-0 words", "b-0 words", "a-2 words", "of another run"])
    figures = samples.figures(processor_s=0.004)
    assert (1, 0, 1000.0) == (figures.reordered, figures.late, figures.driver_us)


def test_quantiles_are_in_milliseconds() -> None:
    assert (50.0, 99.0) == quantiles_ms([n / 1000 for n in range(101)])


def test_one_sample_is_no_measurement() -> None:
    with pytest.raises(ValueError, match="no measurement"):
        quantiles_ms([0.1])
