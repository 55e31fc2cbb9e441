"""A host's turns, on every journal: batches, the output gate, once-ness, failures of the database, and the fence."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from actors.host import Host
from actors.mailbox import Item
from actors.publisher import Publisher
from domain.conversation import commands as cmd
from domain.errors import Refused
from storage.memory import MemoryFeed
from storage.ports import Fenced
from tests import conversations as talk
from tests.hosts import ANN, BOB, DOWN, Begin, FaultyJournal, rows, say, submit, tell, texts, timers, until
from tests.people import eventually

# Batches.


async def test_what_gathers_during_a_commit_is_committed_together(host: Host, journal: FaultyJournal) -> None:
    """Batches grow with the load; answers come in the order of the commands, with consecutive places."""
    before = journal.commits
    answers = await asyncio.gather(*(say(host, key) for key in range(2, 102)))
    assert list(range(2, 102)) == [answer.seq for answer in answers]
    assert journal.commits - before <= 3
    assert [str(key) for key in range(2, 102)] == await texts(journal)


async def test_an_answer_comes_after_its_commit(host: Host, journal: FaultyJournal) -> None:
    """The output gate: whoever is answered finds the event in the journal, and so does who follows."""
    found: list[int] = []

    class Line:
        def event(self, follow: int, seq: int, body: bytes) -> None:
            assert journal.commits > before
            found.append(seq)

    before = journal.commits
    host.followers.add(Line(), 1, ANN)
    answer = await say(host, 2)
    assert answer.seq == (await rows(journal))[-1].seq == found[-1]


async def test_conversations_do_not_mix(host: Host, journal: FaultyJournal) -> None:
    actors = [talk.actor(f"{n:024x}") for n in range(20)]
    await asyncio.gather(*(say(host, key, f"{n}-{key}", actor) for key in range(1, 6) for n, actor in enumerate(actors)))
    for n, actor in enumerate(actors):
        assert [f"{n}-{key}" for key in range(1, 6)] == await texts(journal, actor)
        assert list(range(1, 7)) == [row.seq for row in await rows(journal, actor)]


async def test_published_events_are_those_that_were_committed(begin: Begin, journal: FaultyJournal) -> None:
    feed = MemoryFeed()
    host = await begin(publisher=Publisher(feed))
    await say(host, 1)
    published = [one for _, one in await feed.read(ANN.app, "", 10, 1.0)]
    assert [(1, ANN.id), (2, ANN.id)] == [(one.seq, one.actor) for one in published]
    assert [row.body for row in await rows(journal)] == [one.body for one in published]


async def test_what_is_deleted_goes_from_the_feed(begin: Begin, journal: FaultyJournal) -> None:
    feed = MemoryFeed()
    host = await begin(publisher=Publisher(feed))
    await say(host, 1)
    await tell(host, ANN, cmd.DeleteMessages())

    async def only_the_deletion() -> bool:
        return [3] == [one.seq for _, one in await feed.read(ANN.app, "", 10, 0.0)]

    await eventually(only_the_deletion)


# Once.


async def test_a_repeat_gets_the_first_answer(host: Host, journal: FaultyJournal) -> None:
    """From memory, and long after, from the journal."""
    first = await say(host, 2)
    for key in range(3, 20):
        await say(host, key)
    again = await say(host, 2)
    assert (first.seq, first.id, True) == (again.seq, again.id, again.repeated)
    assert 18 == len(await texts(journal))


async def test_a_repeat_is_answered_by_the_next_host_too(host: Host, begin: Begin) -> None:
    first = await tell(host, ANN, talk.post("ann", "x"), 2, want_body=True)
    for key in range(3, 20):
        await say(host, key)
    again = await tell(await begin(), ANN, talk.post("ann", "x"), 2, want_body=True)
    assert (first.seq, first.id, first.body, True) == (again.seq, again.id, again.body, again.repeated)


@pytest.mark.parametrize("changed", ["left", "removed", "locked"])
async def test_a_repeat_of_what_was_accepted_is_not_refused(host: Host, begin: Begin, changed: str) -> None:
    """Though it would be refused today: the first answer counts, also where only the journal knows it."""
    await tell(host, BOB, talk.create("ann", "bob"), 1)
    first = await say(host, 2, actor=BOB)
    for key in range(3, 20):
        await say(host, key, actor=BOB)
    if changed == "left":
        await tell(host, BOB, cmd.LeaveConversation("ann"))
    elif changed == "removed":
        await tell(host, BOB, cmd.RemoveConversation())
    again = await say(await begin(), 2, actor=BOB, limit=5)
    assert (first.seq, True) == (again.seq, again.repeated)


async def test_the_same_id_with_other_content_is_refused(host: Host, begin: Begin) -> None:
    await say(host, 2, "one")
    for key in range(3, 20):
        await say(host, key)
    with pytest.raises(Refused, match="id_reused"):
        await say(host, 2, "other")
    with pytest.raises(Refused, match="id_reused"):
        await say(await begin(), 2, "other")


async def test_a_poisonous_command_does_not_fail_its_neighbours(host: Host, journal: FaultyJournal) -> None:
    """Neither in its batch nor in its conversation."""
    poison: list[object] = []
    answers = [submit(host, ANN, talk.post("ann", "before"), 2)]
    host.submit(Item(ANN, b"\xc1 no command", 3, 0, False, poison.append))
    answers += [submit(host, ANN, talk.post("ann", "after"), 4), submit(host, BOB, talk.create("bob"), 5)]
    assert [2, 3, 1] == [answer.seq for answer in await asyncio.gather(*answers)]
    await until(lambda: poison)
    assert isinstance(poison[0], Refused) and poison[0].code == "internal_error"
    assert ["before", "after"] == await texts(journal)


# When the database fails.


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_commit_of_unknown_outcome_is_repeated_without_doubling(host: Host, journal: FaultyJournal, when: Any) -> None:
    """Nobody is answered until it is known; then all are, in order."""
    for _ in range(3 if when == "before" else 1):
        journal.fail(when, DOWN)
    answers = await asyncio.gather(*(say(host, key) for key in range(2, 40)))
    assert list(range(2, 40)) == [answer.seq for answer in answers]
    assert [str(key) for key in range(2, 40)] == await texts(journal)
    assert host.sick is None and host.metrics.unavailable.value == (3 if when == "before" else 1)


async def test_followers_are_told_of_what_was_committed_without_a_word(host: Host, journal: FaultyJournal) -> None:
    """The commit took effect and its answer was lost: whoever follows must not wait for the next message to learn of it."""
    told: list[int] = []

    class Line:
        def event(self, follow: int, seq: int, body: bytes) -> None:
            told.append(seq)

    host.followers.add(Line(), 1, ANN)
    journal.fail("after", DOWN)
    await asyncio.gather(*(say(host, key) for key in range(2, 5)))
    assert 4 == max(told, default=0)


async def test_effects_that_were_committed_without_a_word_are_performed(host: Host, journal: FaultyJournal) -> None:
    """The commit took effect and its answer was lost: what it wants of the world must not wait for the next owner of the slot."""
    journal.fail("after", DOWN)
    await say(host, 2, retention_s=30)
    assert 1 == len(await timers(journal)) == len(host.effects)


async def test_a_later_batch_waits_for_the_one_that_failed(host: Host, journal: FaultyJournal) -> None:
    """Order survives an outage."""
    for _ in range(3):
        journal.fail("before", DOWN)
    answers = [asyncio.ensure_future(say(host, 2))]
    await until(lambda: host.sick)
    answers += [asyncio.ensure_future(say(host, key)) for key in range(3, 10)]
    await asyncio.gather(*answers)
    assert [str(key) for key in range(2, 10)] == await texts(journal)


async def test_a_host_says_what_it_lacks_while_it_lacks_it(host: Host, journal: FaultyJournal) -> None:
    for _ in range(4):
        journal.fail("before", DOWN)
    answer = asyncio.ensure_future(say(host, 2))
    await until(lambda: host.sick == "unavailable")
    await answer
    assert host.sick is None


# The fence.


async def test_a_host_that_was_replaced_cannot_write(host: Host, begin: Begin, journal: FaultyJournal) -> None:
    """It stops, forgets what it holds and says so once; the command is the successor's to carry out."""
    fenced: list[int] = []
    first = await begin(fenced=lambda: fenced.append(1))
    await say(first, 2)
    second = await begin()
    lost = submit(first, ANN, talk.post("ann", "late"), 3)
    await until(lambda: fenced)
    assert ({}, False) == (first.activations, lost.done())
    assert 3 == (await say(second, 3, "late")).seq
    assert (["2", "late"], [1]) == (await texts(journal), fenced)


async def test_a_fence_may_fall_while_a_batch_is_being_tried_again(begin: Begin, journal: FaultyJournal) -> None:
    """The outage ends, and the slot is another's."""
    fenced: list[int] = []
    first = await begin(fenced=lambda: fenced.append(1))
    journal.fail("before", DOWN)
    submit(first, ANN, talk.create("ann"), 1)
    await until(lambda: first.sick)
    second = await begin()
    await until(lambda: fenced)
    assert 1 == (await tell(second, ANN, talk.create("ann"), 1)).seq


async def test_an_idle_host_notices_that_it_was_replaced(begin: Begin) -> None:
    """It has nothing to commit, and those who follow it hear nothing: it must not go on answering their pings."""
    fenced: list[int] = []
    await begin(fenced=lambda: fenced.append(1))
    await begin()
    await until(lambda: fenced)


async def test_a_host_whose_loop_ends_by_a_bug_does_not_live_on(begin: Begin) -> None:
    """It would answer pings, and nobody would ever replace it."""
    ended: list[int] = []
    host = await begin(fenced=lambda: ended.append(1))
    host.metrics.unavailable = None  # type: ignore[assignment]
    host.journal.fail("before", DOWN)  # type: ignore[attr-defined]
    submit(host, ANN, talk.create("ann"), 1)
    await until(lambda: ended)
    assert host._task is not None
    with pytest.raises(AttributeError):
        await host._task


async def test_a_claim_that_was_beaten_is_refused(journal: FaultyJournal) -> None:
    first = await journal.claim("conversation", "7", "a", "", None)
    with pytest.raises(Fenced):
        await journal.claim("conversation", "7", "b", "", first.generation - 1)
