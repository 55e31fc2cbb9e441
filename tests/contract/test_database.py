"""The contract of `Database` on SQLite and PostgreSQL, and how each of them fails and comes back."""

from __future__ import annotations

import asyncio
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.engine import Connection

from domain.errors import Unavailable
from storage.ports import Collision, Database
from storage.sql import sqlite as sqlite_module
from storage.sql.database import open_database
from storage.sql.errors import StatementFailed
from storage.sql.journal import SqlJournal
from storage.sql.slots import backend_name
from storage.sql.sqlite import WriteLock
from storage.sql.tables import counters
from tests.services import Postgres

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def sqlite(sqlite_path: Path) -> AsyncIterator[Database]:
    opened = open_database(sqlite_path, patience_s=5)
    yield opened
    await opened.close()


def add(connection: Connection, name: str, number: int = 0) -> None:
    connection.execute(insert(counters), {"name": name, "next": number})


def names(connection: Connection) -> list[str]:
    return list(connection.execute(select(counters.c.name).order_by(counters.c.name)).scalars())


@pytest.mark.parametrize("inline", [False, True])
async def test_what_was_written_is_read_and_the_works_result_returned(database: Database, inline: bool) -> None:
    def work(connection: Connection) -> int:
        add(connection, "secret")
        return 7

    assert await database.write(work, inline=inline) == 7
    assert await database.read(names, inline=inline) == ["secret"]


@pytest.mark.parametrize("inline", [False, True])
async def test_work_that_raises_leaves_nothing_behind(database: Database, inline: bool) -> None:
    """Its own exception comes through, and the next write works."""

    def work(connection: Connection) -> None:
        add(connection, "secret")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work, inline=inline)
    await database.write(lambda connection: add(connection, "b"), inline=inline)
    assert await database.read(names) == ["b"]


@pytest.mark.parametrize("inline", [False, True])
async def test_a_broken_unique_index_is_a_collision_that_names_the_table_alone(database: Database, inline: bool) -> None:
    await database.write(lambda connection: add(connection, "secret"))
    with pytest.raises(Collision, match=r"^counters$") as raised:
        await database.write(lambda connection: add(connection, "secret"), inline=inline)
    assert raised.value.__cause__ is None


async def test_a_wrong_statement_is_a_bug_and_shows_no_sql(database: Database) -> None:
    with pytest.raises(StatementFailed) as raised:
        await database.write(lambda connection: connection.execute(text("SELECT 'secret' FROM nowhere")))
    assert "nowhere" not in str(raised.value) and "secret" not in str(raised.value)
    await database.write(lambda connection: add(connection, "b"))


async def test_writes_at_the_same_moment_all_take_effect(database: Database) -> None:
    """Inline or not, they never run into each other."""
    await database.write(lambda connection: add(connection, "n"))
    raised = update(counters).where(counters.c.name == "n").values(next=counters.c.next + bindparam("by"))
    writes = (database.write(lambda connection: connection.execute(raised, {"by": 1}), inline=each % 3 == 0) for each in range(100))
    await asyncio.gather(*writes)
    assert await database.read(lambda connection: connection.execute(select(counters.c.next)).scalar_one()) == 100


async def test_a_plain_path_and_both_kinds_of_url_open_a_database(tmp_path: Path) -> None:
    found = [open_database(each).dialect for each in (tmp_path / "a", f"sqlite:///{tmp_path}/b", "postgresql://nowhere/x")]
    assert found == ["sqlite", "sqlite", "postgresql"]
    for wrong in ("sqlite://", "mysql://nowhere/x"):
        with pytest.raises(ValueError):
            open_database(wrong)


# PostgreSQL.


@pytest.mark.postgresql
async def test_a_stopped_server_is_unavailable_and_found_again(postgres: Postgres, postgres_url: str) -> None:
    """By itself: the caller only tries again."""
    database = open_database(postgres_url)
    await database.write(lambda connection: add(connection, "a"))
    postgres.stop()
    try:
        for attempt in (database.write, database.read, database.write):
            with pytest.raises(Unavailable) as raised:
                await attempt(names)
            assert raised.value.retry_after_s > 0
    finally:
        postgres.start()
    await database.write(lambda connection: add(connection, "b"))
    assert await database.read(names) == ["a", "b"]
    await database.close()


@pytest.mark.postgresql
async def test_a_dead_connection_in_the_pool_is_not_noticed_by_callers(postgres_url: str) -> None:
    """Nothing was committed on it, so that the work runs again on a new one."""
    database = open_database(postgres_url, application_name="victim")
    await database.write(lambda connection: add(connection, "a"))
    killer = await asyncpg.connect(postgres_url)
    ended = "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE application_name = 'victim'"
    for attempt in (database.write, database.read):
        assert len(await killer.fetch(ended)) == 1
        await attempt(names)
    await killer.close()
    await database.close()


@pytest.mark.postgresql
async def test_a_claim_ends_the_backends_of_the_generation_before(postgres_url: str) -> None:
    """A paused host holds the fence's row in a transaction; its successor does not wait for a timeout."""
    control = open_database(postgres_url)
    journal = SqlJournal(control)
    old = await journal.claim("conversation", "0", "host-1", "")
    paused = await asyncpg.connect(postgres_url, server_settings={"application_name": backend_name(old.kind, old.slot, old.generation)})
    bystander = await asyncpg.connect(postgres_url, server_settings={"application_name": "causerie-conversation-01-1"})
    await paused.execute("BEGIN")
    await paused.execute("SELECT * FROM slots FOR SHARE")
    started = time.monotonic()
    await journal.claim("conversation", "0", "host-2", "", expected=old.generation)
    assert time.monotonic() - started < 2
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)):
        await paused.execute("COMMIT")
    assert await bystander.fetchval("SELECT 1") == 1
    await bystander.close()
    await control.close()


@pytest.mark.postgresql
async def test_a_lock_that_is_held_too_long_is_unavailable(postgres_url: str) -> None:
    database = open_database(postgres_url)
    await database.write(lambda connection: add(connection, "a"))
    holder = await asyncpg.connect(postgres_url)
    await holder.execute("BEGIN; LOCK TABLE counters")
    with pytest.raises(Unavailable):
        await database.write(lambda connection: add(connection, "b"))
    await holder.close()
    await database.write(lambda connection: add(connection, "b"))
    await database.close()


# SQLite.


async def test_a_full_disk_is_unavailable_and_writes_go_on_when_there_is_room(sqlite: Database) -> None:
    def fill(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # no more pages than there are; the limit ends with the connection
        for number in range(10_000):
            add(connection, f"{number:0100d}")

    with pytest.raises(Unavailable):
        await sqlite.write(fill)
    assert await sqlite.read(names) == []
    await sqlite.write(lambda connection: add(connection, "a"))
    assert await sqlite.read(names) == ["a"]


async def test_a_write_that_never_got_the_lock_is_unavailable_and_never_happens(sqlite_path: Path) -> None:
    """So its outcome is known, unlike that of a broken COMMIT."""
    database = open_database(sqlite_path, patience_s=0.1)
    other = WriteLock(sqlite_path.with_name(sqlite_path.name + ".lock"))
    other.acquire(wait=True)
    for inline in (False, True):
        with pytest.raises(Unavailable):
            await database.write(lambda connection: add(connection, "a"), inline=inline)
    assert await database.read(names) == []
    other.close()
    await database.write(lambda connection: add(connection, "b"))
    assert await database.read(names) == ["b"]
    await database.close()


async def test_a_slow_disk_is_waited_for_in_a_thread_until_it_is_quick_again(sqlite_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_module, "SLOW_S", 0.5)  # more than this machine may take by itself
    database = open_database(sqlite_path)

    def work(connection: Connection, seconds: float = 0.0) -> bool:
        add(connection, secrets.token_hex(4))
        time.sleep(seconds)
        return threading.current_thread() is threading.main_thread()

    slowly = partial(work, seconds=0.6)
    assert [True, True, False, False, True] == [await database.write(each, inline=True) for each in (work, slowly, slowly, work, work)]
    await database.close()


_WRITER = """
import asyncio, pathlib, sys
from sqlalchemy import insert
from storage.sql.database import open_database
from storage.sql.tables import counters
async def main():
    database = open_database(pathlib.Path(sys.argv[1]))
    for batch in range(10**6):
        rows = [{"name": f"busy-{batch:06}-{row}", "next": 0} for row in range(500)]
        await database.write(lambda connection: connection.execute(insert(counters), rows))
        if batch == 0:
            print("writing", flush=True)
asyncio.run(main())
"""

_STUCK = """
import asyncio, pathlib, sys, time
from sqlalchemy import insert
from storage.sql.database import open_database
from storage.sql.tables import counters
def work(connection):
    connection.execute(insert(counters), {"name": "half", "next": 0})
    print("writing", flush=True)
    time.sleep(60)
asyncio.run(open_database(pathlib.Path(sys.argv[1])).write(work))
"""


def _other_process(script: str, path: Path) -> subprocess.Popen[bytes]:
    """Runs until it is killed; it has begun to write when this returns."""
    process = subprocess.Popen([sys.executable, "-c", script, str(path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline() == b"writing\n"
    return process


@pytest.mark.parametrize("inline", [False, True])
async def test_a_busy_process_starves_no_light_writer(sqlite: Database, sqlite_path: Path, inline: bool) -> None:
    """No 'database is locked', and each light write waits for a commit or two, not for SQLite's back-off."""
    busy = _other_process(_WRITER, sqlite_path)
    waits = []
    for number in range(60):
        started = time.monotonic()
        await sqlite.write(lambda connection, number=number: add(connection, f"light-{number}"), inline=inline)  # type: ignore[misc]
        waits.append(time.monotonic() - started)
    assert busy.poll() is None
    busy.kill()
    busy.communicate()
    assert sorted(waits)[-3] < 0.5
    count = select(func.count()).where(counters.c.name.like("light-%"))
    assert await sqlite.read(lambda connection: connection.execute(count).scalar_one()) == 60


async def test_the_lock_of_a_killed_process_is_free_and_its_half_work_is_gone(sqlite: Database, sqlite_path: Path) -> None:
    stuck = _other_process(_STUCK, sqlite_path)
    stuck.kill()
    stuck.communicate()
    await sqlite.write(lambda connection: add(connection, "a"))
    assert await sqlite.read(names) == ["a"]
