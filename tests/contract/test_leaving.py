"""What a server does with its slots when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from actors import balance
from actors.balance import Balancer
from actors.orders import drain, host_name
from actors.router import Router
from storage.memory import MemoryJournal
from tests.never_scaled import NeverScaled
from tests.people import eventually


class Way:
    """As much of a router as a balancer needs that asks for nothing."""

    def __init__(self) -> None:
        self.journal = MemoryJournal()

    def now_ms(self) -> int:
        return 1


class Ending(NeverScaled):
    server = "a"

    def ready(self, kind: str) -> list[str]:
        return []


async def owns(journal: MemoryJournal, server: str, slots: Sequence[str]) -> None:
    for slot in slots:
        await journal.claim("conversation", slot, f"{host_name('conversation-0', server, '1')} node/1", "unix:/x")


async def _is_drained(way: Way) -> bool:
    return drain("a") in await way.journal.orders()


async def ended(way: Way) -> asyncio.Task[None]:
    """A balancer that has begun, and is told to end."""
    task = asyncio.create_task(Balancer("conversation", cast(Router, way), Ending()).run())
    await asyncio.sleep(0)
    task.cancel()
    return task


async def test_a_server_that_ends_waits_until_others_have_taken_its_slots() -> None:
    """They see the order. It is taken back in the end."""
    way = Way()
    await owns(way.journal, "a", ["0", "2"])
    await owns(way.journal, "b", ["1"])
    task = await ended(way)
    async with asyncio.timeout(5):
        await eventually(lambda: _is_drained(way), 5, 0.01)
        for slot in ("0", "2"):
            assert not task.done()
            await owns(way.journal, "b", [slot])
        await asyncio.wait([task])
    assert {} == await way.journal.orders()


async def test_a_server_that_is_alone_ends_at_once() -> None:
    way = Way()
    await owns(way.journal, "a", ["0", "1"])
    async with asyncio.timeout(balance.PATIENCE_S / 2):
        await asyncio.wait([await ended(way)])


async def test_a_server_whose_slots_nobody_takes_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(balance, "PATIENCE_S", 0.1)
    way = Way()
    await owns(way.journal, "a", ["0"])
    await owns(way.journal, "b", ["1"])
    async with asyncio.timeout(5):
        await asyncio.wait([await ended(way)])
    assert {} == await way.journal.orders()
