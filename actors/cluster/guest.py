"""For programs in the cluster: reaches the hosts of servers that run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import ray

from actors.cluster.calls import NAMESPACE, QUIET, Wires, owns
from actors.cluster.hosts import RayHost
from actors.link import Owner
from actors.owners import Owners, actor_of
from storage.ports import Journal, SlotRow


class Guest:
    """Finds the hosts that the servers of this installation have placed, and places none: for programs in the cluster.

    A `Locator`, and the `Hosts` of its `Owners`. Links go by Ray calls, since a program may run on any node.
    """

    def __init__(self, journal: Journal, address: str) -> None:
        self._owners, self._address = Owners(journal, self, "guest"), address
        self._wires = Wires()

    async def start(self) -> None:
        """Join Ray. In an environment that `ray_environment.join()` has prepared."""
        await asyncio.to_thread(lambda: ray.init(self._address, namespace=NAMESPACE, **QUIET))

    async def close(self) -> None:
        await asyncio.to_thread(ray.shutdown)

    async def owner(self, kind: str, slot: str, lost: int) -> Owner:
        """A dead owner is replaced by a server; this waits for it."""
        return await self._owners.owner(kind, slot, lost)

    async def silent(self, kind: str, slot: str, generation: int) -> None:
        """Ending a silent host is the servers' business, which hear the same silence."""

    async def release(self, kind: str, slot: str) -> None:
        """Hosts are the servers'."""

    async def connect(self, address: str, attach: Callable[..., Any]) -> None:
        await self._wires.connect(address, attach)

    def candidates(self, kind: str, slot: str) -> list[RayHost]:
        return []

    async def lives(self, row: SlotRow) -> bool | None:
        return bool(await owns(self._wires.handles, row))

    def reach(self, row: SlotRow) -> str:
        return f"ray:{actor_of(row)}"

    async def end(self, row: SlotRow) -> None:
        """Never asked for."""
