"""Conditions of views: which tickets each of them lets in."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain.desk.model import Condition, Conditions
from domain.errors import Invalid
from domain.finding import filters
from domain.finding.views import Eyes, filter_of, named_people
from domain.ticket.model import Metrics, Rating, Ticket

ANA, BEN = "1" * 24, "2" * 24
HOUR_MS = 3_600_000
NOW_MS = 1_767_225_600_000
EYES = Eyes(ANA, (7, 8), {41: BEN}, NOW_MS)


def ticket(number: int, **fields: Any) -> Ticket:
    return Ticket("a" * 24, f"{number:024x}", number, **{"created_ms": NOW_MS - number * HOUR_MS, "requester_id": BEN} | fields)


THOSE = [
    ticket(1, status="open", assignee_id=ANA, group_id=7, tags=("late", "vip"), priority="urgent", subject="Broken vase"),
    ticket(2, status="pending", assignee_id=BEN, type="problem", metrics=Metrics(status_ms=NOW_MS - 30 * HOUR_MS), rating=Rating("good")),
    ticket(3, group_id=9, fields={"12": "red", "13": ["x", "y"]}, due_ms=NOW_MS + HOUR_MS, channel="messaging"),
    ticket(4, status="open", deleted=True),
]


def condition(field: str, operator: str, value: Any = None) -> Condition:
    return Condition(field, operator, None if value is None else msgspec.Raw(msgspec.json.encode(value)))


def shown(*every: Condition, either: tuple[Condition, ...] = ()) -> list[int]:
    asked = filter_of(Conditions(every, either), EYES)
    return [one.number for one in THOSE if filters.meets(asked, filters.of_ticket(one))]


@pytest.mark.parametrize(
    ("field", "operator", "value", "numbers"),
    [
        ("status", "less_than", "solved", [1, 2, 3]),
        ("status", "is_not", "open", [2, 3]),
        ("status", "greater_than", "open", [2]),
        ("priority", "is", "", [2, 3]),
        ("priority", "greater_than_equal", "high", [1]),
        ("type", "is", "problem", [2]),
        ("assignee_id", "is", "current_user", [1]),
        ("assignee_id", "is", "41", [2]),
        ("assignee_id", "is", 41, [2]),
        ("assignee_id", "is", "99", []),
        ("assignee_id", "is", "", [3]),
        ("assignee_id", "is_not", None, [1, 2]),
        ("group_id", "is", "current_groups", [1]),
        ("group_id", "is", "9", [3]),
        ("group_id", "is_not", "9", [1, 2]),
        ("current_tags", "includes", "vip other", [1]),
        ("current_tags", "not_includes", "vip", [2, 3]),
        ("current_tags", "present", None, [1]),
        ("custom_fields_12", "is", "Red", [3]),
        ("custom_fields_13", "includes", ["y", "z"], [3]),
        ("custom_fields_12", "not_present", None, [1, 2]),
        ("via_id", "is", "messaging", [3]),
        ("created_at", "less_than", "3", [1, 2]),
        ("created_at", "greater_than_equal", 2, [2, 3]),
        ("created_at", "is", 2, [2]),
        ("created_at", "within_previous_n_hours", 1, []),
        ("PENDING", "greater_than", 24, [2]),
        ("OPEN", "greater_than", 24, []),
        ("due_date", "within_next_n_hours", 2, [3]),
        ("satisfaction_score", "is", "good", [2]),
        ("subject_includes_word", "includes", "vases broken", [1]),
    ],
)
def test_what_a_condition_lets_in(field: str, operator: str, value: Any, numbers: list[int]) -> None:
    assert numbers == shown(condition(field, operator, value))


def test_all_of_the_one_and_one_of_the_others() -> None:
    either = (condition("priority", "is", "urgent"), condition("type", "is", "problem"))
    assert [1, 2] == shown(either=either)
    assert [2] == shown(condition("status", "is", "pending"), either=either)


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("weather", "is", "fine"),
        ("status", "is", "great"),
        ("status", "includes", "open"),
        ("created_at", "less_than", "soon"),
        ("created_at", "less_than_business_hours", 3),
        ("assignee_id", "is", "somebody"),
        ("group_id", "is", [1]),
        ("satisfaction_score", "is", "fair"),
    ],
)
def test_what_views_cannot_ask_for(field: str, operator: str, value: Any) -> None:
    with pytest.raises(Invalid):
        shown(condition(field, operator, value))


def test_numbers_of_people_are_told_for_whoever_looks_them_up() -> None:
    those = [condition("assignee_id", "is", "41"), condition("requester_id", "is", 42), condition("assignee_id", "is", "current_user")]
    assert {41, 42} == named_people([*those, condition("group_id", "is", "43")])
