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
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec
import structlog
from aiohttp import web

from actors import interpreter, ray_environment, tracing
from actors.balance import Balancer
from actors.cluster_config import ClusterConfig
from actors.deliveries import Opener
from actors.gateways import Gateways
from actors.host_process import HostConfig, Outside, Tls
from actors.placement import Placement
from actors.router import Router
from causerie.kinds import Served, served, without_hosts
from causerie.settings import Settings
from domain import ids
from domain.errors import Unavailable
from gateway import keys
from gateway.app import BotRooms, FileRooms, Services, make_app
from gateway.bot.shelf import Shelf
from gateway.outward.addresses import Reach
from gateway.outward.calls import Caller
from gateway.outward.client import Outward
from gateway.zendesk.operations import Rooms
from storage.files import FolderFiles
from storage.open import open_journal
from storage.ports import Journal
from storage.sql.attachments import Attachments
from storage.sql.bootstrap import bootstrap, present
from storage.sql.bots import Bots
from storage.sql.directory import Directory
from storage.sql.help import Help
from storage.sql.help_search import HelpSearch
from storage.sql.migrate import migrate
from storage.sql.suggestions import Suggestions

if TYPE_CHECKING:
    from actors.cluster import Cluster

log = structlog.get_logger()

BACKLOG = 4096
DRAIN_S = 5.0
PROBE_S = 2.0
FLOWS = Path(__file__).parent / "flows"
LOCK, CREDENTIALS = "serving.lock", "credentials.json"


class Server:
    """One serving process. `inside`: it is an actor of the cluster of another one."""

    inside = False

    def __init__(self, settings: Settings, on_ready: Callable[[], None] | None = None) -> None:
        """`on_ready` is called once, when messages can be taken."""
        self.settings, self._on_ready = settings, on_ready
        mark, folder = self._environment()
        self._stop, self._greeted = asyncio.Event(), asyncio.Event()
        self._new_folder = not any((settings.data / name).exists() for name in (LOCK, CREDENTIALS))
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._database, self._journal = open_journal(settings.journal_url)
        self._kinds = served(settings)
        self._cluster = _cluster(cluster_config(settings, self.inside), self._journal, mark, folder)

    def _environment(self) -> tuple[str, str]:
        return ray_environment.join() if self.settings.ray_address else ray_environment.prepare()

    def stop(self) -> None:
        """Let `run` come to its end."""
        self._stop.set()

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises `OSError` when the address cannot be listened on."""
        self._catch_signals()
        stop = asyncio.create_task(self._stop.wait())
        async with AsyncExitStack() as stack:
            listener = stack.enter_context(listen(self.settings, self.inside))
            if not self.inside:
                stack.enter_context(alone(self.settings))
            tracing.start(self._cluster.config.host.tracing, "gateway")
            stack.callback(tracing.stop)
            stack.push_async_callback(self._database.close)
            cluster = asyncio.create_task(self._cluster.start())
            stack.push_async_callback(self._end_cluster, cluster)
            router = await self._open(stack, listener)
            await asyncio.wait({stop, cluster}, return_when=asyncio.FIRST_COMPLETED)
            if cluster.done():
                await cluster
                self._cluster.place(self._placements, self._greeted.wait)
                self._catch_signals()  # Ray has put its own handlers there
                interpreter.tune()
                for work in self._works(router):
                    stack.push_async_callback(_cancel, asyncio.create_task(work))
                await stop
            log.info("stopping")

    async def _open(self, stack: AsyncExitStack, listener: socket.socket) -> Router:
        """Database and gateway. Requests are answered before the cluster is up: until then `/readyz` says what is missing."""
        settings, journal = self.settings, self._journal
        await migrate(settings.journal_url)
        directory = Directory(self._database)
        await write_credentials(settings, directory, self._new_folder)
        secret = await directory.secret("commands", secrets.token_bytes(32))
        self._placements = {kind: await self._placement(kind, how) for kind, how in self._kinds.items()}
        router = Router(journal, self._cluster, self._cluster.connect, secret, placements=self._placements)
        stack.push_async_callback(router.close)
        for kind in self._kinds:
            router.warm(kind)
        rooms, bots = Rooms.over(self._database), self._bots(stack)
        files = await self._files(directory)
        services = Services(router, directory, secret, lambda: self._missing(router), self._cluster.statuses, rooms, bots, files)
        runner = web.AppRunner(make_app(gateway_settings(settings), services), access_log=None, shutdown_timeout=DRAIN_S)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listener, ssl_context=tls(settings), backlog=BACKLOG).start()
        log.info("serving", url=settings.address, data=str(settings.data), server=self._cluster.server)
        return router

    def _bots(self, stack: AsyncExitStack) -> BotRooms:
        """For authors of flows: what they write, and what previews may call."""
        where, bots = outside(self.settings), Bots(self._database)
        outward = Outward(Reach(where.allow, where.http))
        stack.push_async_callback(outward.close)
        suggestions = Suggestions(Help(self._database), HelpSearch(self._database), where.url)
        return BotRooms(bots, Shelf(FLOWS), Caller(outward, bots.secrets), suggestions.perform)

    async def _files(self, directory: Directory) -> FileRooms:
        settings, secret = self.settings, await directory.secret("attachments", secrets.token_bytes(32))
        files = FolderFiles(settings.attachments_folder, settings.attachment_reserve_bytes)
        return FileRooms(Attachments(self._database), files, secret, settings.attachment_max_bytes)

    async def _placement(self, kind: str, how: Served) -> Placement:
        """How the actors of a kind are shared out: by the slots that the installation has settled on."""
        slots = await self._journal.slot_count(kind, how.wanted_slots)
        if how.slots not in (0, slots):
            log.warning("slots_settled", kind=kind, wanted=how.slots, slots=slots)
        return how.placement(slots)

    def _works(self, router: Router) -> list[Coroutine[Any, Any, None]]:
        """What goes on beside serving, as long as this process serves."""
        works = [self._greet(router)]
        if self.settings.database_url is not None:  # otherwise there are no other servers
            works += [Balancer(kind, router, self._cluster).run() for kind in self._kinds]
        if any(how.has_dedicated for how in self._kinds.values()):
            works.append(Opener(self._journal, router.open).run())
        if self.settings.gateways > 1 or self.settings.nodes == "all":
            works.append(self._other_gateways().run())
        return works

    def _other_gateways(self) -> Gateways:
        from actors.cluster import RayNodes

        first = msgspec.structs.replace(self.settings, gateways=1, nodes="own")
        encoded = (msgspec.msgpack.encode(one, enc_hook=str) for one in (first, without_hosts(first)))
        return Gateways(RayNodes("causerie.serve:ActorServer", *encoded), self.settings.gateways, self.settings.nodes == "all")

    async def _end_cluster(self, started: asyncio.Task[None]) -> None:
        """Ray cannot be stopped while it starts: wait for that first."""
        with contextlib.suppress(Exception):
            await started
        await self._cluster.close()

    async def _greet(self, router: Router) -> None:
        """Say that all is ready as soon as every host without which no message is taken has its link."""
        for link in router.links():
            if self._kinds[link.kind].essential:
                await link.up.wait()
        self._greeted.set()
        if self._on_ready is not None:
            self._on_ready()

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)

    async def _missing(self, router: Router) -> dict[str, str]:
        """What stands between a message and its ack just now."""
        missing: dict[str, str] = {}
        if self._cluster.sick:
            missing["ray"] = self._cluster.sick
        for link in router.links():
            if link.placed and not link.up.is_set():
                if self._kinds[link.kind].essential:
                    missing[f"{link.kind} host {link.slot}"] = "no link"
            elif link.sick:
                missing["database"] = link.sick
        try:
            async with asyncio.timeout(PROBE_S):
                await self._journal.slots("conversation", "0")
        except (Unavailable, TimeoutError):
            missing["database"] = "does not answer"
        return missing


class ActorServer(Server):
    """A server that ends when it is told to, and not by a signal."""

    inside = True

    def __init__(self, settings: bytes) -> None:
        super().__init__(msgspec.msgpack.decode(settings, type=Settings, dec_hook=lambda kind, value: kind(value)))

    def _environment(self) -> tuple[str, str]:
        return "", ""

    def _catch_signals(self) -> None:
        """They are Ray's."""


async def _cancel(task: asyncio.Task[None]) -> None:
    """And wait until it has put in order what it has to."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _cluster(config: ClusterConfig, journal: Journal, mark: str, folder: str) -> Cluster:
    """Ray reads its environment when it is imported, so it is imported here, after the environment was prepared."""
    from actors.cluster import Cluster

    return Cluster(config, journal, mark, folder)


def cluster_config(settings: Settings, inside: bool = False) -> ClusterConfig:
    """The hosts that the settings ask for."""
    listen = settings.host_listen
    if settings.link == "ray":
        listen = "ray"
    elif listen == "auto":
        listen = "node" if settings.ray_address else "unix"
    tls = None
    if settings.link_certificate is not None:
        files = settings.link_certificate, settings.link_key, settings.link_authority or settings.link_certificate
        tls = Tls(*(str(file and file.absolute()) for file in files))
    traced = tracing.configured(settings.trace_share, os.environ)
    host = HostConfig(
        settings.journal_url,
        settings.redis_url,
        listen,
        settings.max_activations,
        settings.idle_seconds,
        tls,
        traced,
        outside=outside(settings),
    )
    return ClusterConfig(host, settings.ray_address, {kind: how.hosts for kind, how in served(settings).items()}, inside)


def outside(settings: Settings) -> Outside:
    mail = settings.smtp_url or "", settings.mail_from or ""
    return Outside(settings.address, settings.outward_allow, settings.outward_http == "on", *mail)


def gateway_settings(settings: Settings) -> keys.Settings:
    return keys.Settings(
        public_url=settings.public_url,
        rate_limits=settings.rate_limits == "on",
        trusted_proxies=settings.trusted_proxies,
        allowed_origins=settings.allowed_origins,
        demo=settings.demo,
        help_centre_hosts=tuple((host, app_id) for host, _, app_id in (one.partition("=") for one in settings.help_centre_hosts)),
        search_engines=settings.search_engines == "on",
        mail=settings.smtp_url is not None,
    )


def listen(settings: Settings, inside: bool) -> socket.socket:
    """Take the address, before anything else is begun; with the other gateways of this node, if there are any. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    shared = inside or settings.gateways > 1 or settings.nodes == "all"
    return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG, reuse_port=shared)


def alone(settings: Settings) -> IO[bytes]:
    """Take the data folder: a second server on it would take the conversations away from the first, and lose them again.

    Raises `BlockingIOError`. The kernel gives the folder back when this process ends, however it ends.
    """
    file = (settings.data / LOCK).open("wb")
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


async def write_credentials(settings: Settings, directory: Directory, new_folder: bool) -> None:
    """Write what a person needs to `credentials.json`: on an empty database the first app, keys and accounts, which are made now; in a
    new data folder on a database that exists what is there already, without the passwords."""

    def new_id() -> str:
        return ids.row_id(time.time_ns() // 1_000_000, secrets.randbits(64))

    made = await bootstrap(directory, new_id)
    if made is None and new_folder:
        made = await present(directory)
    if made is None:
        return
    content = {"url": settings.address, **msgspec.to_builtins(made)}
    path: Path = settings.data / CREDENTIALS
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "wb") as out:
        out.write(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
    log.info("credentials_written", path=str(path))
