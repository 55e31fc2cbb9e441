"""Values of custom fields: what each type takes."""

from __future__ import annotations

from typing import Any

import pytest

from domain.desk.model import Desk, FieldType, TicketField
from domain.errors import Invalid
from gateway.support.fields import checked

OPTIONS = {"red": "Red", "blue": "Blue"}


def desk(kind: FieldType, **fields: Any) -> Desk:
    return Desk("a" * 24, fields={7: TicketField(7, "Field", kind, OPTIONS, **fields)})


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", "Hello", "Hello"),
        ("text", "", None),
        ("textarea", "a\nb", "a\nb"),
        ("regexp", "AB-12", "AB-12"),
        ("checkbox", "true", True),
        ("checkbox", False, False),
        ("integer", "12", 12),
        ("decimal", "1.5", 1.5),
        ("decimal", 2, 2.0),
        ("date", "2026-01-31T00:00:00Z", "2026-01-31"),
        ("tagger", "red", "red"),
        ("tagger", None, None),
        ("multiselect", ["blue", "red", "blue"], ["blue", "red"]),
        ("multiselect", [], None),
    ],
)
def test_what_a_field_takes(kind: FieldType, given: Any, kept: Any) -> None:
    assert {"7": kept} == checked(desk(kind, pattern="[A-Z]+-[0-9]+"), {"7": given})


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", 5),
        ("text", "x" * 256),
        ("regexp", "12"),
        ("checkbox", "perhaps"),
        ("integer", "1.5"),
        ("integer", True),
        ("integer", 2**60),
        ("decimal", "nan"),
        ("decimal", [1]),
        ("date", "soon"),
        ("tagger", "pink"),
        ("tagger", ["red"]),
        ("multiselect", "red"),
        ("multiselect", ["pink"]),
    ],
)
def test_what_it_does_not_take(kind: FieldType, given: Any) -> None:
    with pytest.raises(Invalid, match=r"custom_fields\.7"):
        checked(desk(kind, pattern="[A-Z]+-[0-9]+"), {"7": given})


@pytest.mark.parametrize("number", ["8", "x", "7" * 30])
def test_a_field_that_is_none(number: str) -> None:
    with pytest.raises(Invalid):
        checked(desk("text"), {number: "a"})
