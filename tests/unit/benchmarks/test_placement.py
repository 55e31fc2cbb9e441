"""The simulation of placement: each scheme keeps what it promises, and the figures on the page of capacity are its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.placement import SHARDS, Placement
from benchmarks import placement
from benchmarks.placement import Scheme, jump, levelled, ranges, rendezvous

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "capacity.md"

counts = st.integers(1, 200)


def moved(before: list[int], after: list[int]) -> list[tuple[int, int]]:
    return [(old, new) for old, new in zip(before, after, strict=True) if old != new]


@pytest.mark.parametrize("hosts", [1, 3, 10, 1000, 10_000])
def test_ranges_are_what_the_product_does(hosts: int) -> None:
    simulated = ranges(SHARDS, hosts)
    for host in range(0, hosts, max(1, hosts // 7)):
        assert list(range(*Placement(hosts).shards_of(str(host)))) == [shard for shard, owner in enumerate(simulated) if owner == host]


@given(hosts=counts)
def test_jump_moves_shards_only_to_the_new_host(hosts: int) -> None:
    assert {hosts} >= {new for _, new in moved(jump(500, hosts), jump(500, hosts + 1))}


def test_jump_is_as_published() -> None:
    """Keys and buckets for which other implementations give these answers."""
    pairs = [(1, 60), (42, 57), (0xDEAD10CC, 666), (256, 1024)]
    assert [55, 43, 361, 520] == [placement._jumped(key, hosts) for key, hosts in pairs]


def test_rendezvous_lets_any_host_go() -> None:
    """The new one takes from all, and what it has goes back to whom it was from."""
    before, after = rendezvous(500, 10), rendezvous(500, 11)
    assert {10} == {new for _, new in moved(before, after)}


@given(shards=st.integers(1, 300), old=counts, new=counts)
def test_a_levelled_table_is_even_and_moves_the_least(shards: int, old: int, new: int) -> None:
    before = levelled([0] * shards, old)
    after = levelled(before, new)
    sizes = [after.count(host) for host in range(new)]
    assert max(sizes) - min(sizes) <= 1
    homeless = sum(host >= new for host in before)
    overfull = sum(max(0, before.count(host) - -(-shards // new)) for host in range(min(old, new)))
    needed = sum(shards // new for _ in range(new - old)) if new > old else 0
    assert len(moved(before, after)) <= max(homeless + overfull, needed + new)


@pytest.mark.parametrize("scheme", [ranges, jump, rendezvous])
@given(hosts=st.integers(1, 40))
def test_every_shard_has_one_host(scheme: Scheme, hosts: int) -> None:
    assert set(range(hosts)) >= set(scheme(100, hosts))


def test_more_hosts_than_shards_stay_without_work() -> None:
    assert 10_000 - 1_024 == placement.outcome("ranges", ranges, 1_024, 10_000, [1.0] * 1_024).empty


def test_the_same_seed_gives_the_same_figures() -> None:
    assert placement.loads_of(1000, 10, seed=7) == placement.loads_of(1000, 10, seed=7) != placement.loads_of(1000, 10, seed=8)


def test_the_page_shows_what_the_simulation_says() -> None:
    """The rows that are quick to make again; `python -m benchmarks.placement` makes all of them."""
    page = PAGE.read_text()
    for hosts in (10, 100, 1_000, 10_000):
        found = placement.outcome("ranges", ranges, SHARDS, hosts, placement.loads_of(SHARDS, hosts, seed=1))
        assert f"| {' | '.join(found.row())} |" in page
