"""Two servers of one installation, each with a Ray of its own, on one PostgreSQL: both are restarted in turn while people talk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.load import Load
from tests.people import eventually, people_of
from tests.serving import Serving, two_servers

pytestmark = [pytest.mark.postgresql]


@pytest.fixture
def servers(tmp_path: Path, postgres_empty_url: str) -> Iterator[list[Serving]]:
    with two_servers(tmp_path, postgres_empty_url, conversation_slots=4) as made:
        yield made


def owners(server: Serving) -> set[str]:
    """The Ray actors that own slots, as the server's own metrics page has them: those of its own hosts."""
    page = server.get("/metrics").body.decode()
    return {line.partition("{")[2].partition("}")[0] for line in page.splitlines() if line.startswith("causerie_host_generation{")}


async def test_a_rolling_restart(servers: list[Serving]) -> None:
    """Nothing is lost, doubled or reordered, and who is on the other server goes on meanwhile."""
    first, second = servers
    known = json.loads((second.data / "credentials.json").read_text())
    assert (first.credentials["app_id"], first.credentials["secret"]) == (known["app_id"], known["secret"])
    assert known["agent"]["password"] is None

    async def both_own() -> bool:
        return all([await asyncio.to_thread(owners, server) for server in servers])

    await eventually(both_own, 20, 0.2)
    async with Load(first, visitors=6, seed=11, doors=[first.url, second.url]) as load:
        await load.goes_on()
        for server, other in ((first, second), (second, first)):
            assert [] == await asyncio.to_thread(server.stop)
            await serves_newcomers(other)
            await asyncio.to_thread(server.start)
            await load.goes_on()
        assert first.credentials["agent"]["password"], "what the first start has written stays"
        await asyncio.to_thread(first.kill)
        await serves_newcomers(second)
        await asyncio.to_thread(first.start)
        await load.goes_on()
        assert [] == await load.judged()


async def serves_newcomers(server: Serving) -> None:
    """In every slot: they come from all of the other server's hosts."""
    async with people_of(server) as people:
        for n in range(12):
            await people.talking(f"newcomer {n}")
