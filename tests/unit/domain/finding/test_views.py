"""Views: what the database is asked for holds against the rules of conditions."""

from __future__ import annotations

from typing import Any

import pytest

from domain.desk.conditions import check_conditions, seen_in_view
from domain.desk.model import Agent, Condition, Conditions, Desk, Group, TicketField
from domain.finding import filters
from domain.finding.views import seen
from domain.ticket.model import Metrics, Rating, Ticket

APP, ANA, BEN = "a" * 24, "1" * 24, "2" * 24
DAY_MS = 86_400_000
NOW_MS = 1_767_225_600_000
PEOPLE = {41: BEN, 42: ANA}
DESK = Desk(
    APP,
    groups={7: Group(7, "One"), 9: Group(9, "Two")},
    agents={ANA: Agent(ANA, "Ana"), BEN: Agent(BEN, "Ben")},
    fields={
        12: TicketField(12, "Colour", "tagger", options={"red": "Red", "Blue": "Blue"}),
        13: TicketField(13, "Sizes", "multiselect", options={"s": "Small", "m": "Middle"}),
        14: TicketField(14, "Gift", "checkbox"),
        15: TicketField(15, "Pieces", "integer"),
        16: TicketField(16, "Note", "text"),
        17: TicketField(17, "Day", "date"),
    },
)


def ticket(number: int, **fields: Any) -> Ticket:
    given: dict[str, Any] = {"created_ms": NOW_MS, "requester_id": BEN, "channel": "api"} | fields
    return Ticket(APP, f"{number:024x}", number, **given)


THOSE = [
    ticket(1, status="open", assignee_id=ANA, group_id=7, tags=("late", "vip"), priority="urgent", subject="Broken vase, où"),
    ticket(2, status="pending", assignee_id=BEN, type="problem", rating=Rating("good"), metrics=Metrics(reopens=2), external_id="X"),
    ticket(3, group_id=9, fields={"12": "red", "13": ["s"], "14": True, "15": 3, "16": "Hm", "17": "2026-01-02"}, due_ms=NOW_MS + DAY_MS),
    ticket(4, status="solved", channel="messaging", session="ended", fields={"12": "Blue", "14": False}, due_ms=NOW_MS, tags=("late",)),
    ticket(5, status="hold", priority="low", rating=Rating("bad"), brand_id="b", description="Ou"),
]
ASKED: list[tuple[str, str, Any]] = [
    *(("status", operator, value) for operator in ("is", "is_not", "less_than", "greater_than_inclusive") for value in ("open", "hold")),
    *(("priority", operator, "low") for operator in ("is", "is_not", "less_than", "less_than_inclusive", "greater_than")),
    *((field, "is", "") for field in ("priority", "type", "assignee_id", "group_id", "brand_id")),
    *((field, "present", None) for field in ("priority", "type", "assignee_id", "group_id", "current_tags")),
    *((field, "not_present", None) for field in ("priority", "type", "assignee_id", "group_id", "current_tags")),
    ("status", "includes", "open hold"),
    ("status", "not_includes", "open hold"),
    ("type", "is", "problem"),
    ("type", "is_not", "problem"),
    ("assignee_id", "is", "current_user"),
    ("assignee_id", "is_not", "current_user"),
    ("assignee_id", "is", 41),
    ("assignee_id", "is", "requester_id"),
    ("requester_id", "is_not", "assignee_id"),
    ("group_id", "is", "9"),
    ("group_id", "is_not", "9"),
    ("current_tags", "includes", "vip other"),
    ("current_tags", "not_includes", "vip other"),
    ("current_tags", "is", "vip late"),
    ("current_tags", "is_not", "late"),
    ("current_tags", "is", ""),
    ("via_id", "is", "messaging"),
    ("session_state", "is", "ended"),
    ("satisfaction_score", "is", "good"),
    ("satisfaction_score", "greater_than", "offered"),
    ("subject_includes_word", "includes", "vases broken"),
    ("subject_includes_word", "not_includes", "ou"),
    ("subject_includes_word", "includes_string", "ken"),
    ("description_includes_word", "includes", "ou"),
    ("external_id", "is", "x"),
    ("reopens", "greater_than", 1),
    *(("ticket_due_date", operator, "2026-01-02") for operator in ("is", "is_not", "less_than", "less_than_inclusive")),
    *(("ticket_due_date", operator, "2026-01-02") for operator in ("greater_than", "greater_than_inclusive")),
    ("ticket_due_date", "present", None),
    *(("custom_fields_12", operator, value) for operator in ("is", "is_not", "includes") for value in ("red", "Blue")),
    ("custom_fields_12", "is", ""),
    ("custom_fields_12", "present", None),
    ("custom_fields_13", "includes", "m s"),
    ("custom_fields_13", "is", "s"),
    ("custom_fields_14", "is", "true"),
    ("custom_fields_14", "is", "false"),
    ("custom_fields_14", "is_not", "true"),
    ("custom_fields_15", "greater_than", 2),
    ("custom_fields_16", "present", None),
    ("custom_fields_17", "is", "2026-01-02"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "operator", "value"), ASKED)
def test_the_database_finds_what_the_conditions_show(field: str, operator: str, value: Any) -> None:
    """All of it, and, where it claims to be exact, nothing else."""
    asked = check_conditions(Conditions((Condition(field, operator, value),)), DESK, "view", PEOPLE)
    found = seen(asked, DESK, ANA)
    by_rules = [one.number for one in THOSE if seen_in_view(asked, DESK, one, ANA, NOW_MS)]
    by_database = [one.number for one in THOSE if filters.meets(found.filter, filters.of_ticket(one))]
    assert set(by_rules) <= set(by_database)
    if found.exact:
        assert by_rules == by_database


def test_the_usual_conditions_are_exact() -> None:
    usual = [
        Condition("status", "less_than", "solved"),
        Condition("assignee_id", "is", "current_user"),
        Condition("group_id", "is", "7"),
        Condition("current_tags", "includes", "late"),
        Condition("priority", "greater_than_inclusive", "high"),
        Condition("custom_fields_12", "is", "red"),
        Condition("ticket_due_date", "less_than", "2026-01-02"),
    ]
    for one in usual:
        assert seen(check_conditions(Conditions((one,)), DESK, "view", PEOPLE), DESK, ANA).exact, one


def test_all_of_the_one_and_one_of_the_others_and_none_that_is_deleted() -> None:
    either = (Condition("priority", "is", "urgent"), Condition("type", "is", "problem"))
    asked = check_conditions(Conditions((Condition("status", "is_not", "open"),), either), DESK, "view", PEOPLE)
    found = seen(asked, DESK, "")
    those = [*THOSE, ticket(6, type="problem", deleted=True)]
    assert [2] == [one.number for one in those if filters.meets(found.filter, filters.of_ticket(one))]
