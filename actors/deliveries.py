"""Effects between kinds: how a host process says them to actors of other kinds, wherever those live.

An effect is said to the actor with the same app and id. Its key is made of the effect's id, which is given once in an
installation and never again; keys of other senders are not negative. So it takes effect once however often it is said.
"""

from __future__ import annotations

import asyncio

from actors.effects import Deliver
from actors.link import OnAnswer, Owner
from actors.router import Router, bytes_digest
from domain.errors import Unavailable
from storage.ports import ActorId, EffectRow, Journal, SlotRow

TIMEOUT_S = 30.0
PATIENCE_S = 20.0
SAME_AGAIN_S = 0.5
"""An owner whose link broke may live: when nobody follows it for so long, it is tried again."""
LOOK_S, LONGEST_LOOK_S = 0.02, 0.5


def over(router: Router) -> Deliver:
    """The way by a router."""

    def deliver(effect: EffectRow, on_answer: OnAnswer) -> None:
        actor = ActorId(effect.target, effect.actor.app, effect.actor.id)
        router.send(actor, effect.payload, -1 - effect.id, bytes_digest(effect.payload), on_answer, timeout_s=TIMEOUT_S)

    return deliver


class Finder:
    """A `Locator` that only reads the slot table: it claims nothing, ends nobody, and waits for the servers to do so."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def owner(self, kind: str, slot: str, lost: int) -> Owner:
        loop = asyncio.get_running_loop()
        begun, pause_s = loop.time(), LOOK_S
        while loop.time() - begun < PATIENCE_S:
            row = await self._row(kind, slot)
            if row.address and (row.generation > lost or loop.time() - begun > SAME_AGAIN_S):
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
