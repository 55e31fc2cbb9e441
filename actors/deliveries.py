"""Effects between kinds: how a host process says them to actors of other kinds, wherever those live.

An effect is said to the actor of the same app that it names. Its key is made of the effect's id, which is given once in an
installation and never again; keys of other senders are not negative. So it takes effect once however often it is said.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from actors import orders
from actors.effects import Deliver
from actors.host import Clock, SystemClock
from actors.link import OnAnswer, Owner
from actors.placement import dedicated_actor
from actors.router import Router, bytes_digest
from domain.errors import Unavailable
from storage.ports import EffectRow, Journal, SlotRow

log = structlog.get_logger()

TIMEOUT_S = 30.0
OPEN_LOOK_S = 1.0
PATIENCE_S = 20.0
SAME_AGAIN_S = 0.5
"""An owner whose link broke may live: when nobody follows it for so long, it is tried again."""
LOOK_S, LONGEST_LOOK_S = 0.02, 0.5


def over(router: Router) -> Deliver:
    """The way by a router."""

    def deliver(effect: EffectRow, on_answer: OnAnswer) -> None:
        router.send(effect.receiver, effect.payload, -1 - effect.id, bytes_digest(effect.payload), on_answer, timeout_s=TIMEOUT_S)

    return deliver


class Finder:
    """A `Locator` that only reads the slot table: it claims nothing, ends nobody, and waits for the servers to do so.

    Shared slots always have an owner, or will have. The host of one actor alone is there while a gateway needs it: where there is
    none, the servers are asked to bring it (`Opener`).
    """

    def __init__(self, journal: Journal, clock: Clock | None = None) -> None:
        self._journal, self._clock = journal, clock or SystemClock()

    async def owner(self, kind: str, slot: str, lost: int) -> Owner:
        loop = asyncio.get_running_loop()
        begun, pause_s, asked = loop.time(), LOOK_S, dedicated_actor(kind, slot) is None
        while loop.time() - begun < PATIENCE_S:
            row, late = await self._row(kind, slot), loop.time() - begun > SAME_AGAIN_S
            if late and not asked:
                asked = True
                await self._journal.order(orders.open_slot(kind, slot), self._clock.now_ms())
            if row.address and (row.generation > lost or late):
                return Owner(row.generation, row.address, row.token)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.5, LONGEST_LOOK_S)
        raise Unavailable("unavailable", "The actor has no host now", 1.0)

    async def _row(self, kind: str, slot: str) -> SlotRow:
        rows = await self._journal.slots(kind, slot)
        return rows[0] if rows else SlotRow(kind, slot, 0, "", "")

    async def release(self, kind: str, slot: str) -> None:
        """Hosts are the servers'."""

    async def silent(self, kind: str, slot: str, generation: int) -> None:
        """Ending a silent host is the servers' business, which hear the same silence."""


class Opener:
    """A server's share in bringing the hosts of single actors that other hosts wait for."""

    def __init__(self, journal: Journal, open_slot: Callable[[str, str], object]) -> None:
        """`open_slot(kind, slot)` opens a link, which brings the host, and lets it go when nobody needs it any more."""
        self._journal, self._open_slot = journal, open_slot

    async def run(self) -> None:
        """Look now and then, until cancelled. Two servers that see an order at once do no harm: one of their hosts gets the slot."""
        while True:
            with contextlib.suppress(Unavailable):
                for kind, slot in orders.to_open(await self._journal.orders()):
                    await self._journal.withdraw([orders.open_slot(kind, slot)])
                    log.info("slot_opened", kind=kind, slot=slot)
                    self._open_slot(kind, slot)
            await asyncio.sleep(OPEN_LOOK_S)
