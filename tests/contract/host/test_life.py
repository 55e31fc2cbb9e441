"""What a host holds in memory, on every journal: activation and passivation, what it cannot read, timers, redaction."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from msgspec.structs import replace

from actors.conversation import ConversationKind
from actors.host import Host
from actors.router import Router
from actors.stream import Channel, QueueSink
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.errors import Refused, Unavailable
from storage.ports import Entry, EventRow
from storage.redaction import STUB_BYTES
from tests import conversations as talk
from tests.hosts import (
    ANN,
    BOB,
    DOWN,
    Begin,
    FakeClock,
    FaultyJournal,
    rows,
    say,
    stored_state,
    submit,
    tell,
    texts,
    timers,
    until,
)

# Life in memory.


async def test_an_actor_is_activated_from_snapshot_and_tail(host: Host, begin: Begin, journal: FaultyJournal) -> None:
    """The successor's state is the one that was live."""
    for key in range(2, 45):
        await say(host, key)
    await tell(host, ANN, cmd.ChangeStatus("pending"))
    live = host.activations[ANN].state
    second = await begin()
    found = (await journal.load([ANN]))[0]
    assert 30 < found.snapshot_seq < live.seq
    await tell(second, ANN, talk.act("typing:start", "ann"))
    assert (live, live.seq, 8) == (second.activations[ANN].state, second.activations[ANN].seq, len(second.activations[ANN].tail))
    assert live == await stored_state(journal)


async def test_an_idle_actor_is_passivated_and_comes_back(begin: Begin, clock: FakeClock) -> None:
    """It always exists; memory holds it while it has work."""
    host = await begin(idle_s=60)
    await say(host, 1)
    before = host.activations[ANN].state
    clock.ms += 61_000
    await say(host, 1, actor=BOB)
    await until(lambda: ANN not in host.activations)
    assert BOB in host.activations
    await tell(host, ANN, talk.act("typing:start", "ann"))
    assert before == host.activations[ANN].state
    assert 3 == (await say(host, 2)).seq


async def test_a_host_holds_so_many_actors_and_no_more(begin: Begin, clock: FakeClock) -> None:
    """The least recently used go first."""
    host = await begin(max_activations=5)
    actors = [talk.actor(f"{n:024x}") for n in range(12)]
    for actor in actors:
        clock.ms += 10
        await say(host, 1, actor=actor)
    await until(lambda: set(actors[-5:]) == set(host.activations))
    assert [3] * 12 == [(await say(host, 2, actor=actor)).seq for actor in actors]


async def test_what_never_came_to_be_takes_no_memory(host: Host, journal: FaultyJournal) -> None:
    """However many names somebody makes up."""
    for n in range(30):
        with pytest.raises(Refused, match="conversation_not_found"):
            await tell(host, talk.actor(f"{n:024x}"), talk.post("ann"), n)
    assert [ANN] == list(host.activations)
    assert [] == await journal.load([talk.actor(f"{n:024x}") for n in range(30)])


async def test_a_drained_host_has_done_what_it_was_told(host: Host, begin: Begin, journal: FaultyJournal) -> None:
    answers = [submit(host, ANN, talk.post("ann", str(key)), key) for key in range(2, 700)]
    await asyncio.wait_for(host.drain(), 20)
    assert list(range(2, 700)) == [(await answer).seq for answer in answers]
    assert 700 == (await say(await begin(), 1000)).seq


async def test_an_idle_host_drains_at_once(host: Host) -> None:
    await asyncio.wait_for(host.drain(), 2)


# What this version does not know.


def later_event(row: EventRow, seq: int) -> EventRow:
    """An event of a kind that a later version has."""
    return EventRow(seq, row.body.replace(b"conversation:create", b"causerie:later:thing"), is_message=False)


async def written_by_a_later_version(host: Host, journal: FaultyJournal, how: str) -> None:
    """Ann's conversation goes on in a later version, which takes its slot from the host."""
    claim = await journal.claim("conversation", "0", "later", "")
    key, first = await journal.find(ANN) or 0, (await rows(journal))[0]
    entry = Entry(ANN, key, False, 0, [later_event(first, 2)])
    if how == "a form":
        entry.events[0] = EventRow(2, first.body, version=2)
    elif how == "a snapshot":
        known = EventRow(2, ev.encode("1" * 24, 1_750_000_000_000, ev.StatusChanged(ev.ConversationRef(ANN.id, "personal"), "open")))
        entry.events[0] = known
        entry.snapshot = (2, ConversationKind().freeze(replace(await stored_state(journal), seq=2, version=2)))
    elif how == "garbage":
        entry.events[0] = EventRow(2, first.body[:-2] + b"!}")
    await journal.commit(claim, [entry])


@pytest.mark.parametrize("how", ["a kind", "a form", "a snapshot", "garbage"])
async def test_what_cannot_be_read_is_refused_and_left_alone(host: Host, begin: Begin, journal: FaultyJournal, how: str) -> None:
    """Its neighbours in the batch are answered, in one commit; it may come again, unless it is damaged and not only new."""
    await written_by_a_later_version(host, journal, how)
    before, commits = await rows(journal), journal.commits
    second = await begin()
    answers = [
        submit(second, ANN, talk.post("ann"), 2),
        submit(second, BOB, talk.create("bob"), 3),
        submit(second, ANN, talk.post("ann"), 4),
    ]
    ann, bob, again = await asyncio.gather(*answers, return_exceptions=True)
    assert (1, commits + 1) == (bob.seq, journal.commits)
    expected: Any = (Refused, "internal_error") if how == "garbage" else (Unavailable, "newer_version")
    assert [expected] * 2 == [(type(one), one.code) for one in (ann, again)]
    assert [BOB] == list(second.activations) and second.sick is None
    assert before == await rows(journal)


async def test_followers_get_what_their_version_cannot_read(host: Host, begin: Begin, journal: FaultyJournal) -> None:
    """As it is stored: passing it on needs no understanding. What is known of the conversation is known as before."""
    await written_by_a_later_version(host, journal, "a kind")
    router = Router(journal, cast("Any", None), cast("Any", None), b"secret")
    found = await router.load(ANN)
    assert found is not None and (2, "live") == (found[1].seq, found[1].life)
    sink = QueueSink()
    reading = Channel(ANN, found[0], found[1].seq, found[1], journal).join(0, sink)
    assert [row.body for row in await rows(journal)] == [(await sink.take()).body for _ in range(2)]
    reading.close()
    await router.close()


# Timers.


async def test_a_retention_timer_rings_in_the_host_that_is_there_then(
    host: Host, begin: Begin, journal: FaultyJournal, clock: FakeClock
) -> None:
    """It is a row of the message's transaction: the host that set it is dead when its time comes."""
    await say(host, 2, "secret", retention_s=3_600)
    await host.kill()
    assert [clock.ms + 3_600_000] == [each.due_ms for each in await timers(journal)]
    clock.ms += 3_600_000
    second = await begin()
    await until(lambda: ANN in second.activations and second.activations[ANN].seq == 3 and not len(second.effects))
    assert not any(b"secret" in row.body for row in await rows(journal))
    assert [] == await timers(journal)


async def test_the_timer_of_an_actor_at_rest_wakes_it(host: Host, journal: FaultyJournal, clock: FakeClock) -> None:
    """Nothing of the actor is in memory meanwhile, not even its timer: the host reads what is due soon, and finds it."""
    await say(host, 2, "secret", retention_s=3_600)
    host.activations.clear()
    assert 0 == len(host.effects)
    clock.ms += 3_600_000
    host.mailbox.wake()
    await until(lambda: ANN in host.activations and host.activations[ANN].seq == 3 and not len(host.effects))
    assert [] == await timers(journal)


async def test_a_retention_timer_waits_for_silence(host: Host, begin: Begin, journal: FaultyJournal, clock: FakeClock) -> None:
    """It is set again for as long as the conversation goes on."""
    await say(host, 2, retention_s=3_600)
    clock.ms += 1_800_000
    await say(host, 3, retention_s=3_600)
    clock.ms += 1_800_000
    second = await begin()
    await until(lambda: second.metrics.commits.value == 1)
    assert [clock.ms + 1_800_000] == [each.due_ms for each in await timers(journal)]
    clock.ms += 1_800_000
    third = await begin()
    await until(lambda: ANN in third.activations and third.activations[ANN].seq == 4)
    assert [] == await texts(journal)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_timer_that_rang_around_a_failure_is_heard_once(
    host: Host, begin: Begin, journal: FaultyJournal, clock: FakeClock, when: Any
) -> None:
    await say(host, 2, retention_s=60)
    clock.ms += 60_000
    journal.fail(when, DOWN)
    second = await begin()
    await until(lambda: second.metrics.commits.value == 1 and not len(second.effects) and second.sick is None)
    assert ["conversation:create", "conversation:message", "causerie:messages:delete"] == [_type(row) for row in await rows(journal)]
    assert [] == await timers(journal)


def _type(row: EventRow) -> str:
    event = ev.decode(row.body)[1]
    return "conversation:message" if event is None else event.type


# Redaction.


async def test_a_deletion_reaches_journal_memory_and_replay(host: Host, begin: Begin, journal: FaultyJournal) -> None:
    """One message is a placeholder, all are stubs; the successor's state is the live one."""
    for key in range(2, 6):
        await say(host, key, f"secret {key}")
    event = ev.decode((await rows(journal))[1].body)[1]
    assert isinstance(event, ev.MessagePosted)
    await tell(host, ANN, talk.delete(2, event))
    assert b"secret 2" not in (await rows(journal))[1].body
    assert ["secret 3", "secret 4", "secret 5"] == await texts(journal)
    await tell(host, ANN, cmd.DeleteMessages())
    kept = [row.body for row in [*await rows(journal), *host.activations[ANN].tail]]
    assert not any(b"secret" in body for body in kept)
    assert [STUB_BYTES] * 3 == [len(row.body) for row in (await rows(journal))[2:5]]
    live = host.activations[ANN].state
    assert live == await stored_state(journal)
    second = await begin()
    await tell(second, ANN, talk.act("typing:start", "ann"))
    assert live == second.activations[ANN].state


async def test_replay_without_the_snapshot_gives_the_live_state(host: Host, journal: FaultyJournal) -> None:
    """From seq 1, redacted bodies and all."""
    from actors.kind import replayed

    for key in range(2, 6):
        await say(host, key)
    await tell(host, ANN, cmd.DeleteMessages())
    await say(host, 7)
    assert host.activations[ANN].state == replayed(ConversationKind(), ANN, None, 0, await rows(journal))


async def test_a_deleted_message_keeps_its_key(host: Host, begin: Begin) -> None:
    """The client that repeats it, having missed the ack, is told its place; its content is not made again."""
    first = await say(host, 2)
    await tell(host, ANN, cmd.DeleteMessages())
    again = [await say(host, 2), await say(await begin(), 2)]
    assert [(first.seq, first.id)] * 2 == [(one.seq, one.id) for one in again]


async def test_who_is_a_member_is_in_the_read_table(host: Host, journal: FaultyJournal) -> None:
    await tell(host, BOB, talk.create("ann", "bob"))
    await tell(host, BOB, cmd.LeaveConversation("ann"))
    assert [[ANN], [BOB]] == [await journal.by_member("conversation", "app_1", user, "", "", 9) for user in ("ann", "bob")]
