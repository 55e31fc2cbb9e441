"""Two servers of one installation, each with a Ray of its own, on one PostgreSQL, while people talk: one is drained by the command line, as
an operator does it, and comes back; both are restarted in turn."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.chaos.load import BACK_S, Load
from tests.people import eventually, people_of
from tests.serving import COMMAND, Serving, two_servers

pytestmark = [pytest.mark.serves, pytest.mark.postgresql]


SLOTS = [str(n) for n in range(8)]
NEWCOMERS = 36
"""So many that hardly a slot is left out."""
PAUSE_S = 2.0


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, postgres_module_url: str) -> Iterator[list[Serving]]:
    with two_servers(tmp_path_factory.mktemp("servers"), postgres_module_url, conversation_slots=len(SLOTS), standby_hosts=1) as made:
        yield made


async def causerie(server: Serving, *arguments: str) -> str:
    """What a command says on its stdout, run where the server runs."""

    def run() -> str:
        argv = [str(COMMAND), *arguments, "--data", str(server.data)]
        done = subprocess.run(argv, env=server.environment, capture_output=True, text=True, timeout=90)
        assert 0 == done.returncode, done.stderr
        return done.stdout

    return await asyncio.to_thread(run)


async def owned(server: Serving) -> dict[str | None, list[str]]:
    """The conversations' slots of each server, by its name."""
    found: dict[str | None, list[str]] = {}
    shown: Any = json.loads(await causerie(server, "slots", "--json"))
    for one in shown["slots"]:
        if one["kind"] != "conversation":
            continue
        found.setdefault(one["server"], []).append(one["slot"])
    return found


async def test_a_server_is_drained_and_comes_back(servers: list[Serving]) -> None:
    """Its slots move while it lives, nobody waits longer than a moment, and nothing is lost, doubled or reordered."""
    first, second = servers

    async def both_own() -> list[str] | None:
        found = [name for name in await owned(first) if name is not None]
        return sorted(found) if len(found) == 2 else None

    drained, other = await eventually(both_own, 30)
    async with Load(first, visitors=6, seed=31, doors=[first.url, second.url]) as load:
        await load.goes_on()
        over = asyncio.Event()
        pauses = asyncio.create_task(_longest_pause(load, over))
        assert " -> " in await causerie(first, "drain", drained)
        assert {other: SLOTS} == await owned(first)
        await load.goes_on()
        for server in servers:  # it lives, and its clients are served; a slot may just be on its way between two hosts of the other
            await asyncio.to_thread(server.wait_ready, 5)
        await causerie(first, "undrain", drained)
        await causerie(second, "rebalance")
        sizes = [len(found) for found in (await owned(second)).values()]
        assert (2, True) == (len(sizes), max(sizes) - min(sizes) <= 2), "each of its two hosts may have one more"
        over.set()
        assert PAUSE_S > await pauses
        assert [] == await load.judged()


async def test_a_server_has_more_hosts_and_then_fewer(servers: list[Serving]) -> None:
    """While people talk: what is ended has given its slots up before."""
    first = servers[0]

    async def has(count: int) -> bool:
        """The one in reserve shares the work. Slots even out one a second: the command may be done before the last has moved."""
        shown: Any = json.loads(await causerie(first, "slots", "--json"))
        return count + 1 == len({one["host"] for one in shown["slots"] if one["kind"] == "conversation" and one["server"] == name})

    name = next(name for name in await owned(first) if name is not None)
    async with Load(first, visitors=6, seed=37, doors=[server.url for server in servers]) as load:
        await load.goes_on()
        for count in (3, 1):
            await causerie(first, "scale", str(count), "--server", name)
            await eventually(lambda count=count: has(count), 30, 0.5)
            await load.goes_on()
        assert [] == await load.judged()


async def _longest_pause(load: Load, over: asyncio.Event) -> float:
    """How long the slowest conversation had to wait for the ack of what it said next, from one time to the next, until it is over."""
    longest_s = 0.0
    while not over.is_set():
        watch = load.watch()
        assert await watch.served(BACK_S)
        longest_s = max(longest_s, watch.took_s)
    print(f"the longest pause was {longest_s:.2f} s")
    return longest_s


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
        for n in range(NEWCOMERS):
            await people.talking(f"newcomer {n}")
