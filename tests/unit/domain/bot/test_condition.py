"""Conditions are data, typed, and total: what cannot be compared is not so."""

from __future__ import annotations

import pytest

from domain.bot.condition import TESTS, And, Is, Not, Or, Test, holds

VALUES = {"word": "Straße", "n": 3, "yes": True, "empty": ""}
TRUE, FALSE = Is("n", "equals", 3), Is("n", "equals", 4)


@pytest.mark.parametrize(
    ("variable", "test", "value", "expected"),
    [
        ("word", "equals", "STRASSE", True),
        ("word", "differs", "x", True),
        ("word", "contains", "ASS", True),
        ("word", "starts_with", "st", True),
        ("word", "one_of", ("a", "strasse"), True),
        ("word", "one_of", ("a",), False),
        ("word", "known", None, True),
        ("empty", "known", None, False),
        ("gone", "known", None, False),
        ("gone", "equals", "x", False),
        ("gone", "differs", "x", True),
        ("n", "less", 3.5, True),
        ("n", "less", 3, False),
        ("n", "at_most", 3, True),
        ("n", "more", 2, True),
        ("n", "at_least", 4, False),
        ("n", "differs", 4, True),
        ("yes", "equals", True, True),
        ("yes", "equals", 1, False),
        ("n", "equals", "3", False),
        ("n", "contains", 3, False),
        ("word", "less", "x", False),
        ("word", "equals", 3, False),
    ],
)
def test_a_comparison(variable: str, test: Test, value: object, expected: bool) -> None:
    assert expected == holds(Is(variable, test, value), VALUES)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [(And((TRUE, FALSE)), False), (And((TRUE, TRUE)), True), (Or((FALSE, TRUE)), True), (Or((FALSE,)), False), (Not(FALSE), True)],
)
def test_conditions_are_put_together(condition: object, expected: bool) -> None:
    assert expected == holds(condition, VALUES)  # type: ignore[arg-type]


def test_every_type_can_be_asked_for() -> None:
    assert all({"equals", "differs", "known"} <= tests for tests in TESTS.values())
