"""The driver that measures all systems, against one that answers by the test's clock."""

from __future__ import annotations

import asyncio

import pytest

from benchmarks.peers.driver import Figures, Samples, loop, quantiles_ms
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
        self._unacked: asyncio.Queue[str] = asyncio.Queue()
        self._texts: asyncio.Queue[str] = asyncio.Queue()
        self.most_in_flight = 0

    async def send(self, name: str, text: str) -> None:
        self._unacked.put_nowait(name)
        self.most_in_flight = max(self.most_in_flight, self._unacked.qsize())
        if name not in self._loses:
            self._texts.put_nowait(text)

    async def acked(self) -> list[str]:
        name = await self._unacked.get()
        self._clock.now += STEP_S
        return [name]

    async def meet(self, number: int) -> Visitor:
        return self

    async def received(self) -> list[str]:
        if self._fails:
            raise ConnectionError("the socket ended")
        return [await self._texts.get()]


async def run(room: Room, clock: Clock, begin: float, end: float, in_flight: int = 1, patience_s: float = 10.0) -> Figures:
    return await loop([room], {"run.0": room}, in_flight, Samples(begin, end, clock), patience_s)


async def test_what_is_acked_in_the_time_counts() -> None:
    """From 1.0 s to 3.0 s with an ack every 0.25 s: eight acks; what was acked in the warm-up or after the end is left out."""
    clock = Clock()
    figures = await run(Room(clock), clock, 1.0, 3.0)
    assert (4.0, 250.0, 250.0) == (figures.acked_per_s, figures.ack_p50_ms, figures.ack_p99_ms)


async def test_so_many_are_in_flight() -> None:
    clock = Clock()
    room = Room(clock)
    figures = await run(room, clock, 0.0, 10.0, in_flight=8)
    assert (8, 0, 0, 0) == (room.most_in_flight, figures.lost, figures.doubled, figures.reordered)


async def test_an_acked_message_that_is_never_shown_is_lost_and_holds_its_place() -> None:
    clock = Clock()
    figures = await run(Room(clock, loses=frozenset({"run.0-3"})), clock, 0.0, 3.0, patience_s=0.05)
    assert (1, 4 / 3.0) == (figures.lost, pytest.approx(figures.acked_per_s, abs=0.05))


async def test_an_agent_that_fails_ends_the_run() -> None:
    clock = Clock()
    with pytest.raises(ConnectionError):
        await run(Room(clock, fails=True), clock, 0.0, 3.0)


async def test_what_is_shown_after_a_later_one_or_twice_is_counted() -> None:
    samples, names = Samples(0.0, 1.0, Clock()), ["a-0", "a-1", "a-2", "b-0"]
    for name in names:
        samples.permits(name[0], 3)
        samples.sent(name)
    samples.acked(names)
    samples.delivered(["a-1 words", "a-0 words", "b-0 words", "a-2 words", "a-2 words", "of another run"])
    figures = samples.figures(processor_s=0.004)
    assert (1, 1, 0, 1000.0) == (figures.reordered, figures.doubled, figures.lost, figures.driver_us)


def test_quantiles_are_in_milliseconds() -> None:
    assert (50.0, 99.0) == quantiles_ms([n / 1000 for n in range(101)])


def test_one_sample_is_no_measurement() -> None:
    with pytest.raises(ValueError, match="no measurement"):
        quantiles_ms([0.1])
