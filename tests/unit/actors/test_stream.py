"""A subscription emits nothing but the seq after its cursor, whatever the link brings and however the journal answers."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import pytest

from actors.stream import Channel, Delivered, QueueSink
from domain.errors import Unavailable
from storage.ports import ActorId, EventRow

ACTOR = ActorId("conversation", "app", "c1")


class Journal:
    """Answers when it is let; `head` events are committed. Unavailable as often as `failures` says."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.head, self.reads, self.failures = rng, 0, 0, 0

    async def read(self, key: int, after: int, limit: int) -> list[EventRow]:
        self.reads += 1
        for _ in range(self.rng.randrange(4)):
            await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise Unavailable("unavailable", "no database", retry_after_s=0)
        rows = [EventRow(seq, b"%d" % seq) for seq in range(after + 1, self.head + 1)][: min(limit, 7)]
        for _ in range(self.rng.randrange(4)):
            await asyncio.sleep(0)
        return rows


class Sink:
    """Full at random; `emitted` is what the reader got."""

    def __init__(self, rng: random.Random, fullness: float) -> None:
        self.rng, self.fullness = rng, fullness
        self.emitted: list[int] = []
        self.whispers = 0

    def push(self, event: Delivered) -> bool:
        if self.rng.random() < self.fullness:
            return False
        if event.seq:
            assert event.body == b"%d" % event.seq
            self.emitted.append(event.seq)
        else:
            self.whispers += 1
        return True

    async def room(self) -> None:
        await asyncio.sleep(0)


async def quiet(steps: int = 400) -> None:
    for _ in range(steps):
        await asyncio.sleep(0)


@pytest.mark.parametrize("seed", range(60))
async def test_a_reader_sees_an_unbroken_run(seed: int) -> None:
    """Under lost, repeated and late events, a slow journal that fails at times, and readers that have no room."""
    rng = random.Random(seed)
    journal = Journal(rng)
    channel = Channel(ACTOR, 1, 0, None, journal)  # type: ignore[arg-type]
    readers: list[tuple[int, Sink]] = []
    for _ in range(rng.randrange(20, 120)):
        await _something(rng, journal, channel, readers)
    await _healed(journal, channel, readers)
    for after, sink in readers:
        assert sink.emitted == list(range(after + 1, journal.head + 1))


async def _something(rng: random.Random, journal: Journal, channel: Channel, readers: list[tuple[int, Sink]]) -> None:
    match rng.randrange(10):
        case 0 if len(readers) < 5:
            after = rng.randrange(journal.head + 1)
            readers.append((after, Sink(rng, rng.choice([0.0, 0.1, 0.5]))))
            channel.join(after, readers[-1][1])
        case 1:
            channel.arrived(0, b"whisper")
        case 2:
            journal.failures += 1
        case 3:
            channel.known(journal.head)
        case 4 if journal.head:
            seq = rng.randrange(1, journal.head + 1)  # again, or late
            channel.arrived(seq, b"%d" % seq)
        case 5:
            await asyncio.sleep(0)
        case _:
            first = journal.head + 1
            journal.head += rng.randrange(1, 4)
            for seq in range(first, journal.head + 1):
                if rng.random() < 0.8:
                    channel.arrived(seq, b"%d" % seq)


async def _healed(journal: Journal, channel: Channel, readers: list[tuple[int, Sink]]) -> None:
    """The link is there again: heads are compared, and all that is missing is read."""
    journal.failures = 0
    for _ in range(60):
        channel.known(journal.head)
        await quiet(60)
        if all(subscription.cursor == journal.head for subscription in channel.subscriptions):
            return


async def test_a_live_event_that_is_next_needs_no_journal() -> None:
    journal = Journal(random.Random(1))
    channel = Channel(ACTOR, 1, 0, None, journal)  # type: ignore[arg-type]
    sink = Sink(random.Random(1), 0)
    channel.join(0, sink)
    for seq in (1, 2, 3):
        journal.head = seq
        channel.arrived(seq, b"%d" % seq)
    assert ([1, 2, 3], 0) == (sink.emitted, journal.reads)


async def test_a_reader_that_left_gets_nothing_more() -> None:
    """Also not from a page that was being read; the channel is let go with its last reader."""
    journal, left = Journal(random.Random(1)), []
    journal.head = 50
    channel = Channel(ACTOR, 1, 50, None, journal)  # type: ignore[arg-type]
    channel.empty = left.append
    sink = Sink(random.Random(1), 0)
    subscription = channel.join(0, sink)
    await asyncio.sleep(0)
    subscription.close()
    await quiet()
    channel.arrived(51, b"51")
    assert ([], [channel]) == (sink.emitted, left)


async def test_a_program_reads_at_its_own_pace() -> None:
    """The queue is bounded; what does not fit comes from the journal later."""
    journal = Journal(random.Random(1))
    channel = Channel(ACTOR, 1, 0, None, journal)  # type: ignore[arg-type]
    sink = QueueSink()
    stream = sink.events(channel.join(0, sink))
    first = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    for seq in range(1, 600):
        journal.head = seq
        channel.arrived(seq, b"%d" % seq)
    got = [(await first).seq] + [(await anext(stream)).seq for _ in range(598)]
    assert list(range(1, 600)) == got
    await stream.aclose()
    assert not channel.subscriptions


async def test_a_full_queue_has_room_when_something_was_taken() -> None:
    sink = QueueSink(1)
    taken: Sequence[bool] = [sink.push(Delivered(ACTOR, seq, b"")) for seq in (1, 2)]
    room = asyncio.create_task(sink.room())
    await asyncio.sleep(0)
    assert ([True, False], False) == (taken, room.done())
    await sink.take()
    await room
