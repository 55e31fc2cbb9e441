"""The hosts of one server: starts or joins a Ray cluster, places them, and knows which of them live.

Who owns what is not decided here (`owners`). With a standby there is a host more than slots: when an owner dies, the standby
claims its slot in milliseconds, and Ray's restarted process becomes the next standby. Without one the restarted process claims it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import psutil
import ray
import structlog
from ray.exceptions import RayError

from actors import blocking, orders, processes, reaper
from actors.cluster import own_ray
from actors.cluster.calls import CALL_S, NAMESPACE, QUIET, REMOTE, Wires, owns
from actors.cluster.hosts import HOSTS, START_S, RayHost, is_host, where
from actors.cluster_config import ClusterConfig
from actors.link import Owner
from actors.owners import Owners, actor_of, place_of
from actors.placement import Placement, dedicated_actor
from actors.socket_link import client_tls
from actors.socket_link import connect as connect_socket
from storage.ports import Journal, SlotRow

log = structlog.get_logger()

WATCH_S = 1.0
VITAL = ("raylet", "gcs_server")


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
        self._hosts: dict[str, list[RayHost]] = {}
        self._placements = b""
        self._ready: Callable[[], Awaitable[object]] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._standing_by: asyncio.Task[None] | None = None
        self._restarting: asyncio.Future[None] | None = None
        self._started = asyncio.Event()
        self._tls = client_tls(config.host.tls.authority) if config.host.tls else None
        self._wires = Wires()

    async def start(self) -> None:
        """Start or join Ray."""
        if self.config.address is None:
            self._reaper = reaper.start(self._mark, self._folder)
        if not self.config.inside:
            await asyncio.to_thread(self._init)

    def place(self, placements: dict[str, Placement], ready: Callable[[], Awaitable[object]] | None = None) -> None:
        """Place the hosts; they warm up by themselves. `placements` is how the actors of each kind are split among slots. What is not of
        the first kind waits for `ready`."""
        self._placements, self._ready = msgspec.msgpack.encode(placements), ready
        self._place()
        self.sick = None
        self._started.set()
        self._watcher = asyncio.create_task(self._watch(), name="cluster-watch")

    def _init(self) -> None:
        """Blocking; in a thread of its own, so that sockets are answered meanwhile."""
        if self.config.address is None:
            own_ray.start(self._folder)
        else:
            ray.init(address=self.config.address, namespace=NAMESPACE, **QUIET)

    def _place(self) -> None:
        self._standing_by = asyncio.create_task(self._place_in_order(), name="hosts")

    async def _place_in_order(self) -> None:
        """Kind by kind, and those in reserve last: a start takes seconds of a processor, and the first message should not wait for them."""
        for n, (kind, wanted) in enumerate(self.config.kinds.items()):
            if n and self._ready is not None:
                await self._ready()
            hosts = self._hosts[kind] = [self._create(kind, f"{kind}-{number}") for number in range(wanted.count)]
            for host in hosts:
                await host.warm.wait()
        for kind, wanted in self.config.kinds.items():
            self._hosts[kind] += [self._create(kind, f"{kind}-standby-{n}") for n in range(wanted.standbys)]

    def _create(self, kind: str, name: str) -> RayHost:
        """A new host actor."""
        unique = orders.host_name(name, self.server, secrets.token_hex(4))
        own = self.config.address is None and not self.config.inside

        def create() -> Any:
            actor: Any = ray.remote(HOSTS[kind])
            options = {"num_cpus": 0} if own else where()
            return actor.options(name=unique, **options, **REMOTE).remote(msgspec.msgpack.encode(self.config.host))

        host = RayHost(unique, kind, create, self._placements)
        host.start()
        return host

    def _all(self) -> list[RayHost]:
        return [host for hosts in self._hosts.values() for host in hosts]

    async def close(self) -> None:
        """Drain every host, end Ray if it is this process's own, and leave nothing running."""
        for task in (self._watcher, self._standing_by):
            if task is not None:
                task.cancel()
        if self._restarting is not None:  # Ray cannot be ended while it starts
            await asyncio.wait([self._restarting], timeout=START_S)
        for host in self._all():
            host.forget()
        await asyncio.gather(*(host.drain() for host in self._all() if host.slots))
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        if self.config.inside:
            for host in self._all():
                host.end()
            return
        if self._reaper is None:
            ray.shutdown()
        else:
            self._shut_down()
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
            await self._wires.connect(address, attach)
        else:
            await connect_socket(address, attach, tls=self._tls)

    # -- Hosts

    def candidates(self, kind: str, slot: str) -> list[RayHost]:
        """Those that are warm. For an actor of its own, the host that was made for it, made now if need be."""
        actor = dedicated_actor(kind, slot)
        hosts = self._hosts.setdefault(kind if actor is None else f"{kind}:{slot}", [])
        if actor is not None and not hosts:
            hosts.append(self._create(kind, f"{kind}:{slot}"))
        return sorted((host for host in hosts if host.warm.is_set()), key=lambda host: len(host.slots))

    def ready(self, kind: str) -> list[str]:
        return [host.name for host in self._hosts.get(kind, ()) if host.warm.is_set()]

    def pooled(self, kind: str) -> list[str] | None:
        return [host.name for host in self._hosts.get(kind, ())] if self._standing_by is not None and self._standing_by.done() else None

    def standbys(self, kind: str) -> int:
        return self.config.kinds[kind].standbys

    def add(self, kind: str, count: int) -> None:
        self._hosts[kind] += [self._create(kind, f"{kind}-more-{n}") for n in range(count)]

    def remove(self, kind: str, name: str) -> None:
        for host in [one for one in self._hosts[kind] if one.name == name]:
            self._hosts[kind].remove(host)
            host.forget()
            blocking.begin(host.end)

    async def lives(self, row: SlotRow) -> bool | None:
        node, pid = place_of(row)
        lives = is_host(pid) if node == socket.gethostname() else await owns(self._wires.handles, row)
        for host in self._all():
            host.note(row, lives)
        return lives

    def reach(self, row: SlotRow) -> str:
        return row.address

    async def end(self, row: SlotRow) -> None:
        """By its pid on this node, whichever Ray has started it; elsewhere by Ray. Ray starts the next by itself."""
        node, pid = place_of(row)
        if node == socket.gethostname() and is_host(pid):
            with contextlib.suppress(psutil.NoSuchProcess):
                psutil.Process(pid).kill()
        else:
            with contextlib.suppress(ValueError, RayError, TimeoutError):
                handle = await self._wires.handles.named(actor_of(row))
                await blocking.result(lambda: ray.kill(handle, no_restart=False), CALL_S)

    # -- health

    async def statuses(self) -> list[dict[str, Any]]:
        """What every host process that answers within a second says of itself and of each slot that it owns."""
        calls = [(host.kind, host.handle.status.remote()) for host in self._all() if host.handle is not None]
        found: list[dict[str, Any]] = []
        for kind, call in calls:
            with contextlib.suppress(RayError, TimeoutError):
                found.append({"kind": kind, **await blocking.within(1.0, call)})
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
            try:
                await self._start_anew()
            except Exception as error:  # of whatever kind: it is tried again
                log.error("ray_not_started", error=type(error).__name__)
            else:
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
        await self._wires.close()
        self._restarting = asyncio.ensure_future(asyncio.to_thread(self._restart))
        await asyncio.shield(self._restarting)
        self._wires.reopen()
        self._place()
        self._started.set()

    def _restart(self) -> None:
        blocking.settle(CALL_S)
        self._shut_down()
        self._init()

    def _shut_down(self) -> None:
        """End our own Ray, and whatever it does not end itself."""
        below = psutil.Process().children(recursive=True)
        ray.shutdown()
        reaper.reap(self._mark, self._folder, frozenset({self._reaper.pid, os.getpid()}), known=below)
