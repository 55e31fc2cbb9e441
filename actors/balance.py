"""Evens out the slots among the hosts of all servers: a server whose host has few asks a host that has many for one.

Each server looks for itself, so nobody has to lead. One slot at a time: it stands still for the moment of the move.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Protocol

import structlog

from actors.owners import actor_of
from actors.router import Router
from domain.errors import Unavailable
from storage.ports import SlotRow

log = structlog.get_logger()

LOOK_S = 1.0


class Hosts(Protocol):
    """This server and its hosts."""

    server: str

    def ready(self, kind: str) -> Collection[str]:
        """The names of the hosts of a kind that could take a slot now."""


def wanted(rows: Sequence[SlotRow], ours: Collection[str], chance: random.Random) -> str | None:
    """The slot to ask for: one of the host that has most, if that has at least two more than the least busy of ours."""
    owners = {row.slot: actor_of(row) for row in rows if row.address and row.slot.isdecimal()}
    counts = Counter(owners.values())
    if not counts or not ours:
        return None
    host, most = counts.most_common(1)[0]
    if most - min(counts[name] for name in ours) < 2:
        return None
    return chance.choice([slot for slot, owner in owners.items() if owner == host])


async def keep_balanced(kind: str, router: Router, hosts: Hosts) -> None:
    """Look now and then, for ever."""
    chance = random.Random(hosts.server)
    while True:
        await asyncio.sleep(LOOK_S)
        try:
            slot = wanted(await router.journal.slots(kind), hosts.ready(kind), chance)
        except Unavailable:
            continue
        if slot is not None:
            log.info("slot_wanted", kind=kind, slot=slot)
            router.ask_for(kind, slot, hosts.server)
