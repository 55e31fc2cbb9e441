"""The host with the kind `conversation`, on every journal: batches, the output gate, once-ness, the fence, and life in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

import pytest
from msgspec.structs import replace

from actors.answers import Answer
from actors.conversation import ConversationKind
from actors.host import Host
from actors.mailbox import Item
from actors.publisher import Publisher
from actors.router import Router
from actors.stream import Channel, QueueSink
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation.state import State
from domain.errors import Refused, Unavailable
from storage.memory import MemoryFeed, MemoryJournal
from storage.ports import ActorId, Database, Entry, EventRow, Fenced, Journal
from storage.redaction import STUB_BYTES
from storage.sql.database import open_database
from storage.sql.journal import SqlJournal
from tests import conversations as talk
from tests.hosts import ALL_SHARDS, FakeClock, FaultyJournal, new_host, submit, tell, until
from tests.people import eventually

ANN, BOB = talk.actor("a" * 24), talk.actor("b" * 24)
DOWN = Unavailable("unavailable", "the database is away")
Begin = Callable[..., Awaitable[Host]]


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def journal(request: pytest.FixtureRequest) -> AsyncIterator[FaultyJournal]:
    if request.param == "memory":
        yield FaultyJournal(MemoryJournal())
        return
    opened: Database = open_database(request.getfixturevalue("sqlite_path" if request.param == "sqlite" else "postgres_url"))
    yield FaultyJournal(SqlJournal(opened))
    await opened.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def begin(journal: FaultyJournal, clock: FakeClock) -> AsyncIterator[Begin]:
    """Starts one more host of the slot; what came before it is fenced."""
    hosts: list[Host] = []

    async def started(**options: Any) -> Host:
        hosts.append(await new_host(journal, clock=clock, **options))  # type: ignore[arg-type]
        return hosts[-1]

    yield started
    for host in hosts:
        await host.kill()


@pytest.fixture
async def host(begin: Begin) -> Host:
    """With Ann's conversation, its creation at seq 1."""
    made = await begin()
    await tell(made, ANN, talk.create("ann"), 1)
    return made


async def say(host: Host, key: int, words: str = "", actor: ActorId = ANN, **options: Any) -> Answer:
    return await tell(host, actor, talk.post("ann", words or str(key), create=talk.create("ann"), **options), key)


async def rows(journal: Journal, actor: ActorId = ANN) -> list[EventRow]:
    return await journal.read(await journal.find(actor) or 0, 0, 10_000)


async def texts(journal: Journal, actor: ActorId = ANN) -> list[str]:
    return [row.body.split(b'"text":"')[1].split(b'"')[0].decode() for row in await rows(journal, actor) if row.is_message]


async def stored_state(journal: Journal, actor: ActorId = ANN) -> State:
    """What a host that begins now would know."""
    from actors.kind import replayed

    found = (await journal.load([actor]))[0]
    state: State = replayed(ConversationKind(), actor, found.snapshot, found.snapshot_seq, found.events)
    return state


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
    assert [clock.ms + 3_600_000] == [each.due_ms for each in await journal.effects("conversation", ALL_SHARDS)]
    clock.ms += 3_600_000
    second = await begin()
    await until(lambda: ANN in second.activations and second.activations[ANN].seq == 3 and not len(second.effects))
    assert not any(b"secret" in row.body for row in await rows(journal))
    assert [] == await journal.effects("conversation", ALL_SHARDS)


async def test_a_retention_timer_waits_for_silence(host: Host, begin: Begin, journal: FaultyJournal, clock: FakeClock) -> None:
    """It is set again for as long as the conversation goes on."""
    await say(host, 2, retention_s=3_600)
    clock.ms += 1_800_000
    await say(host, 3, retention_s=3_600)
    clock.ms += 1_800_000
    second = await begin()
    await until(lambda: second.metrics.commits.value == 1)
    assert [clock.ms + 1_800_000] == [each.due_ms for each in await journal.effects("conversation", ALL_SHARDS)]
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
    await until(lambda: not len(second.effects) and second.sick is None and len(second.mailbox) == 0)
    assert ["conversation:create", "conversation:message", "causerie:messages:delete"] == [_type(row) for row in await rows(journal)]
    assert [] == await journal.effects("conversation", ALL_SHARDS)


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
