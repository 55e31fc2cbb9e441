"""One of two servers is drained and comes back while people talk, by the command line as an operator does it."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.load import BACK_S, Load
from tests.people import eventually
from tests.serving import COMMAND, Serving, two_servers

pytestmark = [pytest.mark.postgresql]

SLOTS = [str(n) for n in range(8)]
PAUSE_S = 2.0


@pytest.fixture
def servers(tmp_path: Path, postgres_empty_url: str) -> Iterator[list[Serving]]:
    with two_servers(tmp_path, postgres_empty_url, conversation_slots=len(SLOTS), standby_hosts=1) as made:
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
        assert all([await asyncio.to_thread(server.is_ready) for server in servers]), "it lives, and its clients are served"
        await causerie(first, "undrain", drained)
        await causerie(second, "rebalance")
        sizes = [len(found) for found in (await owned(second)).values()]
        assert (2, True) == (len(sizes), max(sizes) - min(sizes) <= 2), "each of its two hosts may have one more"
        over.set()
        assert PAUSE_S > await pauses
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
