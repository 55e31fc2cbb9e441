"""Routing under everything that can go wrong, on virtual time: no work with two agents, nobody with too much, and nothing is forgotten.

A seed is a run: `CAUSERIE_SEED=17 pytest tests/simulation` repeats it, and `CAUSERIE_SEEDS=1000` tries so many.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator

import pytest
import structlog

from actors.assignment import AssignmentKind
from domain.assignment import events as ev
from domain.assignment.state import State, evolve
from domain.desk.model import Strategy
from tests import virtual_time
from tests.routings import ACTOR, APP, DesksTwin
from tests.simulation.routings import LIMIT, Agents, Customers, World

STORM_S, CALM_S = 60.0, 1_200.0
_ONE = os.environ.get("CAUSERIE_SEED")
SEEDS = [int(_ONE)] if _ONE else list(range(int(os.environ.get("CAUSERIE_SEEDS", "6"))))
STRATEGIES: tuple[Strategy, ...] = ("highest_spare_capacity", "round_robin", "longest_idle")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Failures are what this is about; writing of each takes longer than the simulation."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


async def simulate(seed: int, agents: int, tickets: int) -> tuple[World, Agents]:
    """A storm, then a calm in which everything has to be done."""
    world = World(seed, agents, tickets, STRATEGIES[seed % 3])
    await world.begin()
    customers = Customers(world)
    people = Agents(world, customers)
    coming = asyncio.create_task(customers.come(STORM_S))
    await people.arrive()
    for work in (people.watch(), people.renew()):
        people.begin(work)
    while world.loop.time() < STORM_S:
        await asyncio.sleep(world.rng.expovariate(0.5))
        await world.disturb()
    world.calm = True
    await coming
    until = world.loop.time() + CALM_S
    while len(customers.done) < tickets and world.loop.time() < until:
        await asyncio.sleep(1)
        await _again(world, customers, people)
    assert len(customers.done) == tickets, f"forgotten: {tickets - len(customers.done)}"
    await asyncio.sleep(5)
    await _check(world)
    for task in list(people.tasks):
        task.cancel()
    await asyncio.gather(*people.tasks, return_exceptions=True)
    assert world.host is not None
    await world.host.kill()
    return world, people


async def _again(world: World, customers: Customers, people: Agents) -> None:
    """Who has work and nobody who works on it: an agent whose handing over was refused, or who was told before the storm was over."""
    if int(world.loop.time()) % 60 == 0:
        for name, (_, holder) in sorted(world.holders.items()):
            if holder is not None and name not in customers.done:
                people.begin(customers.solved(name))


async def _check(world: World) -> None:
    """What the journal says, event by event: nobody was given more than they may have, and the live state is that of the journal."""
    kind = AssignmentKind(DesksTwin(world.desk))
    key = await world.journal.find(ACTOR)
    assert key is not None
    state: State = kind.born(ACTOR)
    held: Counter[str] = Counter()
    for row in await world.journal.read(key, 0, 1_000_000):
        at_ms, event = ev.decode(row.body)
        before = state.pieces.get(getattr(event, "ticket_id", ""))
        state = evolve(state, row.seq, at_ms, event)
        after = state.pieces.get(getattr(event, "ticket_id", ""))
        for piece, sign in ((before, -1), (after, 1)):
            for hand in () if piece is None or not piece.work.active else piece.hands:
                held[hand] += sign
        if isinstance(event, ev.Offered):
            assert held[event.agent_id] <= LIMIT
    assert world.host is not None and state == world.host.activations[ACTOR].state
    assert 0 == len(state.pieces), "nothing waits that is done"
    assert APP == state.app


def fairness(counts: Counter[str], agents: int) -> float:
    """Jain's index: 1 where all have as much, 1/n where one has everything."""
    total = sum(counts.values())
    return total * total / (agents * sum(n * n for n in counts.values())) if total else 1.0


@pytest.mark.parametrize("seed", SEEDS)
def test_work_finds_its_agents_whatever_goes_wrong(seed: int) -> None:
    world, people = virtual_time.run(simulate(seed, 40, 250))
    index = fairness(people.assigned, 40)
    print(f"seed {seed}: {world.desk.routing.strategy}, {len(world.events)} events, fairness {index:.2f}, {dict(world.counts)}")
    assert index > 0.5


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_thousands_of_agents_and_tickets(seed: int) -> None:
    world, people = virtual_time.run(simulate(seed, 2_000, 10_000))
    index = fairness(people.assigned, 2_000)
    print(f"seed {seed}: {world.desk.routing.strategy}, {len(world.events)} events, fairness {index:.2f}, {dict(world.counts)}")
    assert index > 0.5
