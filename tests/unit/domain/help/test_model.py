"""Rules of single rows."""

from __future__ import annotations

import pytest

from domain.errors import Invalid, Refused
from domain.help.model import MAX_LABELS, MAX_SECTION_DEPTH, Section, check_place, checked_labels, checked_locale, fallbacks


def nested(depth: int) -> dict[int, Section]:
    return {n: Section("a", n, 1, "en", n - 1 or None) for n in range(1, depth + 1)}


def test_sections_lie_so_deep_and_no_deeper() -> None:
    every = nested(MAX_SECTION_DEPTH + 1)
    check_place(every[MAX_SECTION_DEPTH], nested(MAX_SECTION_DEPTH))
    with pytest.raises(Refused):
        check_place(every[MAX_SECTION_DEPTH + 1], every)


def test_a_section_lies_neither_in_itself_nor_in_another_category() -> None:
    every = nested(3)
    circle = Section("a", 1, 1, "en", 3)
    with pytest.raises(Invalid):
        check_place(circle, every | {1: circle})
    stranger = Section("a", 9, 2, "en", 1)
    with pytest.raises(Invalid):
        check_place(stranger, every | {9: stranger})


def test_locales() -> None:
    assert ("fr-ca", "pt-br") == (checked_locale("fr_CA"), checked_locale(" PT-br "))
    assert ("fr-ca", "fr", "en-us", "en") == fallbacks("fr-ca", "en-us")
    for wrong in ("", "f", "fr-", "../x", "fr\0"):
        with pytest.raises(Invalid):
            checked_locale(wrong)


def test_labels() -> None:
    assert ("a b", "c") == checked_labels([" a  b ", "c", "c", " "])
    with pytest.raises(Invalid):
        checked_labels([str(n) for n in range(MAX_LABELS + 1)])
