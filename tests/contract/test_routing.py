"""What routing may rely on from the runtime and its databases: work survives its host, and the tables say what the journal says."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from actors.answers import Answer
from actors.assignment import AssignmentKind
from actors.effects import Ways
from actors.host import Host
from actors.kind import replayed
from actors.link import OnAnswer
from actors.mailbox import Item
from domain.assignment import commands as cmd
from domain.assignment.rows import agent_row, work_row
from domain.assignment.state import State
from domain.desk.model import Agent, Desk
from domain.errors import Refused, Unavailable
from domain.ticket import commands as ticket
from storage.ports import Database, EffectRow
from storage.sql.database import open_database
from storage.sql.journal import SqlJournal
from storage.sql.routing import Count, Routings
from tests.hosts import ALL_SHARDS, FakeClock, FaultyJournal, until
from tests.people import eventually
from tests.routings import ACTOR, ANN, APP, BOB, SALES, DesksTwin, a_desk, agent_id, ticket_id, work

DOWN = Unavailable("unavailable", "the database is away")


class Site:
    """One app's routing in a host of its own over a journal; what its tickets were told is in `told`."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self.journal = FaultyJournal(SqlJournal(database))
        self.reads = Routings(database)
        self.desks, self.clock = DesksTwin(desk), FakeClock()
        self.told: list[tuple[str, ticket.Command]] = []
        self.host: Host
        self._keys = itertools.count(1)

    async def begin(self) -> None:
        claim = await self.journal.claim("assignment", "0", "test", "nowhere")
        kind = AssignmentKind(self.desks)
        ways = Ways(kinds=("ticket", "conversation"), deliver=self._deliver)
        self.host = Host(kind, self.journal, claim, clock=self.clock, retry_s=0.01, ways=ways)
        self.host.start(await self.journal.effects("assignment", ALL_SHARDS))

    def _deliver(self, effect: EffectRow, on_answer: OnAnswer) -> None:
        if effect.way == "ticket":
            self.told.append((effect.receiver.id, ticket.decode(effect.payload)))
        on_answer(Answer(1, "e"))

    def say(self, command: cmd.Command, key: int | None = None) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def answer(value: object) -> None:
            if not future.done():
                future.set_exception(value) if isinstance(value, Refused | Unavailable) else future.set_result(value)

        self.host.submit(Item(ACTOR, cmd.encode(command), key or next(self._keys), 0, False, answer))
        return future

    async def tell(self, command: cmd.Command) -> Answer:
        answer: Answer = await asyncio.wait_for(self.say(command), 10)
        return answer

    async def state(self) -> State:
        """What a host that begins now would know."""
        found = (await self.journal.load([ACTOR]))[0]
        state: State = replayed(AssignmentKind(self.desks), ACTOR, found.snapshot, found.snapshot_seq, found.events)
        return state


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    database = open_database(request.getfixturevalue("sqlite_path" if request.param == "sqlite" else "postgres_url"))
    made = Site(database, a_desk(limit=3))
    await made.begin()
    yield made
    await made.host.kill()
    await database.close()


async def some_work(site: Site, count: int = 8) -> None:
    for one in (ANN, BOB):
        await site.tell(cmd.SetStatus(one, "online"))
    await asyncio.gather(*(site.say(cmd.Enqueue(work(n))) for n in range(count)))


async def accept_all(site: Site) -> int:
    offered = [piece for piece in (await site.state()).pieces.values() if piece.offer is not None]
    await asyncio.gather(*(site.say(cmd.Accept(piece.offer or "", piece.work.ticket_id)) for piece in offered))
    return len(offered)


async def test_the_tables_say_what_the_journal_says(site: Site) -> None:
    await some_work(site)
    await accept_all(site)
    await site.tell(cmd.Withdraw(ticket_id(0), 1))
    state = await site.state()
    snapshot = await site.reads.snapshot(APP, ANN)
    assert state.seq == snapshot.position
    assert [agent_row(state.agents[one]) for one in (ANN, BOB)] == snapshot.agents
    mine = [work_row(one) for _, one in sorted(state.pieces.items()) if ANN in one.hands]
    assert mine == snapshot.work
    stages = Counter(one.stage for one in state.pieces.values())
    assert stages == Counter({count.stage: count.n for count in snapshot.counts})
    assert sorted(snapshot.counts, key=lambda one: one.stage) == sorted(await site.reads.counts(APP), key=lambda one: one.stage)


async def test_a_line_is_read_in_its_order_page_by_page(site: Site) -> None:
    wishes = [work(n, priority=n % 3, due_ms=(n % 2) * (n + 1), eligible_ms=100 - n) for n in range(12)]
    for one in wishes:
        await site.tell(cmd.Enqueue(one))
    line = f"0:{SALES}"
    expected = sorted(wishes, key=lambda one: (-one.priority, one.due_ms or 2**62, one.eligible_ms, one.ticket_id))
    found: list[str] = []
    after = None
    while page := await site.reads.waiting(APP, line, after, 5):
        found += [row.ticket_id for row in page]
        after = (page[-1].priority, page[-1].due_ms, page[-1].eligible_ms, page[-1].ticket_id)
    assert [one.ticket_id for one in expected] == found
    assert (4, line) == await site.reads.position(APP, found[3])
    assert None is await site.reads.position(APP, ticket_id(99))
    assert [Count(line, "waiting", 12, 89)] == await site.reads.counts(APP)


async def test_of_a_hundred_who_accept_at_once_one_has_it(site: Site) -> None:
    agents = {agent_id(n): Agent(agent_id(n), str(n), groups=(SALES,)) for n in range(100)}
    site.desks.desk = a_desk(agents, limit=1)
    for name in agents:
        await site.tell(cmd.SetStatus(name, "online"))
    await site.tell(cmd.Enqueue(work(1)))
    outcomes = await asyncio.gather(*(site.say(cmd.Accept(name, ticket_id(1))) for name in agents), return_exceptions=True)
    assert 1 == sum(isinstance(one, Answer) for one in outcomes)
    assert {"conflict"} == {one.code for one in outcomes if isinstance(one, Refused)}
    await until(lambda: len(site.told) == 1)
    assert isinstance(site.told[0][1], ticket.Assigned)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_commit_that_fails_or_may_not_have_failed_gives_nobody_anything_twice(site: Site, when: Any) -> None:
    await some_work(site, 2)
    site.journal.fail(when, DOWN)
    assert 2 == await accept_all(site)
    await until(lambda: len(site.told) == 2)
    state = await site.state()
    assert {"assigned"} == {piece.stage for piece in state.pieces.values()}
    assert {ticket_id(0), ticket_id(1)} == {name for name, _ in site.told}
    assert state == site.host.activations[ACTOR].state


async def test_an_offer_whose_host_dies_is_kept_and_lapses_under_the_next_one(site: Site) -> None:
    await some_work(site, 1)
    before = await site.state()
    await site.host.kill()
    await site.begin()
    site.clock.ms += 31_000
    site.host.effects._changed.set()  # the clock was set: the timer looks again

    async def moved() -> bool:
        return (await site.state()).pieces[ticket_id(0)].offer not in (None, before.pieces[ticket_id(0)].offer)

    await eventually(moved, 5, 0.01)


async def test_the_same_word_of_a_ticket_twice_is_one(site: Site) -> None:
    first = await asyncio.wait_for(site.say(cmd.Enqueue(work(1)), 777), 5)
    again = await asyncio.wait_for(site.say(cmd.Enqueue(work(1)), 777), 5)
    assert (first.seq, True) == (again.seq, again.repeated)
    assert 1 == len((await site.state()).pieces)
