"""Service levels: when clocks run, pause, and are missed or kept."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.desk.levels import levels_of, missed, words
from domain.desk.model import Desk, Level
from domain.ticket.model import Metrics, Ticket
from tests.desks import HOUR, asks, desk, policy, row, ticket

MINUTE = 60_000
START = HOUR


def step(these: Desk, before: Ticket, now: int, **fields: Any) -> Ticket:
    """The ticket after a change, with its levels."""
    metrics = replace(before.metrics, **{name: fields.pop(name) for name in list(fields) if name in Metrics.__struct_fields__})
    if "status" in fields:
        metrics = replace(metrics, status_ms=now, solved_ms=now if fields["status"] == "solved" else metrics.solved_ms)
    after = replace(before, metrics=metrics, **fields)
    return replace(after, levels=levels_of(these, after, now))


def born(these: Desk, **fields: Any) -> Ticket:
    made = ticket(created_ms=START, **fields)
    return replace(made, levels=levels_of(these, made, START))


def level(subject: Ticket, metric: str) -> Level:
    return next(one for one in subject.levels.metrics if one.metric == metric)


def test_a_first_reply_keeps_it() -> None:
    these = desk(policy(1, ("first_reply_time", 60)))
    waiting = born(these)
    assert START + MINUTE == level(waiting, "first_reply_time").due_ms
    answered = step(these, waiting, START + 30_000, first_reply_ms=START + 30_000, reply_ms=START + 30_000)
    found = level(answered, "first_reply_time")
    assert (30_000, 0, START + 30_000, 0) == (found.spent_ms, found.due_ms, found.fulfilled_ms, found.breached_ms)
    assert [("first_reply_time", "kept")] == [(one.metric, one.what) for one in words(waiting.levels, answered.levels)]
    assert () == words(answered.levels, step(these, answered, START + 50_000).levels)


def test_one_that_comes_late_was_missed_when_it_was_due() -> None:
    these = desk(policy(1, ("first_reply_time", 60)))
    late = step(these, born(these), START + 2 * MINUTE, first_reply_ms=START + 2 * MINUTE)
    assert START + MINUTE == level(late, "first_reply_time").breached_ms
    assert ["missed"] == [one.what for one in words(born(these).levels, late.levels)]


def test_each_next_reply_is_a_round() -> None:
    these = desk(policy(1, ("next_reply_time", 60)))
    answered = step(these, born(these), START + 1, first_reply_ms=START + 1, reply_ms=START + 1)
    assert 0 == level(answered, "next_reply_time").round_ms
    asked = step(these, answered, START + 10 * MINUTE, waiting_ms=START + 10 * MINUTE)
    assert START + 11 * MINUTE == level(asked, "next_reply_time").due_ms
    kept = step(these, asked, START + 10 * MINUTE + 5, waiting_ms=0, reply_ms=START + 10 * MINUTE + 5)
    assert (5, 0) == (level(kept, "next_reply_time").spent_ms, level(kept, "next_reply_time").due_ms)
    again = step(these, kept, START + 20 * MINUTE, waiting_ms=START + 20 * MINUTE)
    assert (0, START + 21 * MINUTE) == (level(again, "next_reply_time").spent_ms, level(again, "next_reply_time").due_ms)


def test_each_update_ends_a_round_and_begins_one() -> None:
    these = desk(policy(1, ("periodic_update_time", 60)))
    first = step(these, born(these), START, reply_ms=START)
    second = step(these, first, START + 5, reply_ms=START + 5)
    assert START + 5 + MINUTE == level(second, "periodic_update_time").due_ms
    assert [("kept", START + 5)] == [(one.what, one.at_ms) for one in words(first.levels, second.levels)]
    late = step(these, second, START + 5 * MINUTE, reply_ms=START + 5 * MINUTE)
    assert [("missed", START + 5 + MINUTE)] == [(one.what, one.at_ms) for one in words(second.levels, late.levels)]


@pytest.mark.parametrize(
    ("metric", "expected"),
    [("requester_wait_time", 1 + 4 + 8), ("agent_work_time", 1 + 8), ("total_resolution_time", 1 + 2 + 4 + 8)],
)
def test_what_counts_as_work_and_as_waiting(metric: str, expected: int) -> None:
    these = desk(policy(1, (metric, 3600)))
    now, subject = START, born(these)
    for minutes, status in ((1, "pending"), (2, "hold"), (4, "open"), (8, "solved")):
        now += minutes * MINUTE
        subject = step(these, subject, now, status=status)
    found = level(subject, metric)
    assert (expected * MINUTE, now, 0) == (found.spent_ms, found.fulfilled_ms, found.due_ms)
    again = step(these, subject, now + HOUR, status="open")
    assert now + HOUR + 3600_000 - expected * MINUTE == level(again, metric).due_ms
    assert 0 == level(again, metric).fulfilled_ms


def test_an_update_may_be_late_while_pending() -> None:
    these = desk(policy(1, ("pausable_update_time", 60)))
    subject = step(these, born(these), START, reply_ms=START)
    paused = step(these, subject, START + 10_000, status="pending")
    assert 0 == level(paused, "pausable_update_time").due_ms
    resumed = step(these, paused, START + HOUR, status="open")
    assert START + HOUR + 50_000 == level(resumed, "pausable_update_time").due_ms


def test_the_first_policy_that_fits() -> None:
    vip = policy(1, ("first_reply_time", 10), filter={"all": [asks("current_tags", "includes", "vip")]})
    these = desk(vip, policy(2, ("first_reply_time", 60)))
    assert (1, 10_000) == (born(these, tags=("vip",)).levels.policy, level(born(these, tags=("vip",)), "first_reply_time").target_ms)
    subject = born(these)
    assert 2 == subject.levels.policy
    moved = step(these, subject, START + 5_000, tags=("vip",))
    assert (1, START + 10_000) == (moved.levels.policy, level(moved, "first_reply_time").due_ms)
    assert () == born(desk(vip)).levels.metrics


def test_targets_are_those_of_the_priority() -> None:
    urgent = {"priority": "urgent", "metric": "first_reply_time", "target": 1}
    these = desk(row("sla", 1, title="P", policy_metrics=[urgent]))
    assert () == born(these).levels.metrics  # without a priority, normal counts
    assert MINUTE == born(these, priority="urgent").levels.metrics[0].target_ms


def test_business_hours_alone_count() -> None:
    office = row("schedule", 41, name="Office", time_zone="UTC", intervals=[{"start_time": 4 * 1440 + 60, "end_time": 4 * 1440 + 120}])
    these = desk(office, policy(1, ("total_resolution_time", 5400), hours=True))
    subject = born(these)  # Thursday, one o'clock: open for an hour, each week
    assert START + 7 * 24 * HOUR + HOUR // 2 == level(subject, "total_resolution_time").due_ms
    paused = step(these, subject, START + 3 * HOUR, status="solved")
    assert HOUR == level(paused, "total_resolution_time").spent_ms


def test_what_was_missed_runs_on_and_is_missed_once() -> None:
    these = desk(policy(1, ("total_resolution_time", 60)))
    subject = born(these)
    subject = replace(subject, levels=missed(subject.levels, "total_resolution_time"))
    assert (START + MINUTE, 0) == (subject.levels.metrics[0].breached_ms, subject.levels.metrics[0].due_ms)
    later = step(these, subject, START + HOUR, tags=("x",))
    assert subject.levels == later.levels
    assert HOUR * 2 == level(step(these, later, START + 2 * HOUR, status="solved"), "total_resolution_time").spent_ms


def test_a_policy_for_unsolved_tickets_is_kept_by_solving() -> None:
    unsolved = {"all": [asks("status", "less_than", "solved")]}
    these = desk(policy(1, ("total_resolution_time", 60), filter=unsolved))
    subject = born(these)
    solved = step(these, subject, START + 5, status="solved")
    assert ["kept"] == [one.what for one in words(subject.levels, solved.levels)]


def test_a_closed_ticket_keeps_its_levels() -> None:
    these = desk(policy(1, ("total_resolution_time", 60)))
    solved = step(these, born(these), START + 5, status="solved")
    assert solved.levels == step(desk(), replace(solved, status="closed"), START + HOUR).levels


statuses = st.sampled_from(["new", "open", "pending", "hold", "solved"])


@given(st.lists(st.tuples(st.integers(1, 200), statuses), max_size=20), st.integers(1, 500))
def test_time_is_the_sum_of_what_ran(moves: list[tuple[int, str]], target: int) -> None:
    """Against a model that counts each second."""
    these = desk(policy(1, ("requester_wait_time", target), ("agent_work_time", target)))
    subject, now = born(these), START
    ran = {"requester_wait_time": 0, "agent_work_time": 0}
    missed_at = dict.fromkeys(ran, 0)
    runs = {"requester_wait_time": ("new", "open", "hold"), "agent_work_time": ("new", "open")}
    for seconds, status in moves:
        for second in range(seconds):
            for metric in ran:
                if subject.status in runs[metric]:
                    ran[metric] += 1
                    if ran[metric] > target and not missed_at[metric]:
                        missed_at[metric] = now + second * 1000
        now += seconds * 1000
        subject = step(these, subject, now, status=status)
    for metric, total in ran.items():
        found = level(subject, metric)
        assert total * 1000 == found.spent_ms + (now - found.since_ms if found.since_ms else 0)
        if missed_at[metric]:
            assert missed_at[metric] == (found.breached_ms or found.due_ms)
