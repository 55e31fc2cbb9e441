"""What a campaign breaks: a server with its database, proxies at every door, a small disk, and a clock that can be set."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import struct
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, TypeVar

import asyncpg
import psutil
from redis.asyncio import Redis

from tests import services
from tests.chaos.disk import small_disk
from tests.chaos.proxy import Proxy
from tests.people import eventually
from tests.serving import GONE_S, Serving, is_called, title

T = TypeVar("T")
Database = Literal["sqlite", "postgresql"]

CLOCK = Path(__file__).parent / "clock"
READING_BUFFER_BYTES = 4096
HOSTS = 2
OWNED_S = 30.0
UNREADABLE = (sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""What it looks like when the database cannot be asked just now."""
SLOTS = "SELECT slot, generation, owner FROM slots WHERE kind = 'conversation' ORDER BY slot"


class Site:
    """One installation. Without PostgreSQL there is SQLite, one host and no Redis."""

    def __init__(self, folder: Path, database: Database, threads: ThreadPoolExecutor) -> None:
        self.database, self.disk, self.threads = database, folder / "disk", threads
        self.clock = folder / "clock"
        self.clock.write_bytes(bytes(8))
        self._stack = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Everything that stands behind the server, the server, and the doors before it."""
        enter = self._stack.enter_async_context
        environment = {
            "CHAOS_CLOCK": str(self.clock),
            "PYTHONPATH": os.pathsep.join(filter(None, (str(CLOCK), os.environ.get("PYTHONPATH")))),
        }
        if self.database == "postgresql":
            self.postgres = await self._service(services.start_postgres)
            self.redis = await self._service(services.start_redis)
            self.to_database, self.to_redis = await enter(Proxy(self.postgres.port)), await enter(Proxy(self.redis.port))
            environment |= {
                "CAUSERIE_DATABASE_URL": f"postgresql://causerie@127.0.0.1:{self.to_database.port}/postgres",
                "CAUSERIE_REDIS_URL": f"redis://127.0.0.1:{self.to_redis.port}/0",
                "CAUSERIE_CONVERSATION_HOSTS": str(HOSTS),
            }
        self._stack.enter_context(small_disk(self.disk))
        self.server = Serving(self.disk, environment=environment)
        self._stack.push_async_callback(self.do, self._end)
        await self.do(self.server.start)
        self.clients = await enter(Proxy(self.server.port))
        self.readers = await enter(Proxy(self.server.port, READING_BUFFER_BYTES))

    async def close(self) -> None:
        await self._stack.aclose()

    async def _service(self, start: Callable[[], services.S]) -> services.S:
        made = await self.do(start)
        self._stack.push_async_callback(self.do, made.remove)
        return made

    def _end(self) -> None:
        self.server.stop()
        self.server.left(GONE_S)
        self.server.kill()

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
        connection = await asyncpg.connect(self.postgres.url(), timeout=5)
        try:
            version, fsync, commit = [
                await connection.fetchval(f"SHOW {name}") for name in ("server_version", "fsync", "synchronous_commit")
            ]
        finally:
            await connection.close()
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
        connection = await asyncpg.connect(self.postgres.url(), timeout=5)
        try:
            return [tuple(row) for row in await connection.fetch(SLOTS)]
        finally:
            await connection.close()

    def _owners_by_file(self) -> list[tuple[str, int, str]]:
        file = f"file:{self.server.data / 'causerie.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(file, uri=True, timeout=5)) as database:
            return database.execute(SLOTS).fetchall()

    async def owner(self, n: int) -> psutil.Process:
        """The process that owns one of the slots, waited for: the last fault may have left none."""

        async def alive() -> psutil.Process | None:
            with contextlib.suppress(psutil.NoSuchProcess, *UNREADABLE):
                owners = await self.owners()
                return psutil.Process(int(owners[n % len(owners)][2].rpartition("/")[2]))
            return None

        found: psutil.Process = await eventually(alive, OWNED_S)
        return found

    async def hosts(self) -> list[psutil.Process]:
        """All host processes, owners and standbys."""
        return await self.do(self.server.hosts)

    async def ray(self, name: str) -> list[psutil.Process]:
        """Ray's own processes of this name."""
        alive = await self.do(self.server.processes)
        return [process for process in alive if is_called(process, name)]

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
async def site(folder: Path, database: Database) -> AsyncIterator[Site]:
    """A site that is ready; whoever failed inside finds the end of the server's log on stderr."""
    with ThreadPoolExecutor(1, thread_name_prefix="site") as threads:
        made = Site(folder, database, threads)
        try:
            await made.start()
            yield made
        except BaseException:
            if hasattr(made, "server"):
                print(made.server.tail(), file=sys.stderr)
            raise
        finally:
            await made.close()
