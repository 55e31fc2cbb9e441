"""The driver that measures all systems, against one that answers by the test's clock."""

from __future__ import annotations

import asyncio
from collections import deque

import pytest

from benchmarks.peers.driver import Figures, Samples, loop, quantiles_ms

STEP_S = 0.25


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Room:
    """A system in memory: each ack takes one step of the clock, and the agent is shown what was sent before the ack."""

    def __init__(self, samples: Samples, clock: Clock, *, loses: frozenset[str] = frozenset(), ends: bool = False) -> None:
        self._samples, self._clock, self._loses, self._ends = samples, clock, loses, ends
        self._unacked: deque[tuple[str, str]] = deque()
        self.most_in_flight = 0

    def send(self, name: str, text: str) -> None:
        self._unacked.append((name, text))
        self.most_in_flight = max(self.most_in_flight, len(self._unacked))
        asyncio.get_running_loop().call_soon(self._answer)

    def _answer(self) -> None:
        name, text = self._unacked.popleft()
        if self._ends:
            self._samples.failed(ConnectionError("the socket ended"))
            return
        if name not in self._loses:
            self._samples.delivered(text)
        self._clock.now += STEP_S
        self._samples.acked(name)

    def close(self) -> None:
        """There is nothing to close."""


async def run(
    warm_s: float, seconds: float, in_flight: int = 1, patience_s: float = 10.0, *, loses: str = "", ends: bool = False
) -> tuple[Room, Figures]:
    clock = Clock()
    samples = Samples(clock)
    room = Room(samples, clock, loses=frozenset({loses}), ends=ends)
    return room, await loop({"run.0": room}, in_flight, samples, warm_s, seconds, patience_s)


async def test_what_is_acked_in_the_time_counts() -> None:
    """From 1.0 s to 3.0 s with an ack every 0.25 s: eight acks; what was acked in the warm-up or after the end is left out."""
    _, figures = await run(1.0, 2.0)
    assert (4.0, 250.0, 250.0) == (figures.acked_per_s, figures.ack_p50_ms, figures.ack_p99_ms)


async def test_so_many_are_in_flight() -> None:
    room, figures = await run(0.0, 10.0, in_flight=8)
    assert (8, 0, 0, 0) == (room.most_in_flight, figures.lost, figures.doubled, figures.reordered)


async def test_an_acked_message_that_is_never_shown_is_lost_and_holds_its_place() -> None:
    _, figures = await run(0.0, 3.0, patience_s=0.05, loses="run.0-3")
    assert (1, 4 / 3.0) == (figures.lost, pytest.approx(figures.acked_per_s, abs=0.05))


async def test_a_session_that_fails_ends_the_run() -> None:
    with pytest.raises(ConnectionError):
        await run(0.0, 3.0, ends=True)


class Silent:
    def send(self, name: str, text: str) -> None:
        """Nothing comes of it."""

    def close(self) -> None:
        """There is nothing to close."""


async def test_what_is_shown_after_a_later_one_or_twice_is_counted() -> None:
    samples = Samples(Clock())
    samples.start({"a": Silent(), "b": Silent()}, 3, 0.0, 1.0)
    for name in ("a-0", "a-1", "a-2", "b-0"):
        samples.acked(name)
    for text in ("a-1 words", "a-0 words", "b-0 words", "a-2 words", "a-2 words", "of another run"):
        samples.delivered(text)
    figures = samples.figures(processor_s=0.01)
    assert (1, 1, 0, 1000.0) == (figures.reordered, figures.doubled, figures.lost, figures.driver_us)


def test_quantiles_are_in_milliseconds() -> None:
    assert (50.0, 99.0) == quantiles_ms([n / 1000 for n in range(101)])


def test_one_sample_is_no_measurement() -> None:
    with pytest.raises(ValueError, match="no measurement"):
        quantiles_ms([0.1])
