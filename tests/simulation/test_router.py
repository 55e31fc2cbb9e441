"""The real host, links, router and sockets under everything that can go wrong, on virtual time, judged by `tests.history`.

A seed is a run: `CAUSERIE_SEED=17 pytest tests/simulation` repeats it, and `CAUSERIE_SEEDS=1000` tries so many.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Iterator

import pytest
import structlog

from domain import ids
from tests import virtual_time
from tests.history import Acked, Committed, Record, Said, Saw, Stored, violations
from tests.simulation.clients import Client, agent, said, visitor
from tests.simulation.world import World

STORM_S = 30.0
CALM_S = 240.0
_ONE = os.environ.get("CAUSERIE_SEED")
SEEDS = [int(_ONE)] if _ONE else list(range(int(os.environ.get("CAUSERIE_SEEDS", "40"))))


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of failures are what this is about; writing of each takes longer than the simulation."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


async def simulate(seed: int) -> World:
    """A storm, then a calm in which everything has to come right."""
    world = World(seed)
    visitors = [Client(world, visitor(n), [f"{n + 4096:024x}"]) for n in range(3)]
    agents = [Client(world, agent(n), [name for one in visitors for name in one.conversations]) for n in range(2)]
    clients = [*visitors, *agents]
    running = [asyncio.create_task(client.run()) for client in clients]
    while world.loop.time() < STORM_S:
        await asyncio.sleep(world.rng.expovariate(1.0))
        await world.disturb()
    world.calm()
    for client in clients:
        client.talking = False
    until = world.loop.time() + CALM_S
    while any(client.behind() for client in clients) and world.loop.time() < until:  # noqa: ASYNC110 - time is virtual
        await asyncio.sleep(0.5)
    for client in clients:
        client.finish()
    await _end(world, clients, running)
    return world


async def _end(world: World, clients: list[Client], running: list[asyncio.Task[None]]) -> None:
    for task in running:
        task.cancel()
    outcomes = await asyncio.gather(*running, return_exceptions=True)
    for client in clients:
        if client.session is not None:
            client.session.cut()
    await world.close()
    world.history.extend(_stored(world))
    broken = [outcome for outcome in outcomes if not isinstance(outcome, asyncio.CancelledError)]
    assert [] == broken


def _stored(world: World) -> Iterator[Record]:
    for one in world.journal._actors.values():
        for seq in sorted(one.events):
            event = json.loads(one.events[seq].body)
            yield Stored(one.actor.id, seq, said(event), ids.milliseconds(event["createdAt"]))


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_doubled_or_reordered(seed: int) -> None:
    world = virtual_time.run(simulate(seed))
    counts = Counter(type(one).__name__ for one in world.history)
    print(f"seed {seed}: {dict(counts)}, generations {len(world.all_nodes)}, connections {len(world.pipes)}, closed {dict(world.closed)}")
    assert [] == violations(world.history)
    assert all(counts[kind.__name__] > 50 for kind in (Said, Acked, Saw, Committed, Stored))


def test_a_seed_is_a_run() -> None:
    """The same seed gives the same history, to the last record."""
    first, second = (virtual_time.run(simulate(7)) for _ in range(2))
    assert first.history == second.history
