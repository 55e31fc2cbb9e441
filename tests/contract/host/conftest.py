"""A host over each journal, with the kind `conversation`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from actors.host import Host
from storage.memory import MemoryJournal
from storage.ports import Database
from storage.sql.database import open_database
from storage.sql.journal import SqlJournal
from tests import conversations as talk
from tests.hosts import ANN, Begin, FakeClock, FaultyJournal, new_host, tell


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def journal(request: pytest.FixtureRequest) -> AsyncIterator[FaultyJournal]:
    if request.param == "memory":
        yield FaultyJournal(MemoryJournal())
        return
    opened: Database = open_database(request.getfixturevalue("sqlite_path" if request.param == "sqlite" else "postgres_url"))
    yield FaultyJournal(SqlJournal(opened))
    await opened.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def begin(journal: FaultyJournal, clock: FakeClock) -> AsyncIterator[Begin]:
    """Starts one more host of the slot; what came before it is fenced."""
    hosts: list[Host] = []

    async def started(**options: Any) -> Host:
        hosts.append(await new_host(journal, clock=clock, **options))  # type: ignore[arg-type]
        return hosts[-1]

    yield started
    for host in hosts:
        await host.kill()


@pytest.fixture
async def host(begin: Begin) -> Host:
    """With Ann's conversation, its creation at seq 1."""
    made = await begin()
    await tell(made, ANN, talk.create("ann"), 1)
    return made
