"""The only module that imports Ray: starts or joins a cluster, places hosts, and knows which of them live.

Ray places, starts, supervises and restarts the host processes. Messages never pass through here, and who owns what is not
decided here (`owners`). There is at least one host more than slots, a standby: when an owner dies, the standby claims its slot
in milliseconds, and Ray's restarted process becomes the next standby.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import os
import secrets
import shutil
import socket
from collections.abc import Callable
from typing import Any

import msgspec
import psutil
import ray
import structlog
from ray._private import services
from ray.exceptions import ActorDiedError, RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from actors import blocking, orders, processes, reaper
from actors.cluster_config import ClusterConfig
from actors.host_process import HostProcess
from actors.link import Owner
from actors.owners import Owners, actor_of, place_of
from actors.placement import Placement, dedicated_actor
from actors.ray_link import RayWire
from actors.socket_link import client_tls
from actors.socket_link import connect as connect_socket
from storage.ports import Journal, SlotRow

log = structlog.get_logger()

NAMESPACE = "causerie"
CALL_S = 3.0
START_S = 30.0
ASK_S = 1.0
OBJECT_STORE_BYTES = 80_000_000
WATCH_S = 1.0
VITAL = ("raylet", "gcs_server")

_REMOTE = {"max_restarts": -1, "max_task_retries": 0, "max_concurrency": 10_000}
_QUIET: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.WARNING, "configure_logging": False}
#: A joined cluster's head has no processors and so gets no host; on our own one node there is nowhere else to go.
JOINED_CPUS = 0.01


class ConversationHost(HostProcess):
    """The host process of the kind `conversation`, by the name that `ps` shows."""

    def node_address(self) -> str:
        return str(ray.util.get_node_ip_address())  # type: ignore[no-untyped-call]


HOSTS: dict[str, type[HostProcess]] = {"conversation": ConversationHost}


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
            await asyncio.wait_for(self._handle.stop.remote(), CALL_S)

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
                return await blocking.result(_working_nodes)
            except RayError as error:
                log.warning("nodes_unknown", error=type(error).__name__)
                await asyncio.sleep(WATCH_S)

    def place(self, node: str, first: bool) -> _RayGateway:
        where = {"num_cpus": 0, "scheduling_strategy": NodeAffinitySchedulingStrategy(node, soft=False)}
        actor: Any = ray.remote(Gateway)
        return _RayGateway(actor.options(**where, **_REMOTE).remote(self._entry, self._first if first else self._other))


class _RayHost:
    """One host process of this server, as a Ray actor. Implements `HostHandle`."""

    def __init__(self, name: str, create: Callable[[], Any], placement: Placement) -> None:
        """`create` makes the actor. It blocks while the cluster's head is away."""
        self.name, self._create = name, create
        self.handle: Any = None
        self._placement = msgspec.msgpack.encode(placement)
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
                told = await asyncio.wait_for(self.handle.warm.remote(), START_S)
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
            call = self.handle.claim.remote(self.name, row.kind, row.slot, row.generation, self._placement)
            generation = int(await asyncio.wait_for(call, CALL_S))
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
            await asyncio.wait_for(self.handle.drain.remote(), CALL_S)

    def end(self) -> None:
        """For good. An actor that is not there yet ends by itself, since nobody has a handle of it."""
        if self.handle is not None:
            ray.kill(self.handle)


class Cluster:
    """The hosts of one server. A `Locator` for its router, and the `Hosts` of its `Owners`."""

    def __init__(self, config: ClusterConfig, journal: Journal, mark: str = "", folder: str = "") -> None:
        """`mark` and `folder` are those of `ray_environment.prepare()`, for a cluster of our own."""
        self.config = config
        self.sick: str | None = "starting"
        self.server = secrets.token_hex(4)
        self._owners = Owners(journal, self, self.server)
        self._mark, self._folder = mark, folder
        self._reaper: Any = None
        self._hosts: dict[str, list[_RayHost]] = {}
        self._placements: dict[str, Placement] = {}
        self._watcher: asyncio.Task[None] | None = None
        self._standing_by: asyncio.Task[None] | None = None
        self._started = asyncio.Event()
        self._tls = client_tls(config.host.tls.authority) if config.host.tls else None
        self._handles = blocking.Found(_named, ASK_S)

    async def start(self) -> None:
        """Start or join Ray."""
        if self.config.address is None:
            self._reaper = reaper.start(self._mark, self._folder)
        if not self.config.inside:
            await asyncio.to_thread(self._init)

    def place(self, placements: dict[str, Placement]) -> None:
        """Place the hosts; they warm up by themselves. `placements` is how the actors of each kind are split among slots."""
        self._placements = placements
        self._place()
        self.sick = None
        self._started.set()
        self._watcher = asyncio.create_task(self._watch(), name="cluster-watch")

    def _init(self) -> None:
        """Blocking; in a thread of its own, so that sockets are answered meanwhile."""
        own: dict[str, Any] = {
            "address": "local",
            "num_cpus": 1,
            "include_dashboard": False,
            "object_store_memory": OBJECT_STORE_BYTES,
            "_temp_dir": self._folder,
            "_node_ip_address": "127.0.0.1",
        }
        if self.config.address is None:
            # Ray takes the machine's public address for loopback and then listens on all; nobody else is to reach this cluster.
            services.resolve_ip_for_localhost = _as_given
        where = own if self.config.address is None else {"address": self.config.address}
        ray.init(**where, namespace=NAMESPACE, **_QUIET)

    def _place(self) -> None:
        for kind, count in self.config.hosts.items():
            self._hosts[kind] = [self._create(kind, f"{kind}-{n}") for n in range(count)]
        self._standing_by = asyncio.create_task(self._add_standbys(), name="standbys")

    async def _add_standbys(self) -> None:
        """Once the hosts are there: a start takes seconds of a processor, and the first message should not wait for those in reserve."""
        for hosts in self._hosts.values():
            for host in hosts:
                await host.warm.wait()
        for kind, hosts in self._hosts.items():
            if kind in self.config.hosts:
                hosts += [self._create(kind, f"{kind}-standby-{n}") for n in range(self.config.standbys)]

    def _create(self, kind: str, name: str) -> _RayHost:
        """A new host actor."""
        unique = orders.host_name(name, self.server, secrets.token_hex(4))
        own = self.config.address is None and not self.config.inside

        def create() -> Any:
            actor: Any = ray.remote(HOSTS[kind])
            where = {"num_cpus": 0} if own else _where()
            return actor.options(name=unique, **where, **_REMOTE).remote(msgspec.msgpack.encode(self.config.host))

        host = _RayHost(unique, create, self._placements[kind])
        host.start()
        return host

    def _all(self) -> list[_RayHost]:
        return [host for hosts in self._hosts.values() for host in hosts]

    async def close(self) -> None:
        """Drain every host, end Ray if it is this process's own, and leave nothing running."""
        for task in (self._watcher, self._standing_by):
            if task is not None:
                task.cancel()
        for host in self._all():
            host.forget()
        await asyncio.gather(*(host.drain() for host in self._all() if host.slots))
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        if self.config.inside:
            for host in self._all():
                host.end()
            return
        ray.shutdown()
        if self._reaper is not None:
            reaper.reap(self._mark, self._folder, frozenset({self._reaper.pid, os.getpid()}))
            self._reaper.communicate(b"ended well")
            shutil.rmtree(self._folder, ignore_errors=True)

    # -- Locator

    async def owner(self, kind: str, slot: str, lost: int) -> Owner:
        await self._started.wait()
        return await self._owners.owner(kind, slot, lost)

    async def silent(self, kind: str, slot: str, generation: int) -> None:
        await self._owners.silent(kind, slot, generation)

    async def release(self, kind: str, slot: str) -> None:
        """Give up the host of one actor that has been idle."""
        for host in self._hosts.pop(f"{kind}:{slot}", []):
            await host.drain()
            host.forget()
            blocking.begin(host.end)

    async def connect(self, address: str, attach: Callable[..., Any]) -> None:
        """Open the wire to a host (`Connect`)."""
        if address.startswith("ray:"):
            await _connect_by_calls(self._handles, address, attach)
        else:
            await connect_socket(address, attach, tls=self._tls)

    # -- Hosts

    def candidates(self, kind: str, slot: str) -> list[_RayHost]:
        """Those that are warm. For an actor of its own, the host that was made for it, made now if need be."""
        actor = dedicated_actor(kind, slot)
        hosts = self._hosts.setdefault(kind if actor is None else f"{kind}:{slot}", [])
        if actor is not None and not hosts:
            hosts.append(self._create(kind, f"{kind}:{slot}"))
        return sorted((host for host in hosts if host.warm.is_set()), key=lambda host: len(host.slots))

    def ready(self, kind: str) -> list[str]:
        return [host.name for host in self._hosts.get(kind, ()) if host.warm.is_set()]

    async def lives(self, row: SlotRow) -> bool | None:
        node, pid = place_of(row)
        lives = _is_host(pid) if node == socket.gethostname() else await _owns(self._handles, row)
        for host in self._all():
            host.note(row, lives)
        return lives

    def reach(self, row: SlotRow) -> str:
        return row.address

    async def end(self, row: SlotRow) -> None:
        """By its pid on this node, whichever Ray has started it; elsewhere by Ray. Ray starts the next by itself."""
        node, pid = place_of(row)
        if node == socket.gethostname() and _is_host(pid):
            with contextlib.suppress(psutil.NoSuchProcess):
                psutil.Process(pid).kill()
        else:
            with contextlib.suppress(ValueError, RayError, TimeoutError):
                handle = await self._handles.named(actor_of(row))
                await blocking.result(lambda: ray.kill(handle, no_restart=False), CALL_S)

    # -- health

    async def statuses(self) -> list[dict[str, Any]]:
        """What every host process that answers within a second says of itself and of each slot that it owns."""
        calls = [host.handle.status.remote() for host in self._all() if host.handle is not None]
        found: list[dict[str, Any]] = []
        for call in calls:
            with contextlib.suppress(RayError, TimeoutError):
                found.append(await asyncio.wait_for(call, 1.0))
        return found

    async def _watch(self) -> None:
        """A cluster of our own whose raylet or GCS dies is started anew; hosts, links and subscriptions follow by themselves."""
        if self.config.address is not None or self.config.inside:
            return
        vital = processes.descendants(VITAL)
        while True:
            await asyncio.sleep(WATCH_S)
            if len(vital) >= 2 and all(process.is_running() and process.status() != "zombie" for process in vital):
                continue
            self.sick = "ray"
            log.error("ray_died", alive=[process.pid for process in vital if process.is_running()])
            with contextlib.suppress(Exception):
                await self._start_anew()
                vital = processes.descendants(VITAL)
                self.sick = None

    async def _start_anew(self) -> None:
        """Every handle is forgotten before Ray ends: those of its next life are others."""
        self._started.clear()
        if self._standing_by is not None:
            self._standing_by.cancel()
        for host in self._all():
            host.forget()
        self._hosts.clear()
        self._handles.forget()
        await asyncio.to_thread(self._restart)
        self._place()
        self._started.set()

    def _restart(self) -> None:
        ray.shutdown()
        reaper.reap(self._mark, self._folder, frozenset({self._reaper.pid, os.getpid()}))
        self._init()


class Guest:
    """Finds the hosts that the servers of this installation have placed, and places none: for programs in the cluster.

    A `Locator`, and the `Hosts` of its `Owners`. Links go by Ray calls, since a program may run on any node.
    """

    def __init__(self, journal: Journal, address: str) -> None:
        self._owners, self._address = Owners(journal, self, "guest"), address
        self._handles = blocking.Found(_named, ASK_S)

    async def start(self) -> None:
        """Join Ray. In an environment that `ray_environment.join()` has prepared."""
        await asyncio.to_thread(lambda: ray.init(self._address, namespace=NAMESPACE, **_QUIET))

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
        await _connect_by_calls(self._handles, address, attach)

    def candidates(self, kind: str, slot: str) -> list[_RayHost]:
        return []

    async def lives(self, row: SlotRow) -> bool | None:
        return bool(await _owns(self._handles, row))

    def reach(self, row: SlotRow) -> str:
        return f"ray:{actor_of(row)}"

    async def end(self, row: SlotRow) -> None:
        """Never asked for."""


async def _owns(handles: blocking.Found[Any], row: SlotRow) -> bool | None:
    """What the owner says of itself; False when it is dead, None when it is out of reach, starts again, or is of another Ray."""
    try:
        call = (await handles.named(actor_of(row))).owns.remote(row.kind, row.slot, row.generation)
        return bool(await asyncio.wait_for(call, ASK_S))
    except ActorDiedError:
        return False
    except (ValueError, RayError, TimeoutError):
        return None


def _is_host(pid: int) -> bool:
    return processes.lives(pid, [host.__name__ for host in HOSTS.values()])


def _where() -> dict[str, Any]:
    """Where the hosts of a server that has joined a cluster go: to its own node, or, if that is one without work, to all others."""
    node = ray.get_runtime_context().get_node_id()
    strategy = NodeAffinitySchedulingStrategy(node, soft=True) if node in _working_nodes() else "SPREAD"
    return {"num_cpus": JOINED_CPUS, "scheduling_strategy": strategy}


def _working_nodes() -> set[str]:
    """Nodes that are alive and have processors; a head without work has none."""
    return {each["NodeID"] for each in ray.nodes() if each["Alive"] and each["Resources"].get("CPU")}  # type: ignore[no-untyped-call]


async def _connect_by_calls(handles: blocking.Found[Any], address: str, attach: Callable[..., Any]) -> None:
    try:
        handle = await handles.named(address.removeprefix("ray:"))
    except (ValueError, RayError) as error:
        raise ConnectionError(f"no host {address}") from error
    RayWire(_Calls(handle), (RayError, ConnectionError)).open(attach)


def _named(name: str) -> Any:
    """The handle of a host actor. Blocking. Raises `ValueError` when there is none."""
    return ray.get_actor(name, NAMESPACE)


def _as_given(host: str) -> Any:
    return host


class _Calls:
    """The calls of a Ray handle, by the names of `ray_link.Calls`."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    async def push(self, line: str, data: bytes) -> None:
        await self._handle.push.remote(line, data)

    async def pull(self, line: str) -> bytes:
        return bytes(await self._handle.pull.remote(line))
