"""What a campaign breaks: servers with their database, proxies at every door, a small disk, and a clock that can be set."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import struct
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal, TypeVar

import asyncpg
import psutil
from redis.asyncio import Redis

from tests import services
from tests.chaos import moves
from tests.chaos.disk import small_disk
from tests.chaos.proxy import Proxy
from tests.people import eventually
from tests.serving import GONE_S, Serving, is_called, title

T = TypeVar("T")
Database = Literal["sqlite", "postgresql"]
Mode = Literal["shared", "dedicated"]
Link = Literal["socket", "ray"]

CLOCK = Path(__file__).parent / "clock"
READING_BUFFER_BYTES = 1 << 16
"""No less than a segment of loopback: through a window of 2 kB the kernel may pass three events every 0.3 s, and no reader keeps up."""
HOSTS = 2
OWNED_S = 30.0
UNREADABLE = (sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""What it looks like when the database cannot be asked just now."""
SLOTS_A_SERVER = 3
SLOTS = "SELECT slot, generation, owner FROM slots WHERE kind = 'conversation' ORDER BY slot"


class Impossible(ValueError):
    """No installation can have this shape."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What an installation consists of. Without PostgreSQL there is SQLite, one server with one host, and no Redis."""

    database: Database
    servers: int = 1
    placement: Mode = "shared"
    link: Link = "socket"

    def __post_init__(self) -> None:
        if self.servers > 1 and self.database != "postgresql":
            raise Impossible("several servers need PostgreSQL")
        if self.servers > 1 and self.link == "ray":
            raise Impossible("each server has a Ray of its own here, and Ray's calls do not go from one to another")

    def __str__(self) -> str:
        more = [f"{self.servers}-servers"] * (self.servers > 1) + [self.placement] * (self.placement != "shared")
        return "-".join([self.database, *more, *[f"{self.link}-link"] * (self.link != "socket")])

    @property
    def visitors(self) -> int:
        """Fewer where each conversation is a process."""
        return 6 if self.placement == "shared" else 3

    @property
    def environment(self) -> dict[str, str]:
        """The settings of its servers, but for addresses."""
        of_database = {"CAUSERIE_CONVERSATION_HOSTS": str(HOSTS)} if self.database == "postgresql" else {}
        of_servers = {"CAUSERIE_CONVERSATION_HOSTS": "1", "CAUSERIE_CONVERSATION_SLOTS": str(self.servers * SLOTS_A_SERVER)}
        return {
            **of_database,
            **(of_servers if self.servers > 1 else {}),
            "CAUSERIE_PLACEMENT": self.placement,
            "CAUSERIE_LINK": self.link,
        }


class Site:
    """One installation."""

    def __init__(self, folder: Path, shape: Shape, threads: ThreadPoolExecutor) -> None:
        self.shape, self.database, self.disk, self.threads = shape, shape.database, folder / "disk", threads
        self.servers: list[Serving] = []
        self.clock = folder / "clock"
        self.clock.write_bytes(bytes(8))
        self._stack = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Everything that stands behind the servers, the servers, and the doors before them."""
        enter = self._stack.enter_async_context
        environment = {
            "CHAOS_CLOCK": str(self.clock),
            **self.shape.environment,
            "PYTHONPATH": os.pathsep.join(filter(None, (str(CLOCK), os.environ.get("PYTHONPATH")))),
        }
        if self.database == "postgresql":
            self.postgres = await self._service(services.start_postgres)
            self.redis = await self._service(services.start_redis)
            self.to_database, self.to_redis = await enter(Proxy(self.postgres.port)), await enter(Proxy(self.redis.port))
            environment |= {
                "CAUSERIE_DATABASE_URL": f"postgresql://causerie@127.0.0.1:{self.to_database.port}/postgres",
                "CAUSERIE_REDIS_URL": f"redis://127.0.0.1:{self.to_redis.port}/0",
            }
        self._stack.enter_context(small_disk(self.disk))
        self._stack.push_async_callback(self.do, self._end)
        for number in range(self.shape.servers):
            self.servers.append(Serving(self.disk / f"server-{number}", environment=environment))
            await self.do(self.servers[-1].start)
        if self.shape.servers > 1:
            async with self._asking() as connection:
                await connection.execute(moves.NOTED)
        self.clients = [await enter(Proxy(server.port)) for server in self.servers]
        self.readers = await enter(Proxy(self.server.port, READING_BUFFER_BYTES))

    @property
    def server(self) -> Serving:
        """The first one."""
        return self.servers[0]

    def doors(self) -> list[str]:
        """By which visitors come, in turn: half of them by a door that breaks."""
        return [url for server, proxy in zip(self.servers, self.clients, strict=True) for url in (server.url, proxy.url)]

    async def close(self) -> None:
        await self._stack.aclose()

    async def _service(self, start: Callable[[], services.S]) -> services.S:
        made = await self.do(start)
        self._stack.push_async_callback(self.do, made.remove)
        return made

    def _end(self) -> None:
        for server in self.servers:
            server.stop()
            server.left(GONE_S)
            server.kill()

    async def do(self, work: Callable[[], T]) -> T:
        """In the thread that lives as long as the site: what is started ends with the thread that started it."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)

    def set_clock(self, seconds: float) -> None:
        """How wrong the server's time of day is from now on. Written in one piece."""
        with self.clock.open("r+b", buffering=0) as file:
            file.write(struct.pack("=q", int(seconds * 1e9)))

    # -- looking at it

    async def facts(self) -> tuple[dict[str, str], str]:
        """The versions of what the site stands on, and how durable a commit is there."""
        if self.database == "sqlite":
            return {"sqlite": sqlite3.sqlite_version}, "SQLite, synchronous=FULL: one fsync a commit"
        async with self._asking() as connection:
            version, fsync, commit = [
                await connection.fetchval(f"SHOW {name}") for name in ("server_version", "fsync", "synchronous_commit")
            ]
        redis = Redis(port=self.redis.port)
        try:
            found = (await redis.info("server"))["redis_version"]
        finally:
            await redis.aclose()
        return {"postgresql": version, "redis": found}, f"PostgreSQL, fsync={fsync}, synchronous_commit={commit}; Redis keeps nothing"

    async def owners(self) -> list[tuple[str, int, str]]:
        """(slot, generation, owner) of the conversations' slots, by the database itself and past the proxy."""
        if self.database == "sqlite":
            return await asyncio.to_thread(self._owners_by_file)
        async with self._asking() as connection:
            return [tuple(row) for row in await connection.fetch(SLOTS)]

    @contextlib.asynccontextmanager
    async def _asking(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.postgres.url(), timeout=5)
        try:
            yield connection
        finally:
            await connection.close()

    def _owners_by_file(self) -> list[tuple[str, int, str]]:
        file = f"file:{self.server.data / 'causerie.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(file, uri=True, timeout=5)) as database:
            return database.execute(SLOTS).fetchall()

    async def owner(self, chance: Random) -> psutil.Process:
        """A process that owns a slot, waited for: the last fault may have left none."""

        async def alive() -> list[psutil.Process]:
            owning: set[int] = set()
            with contextlib.suppress(*UNREADABLE):
                owning = {moves.pid_of(owner) for _, _, owner in await self.owners()}
            return [host for host in await self.hosts() if host.pid in owning]

        return chance.choice(await eventually(alive, OWNED_S))

    async def hosts(self) -> list[psutil.Process]:
        """All host processes, owners and standbys."""
        return [host for server in self.servers for host in await self.do(server.hosts)]

    async def ray(self, server: Serving, name: str) -> list[psutil.Process]:
        """Ray's own processes of this name."""
        alive = await self.do(server.processes)
        return [process for process in alive if is_called(process, name)]

    async def move(self, chance: Random) -> None:
        """Ask for a slot on behalf of a server that has not got it, once it is known by what name some server goes."""
        await eventually(lambda: self._moved(chance), OWNED_S)

    async def _moved(self, chance: Random) -> bool:
        hosts = [{host.pid for host in await self.do(server.hosts)} for server in self.servers]
        with contextlib.suppress(*UNREADABLE):
            async with self._asking() as connection:
                names = await moves.names(connection, hosts)
                rows = await connection.fetch(moves.OWNED)
            there = [(row, name) for row in rows for number, name in names.items() if moves.pid_of(row["owner"]) not in hosts[number]]
            if there:
                row, name = chance.choice(there)
                await moves.ask(row["address"], row["token"], name)
                return True
        return False

    def backends(self) -> list[psutil.Process]:
        """PostgreSQL's processes that serve a host's connection."""
        assert self.postgres.process is not None
        children = psutil.Process(self.postgres.process.pid).children()
        return [process for process in children if "causerie postgres 127.0.0.1" in title(process)]


@contextlib.contextmanager
def suspended(process: psutil.Process) -> Iterator[None]:
    """SIGSTOP, and SIGCONT for what is still there."""
    process.suspend()
    try:
        yield
    finally:
        with contextlib.suppress(psutil.Error):
            process.resume()


@contextlib.asynccontextmanager
async def site(folder: Path, shape: Shape) -> AsyncIterator[Site]:
    """A site that is ready; whoever failed inside finds the ends of the servers' logs on stderr."""
    with ThreadPoolExecutor(1, thread_name_prefix="site") as threads:
        made = Site(folder, shape, threads)
        try:
            await made.start()
            yield made
        except BaseException:
            for server in made.servers:
                print(server.tail(), file=sys.stderr)
            raise
        finally:
            await made.close()
