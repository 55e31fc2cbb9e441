"""Whatever people write into rules is taken or refused, and what was taken can be tried on any ticket."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.desk.actions import ACTIONS, check_actions, taken
from domain.desk.conditions import CHANGES, OPERATORS, check_conditions, holds
from domain.desk.facts import FIELDS, Facts, Place
from domain.desk.model import Action, Condition, Conditions
from domain.errors import Invalid
from domain.ticket.commands import By, Comment
from tests.desks import ANA, PEOPLE, desk, row, ticket

DESK = desk(
    row("field", 31, title="P", type="tagger", custom_field_options=[{"name": "A", "value": "a"}]),
    row("field", 32, title="M", type="multiselect", custom_field_options=[{"name": "A", "value": "a"}]),
    row("field", 33, title="T", type="text"),
    row("field", 34, title="N", type="decimal"),
    row("field", 35, title="D", type="date"),
    row("field", 36, title="C", type="checkbox"),
)
CUSTOM = tuple(f"custom_fields_{number}" for number in DESK.fields)

words = st.sampled_from(["", "1", "71", "²", "a", "true", "open", "nan", "-1", "1e999", "2026-01-31", "current_user", "(", "\n", "9" * 30])
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), words, st.text(max_size=5))
values: st.SearchStrategy[Any] = st.one_of(
    scalars, st.lists(scalars, max_size=3), st.dictionaries(words, scalars, max_size=2), st.lists(st.lists(scalars, max_size=2), max_size=2)
)
operators = st.sampled_from(sorted({name for known in OPERATORS.values() for name in known} | CHANGES.keys()))
conditions = st.builds(Condition, st.sampled_from([*FIELDS, *CUSTOM, "custom_fields_²"]), operators, values)
actions = st.builds(Action, st.sampled_from([*ACTIONS, *CUSTOM, "custom_fields_99"]), values)
held = st.one_of(st.none(), st.text(max_size=4), st.integers(-5, 5), st.booleans(), st.lists(st.text(max_size=2), max_size=2))
tickets = st.builds(
    lambda status, tags, subject, fields: ticket(status=status, tags=tuple(tags), subject=subject, fields=fields),
    st.sampled_from(["new", "open", "solved"]),
    st.lists(st.text(max_size=3), max_size=2),
    st.text(max_size=8),
    st.dictionaries(st.sampled_from([str(number) for number in DESK.fields]), held, max_size=4),
)


@given(conditions, st.sampled_from(["trigger", "automation", "view", "sla", "queue", "skill"]), tickets, tickets)
def test_conditions(condition: Condition, place: Place, before: Any, after: Any) -> None:
    with suppress(Invalid):
        checked = check_conditions(Conditions((condition,)), DESK, place, PEOPLE)
        json.dumps([checked.all[0].value])  # nothing that could not be kept
        assert holds(checked, Facts(DESK, after, before, By("agent", ANA), 0, Comment("hello"))) in (True, False)


@given(actions, tickets)
def test_actions(action: Action, subject: Any) -> None:
    with suppress(Invalid):
        checked = check_actions((action,), DESK, "trigger", PEOPLE)
        taken(checked, Facts(DESK, subject, by=By("agent", ANA)), {}, in_public=True)
