"""Each field and operator of conditions: what may be written, and when it holds."""

from __future__ import annotations

from typing import Any

import pytest

from domain.desk.conditions import CHANGES, OPERATORS, check_conditions, holds
from domain.desk.facts import FIELDS, Facts
from domain.desk.model import Condition, Conditions, Happening
from domain.errors import Invalid
from domain.ticket.commands import By, Comment
from domain.ticket.model import Metrics, Rating
from tests.desks import ANA, BEN, EVE, PEOPLE, desk, row, ticket

FIELDS_OF_APP = (
    row(
        "field",
        31,
        title="Product",
        type="tagger",
        custom_field_options=[{"name": "Shoe", "value": "shoe"}, {"name": "Hat", "value": "hat"}],
    ),
    row("field", 32, title="Sizes", type="multiselect", custom_field_options=[{"name": "S", "value": "s"}, {"name": "L", "value": "l"}]),
    row("field", 33, title="VIP", type="checkbox"),
    row("field", 34, title="Total", type="decimal"),
    row("field", 35, title="Bought", type="date"),
    row("field", 36, title="Note", type="text"),
)
OPEN_ALWAYS = row(
    "schedule", 41, name="All", time_zone="UTC", intervals=[{"start_time": 0, "end_time": 7 * 1440}], holidays=[]
)  # fmt: skip
DESK = desk(*FIELDS_OF_APP, OPEN_ALWAYS)
TICKET = ticket(
    priority="high", type="question", group_id=1, assignee_id=ANA, tags=("vip", "late"), channel="web", description="It is late.",
    fields={"31": "shoe", "32": ["s"], "33": True, "34": 12.5, "35": "2026-02-03", "36": "A red one"}, session="inactive",
    rating=Rating("good", reason="Quick"), due_ms=1_770_000_000_000, metrics=Metrics(reopens=2, replies=3),
)  # fmt: skip


def passes(field: str, operator: str, value: Any = None, **more: Any) -> bool:
    checked = check_conditions(Conditions((Condition(field, operator, value),)), DESK, "trigger", PEOPLE)
    return holds(checked, Facts(DESK, more.pop("after", TICKET), **more))


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("status", "is", "open"),
        ("status", "is_not", "new"),
        ("status", "less_than", "solved"),
        ("status", "greater_than_inclusive", "open"),
        ("status", "includes", "open pending"),
        ("priority", "greater_than", "normal"),
        ("priority", "present", None),
        ("type", "is", "question"),
        ("group_id", "is", "1"),
        ("group_id", "is_not", ""),
        ("assignee_id", "is", "71"),
        ("assignee_id", "is_not", 72),
        ("assignee_id", "present", None),
        ("requester_id", "is", "73"),
        ("requester_id", "is_not", "assignee_id"),
        ("current_tags", "includes", "vip other"),
        ("current_tags", "not_includes", "other"),
        ("current_tags", "is", "late VIP"),
        ("via_id", "is", "web"),
        ("subject_includes_word", "includes", "PARCEL box"),
        ("subject_includes_word", "not_includes", "par"),
        ("subject_includes_word", "includes_string", "te par"),
        ("subject_includes_word", "is", "late parcel"),
        ("subject_includes_word", "matches", "late.*"),
        ("subject_includes_word", "not_matches", "late"),
        ("description_includes_word", "includes", ["late"]),
        ("external_id", "not_present", None),
        ("session_state", "is", "inactive"),
        ("satisfaction_score", "greater_than", "bad"),
        ("satisfaction_reason", "is", "quick"),
        ("ticket_due_date", "less_than", "2026-03-01"),
        ("reopens", "greater_than", "1"),
        ("replies", "less_than_inclusive", 3),
        ("agent_stations", "is", "0"),
        ("custom_fields_31", "is", "shoe"),
        ("custom_fields_31", "includes", "hat shoe"),
        ("custom_fields_32", "includes", "s l"),
        ("custom_fields_33", "is", "true"),
        ("custom_fields_34", "greater_than", "12"),
        ("custom_fields_35", "is", "2026-02-03"),
        ("custom_fields_36", "includes", "red"),
        ("in_business_hours", "is", "true"),
    ],
)
def test_a_condition_that_holds(field: str, operator: str, value: Any) -> None:
    assert passes(field, operator, value)


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("status", "greater_than", "solved"),
        ("priority", "is", ""),
        ("group_id", "is", 2),
        ("assignee_id", "is", ""),
        ("requester_id", "is", "current_user"),
        ("current_tags", "not_includes", "vip"),
        ("subject_includes_word", "includes", "par"),
        ("subject_includes_word", "matches", "parcel"),  # the whole of it must fit
        ("brand_id", "is", "acme"),
        ("custom_fields_33", "is", "false"),
        ("custom_fields_36", "not_present", None),
    ],
)
def test_a_condition_that_does_not_hold(field: str, operator: str, value: Any) -> None:
    assert not passes(field, operator, value)


@pytest.mark.parametrize(
    ("field", "operator", "value", "expected"),
    [
        ("status", "changed", None, True),
        ("status", "value", "open", True),
        ("status", "changed_to", "solved", False),
        ("status", "value_previous", "new", True),
        ("status", "changed_from", "open", False),
        ("status", "not_value", "solved", True),
        ("status", "not_value_previous", "new", False),
        ("priority", "not_changed", None, True),
        ("assignee_id", "changed_to", "71", True),
        ("assignee_id", "changed_from", "", True),
        ("current_tags", "changed", None, True),
        ("custom_fields_33", "changed_to", "true", True),
    ],
)
def test_what_has_changed(field: str, operator: str, value: Any, expected: bool) -> None:
    before = ticket(status="new", priority="high", tags=("vip",), fields={"33": False})
    assert expected == passes(field, operator, value, before=before)


def test_what_a_new_ticket_has_was_changed_from_nothing() -> None:
    assert passes("priority", "changed")
    assert passes("status", "changed_to", "open")
    assert not passes("external_id", "changed")


@pytest.mark.parametrize(
    ("by", "role"),
    [(By("agent", ANA), "agent"), (By("agent", BEN), "admin"), (By("user", EVE), "end_user"), (By("key"), "program"), (By(), "system")],
)
def test_who_has_done_it(by: By, role: str) -> None:
    assert passes("role", "is", role, by=by)
    assert (by.id == ANA) == passes("current_user", "is", "assignee_id", by=by)


def test_what_was_said() -> None:
    said = Comment("Where is my refund?", public=False)
    assert passes("comment_includes_word", "includes", "refund", comment=said)
    assert passes("comment_is_public", "is", "false", comment=said)
    assert not passes("comment_is_public", "is", "false")
    assert not passes("comment_is_public", "is", "true")


@pytest.mark.parametrize(("before", "expected"), [(None, "Create"), (ticket(), "Change")])
def test_whether_it_is_new(before: Any, expected: str) -> None:
    assert passes("update_type", "is", expected, before=before)


def test_all_and_any() -> None:
    yes, no = Condition("status", "is", "open"), Condition("status", "is", "new")
    facts = Facts(DESK, TICKET)
    assert holds(Conditions((yes,), (no, yes)), facts)
    assert not holds(Conditions((yes,), (no,)), facts)
    assert not holds(Conditions((yes, no)), facts)
    assert holds(Conditions(), facts)


@pytest.mark.parametrize(
    ("field", "operator", "value", "path"),
    [
        ("organization_id", "is", "1", "field"),
        ("custom_fields_99", "is", "1", "field"),
        ("custom_fields_x", "is", "1", "field"),
        ("NEW", "is", "1", "field"),  # triggers do not wait
        ("status", "matches", ".*", "operator"),
        ("via_id", "changed", None, "operator"),
        ("status", "is", "broken", "value"),
        ("status", "includes", "open broken", "value"),
        ("group_id", "is", "99", "value"),
        ("assignee_id", "is", "99", "value"),
        ("reopens", "is", "many", "value"),
        ("reopens", "is", "nan", "value"),
        ("ticket_due_date", "is", "soon", "value"),
        ("ticket_due_date", "is", "2026-02-30", "value"),
        ("in_business_hours", "is", "maybe", "value"),
        ("subject_includes_word", "matches", "(a", "value"),
        ("subject_includes_word", "includes", "!", "value"),
        ("subject_includes_word", "is", "x" * 2000, "value"),
        ("custom_fields_31", "is", "sock", "value"),
    ],
)
def test_what_cannot_be_tried_is_refused_by_name(field: str, operator: str, value: Any, path: str) -> None:
    with pytest.raises(Invalid) as refused:
        passes(field, operator, value)
    assert f"conditions.all[0].{path}" == refused.value.field


def test_an_event_is_none_of_a_view() -> None:
    with pytest.raises(Invalid):
        check_conditions(Conditions((Condition("role", "is", "agent"),)), DESK, "view", PEOPLE)
    with pytest.raises(Invalid):
        check_conditions(Conditions((Condition("status", "changed"),)), DESK, "automation", PEOPLE)


def test_conditions_are_bounded() -> None:
    with pytest.raises(Invalid):
        check_conditions(Conditions((Condition("status", "is", "open"),) * 31), DESK, "view", PEOPLE)


def test_a_pattern_takes_time_by_the_text_alone() -> None:
    evil = ticket(subject="a" * 20_000 + "!")
    assert not passes("subject_includes_word", "matches", "(a+)+$", after=evil)


def test_every_field_reads_an_empty_ticket_too() -> None:
    """No operator falls over what is not there."""
    happening: Happening = "create"
    facts = Facts(DESK, ticket(status="new"), event=happening)
    samples = {"reference": "1", "person": "71", "number": "1", "truth": "true", "date": "2026-01-01", "hours": "1"}
    for field in FIELDS.values():
        operators = (*OPERATORS[field.kind], *(CHANGES if field.changes else ()))
        for operator in operators:
            value = field.values[0] if field.values else samples.get(field.kind, "a")
            place = "automation" if field.kind == "hours" else "trigger"
            checked = check_conditions(Conditions((Condition(field.name, operator, value),)), DESK, place, PEOPLE)  # type: ignore[arg-type]
            assert holds(checked, facts) in (True, False)
