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

_TEMPLATE = "causerie_template"
_numbers = count(1)


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
def postgres_template(postgres: services.Postgres) -> str:
    """A migrated database; PostgreSQL copies it faster than the migrations run."""

    _run(_administer(postgres, f"CREATE DATABASE {_TEMPLATE}"))
    _run(migrate(postgres.url(_TEMPLATE)))
    return _TEMPLATE


@pytest.fixture
def postgres_url(postgres: services.Postgres, postgres_template: str) -> Iterator[str]:
    """A fresh, migrated database."""
    name = f"test_{next(_numbers)}"
    _run(_administer(postgres, f"CREATE DATABASE {name} TEMPLATE {postgres_template}"))
    yield postgres.url(name)
    _run(_administer(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def postgres_empty_url(postgres: services.Postgres) -> Iterator[str]:
    """A fresh database without any table."""
    name = f"test_{next(_numbers)}"
    _run(_administer(postgres, f"CREATE DATABASE {name}"))
    yield postgres.url(name)
    _run(_administer(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


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


async def _administer(postgres: services.Postgres, statement: str) -> None:
    connection = await asyncpg.connect(postgres.url())
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
