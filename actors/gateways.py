"""Keeps gateway processes running as actors: several on a node, and, where it is asked for, on every node of the cluster.

Never imports Ray, nor anything of the gateway: `Nodes` starts the actors, and what they run is named by the composition root.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Protocol

import structlog

log = structlog.get_logger()

LOOK_S = 2.0
PAUSE_S = 0.5


class GatewayHandle(Protocol):
    """One gateway process. The failures of its calls are `ConnectionError`s."""

    def serve(self) -> Awaitable[None]:
        """Runs until the gateway is told to stop."""

    def stop(self) -> Awaitable[None]: ...

    def end(self) -> None:
        """For good: it is not started again."""


class Nodes(Protocol):
    """The nodes of the cluster that have work."""

    def here(self) -> str:
        """This process's own node."""

    async def working(self) -> set[str]:
        """Those that are there now, and may have gateways."""

    def place(self, node: str, first: bool) -> GatewayHandle:
        """Start a gateway on a node. The first one there brings hosts."""


class Gateways:
    """The gateways that this server has placed."""

    def __init__(self, nodes: Nodes, each: int, everywhere: bool) -> None:
        """`each` on every node; this process is one of them on its own."""
        self._nodes, self._each, self._everywhere = nodes, each, everywhere
        self._placed: dict[str, list[tuple[GatewayHandle, asyncio.Task[None]]]] = {}

    async def run(self) -> None:
        """Place them, and look now and then for nodes that came or went. Ends when cancelled, and stops them all."""
        here = self._nodes.here()
        self._place(here, self._each - 1, first=False)
        try:
            while True:
                if self._everywhere:
                    self._follow(await self._nodes.working(), here)
                await asyncio.sleep(LOOK_S)
        finally:
            await self._stop(list(self._placed))

    def _follow(self, working: set[str], here: str) -> None:
        for node in sorted(working - set(self._placed)):
            self._place(node, self._each, first=True)
        for node in set(self._placed) - working - {here}:
            log.info("node_gone", node=node)
            for handle, task in self._placed.pop(node):
                task.cancel()
                handle.end()

    def _place(self, node: str, count: int, first: bool) -> None:
        handles = [self._nodes.place(node, first and n == 0) for n in range(count)]
        self._placed[node] = [(handle, asyncio.create_task(_keep(handle))) for handle in handles]
        log.info("gateways_placed", node=node, count=count)

    async def _stop(self, nodes: Sequence[str]) -> None:
        placed = [one for node in nodes for one in self._placed.pop(node)]
        await asyncio.gather(*(handle.stop() for handle, _ in placed), return_exceptions=True)
        for handle, task in placed:
            task.cancel()
            handle.end()


async def _keep(handle: GatewayHandle) -> None:
    """A gateway that died is started again, and has to be told to serve."""
    while True:
        try:
            return await handle.serve()
        except ConnectionError as error:
            log.warning("gateway_lost", error=str(error))
            await asyncio.sleep(PAUSE_S)
