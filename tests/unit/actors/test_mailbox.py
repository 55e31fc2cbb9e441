"""The mailbox is fair: nobody owns a batch, and within an actor nothing overtakes."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from actors.mailbox import Item, Mailbox
from storage.ports import ActorId


def item(app: str, actor: str, n: int = 0) -> Item:
    return Item(ActorId("conversation", app, actor), b"%d" % n, None, 0, False, lambda answer: None)


def fill(mailbox: Mailbox, app: str, actor: str, count: int) -> None:
    for n in range(count):
        mailbox.put(item(app, actor, n))


def shares(batch: list[Item]) -> Counter[str]:
    return Counter(one.actor.id for one in batch)


def test_a_busy_actor_gets_its_share_of_a_batch_and_no_more() -> None:
    mailbox = Mailbox(per_actor=10)
    fill(mailbox, "app", "busy", 1_000)
    fill(mailbox, "app", "calm", 3)
    assert {"busy": 10, "calm": 3} == shares(mailbox.take(512))


def test_a_busy_app_does_not_crowd_out_a_calm_one() -> None:
    """Apps are served in turn, however many conversations one of them has."""
    mailbox = Mailbox(per_actor=10)
    for n in range(500):
        fill(mailbox, "busy", f"b{n}", 10)
    fill(mailbox, "calm", "only", 10)
    assert 10 == shares(mailbox.take(40))["only"]


def test_actors_of_an_app_are_served_in_turn() -> None:
    """Whoever was left over waits behind those that were not served yet."""
    mailbox = Mailbox(per_actor=2)
    for name in ("a", "b", "c"):
        fill(mailbox, "app", name, 4)
    assert [["a", "b"], ["c", "a"], ["b", "c"]] == [list(shares(mailbox.take(4))) for _ in range(3)]


def test_a_batch_is_no_greater_than_asked() -> None:
    mailbox = Mailbox()
    fill(mailbox, "app", "a", 50)
    assert [7, 43, 0] == [len(mailbox.take(7)), len(mailbox.take(100)), len(mailbox.take(100))]


async def test_filled_waits_for_something_and_only_for_that() -> None:
    mailbox = Mailbox()
    mailbox.put(item("app", "a"))
    await mailbox.filled()
    mailbox.take(10)
    assert not mailbox._filled.is_set()
    mailbox.put(item("app", "a"))
    await mailbox.filled()


@given(
    puts=st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xyz")), max_size=200),
    seed=st.integers(0, 2**16),
    per_actor=st.integers(1, 8),
)
def test_each_item_comes_once_and_in_its_actors_order(puts: list[tuple[str, str]], seed: int, per_actor: int) -> None:
    """Whatever comes in between takes; and a take gives nothing only when there is nothing."""
    rng, mailbox, taken = random.Random(seed), Mailbox(per_actor), []
    for n, (app, actor) in enumerate(puts):
        mailbox.put(item(app, actor, n))
        if rng.random() < 0.1:
            taken += mailbox.take(rng.randrange(1, 12))
    while len(mailbox):
        batch = mailbox.take(rng.randrange(1, 12))
        assert batch and max(Counter(one.actor for one in batch).values()) <= per_actor
        taken += batch
    assert Counter(range(len(puts))) == Counter(int(one.command) for one in taken)
    for name in {one.actor for one in taken}:
        own = [int(one.command) for one in taken if one.actor == name]
        assert sorted(own) == own
