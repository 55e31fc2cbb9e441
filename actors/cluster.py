"""The only module that imports Ray: starts or joins a cluster, places hosts, and finds a new owner for a slot that lost its own.

Ray places, starts, supervises and restarts the host processes. Messages never pass through here. Beside the hosts that own
slots there is a standby: when an owner dies, the standby claims its slot in milliseconds, and Ray's restarted process becomes
the next standby.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import shutil
from collections.abc import Callable
from typing import Any

import msgspec
import psutil
import ray
import structlog
from ray._private import services
from ray.exceptions import RayError

from actors import reaper
from actors.cluster_config import ClusterConfig
from actors.host_process import HostProcess
from actors.link import Owner
from actors.placement import dedicated_actor
from actors.ray_link import RayWire
from actors.socket_link import connect as connect_socket
from domain.errors import Unavailable
from storage.ports import Journal

log = structlog.get_logger()

NAMESPACE = "causerie"
CALL_S = 3.0
START_S = 30.0
FAILOVER_S = 20.0
OBJECT_STORE_BYTES = 80_000_000
WATCH_S = 1.0

_REMOTE = {"max_restarts": -1, "max_task_retries": 0, "max_concurrency": 10_000}
_QUIET: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.WARNING, "configure_logging": False}
#: A joined cluster's head has no processors and so gets no host; on our own one node there is nowhere else to go.
JOINED_CPUS = 0.01


class ConversationHost(HostProcess):
    """The host process of the kind `conversation`, by the name that `ps` shows."""


HOSTS: dict[str, type[HostProcess]] = {"conversation": ConversationHost}


class _Record:
    """One host actor, as this process knows it."""

    def __init__(self, name: str, handle: Any, slot: str | None = None) -> None:
        self.name, self.handle = name, handle
        self.slot = slot
        self.pid = 0
        self.warm = asyncio.Event()
        self.warming: asyncio.Task[None] | None = None


class Cluster:
    """The hosts of an installation. Implements `Locator`."""

    def __init__(self, config: ClusterConfig, mark: str = "", folder: str = "") -> None:
        """`mark` and `folder` are those of `ray_environment.prepare()`, for a cluster of our own."""
        self.config = config
        self.sick: str | None = "starting"
        self._mark, self._folder = mark, folder
        self._reaper: Any = None
        self._records: dict[str, list[_Record]] = {}
        self._owners: dict[tuple[str, str], tuple[Owner, _Record]] = {}
        self._locks: dict[tuple[str, str], asyncio.Lock] = {}
        self._watcher: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._started = asyncio.Event()

    async def start(self) -> None:
        """Start or join Ray, and place the hosts. They warm up by themselves."""
        if self.config.address is None:
            self._reaper = reaper.start(self._mark, self._folder)
        await asyncio.to_thread(self._init)
        self._place()
        self.sick = None
        self._started.set()
        self._watcher = asyncio.create_task(self._watch(), name="cluster-watch")

    def _init(self) -> None:
        """Blocking; in a thread of its own, so that sockets are answered meanwhile."""
        own: dict[str, Any] = {
            "address": "local",
            "num_cpus": 4,
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
        for kind, placement in self.config.placements.items():
            count = placement.slots + self.config.standbys
            self._records[kind] = [self._start(self._create(kind, f"{kind}-{n}")) for n in range(count)]

    def _create(self, kind: str, name: str) -> _Record:
        """A new host actor. The name bears a random part: names are not free at once after a kill."""
        unique = f"{name}#{secrets.token_hex(4)}"
        actor: Any = ray.remote(HOSTS[kind])
        cpus = 0 if self.config.address is None else JOINED_CPUS
        return _Record(unique, actor.options(name=unique, num_cpus=cpus, **_REMOTE).remote(msgspec.msgpack.encode(self.config.host)))

    async def _warm(self, record: _Record) -> None:
        """Wait until a host process has started, or started again, and has opened what it needs."""
        while not record.warm.is_set():
            try:
                record.pid = (await asyncio.wait_for(record.handle.warm.remote(), START_S))["pid"]
                record.warm.set()
            except (RayError, TimeoutError) as error:
                log.info("host_not_ready", host=record.name, error=type(error).__name__)
                await asyncio.sleep(0.1)

    def _start(self, record: _Record) -> _Record:
        if record.warming is None or record.warming.done():
            record.warm.clear()
            record.warming = task = asyncio.create_task(self._warm(record))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return record

    async def close(self) -> None:
        """Drain every host, end Ray if it is this process's own, and leave nothing running."""
        for task in (*self._tasks, *([self._watcher] if self._watcher else [])):
            task.cancel()
        drains = [record.handle.drain.remote() for records in self._records.values() for record in records if record.slot]
        for drain in drains:
            with contextlib.suppress(RayError, TimeoutError):
                await asyncio.wait_for(drain, CALL_S)
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        ray.shutdown()
        if self._reaper is not None:
            reaper.reap(self._mark, self._folder, frozenset({self._reaper.pid, os.getpid()}))
            self._reaper.communicate(b"ended well")
            shutil.rmtree(self._folder, ignore_errors=True)

    # -- Locator

    async def owner(self, kind: str, slot: str, lost: int) -> Owner:
        """The slot's owner with a generation above `lost`; a free host is made its owner if there is none."""
        await self._started.wait()
        async with self._locks.setdefault((kind, slot), asyncio.Lock()):
            known = self._owners.get((kind, slot))
            if known is not None and known[0].generation > lost:
                return known[0]
            if known is not None:
                known[1].slot = None
                self._start(known[1])
                del self._owners[kind, slot]
            return await self._claim(kind, slot, lost)

    async def _claim(self, kind: str, slot: str, lost: int) -> Owner:
        """Ask the free hosts in turn until one has claimed the slot."""
        placement = msgspec.msgpack.encode(self.config.placements[kind])
        loop = asyncio.get_running_loop()
        until = loop.time() + FAILOVER_S
        while loop.time() < until:
            for record in self._candidates(kind, slot):
                owner = await self._try(record, kind, slot, placement)
                if owner is not None:
                    record.slot = slot
                    self._owners[kind, slot] = (owner, record)
                    log.info("slot_owner", kind=kind, slot=slot, generation=owner.generation, lost=lost)
                    return owner
            await asyncio.sleep(0.02)
        raise Unavailable("unavailable", "No host could take over", 1.0)

    def _candidates(self, kind: str, slot: str) -> list[_Record]:
        """Hosts without a slot. For an actor of its own, the host that was made for it, made now if need be."""
        actor = dedicated_actor(kind, slot)
        records = self._records.setdefault(kind if actor is None else f"{kind}:{slot}", [])
        if actor is not None and not records:
            records.append(self._start(self._create(kind, f"{kind}:{slot}")))
        return [record for record in records if record.slot is None and record.warm.is_set()]

    async def _try(self, record: _Record, kind: str, slot: str, placement: bytes) -> Owner | None:
        try:
            told = await asyncio.wait_for(record.handle.claim.remote(record.name, kind, slot, None, placement), CALL_S)
        except (RayError, TimeoutError) as error:
            log.info("host_not_ready", host=record.name, error=type(error).__name__)
            self._start(record)
            return None
        if not told:
            return None
        return msgspec.msgpack.decode(told, type=Owner)

    async def silent(self, kind: str, slot: str, generation: int) -> None:
        """End the process of a silent owner: stopped, it would hold locks. Ray starts the next by itself."""
        known = self._owners.get((kind, slot))
        if known is None or known[0].generation != generation:
            return
        record = known[1]
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(record.pid)
            if any(kind_of.__name__ in part for part in process.cmdline() for kind_of in HOSTS.values()):
                log.warning("host_ended", slot=slot, generation=generation, pid=record.pid)
                process.kill()
                return
        ray.kill(record.handle, no_restart=False)

    async def release(self, kind: str, slot: str) -> None:
        """Give up the host of one actor that has been idle."""
        records = self._records.pop(f"{kind}:{slot}", [])
        self._owners.pop((kind, slot), None)
        for record in records:
            with contextlib.suppress(RayError, TimeoutError):
                await asyncio.wait_for(record.handle.drain.remote(), CALL_S)
            ray.kill(record.handle)

    # -- health

    async def statuses(self) -> list[dict[str, Any]]:
        """What every host that answers within a second says of itself."""
        calls = [record.handle.status.remote() for records in self._records.values() for record in records]
        found = []
        for call in calls:
            with contextlib.suppress(RayError, TimeoutError):
                found.append(await asyncio.wait_for(call, 1.0))
        return found

    async def _watch(self) -> None:
        """A cluster of our own whose raylet or GCS dies is started anew; hosts, links and subscriptions follow by themselves."""
        if self.config.address is not None:
            return
        vital = self._vital()
        while True:
            await asyncio.sleep(WATCH_S)
            if len(vital) >= 2 and all(process.is_running() and process.status() != "zombie" for process in vital):
                continue
            self.sick = "ray"
            log.error("ray_died", alive=[process.pid for process in vital if process.is_running()])
            with contextlib.suppress(Exception):
                await self._start_anew()
                vital = self._vital()
                self.sick = None

    async def _start_anew(self) -> None:
        """Every handle is forgotten before Ray ends: those of its next life are others."""
        self._started.clear()
        for task in self._tasks:
            task.cancel()
        self._records.clear()
        self._owners.clear()
        await asyncio.to_thread(self._restart)
        self._place()
        self._started.set()

    def _vital(self) -> list[psutil.Process]:
        """The raylet and the GCS of our own cluster."""
        names = ("raylet", "gcs_server")
        found = []
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if process.name() in names:
                    found.append(process)
        return found

    def _restart(self) -> None:
        ray.shutdown()
        reaper.reap(self._mark, self._folder, frozenset({self._reaper.pid, os.getpid()}))
        self._init()

    async def connect(self, address: str, attach: Callable[..., Any]) -> None:
        """Open the wire to a host (`Connect`)."""
        scheme, _, name = address.partition(":")
        if scheme != "ray":
            return await connect_socket(address, attach)
        for records in self._records.values():
            for record in records:
                if record.name == name:
                    return RayWire(_Calls(record.handle), (RayError, ConnectionError)).open(attach)
        raise ConnectionError(f"no host {name}")


class Guest:
    """Finds the hosts that a server of this installation has placed, and places none: for programs in the cluster.

    Implements `Locator`. Links go by Ray calls, since a program may run on any node.
    """

    def __init__(self, journal: Journal, address: str) -> None:
        self._journal, self._address = journal, address

    async def start(self) -> None:
        """Join Ray. In an environment that `ray_environment.join()` has prepared."""
        await asyncio.to_thread(lambda: ray.init(self._address, namespace=NAMESPACE, **_QUIET))

    async def close(self) -> None:
        await asyncio.to_thread(ray.shutdown)

    async def owner(self, kind: str, slot: str, lost: int) -> Owner:
        """As the slot table says, once the host itself agrees. A dead owner is replaced by the server; this waits for it."""
        until = asyncio.get_running_loop().time() + FAILOVER_S
        while asyncio.get_running_loop().time() < until:
            for row in await self._journal.slots(kind):
                if row.slot == slot and row.generation > lost:
                    name = row.owner.partition(" ")[0]
                    with contextlib.suppress(RayError, ValueError, TimeoutError):
                        told = await asyncio.wait_for((await _named(name)).door.remote(kind, slot), CALL_S)
                        if told:
                            owner = msgspec.msgpack.decode(told, type=Owner)
                            return Owner(owner.generation, f"ray:{name}", owner.token)
            await asyncio.sleep(0.1)
        raise Unavailable("unavailable", "No server of this installation has a host for the conversation", 1.0)

    async def silent(self, kind: str, slot: str, generation: int) -> None:
        """Ending a silent host is the server's business, which hears the same silence."""

    async def release(self, kind: str, slot: str) -> None:
        """Hosts are the server's."""

    async def connect(self, address: str, attach: Callable[..., Any]) -> None:
        """Open the wire to a host (`Connect`)."""
        try:
            handle = await _named(address.removeprefix("ray:"))
        except ValueError as error:
            raise ConnectionError(f"no host {address}") from error
        RayWire(_Calls(handle), (RayError, ConnectionError)).open(attach)


async def _named(name: str) -> Any:
    """The handle of a host actor. Raises `ValueError` when there is none."""
    return await asyncio.to_thread(ray.get_actor, name, NAMESPACE)


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
