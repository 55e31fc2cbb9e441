"""One function, a form for each class."""

from __future__ import annotations

import pytest

from domain.by_type import ByType


@ByType
def name(value: object, suffix: str) -> str:
    """What it is called."""
    return "something" + suffix


@name.register
def _(value: int, suffix: str) -> str:
    return "a number" + suffix


@name.register
def _(value: str | bytes, suffix: str) -> str:
    return "a text" + suffix


def test_the_first_argument_chooses_the_form() -> None:
    assert ["a number!", "a text!", "a text!", "something!"] == [name(value, "!") for value in (1, "a", b"a", 1.0)]


def test_an_heir_is_another_class() -> None:
    assert "something" == name(True, "")


def test_a_class_has_one_form() -> None:
    with pytest.raises(TypeError, match="int has a form already"):
        name.register(lambda_for_int)


def lambda_for_int(value: int, suffix: str) -> str:
    raise AssertionError("it is not used")
