"""Conditions of views as trees of tests. Pure: whoever asks, the time, and what numbers stand for are given.

Source: Zendesk's Conditions reference, as far as views have them. Hours are those of the clock; conditions on business hours are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import msgspec

from domain.desk.model import Condition, Conditions
from domain.errors import Invalid
from domain.finding import filters
from domain.finding.filters import Either, Every, Filter, Marked, Operator, Test, Without

HOUR_MS = 3_600_000

_NEGATIVE = {"is_not": "is", "not_includes": "includes", "not_present": "present", "is_not_within": "within"}
_COMPARED: dict[str, Operator] = {
    "is": "=",
    "less_than": "<",
    "less_than_equal": "<=",
    "greater_than": ">",
    "greater_than_equal": ">=",
}
_MOMENTS = {
    "created_at": "created_ms",
    "updated_at": "updated_ms",
    "assigned_at": "assigned_ms",
    "solved_at": "solved_ms",
    "status_updated_at": "status_ms",
    "due_date": "due_ms",
    "requester_waiting": "waiting_ms",
}
_PEOPLE = {"assignee_id": "assignee_id", "requester_id": "requester_id", "submitter_id": "submitter_id"}
_WORDS = {
    "type": "type",
    "ticket_type": "type",
    "brand_id": "brand_id",
    "via_id": "channel",
    "via": "channel",
    "external_id": "external_id",
}
_SINCE_STATUS = {status.upper(): status for status in filters.STATUSES}
_SCORES = {"good", "bad", "offered", "unoffered"}


class Eyes(msgspec.Struct, frozen=True):
    """Who looks at a view, and when. `people` are ids by the numbers that conditions name them by."""

    me: str | None = None
    groups: tuple[int, ...] = ()
    people: Mapping[int, str] = {}
    now_ms: int = 0


def named_people(conditions: Iterable[Condition]) -> frozenset[int]:
    """Numbers of people whom somebody must look up."""
    values = [_value(one) for one in conditions if one.field in _PEOPLE]
    return frozenset(int(one) for one in values if _is_number(one))


def filter_of(conditions: Conditions, eyes: Eyes) -> Filter:
    """The tickets that meet the conditions. Raises Invalid: a field, an operator or a value that views do not have."""
    every = [test_of(one, eyes) for one in conditions.all]
    if conditions.any:
        every.append(Either(tuple(test_of(one, eyes) for one in conditions.any)))
    return Every((filters.KEPT, *every))


def test_of(one: Condition, eyes: Eyes) -> Filter:
    """One condition. What is_not says is the opposite of what is says."""
    positive = _NEGATIVE.get(one.operator)
    if positive is not None:
        return Without(_positive(one, positive, eyes))
    return _positive(one, one.operator, eyes)


def _positive(one: Condition, operator: str, eyes: Eyes) -> Filter:
    field, value = one.field, _value(one)
    if field in ("status", "priority"):
        return _ranked(field, operator, value)
    if field in _PEOPLE:
        _only(field, operator, "is")
        return _person(_PEOPLE[field], value, eyes)
    if field == "group_id":
        _only(field, operator, "is")
        return _group(value, eyes)
    if field in _WORDS:
        _only(field, operator, "is")
        return Test(_WORDS[field], "=", str(value).lower() if value not in (None, "") else None)
    if field in _MOMENTS or field in _SINCE_STATUS:
        return _hours(field, operator, value, eyes)
    return _other(field, operator, value)


def _other(field: str, operator: str, value: Any) -> Filter:
    if field in ("current_tags", "tags"):
        _only(field, operator, "includes", "is", "present")
        return _any_of("tag", str(value or "").lower().split()) if operator != "present" else Marked("tag", None)
    if field.startswith(("custom_fields_", "ticket_fields_")):
        _only(field, operator, "is", "includes", "present")
        kind = f"field:{field.rpartition('_')[2]}"
        return Marked(kind, None) if operator == "present" or value in (None, "") else _any_of(kind, filters.field_values(value))
    if field in ("satisfaction_score", "satisfaction"):
        _only(field, operator, "is")
        if value not in _SCORES:
            raise Invalid(field, f"must be one of {', '.join(sorted(_SCORES))}")
        return Test("score", "=", value)
    if field in ("subject", "description", "subject_includes_word", "description_includes_word", "comment_includes_word"):
        _only(field, operator, "includes", "is")
        found = [Every(tuple(Marked("word", part) for part in filters.words_of(word))) for word in str(value or "").split()]
        return Either(tuple(found))
    raise Invalid("conditions", f"{field} is nothing that views can ask for")


def _ranked(field: str, operator: str, value: Any) -> Filter:
    ranks = cast(Mapping[str, int], filters.STATUSES if field == "status" else filters.PRIORITIES)
    if value in (None, "", "-") and operator == "is":
        return Test(field, "=", None)
    if value not in ranks:
        raise Invalid(field, f"must be one of {', '.join(ranks)}")
    return Test(field, _compared(field, operator), ranks[value])


def _person(column: str, value: Any, eyes: Eyes) -> Filter:
    if value in (None, ""):
        return Test(column, "=", None)
    if value == "current_user":
        return filters.NOTHING if eyes.me is None else Test(column, "=", eyes.me)
    if not _is_number(value):
        raise Invalid(column, "must be the number of somebody, current_user or nothing")
    found = eyes.people.get(int(value))
    return filters.NOTHING if found is None else Test(column, "=", found)


def _group(value: Any, eyes: Eyes) -> Filter:
    if value in (None, ""):
        return Test("group_id", "=", None)
    if value == "current_groups":
        return Either(tuple(Test("group_id", "=", one) for one in eyes.groups))
    if not _is_number(value):
        raise Invalid("group_id", "must be the number of a group, current_groups or nothing")
    return Test("group_id", "=", int(value))


def _hours(field: str, operator: str, value: Any, eyes: Eyes) -> Filter:
    """Hours since something happened; with `within_next_n_hours`, until the due date. More hours ago is an earlier instant."""
    column = _MOMENTS.get(field, "status_ms")
    if not _is_number(value) or not 0 <= int(value) <= 100_000:
        raise Invalid(field, "must be a number of hours")
    if operator == "within_next_n_hours":
        return Every((Test(column, ">=", eyes.now_ms), Test(column, "<=", eyes.now_ms + int(value) * HOUR_MS)))
    since = eyes.now_ms - int(value) * HOUR_MS
    if operator in ("is", "within_previous_n_hours"):
        span = HOUR_MS if operator == "is" else 0
        found: Filter = Every((Test(column, ">", since - span), Test(column, "<=", since if span else eyes.now_ms)))
    else:
        earlier: dict[str, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        found = Test(column, earlier[_compared(field, operator)], since)
    if field in _SINCE_STATUS:
        return Every((Test("status", "=", filters.STATUSES[_SINCE_STATUS[field]]), found))
    return found


def _any_of(kind: str, values: Iterable[str]) -> Filter:
    return Either(tuple(Marked(kind, one) for one in values))


def _compared(field: str, operator: str) -> Operator:
    _only(field, operator, *_COMPARED)
    return _COMPARED[operator]


def _only(field: str, operator: str, *operators: str) -> None:
    if operator not in operators:
        raise Invalid("conditions", f"{field} has no operator {operator}")


def _value(one: Condition) -> Any:
    if one.value is None:
        return None
    try:
        return msgspec.json.decode(one.value)
    except msgspec.DecodeError:
        raise Invalid(one.field, "has a value that is not JSON") from None


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, str) and value.isascii() and value.isdigit()))
