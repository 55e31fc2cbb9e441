"""Conditions of views as trees of tests, so that the database finds the tickets of a view. Pure.

What a condition means is said by `domain.desk.conditions`. What the database cannot say exactly, it says too widely: then the tickets that
it finds are tried once more by those rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from domain.desk.facts import CUSTOM, Field, field_of
from domain.desk.model import Condition, Conditions, Desk
from domain.finding import filters
from domain.finding.filters import Either, Every, Filter, Marked, Operator, Test, Without
from domain.finding.moments import DAY_MS
from domain.language import fold

_COLUMNS = {
    **dict.fromkeys(("status", "priority", "type", "group_id", "assignee_id", "requester_id", "brand_id"), ""),
    "via_id": "channel",
    "session_state": "session",
    "satisfaction_score": "score",
}
_TEXTS = ("subject_includes_word", "description_includes_word")
_OPPOSITES = {
    "is_not": "is",
    "not_includes": "includes",
    "not_present": "present",
}
_ORDER: dict[str, Operator] = {
    "less_than": "<",
    "less_than_inclusive": "<=",
    "greater_than": ">",
    "greater_than_inclusive": ">=",
}


class Seen(msgspec.Struct, frozen=True):
    """The tickets that a view may show. Unless `exact`, there are others among them."""

    filter: Filter
    exact: bool = True


_ALL = Seen(filters.EVERYTHING, False)


def seen(conditions: Conditions, desk: Desk, me: str) -> Seen:
    """What the conditions of a view let in, which were checked, for the agent `me` ("" for nobody)."""
    every = [_one(one, desk, me) for one in conditions.all]
    either = [_one(one, desk, me) for one in conditions.any]
    found = [filters.KEPT, *(one.filter for one in every)]
    if either:
        found.append(Either(tuple(one.filter for one in either)))
    return Seen(Every(tuple(found)), all(one.exact for one in (*every, *either)))


def _one(one: Condition, desk: Desk, me: str) -> Seen:
    """What is_not says is the opposite of what is says, if that is known exactly."""
    field = field_of(one.field, desk.fields)
    if field is None:
        return Seen(filters.NOTHING)
    positive = _OPPOSITES.get(one.operator)
    if positive is None:
        return _positive(field, one.operator, one.value, me)
    found = _positive(field, positive, one.value, me)
    return Seen(Without(found.filter)) if found.exact else _ALL


def _positive(field: Field, operator: str, value: Any, me: str) -> Seen:
    if field.name in _COLUMNS:
        return _column(field, _COLUMNS[field.name] or field.name, operator, value, me)
    if field.name == "current_tags":
        return _tags("tag", operator, value)
    if field.name == "ticket_due_date":
        return _due(operator, value)
    if field.name in _TEXTS and operator == "includes":
        return Seen(Either(tuple(_word(one) for one in value)), False)
    if field.name.startswith(CUSTOM):
        return _custom(field, f"field:{field.name.removeprefix(CUSTOM)}", operator, value)
    return _ALL


def _column(field: Field, column: str, operator: str, value: Any, me: str) -> Seen:
    if operator == "present":
        return Seen(Without(Test(column, "=", None)))
    if field.kind == "person":
        if value in ("assignee_id", "requester_id"):
            return _ALL
        return Seen(Test(column, "=", me or filters.NOBODY) if value == "current_user" else Test(column, "=", value))
    if operator in _ORDER:
        return _any_of(column, _ranked(field.values, operator, value))
    if operator == "includes":
        return _any_of(column, value)
    return _any_of(column, (value,))


def _ranked(values: Sequence[str], operator: str, value: str) -> tuple[str, ...]:
    """The values that stand in this order to another. Nothing stands in any order to none."""
    if value not in values:
        return ()
    place, inclusive = values.index(value), operator.endswith("_inclusive")
    if operator.startswith("less"):
        return tuple(values[: place + inclusive])
    return tuple(values[place + (not inclusive) :])


def _any_of(column: str, values: Sequence[Any]) -> Seen:
    ranks: dict[str, dict[Any, int]] = {"status": {**filters.STATUSES}, "priority": {**filters.PRIORITIES}}
    known = ranks.get(column, {})
    return Seen(Either(tuple(Test(column, "=", None if one in (None, "") else known.get(one, one)) for one in values)))


def _tags(kind: str, operator: str, value: Any) -> Seen:
    match operator:
        case "present":
            return Seen(Marked(kind, None))
        case "includes":
            return Seen(Either(tuple(Marked(kind, one) for one in value)))
        case _:
            return Seen(Every(tuple(Marked(kind, one) for one in value)), False) if value else Seen(Without(Marked(kind, None)))


def _due(operator: str, value: Any) -> Seen:
    """By days, in UTC."""
    if operator == "present":
        return Seen(Without(Test("due_ms", "=", None)))
    first = round(datetime.fromisoformat(value).replace(tzinfo=UTC).timestamp() * 1000)
    after = first + DAY_MS
    match operator:
        case "is":
            return Seen(Every((Test("due_ms", ">=", first), Test("due_ms", "<", after))))
        case "less_than" | "greater_than_inclusive":
            return Seen(Test("due_ms", "<" if operator == "less_than" else ">=", first))
        case _:
            return Seen(Test("due_ms", "<" if operator == "less_than_inclusive" else ">=", after))


def _custom(field: Field, kind: str, operator: str, value: Any) -> Seen:
    """Values are found without case and accents, so those that have some are tried once more."""
    if operator == "present" and field.kind in ("choice", "tags"):
        return Seen(Marked(kind, None))
    if field.kind == "truth":
        return Seen(Marked(kind, "true") if value else Without(Marked(kind, "true")))
    if field.kind not in ("choice", "tags") or operator not in ("is", "includes") or value == "":
        return _ALL
    wanted = (value,) if field.kind == "choice" and operator == "is" else tuple(value)
    plain = all(one and one == fold(one) for one in wanted) and (field.kind == "choice" or operator == "includes")
    return Seen(Either(tuple(Marked(kind, fold(one)[: filters.MAX_MARK]) for one in wanted)), plain) if wanted else _ALL


def _word(word: str) -> Filter:
    return Every(tuple(Marked("word", part) for part in filters.words_of(word)))
