"""Every actor has exactly one slot, for any number of slots, in every process and for ever."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.placement import SHARDS, Placement, dedicated_actor, shard_of
from storage.ports import ActorId

actors = st.builds(ActorId, st.just("conversation"), st.text(max_size=8), st.text(min_size=1, max_size=24))


@pytest.mark.parametrize("slots", [1, 2, 3, 5, 7, 8, 100, 1000, SHARDS])
def test_every_shard_is_of_exactly_one_slot(slots: int) -> None:
    placement = Placement(slots)
    owned = [shard for slot in range(slots) for shard in range(*placement.shards_of(str(slot)))]
    assert list(range(SHARDS)) == owned


@given(slots=st.integers(1, SHARDS), actor=actors)
def test_an_actors_slot_owns_its_shard(slots: int, actor: ActorId) -> None:
    """The two directions agree: where a command goes is who reads the effects."""
    placement = Placement(slots)
    first, end = placement.shards_of(placement.slot_of(actor))
    assert first <= shard_of(actor) < end


@given(slots=st.integers(1, 1024) | st.sampled_from([4096, 12_345, SHARDS]))
def test_slots_are_about_equal(slots: int) -> None:
    sizes = {end - first for first, end in (Placement(slots).shards_of(str(slot)) for slot in range(slots))}
    assert max(sizes) - min(sizes) <= 1


def test_shards_do_not_depend_on_the_process() -> None:
    """Written down: a change of these numbers would part every conversation from its owner."""
    names = [ActorId("conversation", "app_1", "c1"), ActorId("conversation", "app_2", "c1"), ActorId("bot", "app_1", "c1")]
    assert [23803, 62229, 23803] == [shard_of(name) for name in names]
    code = "from actors.placement import *; from storage.ports import ActorId; print(shard_of(ActorId('conversation', 'app_1', 'c1')))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert 23803 == int(told.stdout)


def test_actors_spread_over_the_shards() -> None:
    """Counted in a thousand ranges of 64: the fullest has not much more than its twenty."""
    ranges = Counter(shard_of(ActorId("conversation", "app_1", f"{n:024x}")) // 64 for n in range(20 * SHARDS // 64))
    assert (SHARDS // 64, True) == (len(ranges), max(ranges.values()) < 60)


def test_a_dedicated_actor_has_a_slot_of_its_own_name() -> None:
    """By kind or by app, and back from the slot to the actor."""
    actor = ActorId("conversation", "app_1", "c1")
    for placement in (Placement(4, "dedicated"), Placement(4, by_app={"app_1": "dedicated"})):
        assert ("app_1/c1", actor) == (placement.slot_of(actor), dedicated_actor("conversation", placement.slot_of(actor)))
    shared = Placement(4, "dedicated", {"app_1": "shared"})
    assert dedicated_actor("conversation", shared.slot_of(actor)) is None
