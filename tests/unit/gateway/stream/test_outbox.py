"""What waits for a socket is written together, is bounded, and a socket that does not read is closed rather than waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from gateway.stream.outbox import ROOM_BYTES, Outbox


class Wire:
    """A socket that writes when it is let."""

    def __init__(self, max_bytes: int = 1 << 20) -> None:
        self.written: list[bytes] = []
        self.overflows = 0
        self.open = asyncio.Event()
        self.open.set()
        self.outbox = Outbox(self._write, self._overflow, max_bytes)
        self.task = asyncio.create_task(self.outbox.run())

    async def _write(self, data: bytes) -> None:
        await self.open.wait()
        self.written.append(data)

    def _overflow(self) -> None:
        self.overflows += 1

    async def until_quiet(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    made = Wire()
    yield made
    made.task.cancel()


async def test_lines_of_one_step_go_in_one_message(wire: Wire) -> None:
    assert all([wire.outbox.put(b"a"), wire.outbox.put(b"b"), wire.outbox.put(b"c")])
    await wire.until_quiet()
    assert [b"a\nb\nc"] == wire.written


async def test_what_comes_during_a_write_goes_with_the_next(wire: Wire) -> None:
    wire.open.clear()
    wire.outbox.put(b"a")
    await wire.until_quiet()
    wire.outbox.put(b"b")
    wire.outbox.put(b"c")
    wire.open.set()
    await wire.until_quiet()
    assert [b"a", b"b\nc"] == wire.written


async def test_a_socket_that_does_not_read_is_closed_once() -> None:
    """From then on nothing is taken: what the client has is an unbroken run, from which it resumes."""
    wire = Wire(max_bytes=10)
    wire.open.clear()
    taken = [wire.outbox.put(b"12345") for _ in range(5)]
    assert ([True, True, False, False, False], 1, True) == (taken, wire.overflows, wire.outbox.closed)
    wire.task.cancel()


async def test_what_is_being_written_counts_as_waiting() -> None:
    """Otherwise a socket that is stuck in a write would have twice the bound."""
    wire = Wire(max_bytes=10)
    wire.open.clear()
    wire.outbox.put(b"12345678")
    await wire.until_quiet()
    assert not wire.outbox.put(b"123")
    wire.task.cancel()


async def test_a_reader_that_keeps_up_is_never_closed() -> None:
    wire = Wire(max_bytes=10)
    for _ in range(100):
        assert wire.outbox.put(b"12345678")
        await wire.until_quiet()
    assert 0 == wire.overflows
    wire.task.cancel()


async def test_there_is_room_again_when_enough_was_written(wire: Wire) -> None:
    """A page of history waits for room; what is live does not."""
    wire.open.clear()
    wire.outbox.put(b"x" * (ROOM_BYTES + 1))
    room = asyncio.create_task(wire.outbox.room())
    await wire.until_quiet()
    assert not room.done()
    wire.open.set()
    await room


async def test_an_outbox_that_was_closed_takes_nothing(wire: Wire) -> None:
    wire.outbox.closed = True
    assert not wire.outbox.put(b"a")
    await wire.until_quiet()
    assert [] == wire.written
