"""The contract of `Journal` as to owners: claims, fences, slots and keys, kept alike by the memory twin, SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio

import asyncpg
import msgspec
import pytest

from storage.ports import Claim, Fenced, Journal
from storage.sql.database import open_database
from storage.sql.journal import SqlJournal
from tests.journals import Another, entry, event
from tests.people import eventually

# Fences.


async def test_an_older_generation_cannot_write(journal: Journal, another: Another, claim: Claim) -> None:
    """The claim of a successor, made anywhere, ends the right to write."""
    later = await another().claim("conversation", "0", "host-2", "unix:/2")
    assert later.generation == claim.generation + 1
    with pytest.raises(Fenced):
        await journal.commit(claim, [entry(events=[event(1)])])
    with pytest.raises(Fenced):
        await journal.settle(claim, [1])
    await journal.commit(later, [entry(events=[event(1)])])


async def test_an_older_generation_cannot_append_either(journal: Journal, another: Another, claim: Claim) -> None:
    """Events of an actor that is there are one statement on PostgreSQL, and the fence is in it."""
    await journal.commit(claim, [entry(events=[event(1)])])
    later = await another().claim("conversation", "0", "host-2", "unix:/2")
    with pytest.raises(Fenced):
        await journal.commit(claim, [entry(events=[event(2)])])
    await journal.commit(later, [entry(events=[event(2), event(3)])])
    assert await journal.heads([1]) == {1: 3}


@pytest.mark.postgresql
async def test_what_waits_for_a_claim_in_flight_finds_no_fence(postgres_url: str) -> None:
    """The successor has raised the generation and not committed yet: whoever appends waits, looks again, and writes nothing."""
    database = open_database(postgres_url)
    journal, successor = SqlJournal(database), await asyncpg.connect(postgres_url)
    claim = await journal.claim("conversation", "0", "host-1", "unix:/1")
    await journal.commit(claim, [entry(events=[event(1)])])
    transaction = successor.transaction()
    await transaction.start()
    await successor.execute("UPDATE slots SET generation = generation + 1")
    late = asyncio.create_task(journal.commit(claim, [entry(events=[event(2)])]))
    await eventually(lambda: successor.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"), pause_s=0.01)
    await transaction.commit()
    with pytest.raises(Fenced):
        await late
    assert await journal.heads([1]) == {1: 1}
    await successor.close()
    await database.close()


async def test_a_slot_that_nobody_claimed_cannot_be_written_for(journal: Journal) -> None:
    with pytest.raises(Fenced):
        await journal.commit(Claim("conversation", "9", 1), [entry(events=[event(1)])])


async def test_a_claim_with_an_expectation_is_fenced_if_another_came_first(journal: Journal, claim: Claim) -> None:
    with pytest.raises(Fenced):
        await journal.claim("conversation", "0", "host-2", "unix:/2", expected=claim.generation - 1)
    taken = await journal.claim("conversation", "0", "host-2", "unix:/2", expected=claim.generation)
    assert taken.generation == claim.generation + 1


async def test_the_first_claim_may_expect_generation_0(journal: Journal) -> None:
    assert await journal.claim("bot", "0", "host", "", expected=0) == Claim("bot", "0", 1)


async def test_the_slots_of_a_kind_tell_owner_and_address(journal: Journal, claim: Claim) -> None:
    await journal.claim("bot", "0", "host-b", "tcp:b")
    await journal.claim("conversation", "1", "host-2", "unix:/2", token="secret", at_ms=7)
    rows = [msgspec.structs.astuple(row) for row in await journal.slots("conversation")]
    assert rows == [("conversation", "0", 1, "host-1", "unix:/1", "", 0), ("conversation", "1", 1, "host-2", "unix:/2", "secret", 7)]
    (one,) = await journal.slots("conversation", "1")
    assert rows[1] == msgspec.structs.astuple(one) and "secret" not in repr(one)
    assert [] == await journal.slots("conversation", "2")


async def test_the_number_of_slots_is_settled_once(journal: Journal, another: Another) -> None:
    """Whoever comes later is told, whatever it wants."""
    assert [4, 4] == [await journal.slot_count("conversation", 4), await another().slot_count("conversation", 9)]
    assert 1 == await journal.slot_count("bot", 1)


async def test_to_ask_for_the_number_of_slots_settles_nothing(journal: Journal) -> None:
    assert [0, 3, 3] == [await journal.slot_count("conversation", wanted) for wanted in (0, 3, 0)]


async def test_the_number_of_slots_changes_only_while_nobody_owns_one(journal: Journal, claim: Claim) -> None:
    """Or while those that do are known to be dead, and then they cannot write any more. Generations go on."""
    await journal.slot_count("conversation", 2)
    (owned,) = await journal.slots("conversation")
    for gone in ([], [msgspec.structs.replace(owned, generation=owned.generation - 1)]):
        with pytest.raises(Fenced):
            await journal.resettle("conversation", 4, gone)
    await journal.commit(claim, [entry(events=[event(1)])])
    await journal.resettle("conversation", 4, [owned])
    assert 4 == await journal.slot_count("conversation", 9)
    with pytest.raises(Fenced):
        await journal.commit(claim, [entry(events=[event(2)])])
    (left,) = await journal.slots("conversation")
    assert (claim.generation + 1, "", "") == (left.generation, left.owner, left.address)
    assert claim.generation + 2 == (await journal.claim("conversation", "0", "host-2", "")).generation


async def test_orders_are_kept_until_they_are_taken_back(journal: Journal, another: Another) -> None:
    """Everybody sees them. One that is given again has a new instant."""
    for name, at_ms in (("one", 1), ("two", 2), ("one", 3)):
        await journal.order(name, at_ms)
    assert {"one": 3, "two": 2} == await another().orders()
    await another().withdraw(["one", "none"])
    assert {"two": 2} == await journal.orders()
    await journal.withdraw([])


async def test_claims_at_the_same_moment_get_generations_of_their_own(another: Another) -> None:
    journals = [another() for _ in range(4)]
    claims = await asyncio.gather(*(each.claim("conversation", "0", "host", "") for each in journals for _ in range(5)))
    assert sorted(each.generation for each in claims) == list(range(1, 21))


async def test_keys_are_given_once(another: Another) -> None:
    """Also when several processes reserve at the same moment; 1 comes first."""
    journals = [another() for _ in range(4)]
    firsts = await asyncio.gather(*(each.reserve_keys(10) for each in journals for _ in range(10)))
    assert sorted(firsts) == list(range(1, 401, 10))
