"""`causerie serve`: database, cluster, gateway, in this order up and in the other order down."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import secrets
import signal
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec
import structlog
from aiohttp import web

from actors import interpreter, ray_environment, tracing
from actors.cluster_config import ClusterConfig
from actors.host_process import HostConfig
from actors.placement import Placement
from actors.router import Router
from causerie.settings import Settings
from domain import ids
from domain.errors import Unavailable
from gateway import keys
from gateway.app import Services, make_app
from storage.open import open_journal
from storage.ports import Journal
from storage.sql.bootstrap import bootstrap
from storage.sql.directory import Directory
from storage.sql.migrate import migrate

if TYPE_CHECKING:
    from actors.cluster import Cluster

log = structlog.get_logger()

BACKLOG = 4096
DRAIN_S = 5.0
PROBE_S = 2.0


class Server:
    """One serving process."""

    def __init__(self, settings: Settings, on_ready: Callable[[], None] | None = None) -> None:
        """`on_ready` is called once, when messages can be taken."""
        self.settings, self._on_ready = settings, on_ready
        mark, folder = ray_environment.join() if settings.ray_address else ray_environment.prepare()
        self._stop = asyncio.Event()
        self._cluster = _cluster(cluster_config(settings), mark, folder)

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises `OSError` when the address cannot be listened on."""
        self._catch_signals()
        stop = asyncio.create_task(self._stop.wait())
        async with AsyncExitStack() as stack:
            listener = stack.enter_context(listen(self.settings))
            stack.enter_context(alone(self.settings))
            tracing.start(self._cluster.config.host.tracing, "gateway")
            stack.callback(tracing.stop)
            cluster = asyncio.create_task(self._cluster.start())
            stack.push_async_callback(self._end_cluster, cluster)
            router = await self._open(stack, listener)
            await asyncio.wait({stop, cluster}, return_when=asyncio.FIRST_COMPLETED)
            if cluster.done():
                await cluster
                self._catch_signals()  # Ray has put its own handlers there
                interpreter.tune()
                greeting = asyncio.create_task(self._greet(router))
                stack.callback(greeting.cancel)
                await stop
            log.info("stopping")

    async def _open(self, stack: AsyncExitStack, listener: socket.socket) -> Router:
        """Database and gateway. Requests are answered before the cluster is up: until then `/readyz` says what is missing."""
        settings = self.settings
        await migrate(settings.journal_url)
        database, journal = open_journal(settings.journal_url)
        stack.push_async_callback(database.close)
        directory = Directory(database)
        await write_credentials(settings, directory)
        secret = await directory.secret("commands", secrets.token_bytes(32))
        router = Router(journal, self._cluster, self._cluster.connect, secret, placements=self._cluster.config.placements)
        stack.push_async_callback(router.close)
        router.warm("conversation")
        services = Services(router, directory, secret, lambda: self._missing(router, journal), self._cluster.statuses)
        runner = web.AppRunner(make_app(gateway_settings(settings), services), access_log=None, shutdown_timeout=DRAIN_S)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listener, ssl_context=tls(settings), backlog=BACKLOG).start()
        log.info("serving", url=settings.address, data=str(settings.data))
        return router

    async def _end_cluster(self, started: asyncio.Task[None]) -> None:
        """Ray cannot be stopped while it starts: wait for that first."""
        with contextlib.suppress(Exception):
            await started
        await self._cluster.close()

    async def _greet(self, router: Router) -> None:
        """Say that all is ready as soon as every host has its link."""
        for link in router.links():
            await link.up.wait()
        if self._on_ready is not None:
            self._on_ready()

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)

    async def _missing(self, router: Router, journal: Journal) -> dict[str, str]:
        """What stands between a message and its ack just now."""
        missing: dict[str, str] = {}
        if self._cluster.sick:
            missing["ray"] = self._cluster.sick
        for link in router.links():
            if not link.up.is_set() and link.placed:
                missing[f"{link.kind} host {link.slot}"] = "no link"
            elif link.sick:
                missing["database"] = link.sick
        try:
            async with asyncio.timeout(PROBE_S):
                await journal.slots("conversation")
        except (Unavailable, TimeoutError):
            missing["database"] = "does not answer"
        return missing


def _cluster(config: ClusterConfig, mark: str, folder: str) -> Cluster:
    """Ray reads its environment when it is imported, so it is imported here, after the environment was prepared."""
    from actors.cluster import Cluster

    return Cluster(config, mark, folder)


def cluster_config(settings: Settings) -> ClusterConfig:
    """The cluster that the settings ask for. On SQLite there is one writer, so one host of each kind."""
    host = HostConfig(
        settings.journal_url,
        settings.redis_url,
        "ray" if settings.link == "ray" else settings.host_listen,
        settings.max_activations,
        settings.idle_seconds,
        tracing.configured(settings.trace_share, os.environ),
    )
    slots = settings.conversation_hosts if settings.database_url else 1
    placement = Placement(slots, settings.placement, dict.fromkeys(settings.dedicated_apps, "dedicated"))
    return ClusterConfig(host, settings.ray_address, {"conversation": placement}, settings.standby_hosts)


def gateway_settings(settings: Settings) -> keys.Settings:
    return keys.Settings(
        public_url=settings.public_url,
        rate_limits=settings.rate_limits == "on",
        trusted_proxies=settings.trusted_proxies,
        allowed_origins=settings.allowed_origins,
    )


def listen(settings: Settings) -> socket.socket:
    """Take the address, before anything else is begun. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)


def alone(settings: Settings) -> IO[bytes]:
    """Take the data folder: a second server on it would take the conversations away from the first, and lose them again.

    Raises `BlockingIOError`. The kernel gives the folder back when this process ends, however it ends.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (settings.data / "serving.lock").open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise
    return file


def tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls_certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    return context


async def write_credentials(settings: Settings, directory: Directory) -> None:
    """On an empty database: make the first app, keys and accounts, and write what a person needs to `credentials.json`."""

    def new_id() -> str:
        return ids.row_id(time.time_ns() // 1_000_000, secrets.randbits(64))

    made = await bootstrap(directory, new_id)
    if made is None:
        return
    content = {"url": settings.address, **msgspec.to_builtins(made)}
    path: Path = settings.data / "credentials.json"
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "wb") as out:
        out.write(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
    log.info("credentials_written", path=str(path))
