"""A `Database` in one SQLite file that several processes share. Never retries a transaction.

Every writer, in any process, first takes a kernel lock on a file beside the database and then BEGIN IMMEDIATE. SQLite's own
waiting is a sleep with back-off that starves light writers behind a busy one; `flock` wakes them in turn.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, TypeVar, cast

from sqlalchemy import Engine, create_engine, event, pool
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.errors import Unavailable
from storage.sql.errors import translated
from storage.sql.sqlite_rows import straight

T = TypeVar("T")

_READERS = 3
SLOW_S = 0.05
"""A disk on which a transaction takes so long is waited for in a thread: in the loop nobody would be answered meanwhile."""
_PRAGMAS = (
    "busy_timeout=5000",  # first: the others may have to wait
    "synchronous=FULL",
    "foreign_keys=OFF",
    "temp_store=MEMORY",
    "cache_size=-32768",
    "mmap_size=268435456",
    "wal_autocheckpoint=16000",
    "journal_size_limit=134217728",
)
#: The mode stays in the file. Only writers set it, under the lock: two connections that do so at once are refused.
_WRITER_PRAGMAS = (*_PRAGMAS, "journal_mode=WAL")


class WriteLock:
    """The kernel's lock on a file: one holder among all processes, released by the kernel if the holder dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self, wait: bool) -> bool:
        """Whether the lock is held now; always true with `wait`."""
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        assert self._file is not None, "released before it was acquired"
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class SqliteDatabase:
    """Writes run one at a time in a thread of their own, reads in a few others; nothing is opened before the first use."""

    dialect: Literal["sqlite", "postgresql"] = "sqlite"

    def __init__(self, path: Path, wait_s: float = 5.0) -> None:
        """`wait_s`: how long a write may wait for the lock before it is given up, undone and `Unavailable`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._wait_s = wait_s
        self._lock = WriteLock(path.with_name(path.name + ".lock"))
        self._writing = threading.Lock()
        self._queued, self._took_s = 0, 0.0
        self._writer: Connection | None = None
        self._write_engine = _engine(path, "BEGIN IMMEDIATE", _WRITER_PRAGMAS, poolclass=pool.NullPool)
        self._read_engine = _engine(path, "BEGIN", _PRAGMAS, pool_size=_READERS + 1, max_overflow=0, pool_timeout=wait_s)
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._read_threads = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")

    async def write(self, work: Callable[[Connection], T], *, inline: bool = False, single: bool = False) -> T:
        """`inline` runs short work in the calling thread if nobody else is writing, and the last write was quick: the hop to a thread
        costs more than the commit. `single` changes nothing here: a statement costs no round trip."""
        if inline and self._took_s < SLOW_S and self._queued == 0 and self._writing.acquire(blocking=False):
            try:
                with translated():
                    if self._lock.acquire(wait=False):
                        return self._transact_locked(work)
            finally:
                self._writing.release()
        return await self._write_in_thread(work)

    async def read(self, work: Callable[[Connection], T], *, inline: bool = False) -> T:
        """`inline` is for short work on rows that are probably cached: it runs in the calling thread."""
        if inline:
            return self._read_now(work)
        return await asyncio.get_running_loop().run_in_executor(self._read_threads, self._read_now, work)

    async def close(self) -> None:
        """Waits for what has begun."""
        await asyncio.to_thread(self._close)

    async def _write_in_thread(self, work: Callable[[Connection], T]) -> T:
        begun = threading.Lock()  # taken once: by the thread that begins the work, or by us when we give up
        self._queued += 1
        try:
            pending = asyncio.wrap_future(self._write_thread.submit(self._write_when_free, work, begun))
            done, _ = await asyncio.wait({pending}, timeout=self._wait_s)
            if not done and begun.acquire(blocking=False):
                raise Unavailable("unavailable", "The database is busy.", retry_after_s=1)
            return cast(T, await pending)
        finally:
            self._queued -= 1

    def _write_when_free(self, work: Callable[[Connection], T], begun: threading.Lock) -> T | None:
        with self._writing, translated():
            self._lock.acquire(wait=True)
            if not begun.acquire(blocking=False):
                self._lock.release()
                return None
            return self._transact_locked(work)

    def _transact_locked(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction and release the kernel lock, which the caller has taken."""
        begun = time.monotonic()
        try:
            if self._writer is None:
                self._writer = self._write_engine.connect()
            with self._writer.begin():
                return work(self._writer)
        except IntegrityError:
            raise  # everyday, and the connection is none the worse
        except DBAPIError:
            self._drop_writer()  # an error can leave a connection half in a transaction; opening another is cheap
            raise
        finally:
            self._lock.release()
            self._took_s = time.monotonic() - begun

    def _read_now(self, work: Callable[[Connection], T]) -> T:
        with translated(), self._read_engine.connect() as connection, connection.begin():
            return work(connection)

    def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.invalidate()
            writer.close()

    def _close(self) -> None:
        self._write_thread.shutdown()
        self._read_threads.shutdown()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._read_engine.dispose()
        self._write_engine.dispose()
        self._lock.close()


def _engine(path: Path, begin: str, pragmas: Sequence[str], **options: object) -> Engine:
    """An engine whose transactions begin with `begin`: the driver's own habit of beginning late is switched off."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"check_same_thread": False, "isolation_level": None, "cached_statements": 256},
        hide_parameters=True,
        **options,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: object, _: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        straight(connection, begin)

    return engine
