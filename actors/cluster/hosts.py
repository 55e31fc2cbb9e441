"""Host processes as Ray actors: one class for each kind, and the server's hold of one of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import ray
import structlog
from ray.exceptions import RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from actors import blocking, processes
from actors.cluster.calls import CALL_S, Wires
from actors.cluster.nodes import working_nodes
from actors.host_process import HostProcess
from actors.owners import actor_of, place_of
from storage.ports import SlotRow

log = structlog.get_logger()

START_S = 30.0
#: A joined cluster's head has no processors and so gets no host; on our own one node there is nowhere else to go.
JOINED_CPUS = 0.01


class _OnRay(HostProcess):
    """A host process that Ray has started."""

    def __init__(self, config: bytes) -> None:
        super().__init__(config)
        self._wires = Wires()

    def node_address(self) -> str:
        return str(ray.util.get_node_ip_address())  # type: ignore[no-untyped-call]

    async def connect(self, address: str, attach: Callable[..., Any]) -> None:
        if address.startswith("ray:"):
            await self._wires.connect(address, attach)
        else:
            await super().connect(address, attach)


class ConversationHost(_OnRay):
    """The host process of the kind `conversation`, by the name that `ps` shows."""


class BotHost(_OnRay):
    """That of the kind `bot`."""


class TicketHost(_OnRay):
    """That of the kind `ticket`."""


class AssignmentHost(_OnRay):
    """That of the kind `assignment`."""


HOSTS: dict[str, type[HostProcess]] = {
    "conversation": ConversationHost,
    "bot": BotHost,
    "ticket": TicketHost,
    "assignment": AssignmentHost,
}


class RayHost:
    """One host process of this server, as a Ray actor. Implements `HostHandle`."""

    def __init__(self, name: str, kind: str, create: Callable[[], Any], placements: bytes) -> None:
        """`create` makes the actor. It blocks while the cluster's head is away. `placements` is what a claim needs (msgpack)."""
        self.name, self.kind, self._create = name, kind, create
        self.handle: Any = None
        self._placements = placements
        self.slots: set[tuple[str, str]] = set()
        self.process = ("", 0)
        """(node, pid), of the life in which it was warmed up last."""
        self.warm = asyncio.Event()
        self._warming: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Wait, in the background, until the process has started, or started again, and has opened what it needs."""
        if self._warming is None or self._warming.done():
            self.warm.clear()
            self.slots.clear()
            self._warming = asyncio.create_task(self._warm())

    async def _warm(self) -> None:
        while not self.warm.is_set():
            try:
                self.handle = self.handle or await blocking.result(self._create)
                told = await blocking.within(START_S, self.handle.warm.remote())
                self.process = (told["node"], told["pid"])
                self.warm.set()
            except (RayError, TimeoutError) as error:
                log.info("host_not_ready", host=self.name, error=type(error).__name__)
                await asyncio.sleep(0.1)

    def forget(self) -> None:
        if self._warming is not None:
            self._warming.cancel()

    async def claim(self, row: SlotRow) -> int:
        try:
            call = self.handle.claim.remote(self.name, row.kind, row.slot, row.generation, self._placements)
            generation = int(await blocking.within(CALL_S, call))
        except (RayError, TimeoutError) as error:
            log.info("host_not_ready", host=self.name, error=type(error).__name__)
            self.start()
            return 0
        return generation

    def note(self, row: SlotRow, lives: bool | None) -> None:
        """What the slot table says now, and whether that owner lives."""
        name = (row.kind, row.slot)
        if actor_of(row) != self.name:
            self.slots.discard(name)
        elif lives is False:
            if place_of(row) == self.process:  # and not the life before, of which the row still tells
                self.start()
        else:
            self.slots.add(name)

    async def drain(self) -> None:
        if self.handle is None:
            return
        with contextlib.suppress(RayError, TimeoutError):
            await blocking.within(CALL_S, self.handle.drain.remote())

    def end(self) -> None:
        """For good. An actor that is not there yet ends by itself, since nobody has a handle of it."""
        if self.handle is not None:
            ray.kill(self.handle)


def is_host(pid: int) -> bool:
    return processes.lives(pid, [host.__name__ for host in HOSTS.values()])


def where() -> dict[str, Any]:
    """Where the hosts of a server that has joined a cluster go: to its own node, or, if that is one without work, to all others."""
    node = ray.get_runtime_context().get_node_id()
    strategy = NodeAffinitySchedulingStrategy(node, soft=True) if node in working_nodes() else "SPREAD"
    return {"num_cpus": JOINED_CPUS, "scheduling_strategy": strategy}
