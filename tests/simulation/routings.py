"""An app's routing on virtual time: the real host over a journal in memory, agents, tickets and gateways that behave as their
protocols ask, and everything that may go wrong between them, drawn from a seed.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from random import Random
from typing import Any

from actors.answers import Answer
from actors.assignment import AssignmentKind
from actors.effects import Ways
from actors.host import Host
from actors.link import OnAnswer
from actors.mailbox import Item
from domain.assignment import commands as cmd
from domain.assignment import events as ev
from domain.assignment.commands import Work
from domain.desk.model import Agent, CapacityRule, Desk, Group, Queue, Routing, Strategy
from domain.envelope import Later
from domain.errors import Refused, Unavailable
from domain.ticket import commands as ticket
from storage.memory import MemoryJournal
from storage.ports import EffectRow
from tests.hosts import ALL_SHARDS
from tests.routings import ACTOR, APP, DesksTwin, agent_id, ticket_id

START_MS = 1_750_000_000_000
GROUPS, LIMIT = 4, 3
AWAY = Unavailable("unavailable", "the database is away", 0.2)
LEASE_S, GRACE_S, OFFER_S = 15, 10, 10


def a_desk(agents: int, strategy: Strategy) -> Desk:
    people = {agent_id(n): Agent(agent_id(n), str(n), groups=(n % GROUPS + 1,), skills=(n % 3,)) for n in range(agents)}
    rule = CapacityRule(1, "All", {"messaging": LIMIT}, is_default=True)
    queue = Queue(9, "Quick", priority=1, primary_groups=(1,), secondary_groups=(2, 3), overflow_after_s=5)
    routing = Routing(strategy, OFFER_S, skills_timeout_s=5, disconnect_grace_s=GRACE_S)
    groups = {n: Group(n, str(n)) for n in range(1, GROUPS + 1)}
    return Desk(APP, version=1, groups=groups, agents=people, capacity_rules={1: rule}, queues=(queue,), routing=routing)


class World:
    """One app. `told` are the answers of the routing that tickets have taken, once each."""

    def __init__(self, seed: int, agents: int, tickets: int, strategy: Strategy) -> None:
        self.loop, self.rng = asyncio.get_running_loop(), Random(seed)
        self.desk, self.tickets = a_desk(agents, strategy), tickets
        self.journal = MemoryJournal()
        self.host: Host | None = None
        self.calm = False
        self.step_ms = 0
        self.pending: dict[int, tuple[cmd.Command, asyncio.Future[Any]]] = {}
        self.seen_effects: set[int] = set()
        self.holders: dict[str, tuple[int, str | None]] = {}
        self.events: list[ev.Event] = []
        self.cursor = 0
        self.counts: Counter[str] = Counter()
        self._keys = itertools.count(1)

    def now_ms(self) -> int:
        return START_MS + int(self.loop.time() * 1000) + self.step_ms

    def monotonic(self) -> float:
        return self.loop.time()

    # -- the host

    async def begin(self) -> None:
        claim = await self.journal.claim("assignment", "0", "node", "")
        ways = Ways(kinds=("ticket", "conversation"), deliver=self._deliver)
        self.host = Host(AssignmentKind(DesksTwin(self.desk)), self.journal, claim, clock=self, ways=ways)
        self.host.start(await self.journal.effects("assignment", ALL_SHARDS))
        for key in list(self.pending):
            self._submit(key)

    async def die(self) -> None:
        """As by kill -9; whoever waits for an answer says it again to the next one, under the same key."""
        assert self.host is not None
        host, self.host = self.host, None
        await host.kill()
        self.counts["deaths"] += 1
        await asyncio.sleep(self.rng.uniform(0, 2))
        await self.begin()

    def _submit(self, key: int) -> None:
        host, (command, done) = self.host, self.pending[key]
        if host is None:
            return

        def answer(value: object) -> None:
            if host is self.host and not done.done():
                done.set_result(value)

        host.submit(Item(ACTOR, cmd.encode(command), key, 0, False, answer))

    async def say(self, command: cmd.Command) -> Answer | Refused:
        """At least once, with one effect, as a link does."""
        key = next(self._keys)
        done: asyncio.Future[Any] = self.loop.create_future()
        self.pending[key] = (command, done)
        self._submit(key)
        outcome = await done
        del self.pending[key]
        return outcome  # type: ignore[no-any-return]

    def _deliver(self, effect: EffectRow, on_answer: OnAnswer) -> None:
        """To a ticket: it notes what is new, and answers after a while, if its host still wants to know."""
        host = self.host
        if effect.way == "ticket" and effect.id not in self.seen_effects:
            self.seen_effects.add(effect.id)
            self._note(effect.receiver.id, ticket.decode(effect.payload))
        self.loop.call_later(self.rng.uniform(0, 0.05), lambda: on_answer(Answer(1, "e")) if host is self.host else None)

    def _note(self, name: str, told: ticket.Command) -> None:
        assert isinstance(told, ticket.Assigned | ticket.Unassigned)
        known, _ = self.holders.get(name, (0, None))
        if told.epoch >= known:
            self.holders[name] = (told.epoch, told.agent_id if isinstance(told, ticket.Assigned) else None)

    # -- what goes wrong

    async def disturb(self) -> None:
        match self.rng.choice(["die", "fail", "lost", "clock", "nothing"]):
            case "die":
                await self.die()
            case "fail":
                self.journal.fail("commit", AWAY)
            case "lost":
                self.journal.fail("commit", AWAY, "after")
            case "clock":
                self.step_ms += self.rng.choice([-3_000, 2_000, 20_000])
                self.counts["clock steps"] += 1

    # -- what is committed

    async def read(self) -> list[tuple[int, ev.Event]]:
        """What is new in the journal."""
        key = await self.journal.find(ACTOR)
        rows = [] if key is None else await self.journal.read(key, self.cursor, 100_000)
        found: list[tuple[int, ev.Event]] = []
        for row in rows:
            at_ms, event = ev.decode(row.body, row.version)
            assert event is not None and not isinstance(event, Later)
            assert row.seq == self.cursor + 1, "no seq is left out"
            self.cursor = row.seq
            found.append((at_ms, event))
        return found


class Customers:
    """Tickets: each wants an agent, keeps them for a while, and is done."""

    def __init__(self, world: World) -> None:
        self.world, self.rng = world, Random(world.rng.random())
        self.done: set[str] = set()
        self.epochs: dict[str, int] = {}

    async def come(self, over_s: float) -> None:
        await asyncio.gather(*(self._one(n, self.rng.uniform(0, over_s)) for n in range(self.world.tickets)))

    async def _one(self, n: int, after_s: float) -> None:
        await asyncio.sleep(after_s)
        name = ticket_id(n)
        self.epochs[name] = 1
        group, queue = self.rng.randrange(1, GROUPS + 1), self.rng.choice([0, 0, 0, 9])
        work = Work(name, 1, group=group, queue=queue, priority=self.rng.randrange(4), skills=self.rng.choice([(), (), (1,), (7,)]))
        await self.world.say(cmd.Enqueue(work))
        if self.rng.random() < 0.05:
            await asyncio.sleep(self.rng.uniform(0, 10))
            await self.world.say(cmd.SetActive(name, active=False))
            await self.world.say(cmd.SetActive(name, active=True))

    async def solved(self, name: str) -> None:
        await self.world.say(cmd.Withdraw(name, self.epochs[name]))
        self.done.add(name)


class Agents:
    """They accept most of what they are asked, hand some of it over, solve it after a while, and sometimes lose their socket."""

    def __init__(self, world: World, customers: Customers) -> None:
        self.world, self.customers, self.rng = world, customers, Random(world.rng.random())
        self.here: dict[str, set[str]] = {"g1": set(), "g2": set()}
        self.tasks: set[asyncio.Task[Any]] = set()
        self.assigned: Counter[str] = Counter()

    def begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def arrive(self) -> None:
        for n, name in enumerate(self.world.desk.agents):
            self.here["g1" if n % 2 else "g2"].add(name)
        await self._tell()
        await asyncio.gather(*(self.world.say(cmd.SetStatus(name, "online")) for name in self.world.desk.agents))

    async def _tell(self) -> None:
        for gateway, names in self.here.items():
            await self.world.say(cmd.Present(gateway, tuple(sorted(names)), LEASE_S * 1000))

    async def renew(self) -> None:
        while True:
            await asyncio.sleep(LEASE_S / 3)
            if not self.world.calm:
                self._come_and_go()
            else:
                for n, name in enumerate(self.world.desk.agents):
                    self.here["g1" if n % 2 else "g2"].add(name)
            await self._tell()

    def _come_and_go(self) -> None:
        for names in self.here.values():
            for name in sorted(names):
                if self.rng.random() < 0.02:
                    names.discard(name)
        for n, name in enumerate(self.world.desk.agents):
            if self.rng.random() < 0.3:
                self.here["g1" if n % 2 else "g2"].add(name)

    async def watch(self) -> None:
        """As the inbox shows it, from the journal: what a dead host did not publish is there, too."""
        while True:
            for _, event in await self.world.read():
                self.world.events.append(event)
                if isinstance(event, ev.Offered):
                    self.begin(self._asked(event))
                elif isinstance(event, ev.Assigned):
                    self.assigned[event.agent_id] += 1
                    self.begin(self._works(event.ticket_id, event.agent_id))
            await asyncio.sleep(0.1)

    async def _asked(self, event: ev.Offered) -> None:
        await asyncio.sleep(self.rng.uniform(0, 3))
        luck = 0.0 if self.world.calm else self.rng.random()
        if luck < 0.8:
            others = [self.world.say(cmd.Accept(event.agent_id, event.ticket_id)) for _ in range(self.rng.choice([1, 1, 1, 5]))]
            await asyncio.gather(*others)
        elif luck < 0.9:
            await self.world.say(cmd.Decline(event.agent_id, event.ticket_id))

    async def _works(self, name: str, agent: str) -> None:
        await asyncio.sleep(self.rng.uniform(1, 20))
        luck = 1.0 if self.world.calm else self.rng.random()
        if luck < 0.1:
            await self.world.say(cmd.Transfer(agent, name))
        elif luck < 0.15:
            await self.world.say(cmd.Transfer(agent, name, agent_id=agent_id(self.rng.randrange(len(self.world.desk.agents)))))
            self.begin(self._works(name, agent))
        elif self.world.holders.get(name, (0, None))[1] in (agent, None):
            await self.customers.solved(name)
