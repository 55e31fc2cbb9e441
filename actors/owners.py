"""Finds the owners of slots, and sees to it that there are some. The slot table is the directory; Ray is asked only who lives.

Several servers may serve one installation, each with hosts of its own. All read the same table and reach each other's hosts by
it; whoever finds an owner dead lets one of its own hosts claim the slot, and the expected generation makes that a race with
one winner. Never imports Ray: `Hosts` is the port to those processes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog

from actors import orders
from actors.link import Owner
from domain.errors import Unavailable
from storage.ports import Journal, SlotRow

log = structlog.get_logger()

FAILOVER_S = 20.0
LOOK_S = 0.02
RESERVED_S = 1.0
"""So long a slot that was given up for a server waits for that server, and one that nobody owns for a host that is not drained; then
whoever needs it claims it."""

_RESERVED = "for "


class HostHandle(Protocol):
    """One host process of this server."""

    name: str

    async def claim(self, row: SlotRow) -> int:
        """Let it claim the slot of this row. Its new generation; 0 when another was quicker, or the process does not answer."""


class Hosts(Protocol):
    """The host processes, as far as this server can tell."""

    def candidates(self, kind: str, slot: str) -> Sequence[HostHandle]:
        """This server's own that may claim the slot now, those with the fewest slots first."""

    async def lives(self, row: SlotRow) -> bool | None:
        """Whether the owner's process is there, wherever it is; None when nobody can tell."""

    def reach(self, row: SlotRow) -> str:
        """The address by which this server opens a link to the owner."""

    async def end(self, row: SlotRow) -> None:
        """End the owner's process: stopped, it would hold locks."""


def reserved_for(server: str) -> str:
    """What stands in the place of the owner of a slot that was given up for a server."""
    return _RESERVED + server


def actor_of(row: SlotRow) -> str:
    """The name of the owner's Ray actor."""
    return row.owner.partition(" ")[0]


def place_of(row: SlotRow) -> tuple[str, int]:
    """(node, pid) of the owner."""
    node, _, pid = row.owner.partition(" ")[2].rpartition("/")
    return node, int(pid) if pid.isdecimal() else 0


class Owners:
    """Implements `Locator` over the slot table and the hosts."""

    def __init__(self, journal: Journal, hosts: Hosts, server: str) -> None:
        """`server` is this server's name: slots that were given up for it are its own."""
        self._journal, self._hosts, self._server = journal, hosts, server
        self._locks: dict[tuple[str, str], asyncio.Lock] = {}

    async def owner(self, kind: str, slot: str, lost: int) -> Owner:
        """As `Locator.owner`. Raises `Unavailable` when there is no host that could take over."""
        loop = asyncio.get_running_loop()
        until, patient_until = loop.time() + FAILOVER_S, loop.time() + RESERVED_S
        async with self._locks.setdefault((kind, slot), asyncio.Lock()):
            while loop.time() < until:
                row = await self._row(kind, slot)
                if row.address and await self._usable(row, lost):
                    return Owner(row.generation, self._hosts.reach(row), row.token)
                impatient = patient_until < loop.time()
                if self._may_claim(row, impatient) and await self._claimed(row, lost, impatient):
                    continue
                await asyncio.sleep(LOOK_S)
        raise Unavailable("unavailable", "No host could take over", 1.0)

    async def silent(self, kind: str, slot: str, generation: int) -> None:
        row = await self._row(kind, slot)
        if row.generation == generation and row.address:
            log.warning("host_ended", kind=kind, slot=slot, generation=generation, owner=row.owner)
            await self._hosts.end(row)

    async def _row(self, kind: str, slot: str) -> SlotRow:
        rows = await self._journal.slots(kind, slot)
        return rows[0] if rows else SlotRow(kind, slot, 0, "", "")

    async def _usable(self, row: SlotRow, lost: int) -> bool:
        """A link that broke is no death: its owner is asked for. One that nobody can ask is believed until its link breaks."""
        lives = await self._hosts.lives(row)
        return row.generation > lost if lives is None else lives

    def _may_claim(self, row: SlotRow, impatient: bool) -> bool:
        return impatient or not row.owner.startswith(_RESERVED) or row.owner == reserved_for(self._server)

    async def _claimed(self, row: SlotRow, lost: int, impatient: bool) -> bool:
        """Those that are drained come last, when nobody else has come: better there than nowhere."""
        hosts = self._hosts.candidates(row.kind, row.slot)
        if hosts and not impatient:
            drained = orders.drained_of(await self._journal.orders())
            hosts = [host for host in hosts if not orders.is_drained(host.name, drained)]
        for host in hosts:
            generation = await host.claim(row)
            if generation:
                log.info("slot_owner", kind=row.kind, slot=row.slot, generation=generation, lost=lost, host=host.name)
                return True
        return False
