"""When a server asks for a slot, and for which."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from actors.balance import wanted
from actors.orders import host_name, server_of
from storage.ports import SlotRow


def rows(*owners: str) -> list[SlotRow]:
    return [SlotRow("conversation", str(n), 1, f"{owner} node/1", "unix:/x" if owner else "") for n, owner in enumerate(owners)]


CHANCE = random.Random(1)


def test_the_busiest_host_is_asked() -> None:
    assert wanted(rows("a", "b", "b", "b", "a"), ["c"], (), CHANCE) in {"1", "2", "3"}


def test_a_difference_of_one_is_left_alone() -> None:
    """Otherwise a slot would go to and fro for ever."""
    assert wanted(rows("a", "a", "b"), ["b"], (), CHANCE) is None
    assert wanted(rows("a"), ["b"], (), CHANCE) is None


def test_who_is_drained_is_asked_first_and_asks_for_nothing() -> None:
    """A server's hosts with it. Nobody comes back to it, however little it has."""
    a, b, c = (host_name("conversation-0", server, "1") for server in "abc")
    lying = rows(a, b, b, b, c)
    assert "0" == wanted(lying, [c], {"a"}, CHANCE) == wanted(lying, [c], {a}, CHANCE)
    assert wanted(rows(b, b, b, b, c), [a], {"a"}, CHANCE) is None
    assert wanted(rows(b, b, b, b, c), [a, host_name("conversation-1", "a", "2")], {a}, CHANCE) is not None


def test_a_host_says_whose_it_is() -> None:
    assert "1f2e" == server_of(host_name("conversation:app/id", "1f2e", "9")) and "" == server_of("host")


def test_without_a_host_nothing_is_wanted() -> None:
    assert wanted(rows("a", "a", "a"), [], (), CHANCE) is None
    assert wanted([], ["a"], (), CHANCE) is None


def test_an_actor_with_a_host_of_its_own_stays_there() -> None:
    own = [SlotRow("conversation", f"app/{n}", 1, "a node/1", "unix:/x") for n in range(5)]
    assert wanted(own, ["b"], (), CHANCE) is None


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_it_ends_even(owners: list[str], chance: random.Random) -> None:
    """However the slots lie at first, asking in turn comes to an end, and then nobody has two more than another."""
    before: list[str] = []
    for _ in range(200):
        if before == owners:
            break
        before = list(owners)
        for host in "abcd":
            slot = wanted(rows(*owners), [host], (), chance)
            if slot is not None:
                owners[int(slot)] = host
    counts = [owners.count(host) for host in "abcd"]
    assert max(counts) - min(counts) <= 1
