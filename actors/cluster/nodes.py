"""Gateway processes as Ray actors, and the nodes that they may be on."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from typing import Any

import ray
import structlog
from ray.exceptions import RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from actors import blocking
from actors.cluster.calls import CALL_S, REMOTE

log = structlog.get_logger()

ASK_AGAIN_S = 1.0


class Gateway:
    """A gateway process, by the name that `ps` shows. What it runs is named, so that nothing of it is imported here."""

    def __init__(self, entry: str, settings: bytes) -> None:
        self._entry, self._settings = entry, settings
        self._running: Any = None

    async def serve(self) -> None:
        module, _, name = self._entry.partition(":")
        self._running = getattr(importlib.import_module(module), name)(self._settings)
        await self._running.run()

    async def stop(self) -> None:
        if self._running is not None:
            self._running.stop()


class _RayGateway:
    """Implements `GatewayHandle`."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    async def serve(self) -> None:
        try:
            await self._handle.serve.remote()
        except RayError as error:
            raise ConnectionError(type(error).__name__) from error

    async def stop(self) -> None:
        with contextlib.suppress(RayError, TimeoutError):
            await blocking.within(CALL_S, self._handle.stop.remote())

    def end(self) -> None:
        blocking.begin(lambda: ray.kill(self._handle))


class RayNodes:
    """Implements `Nodes`. `entry` is the `module:class` that a gateway runs, with the settings of the first on a node and of the others."""

    def __init__(self, entry: str, first: bytes, other: bytes) -> None:
        self._entry, self._first, self._other = entry, first, other

    def here(self) -> str:
        return str(ray.get_runtime_context().get_node_id())

    async def working(self) -> set[str]:
        """Asked until there is an answer: the head may be away."""
        while True:
            try:
                return await blocking.result(working_nodes)
            except RayError as error:
                log.warning("nodes_unknown", error=type(error).__name__)
                await asyncio.sleep(ASK_AGAIN_S)

    def place(self, node: str, first: bool) -> _RayGateway:
        where = {"num_cpus": 0, "scheduling_strategy": NodeAffinitySchedulingStrategy(node, soft=False)}
        actor: Any = ray.remote(Gateway)
        return _RayGateway(actor.options(**where, **REMOTE).remote(self._entry, self._first if first else self._other))


def working_nodes() -> set[str]:
    """Nodes that are alive and have processors; a head without work has none."""
    return {each["NodeID"] for each in ray.nodes() if each["Alive"] and each["Resources"].get("CPU")}  # type: ignore[no-untyped-call]
