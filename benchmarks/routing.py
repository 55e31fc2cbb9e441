"""The work of a desk: assignments a second of one app, updates of tickets a second, and timers of service levels; through the real hosts.

    python -m benchmarks.routing [--part assignments] [--part updates] [--part timers] [--seconds 10] [--runs 3] [--postgresql]

`assignments`: `--agents` are online, and `--waiting` tickets in the line (the other parts are in `benchmarks.ticketing`). Agents solve a
ticket, are offered the next one and accept it, `--acting` of them at the same moment; for each ticket that is solved a new one joins the
line, so that it stays as long as it is. So an assignment is three commands (new work, solved, accepted) and four events, each durable
before it is answered, and a word to the ticket, which answers at once: tickets are made up here. The load shares the process.

`decision` is the time that one turn takes inside the actor, `offer` from the moment at which an agent has solved a ticket to the commit
of the offer of the next one, as the host's followers see it.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import select

from actors import interpreter
from actors.answers import Answer
from actors.assignment import AssignmentKind
from actors.effects import Ways
from actors.host import Host
from actors.kind import Outcome
from actors.link import OnAnswer
from actors.mailbox import Item
from benchmarks import processes, results, ticketing
from domain.assignment import commands as cmd
from domain.assignment import events as ev
from domain.assignment.commands import Work
from domain.assignment.state import State
from domain.desk.model import Agent, CapacityRule, Desk, Group, Routing
from storage.open import open_journal
from storage.ports import ActorId, Database, EffectRow
from storage.sql.desk_tables import desks
from storage.sql.migrate import migrate

APP = "a" * 24
ACTOR = ActorId("assignment", APP, APP)
GROUPS, CAPACITY = 10, 3
SETUP_AT_ONCE = 256


def _agent(n: int) -> str:
    return f"{n:024x}"


def _desk(agents: int, offer_s: int) -> Desk:
    people = {_agent(n): Agent(_agent(n), f"Agent {n}", groups=(n % GROUPS + 1,)) for n in range(agents)}
    rule = CapacityRule(1, "All", {"messaging": CAPACITY}, is_default=True)
    groups = {n: Group(n, str(n)) for n in range(1, GROUPS + 1)}
    return Desk(APP, version=1, groups=groups, agents=people, capacity_rules={1: rule}, routing=Routing(offer_s=offer_s))


class _Desks:
    """One desk, whose version is asked for before each batch as that of any."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self._database, self._desk = database, desk

    async def current(self, app: str) -> Desk:
        query = select(desks.c.version).where(desks.c.app_id == app)
        await self._database.read(lambda c: c.execute(query).scalar(), inline=True)
        return self._desk


class _Timed(AssignmentKind):
    """Notes how long each turn takes."""

    def __init__(self, source: _Desks) -> None:
        super().__init__(source)
        self.took: list[int] = []

    def turn(self, value: State, command: bytes, now_ms: int, key: int) -> Outcome:
        begun = time.perf_counter()
        outcome = super().turn(value, command, now_ms, key)
        self.took.append(round((time.perf_counter() - begun) * 1e6))
        return outcome


class Crowd:
    """Agents who work. A follower of the host, as a gateway's link is."""

    def __init__(self, host: Host, waiting: int) -> None:
        self._host, self._keys, self._tickets = host, itertools.count(1), itertools.count()
        self.waiting = waiting
        self.assigned, self.acting = 0, False
        self.offers: list[int] = []
        self._freed: dict[str, float] = {}
        self.held: dict[str, list[str]] = {}
        self.failed: list[object] = []
        self._wanted, self._has = 0, asyncio.Event()

    def say(self, command: cmd.Command, answer: Any = None) -> None:
        self._host.submit(Item(ACTOR, cmd.encode(command), next(self._keys), 0, False, answer or self._answered))

    def _answered(self, answer: object) -> None:
        if not isinstance(answer, Answer):
            self.failed.append(answer)

    async def ask(self, commands: list[cmd.Command]) -> None:
        """So many at a time, and wait for all."""
        gate = asyncio.Semaphore(SETUP_AT_ONCE)

        async def one(command: cmd.Command) -> None:
            async with gate:
                done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
                self.say(command, done.set_result)
                self._answered(await done)

        await asyncio.gather(*map(one, commands))

    async def reached(self, assigned: int) -> None:
        """Until so many tickets have their agent."""
        self._wanted = assigned
        if self.assigned < assigned:
            await self._has.wait()

    def enqueue(self) -> cmd.Enqueue:
        n = next(self._tickets)
        work = Work(f"{n:024x}", 1, conversation_id=None, group=n % GROUPS + 1, eligible_ms=self._host.clock.now_ms())
        return cmd.Enqueue(work)

    # -- what the host publishes

    def event(self, follow: int, seq: int, body: bytes) -> None:
        if b'"type":"routing:offered"' in body:
            event = ev.decode(body)[1]
            assert isinstance(event, ev.Offered)
            freed = self._freed.pop(event.agent_id, None)
            if freed is not None:
                self.offers.append(round((time.perf_counter() - freed) * 1e6))
            self.say(cmd.Accept(event.agent_id, event.ticket_id))
        elif b'"type":"routing:assigned"' in body:
            event = ev.decode(body)[1]
            assert isinstance(event, ev.Assigned)
            self.assigned += 1
            if self.assigned == self._wanted:
                self._has.set()
            self.held.setdefault(event.agent_id, []).append(event.ticket_id)
            if self.acting:
                self.solve(event.agent_id)

    def solve(self, agent: str) -> None:
        """The agent's oldest ticket is done, and somewhere a customer comes."""
        self._freed[agent] = time.perf_counter()
        self.say(self.enqueue())
        self.say(cmd.Withdraw(self.held[agent].pop(0), 1))

    def moved(self) -> None:
        """There is no other host."""


async def assignments(url: str, options: Any) -> dict[str, Any]:
    database, journal = open_journal(url)
    desk = _desk(options.agents, 30 if options.offers == "on" else 0)
    kind = _Timed(_Desks(database, desk))
    ways = Ways(kinds=("ticket", "conversation"), deliver=_heard)
    host = Host(kind, journal, await journal.claim("assignment", "0", "benchmark", "nowhere"), ways=ways)
    host.start()
    crowd = Crowd(host, options.waiting)
    host.followers.joined(crowd)
    host.followers.add(crowd, 1, ACTOR)
    await crowd.ask([cmd.SetStatus(name, "online") for name in desk.agents])
    full = options.agents * CAPACITY
    await crowd.ask([crowd.enqueue() for _ in range(full + options.waiting)])
    async with asyncio.timeout(60):
        await crowd.reached(full)
    row = await _act(crowd, kind, options)
    await host.drain()
    await database.close()
    assert not crowd.failed, crowd.failed[:3]
    return row


async def _act(crowd: Crowd, kind: _Timed, options: Any) -> dict[str, Any]:
    interpreter.tune()  # as a host process does
    kind.took.clear()
    crowd.offers.clear()
    before, cpu, begun = crowd.assigned, time.process_time(), time.perf_counter()
    crowd.acting = True
    for agent in list(crowd.held)[: options.acting]:
        crowd.solve(agent)
    await asyncio.sleep(options.seconds)
    crowd.acting = False
    took, made = time.perf_counter() - begun, crowd.assigned - before
    cpu_s = time.process_time() - cpu
    return {
        "part": "assignments",
        "agents": options.agents,
        "waiting": options.waiting,
        "acting": options.acting,
        "offers": options.offers,
        "seconds": round(took, 1),
        "assignments_per_s": round(made / took),
        **results.latencies("decision", kind.took),
        **results.latencies("offer", crowd.offers),
        "cpu_ms": round(cpu_s * 1000 / max(1, made), 3),
    }


def _heard(effect: EffectRow, on_answer: OnAnswer) -> None:
    """A ticket, which takes note at once."""
    on_answer(Answer(1, "e"))


PARTS = {"assignments": assignments, "updates": ticketing.updates, "timers": ticketing.timers}


async def _fresh(part: str, url: str | None, folder: str, options: Any) -> dict[str, Any]:
    where = url or f"sqlite:///{Path(folder) / 'causerie.db'}"
    await migrate(where)
    neighbours, begun = processes.others_cpu(url), time.perf_counter()
    row = await PARTS[part](where, options)
    return {**row, "neighbours_cores": round((processes.others_cpu(url) - neighbours) / (time.perf_counter() - begun), 2)}


def main() -> None:
    parser = results.parser(__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="may be repeated; all of them unless given")
    parser.add_argument("--agents", type=int, default=1_000, help="online, each with room for three")
    parser.add_argument("--waiting", type=int, default=10_000, help="tickets in the line, all the time")
    parser.add_argument("--acting", type=int, default=200, help="agents who solve and accept at the same moment")
    parser.add_argument("--offers", choices=("on", "off"), default="on", help="whether agents are asked, or have it at once")
    parser.add_argument("--tickets", type=int, default=2_000, help="that are updated")
    parser.add_argument("--in-flight", type=int, default=64, help="updates at the same moment")
    parser.add_argument("--timers", type=int, default=100_000, help="that wait")
    parser.add_argument("--due", type=int, default=500, help="of them each second")
    options = parser.parse_args()
    with results.recorded("routing", options) as (rows, url):
        for run in range(1, options.runs + 1):
            for part in options.part or PARTS:
                with tempfile.TemporaryDirectory() as folder:
                    rows.append({"run": run, **uvloop.run(_fresh(part, url, folder, options))})


if __name__ == "__main__":
    main()
