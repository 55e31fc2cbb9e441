"""When the gateway's end of a link writes what it was told to say, without a host: only what goes on the wire is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from actors import frames
from actors.link import AT_ONCE, BUSY, Owner, SlotLink
from storage.ports import ActorId

ANN = ActorId("conversation", "app_1", "a" * 24)


class Wire:
    """The slot's owner, who says welcome and nothing else. `said` has the commands of each write."""

    def __init__(self) -> None:
        self.said: list[list[int]] = []

    async def owner(self, kind: str, slot: str, lost: int) -> Owner:
        return Owner(1, "unix:/nowhere", "token")

    async def release(self, kind: str, slot: str) -> None:
        """There are no dedicated slots here."""

    async def silent(self, kind: str, slot: str, generation: int) -> None:
        raise AssertionError("the test is over long before")

    async def connect(self, address: str, attach: Callable[[Callable[[bytes], None], Callable[[], None]], Any]) -> None:
        line = attach(self._sent, lambda: None)
        asyncio.get_running_loop().call_soon(line.received, frames.pack((frames.WELCOME, 1, frames.PROTOCOL)))

    def _sent(self, data: bytes) -> None:
        for frame in frames.Reader().feed(data):
            if frame[0] == frames.SAY:
                self.said.append([command[0] for command in frame[1]])


@pytest.fixture
async def wire() -> Wire:
    return Wire()


@pytest.fixture
async def link(wire: Wire) -> AsyncIterator[SlotLink]:
    made = SlotLink("conversation", "0", wire, wire.connect, lambda followed: None)
    await made.up.wait()
    yield made
    await made.close()


def say(link: SlotLink, count: int) -> None:
    for _ in range(count):
        link.say(ANN, 1, 0, False, b"", lambda outcome: None, 10.0)


async def test_what_is_said_in_one_step_is_one_write(link: SlotLink, wire: Wire) -> None:
    say(link, AT_ONCE - 1)
    before = len(wire.said)
    await asyncio.sleep(0)
    assert (0, [AT_ONCE - 1]) == (before, [len(one) for one in wire.said])


async def test_an_idle_host_begins_while_the_step_goes_on(link: SlotLink, wire: Wire) -> None:
    """In order, and each command once."""
    say(link, 2 * AT_ONCE + 3)
    before = [len(one) for one in wire.said]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert ([AT_ONCE, AT_ONCE], list(range(1, 2 * AT_ONCE + 4))) == (before, [n for one in wire.said for n in one])


async def test_a_host_with_enough_to_do_gets_the_rest_in_one_write(link: SlotLink, wire: Wire) -> None:
    say(link, BUSY + 5 * AT_ONCE)
    before = sum(len(one) for one in wire.said)
    await asyncio.sleep(0)
    assert before < BUSY
    assert BUSY + 5 * AT_ONCE == sum(len(one) for one in wire.said)
    assert len(wire.said[-1]) > 5 * AT_ONCE
