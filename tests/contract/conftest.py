"""What the suites of ports share: each database and each journal in turn, empty."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.memory import MemoryJournal
from storage.ports import Claim, Database, Journal
from storage.sql.database import open_database
from storage.sql.journal import SqlJournal
from tests.journals import Another


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    opened = open_database(request.getfixturevalue("sqlite_path" if request.param == "sqlite" else "postgres_url"))
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def another(request: pytest.FixtureRequest) -> AsyncIterator[Another]:
    if request.param == "memory":
        twin = MemoryJournal()
        yield lambda: twin
        return
    where = request.getfixturevalue("sqlite_path" if request.param == "sqlite" else "postgres_url")
    opened: list[Database] = []

    def make() -> Journal:
        opened.append(open_database(where))
        return SqlJournal(opened[-1])

    yield make
    for database in opened:
        await database.close()


@pytest.fixture
def journal(another: Another) -> Journal:
    return another()


@pytest.fixture
async def claim(journal: Journal) -> Claim:
    return await journal.claim("conversation", "0", "host-1", "unix:/1")
