"""Tickets in a host, on every journal: their numbers, their rows, and what a death leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import pytest

from actors.answers import Answer
from actors.host import Host
from actors.kind import replayed
from actors.mailbox import Item
from actors.router import bytes_digest
from actors.ticket import TicketKind
from domain.errors import Refused, Unavailable
from domain.ticket import commands as cmd
from domain.ticket.commands import Comment
from domain.ticket.state import State
from storage.ports import ActorId
from storage.spoken import Talk
from tests.hosts import ALL_SHARDS, FakeClock, FaultyJournal
from tests.tickets import APP, EVE, Desks, update

Begin = Callable[[], Awaitable[Host]]
AWAY = Unavailable("unavailable", "The database is away")


def actor(n: int) -> ActorId:
    return ActorId("ticket", APP, f"{n:024x}")


@pytest.fixture
async def begin(journal: FaultyJournal, clock: FakeClock) -> AsyncIterator[Begin]:
    """Starts one more host of the slot; what came before it is fenced. Numbers are those of one installation."""
    hosts: list[Host] = []
    numbers = Desks()

    async def started() -> Host:
        claim = await journal.claim("ticket", "0", "test", "nowhere")
        host = Host(TicketKind(*[numbers] * 4), journal, claim, clock=clock, retry_s=0.01)  # type: ignore[arg-type]
        host.start(await journal.effects("ticket", ALL_SHARDS))
        hosts.append(host)
        return host

    yield started
    for host in hosts:
        await host.kill()


async def tell(host: Host, n: int, command: cmd.Command, key: int | None = None) -> Answer:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def answer(value: object) -> None:
        future.set_exception(value) if isinstance(value, Refused | Unavailable) else future.set_result(value)

    encoded = cmd.encode(command)
    host.submit(Item(actor(n), encoded, key, bytes_digest(encoded), True, answer))
    told: Answer = await asyncio.wait_for(future, 10)
    return told


def create(words: str = "Help") -> cmd.Create:
    return cmd.Create(EVE, "ann", (), Comment(words))


def state(host: Host, n: int) -> State:
    found: State = host.activations[actor(n)].state
    return found


async def test_every_ticket_has_a_number_of_its_own(begin: Begin) -> None:
    """Also when many come at once, and when one comes twice."""
    host = await begin()
    await asyncio.gather(*(tell(host, n, create(), key) for n in range(1, 31) for key in (5, 5)))
    assert list(range(1, 31)) == sorted(state(host, n).ticket.number for n in range(1, 31))


async def test_a_batch_that_is_tried_again_keeps_its_numbers(begin: Begin, journal: FaultyJournal) -> None:
    """Whether its commit took effect or not."""
    host = await begin()
    journal.fail("before", AWAY)
    journal.fail("after", AWAY)
    answers = await asyncio.gather(*(tell(host, n, create(), 5) for n in range(1, 6)))
    assert [1] * 5 == [answer.seq for answer in answers]
    assert [1, 2, 3, 4, 5] == [state(host, n).ticket.number for n in range(1, 6)]


async def test_the_next_host_has_the_same_ticket_and_its_timers(begin: Begin, clock: FakeClock, journal: FaultyJournal) -> None:
    """A timer that was set rings there, once."""
    first = await begin()
    await tell(first, 1, create())
    for words in range(40):  # beyond a snapshot
        await tell(first, 1, update(comment=Comment(str(words), False)))
    await tell(first, 1, update(status="solved"))
    before = state(first, 1)
    second = await begin()
    assert 0 == (await tell(second, 1, update(status="solved"))).seq
    assert before == state(second, 1)
    clock.ms += 40 * 24 * 3_600_000
    third = await begin()
    await tell(third, 1, cmd.Ring("desk"))
    async with asyncio.timeout(5):
        while state(third, 1).ticket.status != "closed":  # noqa: ASYNC110 - what is waited for is another task's
            await asyncio.sleep(0.002)
    loaded = (await journal.load([actor(1)]))[0]
    assert replayed(third.kind, actor(1), loaded.snapshot, loaded.snapshot_seq, loaded.events) == state(third, 1)


async def test_what_is_erased_is_in_no_journal(begin: Begin, journal: FaultyJournal) -> None:
    host = await begin()
    await tell(host, 1, create("secret"), 5)
    await tell(host, 1, update(comment=Comment("secret", False)))
    await tell(host, 1, cmd.Delete(EVE, forever=True))
    rows = await journal.read(await journal.find(actor(1)) or 0, 0, 100)
    assert 3 == len(rows) and not any(b"secret" in row.body for row in rows)
    again = await begin()
    with pytest.raises(Refused) as refused:
        await tell(again, 1, create())
    assert "conflict" == refused.value.code
    assert msgspec.structs.asdict(state(again, 1).ticket)["number"] == 1


async def test_what_is_taken_out_in_the_same_moment_is_all_gone(journal: FaultyJournal, clock: FakeClock) -> None:
    """Though the ticket changes in between: all of it is one batch, and the host goes on."""
    desks = Desks()
    kind = TicketKind(desks, desks, desks, Talk(journal))  # type: ignore[arg-type]
    host = Host(kind, journal, await journal.claim("ticket", "0", "test", "nowhere"), clock=clock, retry_s=0.01)  # type: ignore[arg-type]
    host.start()
    await tell(host, 1, create("My number is 1234, my street is Elm"))
    those = (update(priority="high"), cmd.Redact(EVE, 1, ("1234",)), update(priority="low"), cmd.Redact(EVE, 1, ("Elm",)))
    await asyncio.gather(*(tell(host, 1, command) for command in those))
    written = b"".join(row.body for row in await journal.read(await journal.find(actor(1)) or 0, 0, 100))
    assert (False, False) == (b"1234" in written, b"Elm" in written)
    assert "My number is ▇▇▇▇, my street is ▇▇▇" == state(host, 1).ticket.description
    await host.kill()
