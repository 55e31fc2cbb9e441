"""What a report says of tickets."""

from __future__ import annotations

from typing import Any

from domain.hours import Schedule
from domain.reports import Period, Row, Spread, report
from domain.ticket.model import Metrics, Rating, Ticket

HOUR = 3_600_000
#: Monday, 23 November 2026, 00:00 UTC.
MONDAY = 1_795_392_000_000
WEEK = Period(MONDAY, MONDAY + 7 * 24 * HOUR)


def ticket(created_h: float, **more: Any) -> Ticket:
    metrics = Metrics(
        **{name: MONDAY + round(hours * HOUR) if name != "reopens" else hours for name, hours in more.pop("metrics", {}).items()}
    )
    return Ticket("app", "t", created_ms=MONDAY + round(created_h * HOUR), metrics=metrics, **more)


def test_each_moment_counts_where_it_lies() -> None:
    """A ticket of last week that is solved in this one is no new one."""
    before = ticket(-30, status="solved", metrics={"first_reply_ms": -29, "solved_ms": 2})
    within = ticket(1, status="open", metrics={"first_reply_ms": 1.5, "first_assigned_ms": 1.25, "reopens": 2})
    (row,) = report([before, within], WEEK, "all")
    assert (1, 1, 1, 2) == (row.created, row.unsolved, row.solved, row.reopened)
    assert Spread(1, 30.0, 30.0) == row.first_reply
    assert Spread(1, 15.0, 15.0) == row.assignment
    assert Spread(1, 32 * 60.0, 32 * 60.0) == row.resolution


def test_half_wait_less_than_the_median_and_nine_tenths_less_than_p90() -> None:
    (row,) = report([ticket(0, metrics={"first_reply_ms": n / 60}) for n in range(1, 12)], WEEK, "all")
    assert Spread(11, 6.0, 10.0) == row.first_reply


def test_business_hours_leave_out_the_night() -> None:
    schedule = Schedule(timezone="Europe/Paris", hours={"mon": (("09:00", "17:00"),), "tue": (("09:00", "17:00"),)})
    asked = ticket(15, metrics={"first_reply_ms": 24 + 9})  # 16:00 in Paris, answered at 10:00
    (row,) = report([asked], Period(WEEK.from_ms, WEEK.to_ms, schedule), "all")
    assert (18 * 60.0, 2 * 60.0) == (row.first_reply.median, row.first_reply.business)


def test_satisfaction_is_the_share_of_good_ratings_of_the_period() -> None:
    scores = [("good", 1), ("good", 2), ("bad", 3), ("good", -1), ("offered", 4)]
    (row,) = report([ticket(0, rating=Rating(score, at_ms=MONDAY + at * HOUR)) for score, at in scores], WEEK, "all")  # type: ignore[arg-type]
    assert (2, 1, 66.7) == (row.good, row.bad, row.satisfaction)
    assert None is Row("").satisfaction


def test_lines_are_by_what_is_asked_for() -> None:
    found = [ticket(1, assignee_id="b", tags=("x", "y"), group_id=7), ticket(25, assignee_id="a", tags=("y",)), ticket(26)]
    counted = {by: [(row.key, row.created) for row in report(found, WEEK, by)] for by in ("agent", "tag", "group", "day")}  # type: ignore[arg-type]
    assert [("", 1), ("a", 1), ("b", 1)] == counted["agent"]
    assert [("", 1), ("x", 1), ("y", 2)] == counted["tag"]
    assert [("", 2), ("7", 1)] == counted["group"]
    assert [("2026-11-23", 1), ("2026-11-24", 2)] == counted["day"]


def test_a_day_is_that_of_the_schedule() -> None:
    schedule = Schedule(timezone="Asia/Tokyo", hours={})
    assert ["2026-11-24"] == [row.key for row in report([ticket(16)], Period(WEEK.from_ms, WEEK.to_ms, schedule), "day")]


def test_where_there_is_nothing_there_is_no_line() -> None:
    assert [] == report([], WEEK, "agent")
