"""What a kind may fetch before its turns, on every journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from actors.host import Host
from actors.mailbox import Item
from domain.errors import Refused, Unavailable
from storage.ports import ActorId
from tests.counting import CountingKind, encode
from tests.hosts import FaultyJournal


class Tables:
    """What is fetched, and how often; away for the first `away` times."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.away = 0

    def fetch(self, name: str) -> None:
        self.fetched.append(name)
        if len(self.fetched) <= self.away:
            raise Unavailable("unavailable", "The database is away")


@pytest.fixture
def tables() -> Tables:
    return Tables()


@pytest.fixture
async def counting(journal: FaultyJournal, tables: Tables) -> AsyncIterator[Host]:
    claim = await journal.claim("left", "0", "test", "nowhere")
    made = Host(CountingKind("left", tables.fetch), journal, claim, retry_s=0.01)  # type: ignore[arg-type]
    made.start()
    yield made
    await made.kill()


def submit(host: Host, actor: str, **command: Any) -> asyncio.Future[Any]:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    settle: Callable[[Any], None] = lambda value: (  # noqa: E731
        future.set_exception(value) if isinstance(value, Refused) else future.set_result(value)
    )
    host.submit(Item(ActorId("left", "app", actor), encode(command), None, 0, False, settle))
    return future


async def test_a_batch_has_what_its_commands_name(counting: Host, tables: Tables) -> None:
    """Fetched once for all of them, and never again."""
    answers = [submit(counting, f"{n}", add=1, table="prices") for n in range(5)]
    await asyncio.wait_for(asyncio.gather(*answers, submit(counting, "6", add=1, table="rates")), 5)
    await asyncio.wait_for(submit(counting, "0", add=1, table="prices"), 5)
    assert ["prices", "rates"] == sorted(tables.fetched)


async def test_while_it_cannot_be_had_the_batch_waits(counting: Host, tables: Tables) -> None:
    """As for any other want of the database; nobody is refused for it."""
    tables.away = 3
    assert 1 == (await asyncio.wait_for(submit(counting, "1", add=1, table="prices"), 5)).seq
    assert 4 == len(tables.fetched)
