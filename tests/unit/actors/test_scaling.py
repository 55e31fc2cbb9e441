"""What is done to have more hosts of a kind on a server, or fewer."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from actors.scaling import Plan, planned
from storage.ports import SlotRow


def rows(owners: str) -> list[SlotRow]:
    return [SlotRow("conversation", str(n), 1, f"{owner} node/1", "unix:/x") for n, owner in enumerate(owners)]


def test_what_is_missing_is_started() -> None:
    assert Plan(more=2) == planned("ab", rows("aab"), (), 4)
    assert Plan() == planned("ab", rows("aab"), (), 2)


def test_whoever_has_least_is_drained_first() -> None:
    assert Plan(drain=("c", "b")) == planned("abc", rows("aaab"), (), 1)


def test_a_host_ends_when_it_is_drained_and_owns_nothing() -> None:
    assert Plan() == planned("ab", rows("aab"), "b", 1)
    assert Plan(end=("b",)) == planned("ab", rows("aaa"), "b", 1)


def test_who_is_drained_stays_if_it_is_wanted_after_all() -> None:
    """The one with most to give up."""
    assert Plan(keep=("c",), end=("b",)) == planned("abc", rows("acc"), "bc", 2)
    assert Plan(more=1, keep=("b",)) == planned("ab", rows("aab"), "b", 3)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=6), st.text("abcdef", min_size=8, max_size=8), st.randoms(use_true_random=False))
def test_it_gets_there_whatever_is_ordered_on_the_way(orders: list[int], owners: str, chance: random.Random) -> None:
    """And ends nobody who owns a slot. Others take the slots of those that are drained, as long as there are others."""
    names, drained, lying, made = sorted(set(owners)), set[str](), list(owners), 0
    for wanted in orders:
        for _ in range(chance.randint(0, 3) if wanted is not orders[-1] else 30):
            plan = planned(names, rows("".join(lying)), drained, wanted)
            assert not set(plan.end) & set(lying)
            drained = (drained | set(plan.drain)) - set(plan.keep) - set(plan.end)
            names = [name for name in names if name not in plan.end] + [chr(ord("A") + made + n) for n in range(plan.more)]
            made += plan.more
            takers = [name for name in names if name not in drained]
            lying = [chance.choice(takers) if owner in drained and takers else owner for owner in lying]
    staying = [name for name in names if name not in drained]
    assert orders[-1] == len(staying)
    assert not orders[-1] or not drained
