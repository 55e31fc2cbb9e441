"""Real services for all tests. Without one a test is skipped, and says why; with CI=true it fails."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import TypeVar

import asyncpg
import pytest

from storage.sql.migrate import migrate
from tests import services

S = TypeVar("S", bound=services.Server)

_numbers = count(1)

_KEEP = """
DO $$ DECLARE one text; BEGIN
    CREATE SCHEMA kept;
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', one);
    END LOOP;
END $$
"""
_EMPTY = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ DECLARE one text; BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        IF to_regclass(format('kept.%I', one)) IS NULL THEN
            EXECUTE format('DROP TABLE public.%I CASCADE', one);
        ELSE
            EXECUTE format('DELETE FROM public.%I', one);
            EXECUTE format('INSERT INTO public.%1$I SELECT * FROM kept.%1$I', one);
        END IF;
    END LOOP;
END $$
"""


def _serve(start: Callable[[], S]) -> Iterator[S]:
    try:
        server = start()
    except services.Missing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    yield server
    server.remove()


@pytest.fixture(scope="session")
def postgres() -> Iterator[services.Postgres]:
    """A PostgreSQL server for the whole session."""
    yield from _serve(services.start_postgres)


@pytest.fixture(scope="session")
def redis() -> Iterator[services.Server]:
    """A Redis server for the whole session."""
    yield from _serve(services.start_redis)


@pytest.fixture
def redis_url(redis: services.Server) -> str:
    """Keys of other tests may be there: use app ids of your own."""
    return f"redis://127.0.0.1:{redis.port}/0"


@pytest.fixture(scope="session")
def postgres_migrated(postgres: services.Postgres) -> str:
    """The address of a migrated database, whose first rows are kept aside."""
    _run(_administer(postgres.url(), "CREATE DATABASE migrated"))
    url = postgres.url("migrated")
    _run(migrate(url))
    _run(_administer(url, _KEEP))
    return url


@pytest.fixture
def postgres_url(postgres_migrated: str) -> str:
    """A migrated database as the migrations have left it. The same one for all: to empty it takes a tenth of making another."""
    _run(_administer(postgres_migrated, _EMPTY))
    return postgres_migrated


@pytest.fixture
def postgres_empty_url(postgres: services.Postgres) -> Iterator[str]:
    """A fresh database without any table."""
    yield from _fresh_database(postgres)


@pytest.fixture(scope="module")
def postgres_module_url(postgres: services.Postgres) -> Iterator[str]:
    """The same, for the servers of a whole file."""
    yield from _fresh_database(postgres)


def _fresh_database(postgres: services.Postgres) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    _run(_administer(postgres.url(), f"CREATE DATABASE {name}"))
    yield postgres.url(name)
    _run(_administer(postgres.url(), f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "causerie.db"
    _run(migrate(path))
    return path


@pytest.fixture
def sqlite_path(tmp_path: Path, sqlite_template: Path) -> Path:
    """A fresh, migrated database file."""
    return Path(shutil.copy(sqlite_template, tmp_path / "causerie.db"))


def _run(work: Coroutine[None, None, None]) -> None:
    """In a thread, since a fixture may be asked for while a test's loop runs: so these fixtures need not be async."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def _administer(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
