"""Evens out the slots among the hosts of all servers: a server whose host has few asks a host that has many for one.

Each server looks for itself, so nobody has to lead. One slot at a time: it stands still for the moment of the move. What operators have
asked for (`orders`) is seen here: slots of those that are drained are asked for first, and then without a pause; and there are more hosts
or fewer (`scaling`).
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Protocol

import structlog

from actors import orders, scaling
from actors.owners import actor_of
from actors.router import Router
from domain.errors import Unavailable
from storage.ports import SlotRow

log = structlog.get_logger()

LOOK_S = 1.0
SETTLE_S = 0.05
LEAVE_S = 20.0
PATIENCE_S = 2.0
"""When nobody has taken a slot of a server that ends for so long, nobody will."""


class Hosts(scaling.Pool, Protocol):
    """This server and its hosts."""

    def ready(self, kind: str) -> Collection[str]:
        """The names of the hosts of a kind that could take a slot now."""


def wanted(rows: Sequence[SlotRow], ready: Collection[str], drained: Collection[str], chance: random.Random) -> str | None:
    """The slot to ask for: one of a drained host, or one of the host that has most, if that has two more than the least busy of ours."""
    owners = {row.slot: actor_of(row) for row in rows if row.address and row.slot.isdecimal()}
    ours = [name for name in ready if not orders.is_drained(name, drained)]
    if not owners or not ours:
        return None
    leaving = [slot for slot, owner in owners.items() if orders.is_drained(owner, drained)] if drained else []
    if leaving:
        return chance.choice(leaving)
    counts = Counter(owners.values())
    host, most = counts.most_common(1)[0]
    if most - min(counts[name] for name in ours) < 2:
        return None
    return chance.choice([slot for slot, owner in owners.items() if owner == host])


class Balancer:
    """One server's share in it, for the slots of one kind."""

    def __init__(self, kind: str, router: Router, hosts: Hosts) -> None:
        self._kind, self._router, self._journal, self._hosts = kind, router, router.journal, hosts
        self._chance = random.Random(hosts.server)
        self._evened_ms: int | None = None
        """Of the last order to even out that there is nothing left to do for."""

    async def run(self) -> None:
        """Look now and then, until cancelled: then the others take this server's slots. Orders to drain it end with it."""
        try:
            while True:
                await asyncio.sleep(LOOK_S)
                with contextlib.suppress(Unavailable):
                    while await self._look():
                        pass
        finally:
            with contextlib.suppress(Unavailable, TimeoutError):
                async with asyncio.timeout(LEAVE_S):
                    await self._leave()
            with contextlib.suppress(Unavailable):
                await self._forget()

    async def _look(self) -> bool:
        """Ask for a slot if there is one to ask for. Whether to look again at once."""
        asked = await self._journal.orders()
        rows, drained = await self._journal.slots(self._kind), orders.drained_of(asked)
        await scaling.scale(self._kind, self._hosts, self._journal, asked, rows, self._router.now_ms())
        slot = wanted(rows, self._hosts.ready(self._kind), drained, self._chance)
        if slot is None or self._evened_ms is None:
            self._evened_ms = asked.get(orders.REBALANCE, 0)
        if slot is None:
            return False
        log.info("slot_wanted", kind=self._kind, slot=slot)
        self._router.ask_for(self._kind, slot, self._hosts.server)
        row = next(row for row in rows if row.slot == slot)
        hurried = orders.is_drained(actor_of(row), drained) or asked.get(orders.REBALANCE, 0) > self._evened_ms
        return hurried and await self._moved(row)

    async def _moved(self, before: SlotRow) -> bool:
        """Whether the slot found its next owner within the time of a look: who is asked twice gives up two."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                while True:
                    await asyncio.sleep(SETTLE_S)
                    (now,) = await self._journal.slots(self._kind, before.slot)
                    if now.address and now.generation > before.generation:
                        return True
        return False

    async def _leave(self) -> None:
        """Wait while other servers take this one's slots, one by one: so each stands still for its own move alone."""
        server, owned = self._hosts.server, await self._owned()
        if not owned[server] or len(owned) == 1:
            return
        await self._journal.order(orders.drain(server), self._router.now_ms())
        left, patient_until = owned[server], time.monotonic() + PATIENCE_S
        while left and time.monotonic() < patient_until:
            await asyncio.sleep(SETTLE_S)
            before, left = left, (await self._owned())[server]
            if left < before:
                patient_until = time.monotonic() + PATIENCE_S
        log.info("slots_left", kind=self._kind, slots=left)

    async def _owned(self) -> Counter[str]:
        """How many slots each server owns."""
        rows = await self._journal.slots(self._kind)
        return Counter(orders.server_of(actor_of(row)) for row in rows if row.address and row.slot.isdecimal())

    async def _forget(self) -> None:
        await self._journal.withdraw(orders.of_server(await self._journal.orders(), self._hosts.server))
