"""The arithmetic of capacity: more messages never need less, each limit is kept, and the page shows what it says."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from benchmarks import capacity
from benchmarks.capacity import Costs, Limits, plan
from gateway.stream.endpoints import MAX_SOCKETS

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "capacity.md"

rates = st.integers(1, 10_000_000)


@given(rate=rates)
def test_no_process_is_busier_than_it_may_be(rate: int) -> None:
    costs, limits = Costs(), Limits()
    made = plan(rate, costs, limits)
    assert rate / made.hosts * costs.host <= 1000 * limits.busy * 1.001
    assert rate / made.gateways * costs.gateway <= 1000 * limits.busy * 1.001
    assert made.sockets <= made.gateways * limits.sockets_per_gateway


@given(rate=rates)
def test_the_databases_carry_all_that_comes(rate: int) -> None:
    limits = Limits()
    made = plan(rate, Costs(), limits)
    assert made.wal_mb_per_s <= made.databases * limits.wal_mb_per_s
    assert made.commits_per_s <= made.databases * limits.commits_per_s * 1.001
    assert made.connections <= made.databases * limits.connections_per_database
    assert made.database_cores <= made.databases * limits.cores_per_database


@given(rate=rates, more=st.integers(0, 1_000_000))
def test_more_messages_never_need_less(rate: int, more: int) -> None:
    less, greater = (plan(one, Costs(), Limits()) for one in (rate, rate + more))
    assert (less.gateways, less.hosts, less.databases) <= (greater.gateways, greater.hosts, greater.databases)


def test_a_host_that_has_time_commits_each_message_alone() -> None:
    assert 1.0 == plan(10, Costs(), Limits()).batch


def test_sockets_are_limited_as_the_gateway_limits_them() -> None:
    assert MAX_SOCKETS == Limits().sockets_per_gateway


def test_costs_are_read_from_the_newest_result_at_its_highest_rate(tmp_path: Path) -> None:
    assert capacity.measured(tmp_path) is None
    for day, factor in (("20310101", 9.0), ("20310102", 1.0)):
        rows = [
            {"acked_per_s": rate, "cpu_ms": {"gateway": cost * factor, "host": 0.2, "ray": 0.0, "database": 0.3, "load": 1.0}}
            for rate, cost in ((400, 0.9), (9_000, 0.1))
        ]
        (tmp_path / f"throughput-postgresql-{day}T000000.json").write_text(json.dumps({"rows": rows}))
    assert Costs(0.1, 0.2, 0.3, "benchmarks/results/throughput-postgresql-20310102T000000.json") == capacity.measured(tmp_path)


def test_the_page_shows_what_the_program_says() -> None:
    assert capacity.report([plan(rate, Costs(), Limits()) for rate in capacity.RATES]) in PAGE.read_text()
