"""The parts of `benchmarks.routing` that are about tickets, through the real host and its journal: updates a second, and timers.

`updates`: clients who change tickets and say something, each its own ticket, so many at a time. An update is a status, a priority, a tag
and an internal note, by rules of twenty triggers, of which one fires, and a policy of service levels; it is durable before it is answered.

`timers`: tickets at rest, each with the timer of its first reply, so many of them due each second. None of them is in memory when the host
begins. `late` is from the instant at which one is due to the commit of the breach, as followers see it; `rest_cpu_ms` is processor
time for each second in which no timer rings, `rest_mb` what the process takes more than before it had the host.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil

from actors.answers import Answer
from actors.effects import Ways
from actors.host import Host
from actors.kind import Outcome
from actors.link import OnAnswer
from actors.mailbox import Item
from actors.placement import SHARDS, shard_of
from actors.ticket import TicketKind
from benchmarks import results
from domain.desk.model import Action, Agent, Condition, Conditions, Desk, Group, Policy, Target, Trigger
from domain.ticket import commands as cmd
from domain.ticket import events as ev
from storage.open import open_journal
from storage.ports import ActorId, Claim, EffectRow, Entry, EventRow, Journal
from storage.spoken import Talk
from storage.sql.ticket_numbers import TicketNumbers

APP, AGENT, CUSTOMER = "a" * 24, "b" * 24, "c" * 24
ALL = ActorId("ticket", APP, "*")
BY = cmd.By("agent", AGENT)
TRIGGERS = 20
LATE_MS = 3_600_000
SETTLED_S, REST_S = 3.0, 5.0
ROWS_AT_ONCE = 500


def _desk() -> Desk:
    urgent = Conditions(
        all=(Condition("priority", "is", "urgent"), Condition("tags", "includes", "later"), Condition("status", "is", "open"))
    )
    never = [
        Trigger(n, str(n), Conditions(all=(Condition("tags", "includes", f"never{n}"),)), (Action("priority", "low"),))
        for n in range(1, TRIGGERS)
    ]
    fires = Trigger(TRIGGERS, "Mark", urgent, (Action("current_tags", "marked"),))
    targets = tuple(Target(priority, "first_reply_time", LATE_MS) for priority in ("low", "normal", "high", "urgent"))
    policy = Policy(1, "All", Conditions(all=(Condition("status", "is_not", "closed"),)), targets)
    agents = {AGENT: Agent(AGENT, "Ann", groups=(1,))}
    return Desk(APP, version=1, groups={1: Group(1, "All")}, agents=agents, triggers=(*never, fires), policies=(policy,))


class Desks:
    """One desk that nobody changes."""

    def __init__(self) -> None:
        self._desk = _desk()

    async def current(self, app_id: str) -> Desk:
        return self._desk


class _Nobody:
    async def known(self, app_id: str, user_id: str) -> dict[str, str]:
        return {}


def _heard(effect: EffectRow, on_answer: OnAnswer) -> None:
    """A routing, which takes note at once."""
    on_answer(Answer(1, "e"))


def _ticket(n: int) -> ActorId:
    return ActorId("ticket", APP, f"{n:024x}")


# -- updates


class Clients:
    """So many who each wait for the answer to an update before they make the next."""

    def __init__(self, host: Host, tickets: int) -> None:
        self._host, self._tickets, self._keys = host, tickets, itertools.count(1)
        self.took: list[int] = []
        self.failed: list[object] = []
        self.over = False

    async def ask(self, actor: ActorId, command: cmd.Command) -> None:
        done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._host.submit(Item(actor, cmd.encode(command), next(self._keys), 0, False, done.set_result))
        answer = await done
        if not isinstance(answer, Answer):
            self.failed.append(answer)

    async def create(self, numbers: Iterator[int]) -> None:
        for n in numbers:
            comment = cmd.Comment("It does not work, and I do not know why.")
            await self.ask(_ticket(n), cmd.Create(BY, CUSTOMER, (cmd.Change("subject", f"Ticket {n}"),), comment))

    async def update(self, client: int, clients: int) -> None:
        for n in itertools.cycle(range(client, self._tickets, clients)):
            for turn, priority in enumerate(("urgent", "normal")):
                if self.over:
                    return
                changes = (cmd.Change("priority", priority), cmd.Change("status", ("open", "pending")[turn]), *_TAGS[turn])
                begun = time.perf_counter()
                await self.ask(_ticket(n), cmd.Update(BY, changes, cmd.Comment("I have looked at it, and asked the others.", public=False)))
                self.took.append(round((time.perf_counter() - begun) * 1e6))


_TAGS = ((cmd.Change("additional_tags", "later"),), (cmd.Change("remove_tags", "later"),))


async def updates(url: str, options: Any) -> dict[str, Any]:
    database, journal = open_journal(url)
    kind = TicketKind(Desks(), TicketNumbers(database), _Nobody(), Talk(journal))
    host = Host(kind, journal, await journal.claim("ticket", "0", "benchmark", "nowhere"), ways=Ways(kinds=("assignment",), deliver=_heard))
    host.start()
    clients, count = Clients(host, options.tickets), options.in_flight
    numbers = iter(range(options.tickets))
    await asyncio.gather(*(clients.create(numbers) for _ in range(count)))
    working = [asyncio.create_task(clients.update(n, count)) for n in range(count)]
    cpu, begun = time.process_time(), time.perf_counter()
    await asyncio.sleep(options.seconds)
    took, cpu_s, made = time.perf_counter() - begun, time.process_time() - cpu, len(clients.took)
    clients.over = True
    await asyncio.gather(*working)
    await host.drain()
    await database.close()
    assert not clients.failed, clients.failed[:3]
    return {
        "part": "updates",
        "tickets": options.tickets,
        "in_flight": count,
        "seconds": round(took, 1),
        "updates_per_s": round(made / took),
        **results.latencies("update", clients.took),
        "cpu_ms": round(cpu_s * 1000 / max(1, made), 3),
    }


# -- timers


class Watcher:
    """Notes how late each breach is committed. A follower of the host."""

    def __init__(self) -> None:
        self.late: list[int] = []

    def event(self, follow: int, seq: int, body: bytes) -> None:
        if b'"type":"ticket:breach"' in body:
            event = ev.decode(body)[1]
            assert isinstance(event, ev.Breached)
            self.late.append(round(time.time() * 1e6) - event.due_ms * 1000)

    def moved(self) -> None:
        """There is no other host."""


async def timers(url: str, options: Any) -> dict[str, Any]:
    database, journal = open_journal(url)
    kind = TicketKind(Desks(), TicketNumbers(database), _Nobody(), Talk(journal))
    claim = await journal.claim("ticket", "0", "benchmark", "nowhere")
    many = round(options.due * options.seconds)
    step_ms, far_ms = 1000 / options.due, _now_ms() + 600_000
    begun = time.perf_counter()
    await _lie_down(kind, journal, claim, range(many, options.timers), lambda n: far_ms + round(n * step_ms))
    near_s = 2 * (time.perf_counter() - begun) * many / (options.timers - many)  # what the others will take, at most
    first_ms = _now_ms() + round((SETTLED_S + REST_S + near_s) * 1000)
    await _lie_down(kind, journal, claim, range(many), lambda n: first_ms + round(n * step_ms))
    before_mb, watcher = _memory_mb(), Watcher()
    host = Host(kind, journal, claim, ways=Ways(kinds=("assignment",), deliver=_heard))
    begun = time.perf_counter()
    host.start(await journal.effects("ticket", (0, SHARDS)))
    began_s = time.perf_counter() - begun
    host.followers.joined(watcher)
    host.followers.add(watcher, 1, ALL)
    await asyncio.sleep(SETTLED_S)
    cpu = time.process_time()
    await asyncio.sleep(REST_S)
    assert not watcher.late, "nothing rings yet"
    rest_cpu_s, rest_mb = time.process_time() - cpu, _memory_mb() - before_mb
    cpu, held = time.process_time(), await _ring(host, watcher, many, first_ms + round(options.seconds * 1000))
    cpu_s = time.process_time() - cpu
    await host.drain()
    await database.close()
    return {
        "part": "timers",
        "timers": options.timers,
        "due_per_s": options.due,
        "seconds": round(options.seconds, 1),
        "rung": len(watcher.late),
        "twice": len(watcher.late) - many,
        **results.latencies("late", watcher.late),
        "late_max_ms": round(max(watcher.late) / 1000, 2),
        "cpu_ms": round(cpu_s * 1000 / many, 3),
        "begin_ms": round(began_s * 1000, 1),
        "rest_cpu_ms": round(rest_cpu_s * 1000 / REST_S, 2),
        "rest_mb": round(rest_mb, 1),
        "held_most": held,
    }


async def _lie_down(kind: TicketKind, journal: Journal, claim: Claim, numbers: range, due_ms: Callable[[int], int]) -> None:
    """Tickets at rest, made by the rules an hour before their first reply is late, many in a transaction."""
    command = cmd.encode(cmd.Create(cmd.By("user", CUSTOMER), CUSTOMER, (cmd.Change("subject", "Late"),), cmd.Comment("Where are you?")))
    for at in range(0, len(numbers), ROWS_AT_ONCE):
        some = {n: kind.born(_ticket(n)) for n in numbers[at : at + ROWS_AT_ONCE]}
        await kind.prepare([(state, command) for state in some.values()])
        first = await journal.reserve_keys(len(some))
        turns = ((key, n, kind.turn(state, command, due_ms(n) - LATE_MS, key)) for key, (n, state) in enumerate(some.items(), first))
        await journal.commit(claim, [_entry(kind, key, n, outcome) for key, n, outcome in turns])


def _entry(kind: TicketKind, key: int, n: int, outcome: Outcome) -> Entry:
    rows = [EventRow(seq, body, version=kind.version) for seq, body in enumerate(outcome.bodies, 1)]
    actor = _ticket(n)
    return Entry(actor, key, True, shard_of(actor), rows, effects=outcome.effects, rows=outcome.rows)


async def _ring(host: Host, watcher: Watcher, many: int, last_ms: int) -> int:
    """Until all have rung. How many effects the host held at most, as seen ten times a second."""
    held = 0
    while len(watcher.late) < many:
        held = max(held, len(host.effects))
        assert _now_ms() < last_ms + 30_000, f"{len(watcher.late)} of {many} have rung"
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)  # whatever rings twice
    return held


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _memory_mb() -> float:
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6
