"""Conditions of a flow as data: `and`, `or` and `not` over comparisons of one variable with one value. Never text that is run."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from domain.bot.names import MAX_TEXT, Reference

Scalar = str | int | float | bool
VariableType = Literal["text", "number", "boolean"]
Test = Literal["equals", "differs", "less", "at_most", "more", "at_least", "contains", "starts_with", "one_of", "known"]

MAX_CONDITION_DEPTH = 5
MAX_CONDITION_PARTS = 20


class _Condition(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="op", forbid_unknown_fields=True):
    pass


class And(_Condition, frozen=True, omit_defaults=True, tag_field="op", tag="and"):
    """Holds when each part holds."""

    of: Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=MAX_CONDITION_PARTS)]


class Or(_Condition, frozen=True, omit_defaults=True, tag_field="op", tag="or"):
    """Holds when a part holds."""

    of: Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=MAX_CONDITION_PARTS)]


class Not(_Condition, frozen=True, omit_defaults=True, tag_field="op", tag="not"):
    """Holds when the other does not."""

    of: Condition


class Is(_Condition, frozen=True, omit_defaults=True, tag_field="op", tag="is"):
    """A variable (or `user.email`, `channel`, ...) against a value of its own type. `known` asks whether it has any value.

    Text is compared without regard to case. A variable without a value passes no test but `differs`.
    """

    variable: Reference
    test: Test
    value: Annotated[str, Meta(max_length=MAX_TEXT)] | int | float | bool | Annotated[tuple[str, ...], Meta(max_length=100)] | None = None


Condition = And | Or | Not | Is

#: The tests that a type of variable has. The value's type is the variable's own; for `one_of` a list of texts, for `known` none.
TESTS: dict[VariableType, frozenset[Test]] = {
    "text": frozenset({"equals", "differs", "contains", "starts_with", "one_of", "known"}),
    "number": frozenset({"equals", "differs", "less", "at_most", "more", "at_least", "known"}),
    "boolean": frozenset({"equals", "differs", "known"}),
}


def holds(condition: Condition, values: dict[str, Scalar]) -> bool:
    """Whether the condition holds of these values. Total: what cannot be compared is not so."""
    match condition:
        case And():
            return all(holds(part, values) for part in condition.of)
        case Or():
            return any(holds(part, values) for part in condition.of)
        case Not():
            return not holds(condition.of, values)
        case Is():
            return _passes(condition.test, values.get(condition.variable), condition.value)


def type_of(value: Scalar) -> VariableType:
    """The type of variable that a value fits."""
    if isinstance(value, bool):
        return "boolean"
    return "text" if isinstance(value, str) else "number"


def _passes(test: Test, held: Scalar | None, value: Any) -> bool:
    if held is None or held == "":
        return test == "differs"
    if test == "known":
        return True
    if isinstance(held, str):
        return _text_passes(test, held.casefold(), value)
    if isinstance(value, str | tuple) or value is None or isinstance(held, bool) != isinstance(value, bool):
        return test == "differs"
    return _number_passes(test, held, value)


def _text_passes(test: Test, held: str, value: Any) -> bool:
    if isinstance(value, tuple):
        return test == "one_of" and held in {each.casefold() for each in value}
    if not isinstance(value, str):
        return test == "differs"
    other = value.casefold()
    match test:
        case "equals":
            return held == other
        case "differs":
            return held != other
        case "contains":
            return other in held
        case "starts_with":
            return held.startswith(other)
        case _:
            return False


def _number_passes(test: Test, held: float, value: float) -> bool:
    match test:
        case "equals":
            return held == value
        case "differs":
            return held != value
        case "less":
            return held < value
        case "at_most":
            return held <= value
        case "more":
            return held > value
        case "at_least":
            return held >= value
        case _:
            return False
