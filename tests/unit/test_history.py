"""The judge of histories lets good ones pass, and sees each way in which one can be broken."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.history import (
    Acked,
    Belongs,
    Committed,
    Finished,
    Heard,
    Owned,
    Record,
    Refused,
    Said,
    Saw,
    Stored,
    Subscribed,
    violations,
)  # fmt: skip

History = list[Record]
#: Returns a history with one thing broken, the randomness choosing which.
Break = Callable[[History, random.Random], History]


def good(seed: int = 1, messages: int = 60, conversations: int = 3) -> History:
    """What a faultless run might look like: pipelining senders, repeated acks, a final refusal, readers that come back."""
    rng = random.Random(seed)
    history: History = []
    for n in range(conversations):
        history += _conversation(f"c{n}", rng, messages)
    history += [Committed("0", generation) for generation in (1, 1, 2, 2, 3)]
    history += [Owned("0", generation, f"host {generation}") for generation in (1, 1, 2, 4)]
    history += [Belongs(name, "app") for name in (*(f"c{n}" for n in range(conversations)), "reader", "early leaver")]
    history += [Belongs("stranger", "other"), Belongs("theirs", "other"), Heard("stranger", "theirs"), Heard("reader", "c0")]
    return history


def _conversation(name: str, rng: random.Random, messages: int) -> Iterator[Record]:
    head, at_ms, stored = 0, 1_000, []
    stored.append(Stored(name, 1, at_ms=at_ms))
    head = 1
    counts = {"ann": 0, "bob": 0}
    for n in range(messages):
        sender = rng.choice(["ann", "bob"])
        counts[sender] += 1
        identifier = f"m{counts[sender]}"
        yield Said(name, sender, identifier)
        if n == messages // 2:
            yield Refused(name, sender, identifier)
            continue
        head, at_ms = head + 1, at_ms + rng.randrange(3)
        stored.append(Stored(name, head, (sender, identifier), at_ms))
        if rng.random() < 0.9:  # some senders are gone before they are answered
            yield Acked(name, sender, identifier, head)
        if rng.random() < 0.2:
            yield Acked(name, sender, identifier, head)
        if n % 20 == 10:
            head += 1
            stored.append(Stored(name, head, at_ms=at_ms, epoch=n))
    yield from stored
    yield from _read("reader", name, stored, rng)
    yield Finished("reader", name)
    yield from _read("early leaver", name, stored[: len(stored) // 2], rng)


def _read(reader: str, name: str, stored: list[Stored], rng: random.Random) -> Iterator[Record]:
    yield Subscribed(reader, name, 0)
    for event in stored:
        if rng.random() < 0.1:
            yield Subscribed(reader, name, event.seq - 1)
        yield Saw(reader, name, event.seq, event.message)


def _places(history: History, kind: type, accept: Callable[..., bool] = lambda one: True) -> list[int]:
    return [at for at, one in enumerate(history) if isinstance(one, kind) and accept(one)]


def _without(history: History, at: int) -> History:
    return history[:at] + history[at + 1 :]


def _changed(history: History, at: int, **fields: object) -> History:
    return [*history[:at], replace(history[at], **fields), *history[at + 1 :]]


def _acked(history: History) -> set[tuple[str, int]]:
    return {(one.conversation, one.seq) for one in history if isinstance(one, Acked)}


def _lose_an_acked_message(history: History, rng: random.Random) -> History:
    acked = _acked(history)
    at = rng.choice(_places(history, Stored, lambda one: (one.conversation, one.seq) in acked))
    return _changed(history, at, message=None)


def _leave_a_gap(history: History, rng: random.Random) -> History:
    return _without(history, rng.choice(_places(history, Stored, lambda one: one.seq == 5)))


def _store_twice(history: History, rng: random.Random) -> History:
    at = rng.choice(_places(history, Stored, lambda one: one.message is not None))
    name = history[at].conversation
    last = max(_places(history, Stored, lambda one: one.conversation == name))
    again = replace(history[at], seq=history[last].seq + 1, at_ms=history[last].at_ms)
    return [*history[: last + 1], again, *history[last + 1 :]]


def _swap_a_senders_messages(history: History, rng: random.Random) -> History:
    name = rng.choice(["c0", "c1", "c2"])
    first, second = sorted(
        rng.sample(_places(history, Stored, lambda one: one.conversation == name and one.message and one.message[0] == "ann"), 2)
    )
    swapped = _changed(history, first, message=history[second].message)
    return _changed(swapped, second, message=history[first].message)


def _answer_differently(history: History, rng: random.Random) -> History:
    at = rng.choice(_places(history, Acked))
    return [*history, replace(history[at], seq=history[at].seq + 1)]


def _invent(history: History, rng: random.Random) -> History:
    at = rng.choice(_places(history, Stored, lambda one: one.message is not None))
    return _changed(history, at, message=("mallory", "m1"))


def _store_what_was_refused(history: History, rng: random.Random) -> History:
    at = rng.choice(_places(history, Acked))
    return [*history, Refused(history[at].conversation, history[at].sender, history[at].id)]


def _skip_for_a_reader(history: History, rng: random.Random) -> History:
    """Not the last one, which would only make the reader late."""
    at = rng.choice(_places(history, Saw))
    later = isinstance(history[at + 1], Saw) and history[at + 1].reader == history[at].reader
    return _without(history, at) if later else _skip_for_a_reader(history, rng)


def _repeat_for_a_reader(history: History, rng: random.Random) -> History:
    at = rng.choice(_places(history, Saw))
    return [*history[:at], history[at], *history[at:]]


def _show_another_message(history: History, rng: random.Random) -> History:
    return _changed(history, rng.choice(_places(history, Saw)), message=("ann", "m0"))


def _stop_showing(history: History, rng: random.Random) -> History:
    name = rng.choice(["c0", "c1", "c2"])
    last = max(_places(history, Saw, lambda one: one.reader == "reader" and one.conversation == name))
    return _without(history, last)


def _run_back(history: History, rng: random.Random) -> History:
    return _changed(history, rng.choice(_places(history, Stored, lambda one: one.seq > 1)), at_ms=1)


def _repeat_an_epoch(history: History, rng: random.Random) -> History:
    at = rng.choice(_places(history, Stored, lambda one: one.epoch == 50))
    return _changed(history, at, epoch=10)


def _break_the_fence(history: History, rng: random.Random) -> History:
    return [*history, Committed("0", rng.choice([1, 2]))]


def _have_two_owners(history: History, rng: random.Random) -> History:
    at = rng.choice(_places(history, Owned))
    return [*history[: at + 1], replace(history[at], owner="another"), *history[at + 1 :]]


def _go_back_to_an_owner(history: History, rng: random.Random) -> History:
    return [*history, rng.choice([one for one in history if isinstance(one, Owned) and one.generation < 4])]


def _show_an_event_to_a_stranger(history: History, rng: random.Random) -> History:
    return _changed(history, rng.choice(_places(history, Saw)), reader="stranger")


def _tell_a_stranger(history: History, rng: random.Random) -> History:
    return [*history, Heard("stranger", rng.choice(["c0", "c1", "c2"]))]


BROKEN: dict[Break, str] = {
    _lose_an_acked_message: "lost",
    _leave_a_gap: "gap",
    _store_twice: "twice",
    _swap_a_senders_messages: "order",
    _answer_differently: "answers",
    _invent: "invented",
    _store_what_was_refused: "refused",
    _skip_for_a_reader: "reader",
    _repeat_for_a_reader: "reader",
    _show_another_message: "shown",
    _stop_showing: "behind",
    _run_back: "time",
    _repeat_an_epoch: "epoch",
    _break_the_fence: "fence",
    _have_two_owners: "owner",
    _go_back_to_an_owner: "owner",
    _show_an_event_to_a_stranger: "foreign",
    _tell_a_stranger: "foreign",
}


@pytest.mark.parametrize("seed", range(10))
def test_a_good_history_passes(seed: int) -> None:
    assert violations(good(seed)) == []


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("broken", "rule"), BROKEN.items(), ids=[one.__name__.strip("_") for one in BROKEN])
def test_each_way_to_break_a_history_is_seen(broken: Break, rule: str, seed: int) -> None:
    """By the rule that names it, whichever record is the broken one."""
    rng = random.Random(seed)
    found = violations(broken(good(seed), rng))
    assert rule in {one.partition(":")[0] for one in found}


def test_every_rule_has_a_broken_history() -> None:
    """A rule that nothing can break judges nothing."""
    assert set(BROKEN.values()) == {
        "gap", "time", "epoch", "twice", "invented", "order", "answers", "lost", "refused", "reader", "shown", "behind", "fence", "owner",
        "foreign",
    }  # fmt: skip


def test_a_redacted_message_may_be_gone() -> None:
    """Deletion takes the content; the place stays, and whoever was shown it before was shown it rightly."""
    history = [
        Said("c", "ann", "m1"),
        Acked("c", "ann", "m1", 1),
        Subscribed("r", "c", 0),
        Saw("r", "c", 1, ("ann", "m1")),
        Stored("c", 1, redacted=True),
    ]
    assert violations(history) == []


def test_the_logs_of_several_processes_may_be_put_one_after_the_other() -> None:
    """Only the order within one sender, one reader and the journal counts."""
    history = good(3)
    by_observer = sorted(
        history,
        key=lambda one: (type(one).__name__, getattr(one, "reader", "")) if not isinstance(one, Saw | Subscribed) else ("", one.reader),
    )
    assert violations(by_observer) == []


def test_judging_is_linear_in_the_history() -> None:
    """Four times the records take about four times as long: chaos tests bring hundreds of thousands."""

    def seconds(messages: int) -> float:
        history = good(1, messages)
        begun = time.process_time()
        assert violations(history) == []
        return time.process_time() - begun

    assert min(seconds(1_600) for _ in range(3)) < 12 * min(seconds(400) for _ in range(3))
