"""Conditions: what people may write, and whether it holds of a ticket. Never raises when it is tried: what cannot be compared is not so."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

import msgspec

from domain.desk.facts import Facts, Field, Kind, Place, field_of, number_in
from domain.desk.model import Condition, Conditions, Desk
from domain.desk.patterns import check_pattern, fits
from domain.errors import Invalid
from domain.ticket.model import Ticket

MAX_CONDITIONS = 30
MAX_VALUE = 1024
MAX_WORDS = 100
MAX_HOURS = 5_000

_EQUAL = ("is", "is_not")
_ORDER = ("less_than", "less_than_inclusive", "greater_than", "greater_than_inclusive")
_PRESENT = ("present", "not_present")
_INCLUDES = ("includes", "not_includes")
HOURS: Final = ("is", "less_than", "greater_than", "is_business_hours", "less_than_business_hours", "greater_than_business_hours")

OPERATORS: Final[dict[Kind, tuple[str, ...]]] = {
    "choice": (*_EQUAL, *_INCLUDES, *_PRESENT),
    "rank": (*_EQUAL, *_ORDER, *_INCLUDES, *_PRESENT),
    "reference": (*_EQUAL, *_PRESENT),
    "person": (*_EQUAL, *_PRESENT),
    "words": (*_EQUAL, *_INCLUDES, "includes_string", "not_includes_string", "matches", "not_matches", *_PRESENT),
    "tags": (*_EQUAL, *_INCLUDES, *_PRESENT),
    "number": (*_EQUAL, *_ORDER, *_PRESENT),
    "truth": _EQUAL,
    "date": (*_EQUAL, *_ORDER, *_PRESENT),
    "hours": HOURS,
}
#: Of triggers alone: was it changed, to what, from what. The first of each pair is Zendesk's.
CHANGES: Final[dict[str, str]] = {
    "changed": "changed", "not_changed": "not_changed", "value": "changed_to", "changed_to": "changed_to",
    "value_previous": "changed_from", "changed_from": "changed_from", "not_value": "not_changed_to", "not_changed_to": "not_changed_to",
    "not_value_previous": "not_changed_from", "not_changed_from": "not_changed_from",
}  # fmt: skip
_WITHOUT_VALUE = frozenset({"changed", "not_changed", *_PRESENT})
_PEOPLE = frozenset({"current_user", "assignee_id", "requester_id"})
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"[^\s,]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def check_conditions(given: Conditions, desk: Desk, place: Place, people: Mapping[int, str], at: str = "conditions") -> Conditions:
    """The conditions as they are tried. Raises Invalid with the path of what is wrong, as in `conditions.all[1].operator`.

    `people` are the ids behind the numbers that may be named.
    """
    if len(given.all) + len(given.any) > MAX_CONDITIONS:
        raise Invalid(at, f"must have at most {MAX_CONDITIONS} conditions")
    checked = {
        name: tuple(check_condition(one, desk, place, people, f"{at}.{name}[{n}]") for n, one in enumerate(part))
        for name, part in (("all", given.all), ("any", given.any))
    }
    return Conditions(checked["all"], checked["any"])


def check_condition(given: Condition, desk: Desk, place: Place, people: Mapping[int, str], at: str) -> Condition:
    field = field_of(given.field, desk.fields)
    if field is None or place not in field.places:
        raise Invalid(f"{at}.field", f"is none that {place} conditions have")
    operator = _operator(given.operator, field, place, f"{at}.operator")
    if operator in _WITHOUT_VALUE:
        return Condition(field.name, operator)
    return Condition(field.name, operator, _value(given.value, operator, field, desk, people, f"{at}.value"))


def operators_of(field: Field, place: Place) -> tuple[str, ...]:
    """The operators that a field has in a place, each by one name."""
    changes = tuple(dict.fromkeys(CHANGES.values())) if place == "trigger" and field.changes else ()
    return (*OPERATORS[field.kind], *changes)


def _operator(given: str, field: Field, place: Place, at: str) -> str:
    if given in OPERATORS[field.kind]:
        return given
    if place == "trigger" and field.changes and given in CHANGES:
        return CHANGES[given]
    raise Invalid(at, f"is none that {field.name} has here")


def _value(given: Any, operator: str, field: Field, desk: Desk, people: Mapping[int, str], at: str) -> Any:
    """The value as it is compared: what Zendesk writes as text becomes a number, an id, or words."""
    text = _text(given, at)
    match field.kind:
        case "choice" | "rank":
            return _choice(text, operator, field, at)
        case "tags":
            return tuple(_TAG.findall(text.casefold()))
        case "truth":
            if text.lower() not in ("true", "false"):
                raise Invalid(at, "must be true or false")
            return text.lower() == "true"
        case "reference":
            return _group(text, desk, at)
        case "person":
            return _person(text, people, at)
        case "words":
            return _words(text, operator, at)
        case "number" | "hours":
            return _number(text, field.kind, at)
        case "date":
            return _day(text, at)


def _text(given: Any, at: str) -> str:
    if isinstance(given, list):
        given = " ".join(map(str, given[: MAX_WORDS + 1]))
    if isinstance(given, bool):
        given = "true" if given else "false"
    if given is None or isinstance(given, dict):
        given = "" if given is None else "?"
    text = str(given)
    if len(text) > MAX_VALUE:
        raise Invalid(at, f"must have at most {MAX_VALUE} characters")
    return text


def _choice(text: str, operator: str, field: Field, at: str) -> Any:
    several = operator in _INCLUDES
    found = tuple(text.split()) if several else (text,)
    for one in found:
        if field.values and one and one not in field.values:
            raise Invalid(at, f"must be one of {', '.join(field.values)}")
    return found if several else text


def _group(text: str, desk: Desk, at: str) -> int | None:
    if text == "":
        return None
    number = number_in(text)
    if number not in desk.groups:
        raise Invalid(at, "is the number of no group")
    return number


def _person(text: str, people: Mapping[int, str], at: str) -> str | None:
    if text in _PEOPLE or text == "":
        return text or None
    found = people.get(number_in(text) or 0)
    if found is None:
        raise Invalid(at, "is the number of nobody here")
    return found


def _words(text: str, operator: str, at: str) -> Any:
    if operator in ("matches", "not_matches"):
        check_pattern(text, at)
        return text
    if operator not in _INCLUDES:
        return text.casefold()
    words = tuple(_WORD.findall(text.casefold()))
    if not 1 <= len(words) <= MAX_WORDS:
        raise Invalid(at, f"must have 1 to {MAX_WORDS} words")
    return words


def _number(text: str, kind: Kind, at: str) -> float | int:
    try:
        value = float(text)
    except ValueError:
        raise Invalid(at, "must be a number") from None
    if not abs(value) < 2**53:
        raise Invalid(at, "is too large")
    if kind == "hours" and not (value.is_integer() and 0 <= value <= MAX_HOURS):
        raise Invalid(at, f"must be a whole number from 0 to {MAX_HOURS}")
    return int(value) if value.is_integer() else value


def _day(text: str, at: str) -> str:
    try:
        if not _DAY.match(text[:10]):
            raise ValueError(text)
        return datetime.fromisoformat(text[:10]).date().isoformat()
    except ValueError:
        raise Invalid(at, "must be a date, as in 2026-01-31") from None


def holds(conditions: Conditions, facts: Facts) -> bool:
    """Whether all of `all` are so and, if there are any, one of `any`. They were checked."""
    if not all(passes(one, facts) for one in conditions.all):
        return False
    return not conditions.any or any(passes(one, facts) for one in conditions.any)


def passes(condition: Condition, facts: Facts) -> bool:
    field = field_of(condition.field, facts.desk.fields)
    if field is None:
        return False
    value = _resolved(condition.value, facts) if field.kind == "person" else condition.value
    after = field.read(facts, facts.after)
    if condition.operator in _CHANGED:
        before = None if facts.before is None else field.read(facts, facts.before)
        return _CHANGED[condition.operator](field, before, after, value)
    return _TESTS[field.kind](condition.operator, after, value, field)


def _resolved(value: Any, facts: Facts) -> Any:
    match value:
        case "current_user":
            return facts.by.id or None
        case "assignee_id":
            return facts.after.assignee_id
        case "requester_id":
            return facts.after.requester_id
        case _:
            return value


def _same(field: Field, held: Any, value: Any) -> bool:
    if field.kind == "truth" and held is None:
        return False  # neither the one nor the other
    return _TESTS[field.kind]("is", held, value, field)


def _was(field: Field, before: Any, after: Any, value: Any) -> bool:
    return before != after and _same(field, before, value)


def _became(field: Field, before: Any, after: Any, value: Any) -> bool:
    return before != after and _same(field, after, value)


_Changed = Callable[[Field, Any, Any, Any], bool]
_CHANGED: Final[dict[str, _Changed]] = {
    "changed": lambda field, before, after, value: (before or None) != (after or None),
    "not_changed": lambda field, before, after, value: (before or None) == (after or None),
    "changed_to": _became,
    "not_changed_to": lambda *given: not _became(*given),
    "changed_from": _was,
    "not_changed_from": lambda *given: not _was(*given),
}


_Compare = Callable[[Any, Any], bool]
_NOTHING = (None, "", 0, ())


def _ordered(compare: _Compare) -> _Compare:
    """What is not there is neither less nor more."""
    return lambda held, value: held is not None and value is not None and compare(held, value)


_COMPARE: Final[dict[str, _Compare]] = {
    "is": eq,
    "is_not": ne,
    "less_than": _ordered(lt),
    "less_than_inclusive": _ordered(le),
    "greater_than": _ordered(gt),
    "greater_than_inclusive": _ordered(ge),
    "includes": lambda held, value: held in value,
    "not_includes": lambda held, value: held not in value,
    "present": lambda held, value: held not in _NOTHING,
    "not_present": lambda held, value: held in _NOTHING,
}


def _test_plain(operator: str, held: Any, value: Any, field: Field) -> bool:
    return _COMPARE[operator](held or "", value)


def _test_reference(operator: str, held: Any, value: Any, field: Field) -> bool:
    return _COMPARE[operator](held or None, value)


def _test_rank(operator: str, held: Any, value: Any, field: Field) -> bool:
    if operator in ("less_than", "less_than_inclusive", "greater_than", "greater_than_inclusive"):
        if held not in field.values or value not in field.values:
            return False
        return _COMPARE[operator](field.values.index(held), field.values.index(value))
    return _COMPARE[operator](held or "", value)


def _test_words(operator: str, held: Any, value: Any, field: Field) -> bool:
    text = str(held or "")
    match operator:
        case "is" | "is_not":
            return (text.casefold() == str(value)) == (operator == "is")
        case "includes" | "not_includes":
            return (not set(_WORD.findall(text.casefold())).isdisjoint(value)) == (operator == "includes")
        case "includes_string" | "not_includes_string":
            return (str(value) in text.casefold()) == (operator == "includes_string")
        case "matches" | "not_matches":
            return fits(value, text) == (operator == "matches")
        case _:
            return bool(text.strip()) == (operator == "present")


def _test_tags(operator: str, held: Any, value: Any, field: Field) -> bool:
    tags = {str(tag).casefold() for tag in held or ()}
    match operator:
        case "includes" | "not_includes":
            return (not tags.isdisjoint(value)) == (operator == "includes")
        case "is" | "is_not":
            return (tags == set(value)) == (operator == "is")
        case _:
            return bool(tags) == (operator == "present")


def _test_number(operator: str, held: Any, value: Any, field: Field) -> bool:
    if operator in _PRESENT:
        return (held is not None) == (operator == "present")
    number = held if isinstance(held, int | float) and not isinstance(held, bool) else _read_number(held)
    return _COMPARE[operator](number, value)


def _read_number(held: Any) -> float | None:
    try:
        return float(held)
    except (TypeError, ValueError):
        return None


def _test_truth(operator: str, held: Any, value: Any, field: Field) -> bool:
    return held is not None and (held == value) == (operator == "is")


def _test_date(operator: str, held: Any, value: Any, field: Field) -> bool:
    """Days compare as text. An instant is the day that it falls on in UTC."""
    if isinstance(held, int):
        held = datetime.fromtimestamp(held / 1000, UTC).date().isoformat() if held else None
    return _COMPARE[operator](str(held)[:10] if held else None, value)


def _test_hours(operator: str, held: Any, value: Any, field: Field) -> bool:
    """Time is not a test: see `domain.desk.clocks`."""
    return True


_TESTS: Final[dict[Kind, Callable[[str, Any, Any, Field], bool]]] = {
    "choice": _test_plain, "rank": _test_rank, "reference": _test_reference, "person": _test_reference, "words": _test_words,
    "tags": _test_tags, "number": _test_number, "truth": _test_truth, "date": _test_date, "hours": _test_hours,
}  # fmt: skip


def seen_in_view(conditions: Conditions, desk: Desk, ticket: Ticket, agent_id: str, now_ms: int) -> bool:
    """Whether a view that an agent looks at shows the ticket."""
    by = msgspec.structs.replace(Facts(desk, ticket).by, kind="agent", id=agent_id)
    return holds(conditions, Facts(desk, ticket, by=by, now_ms=now_ms))
