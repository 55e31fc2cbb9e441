"""The right language, and values as plain text: nothing that a customer writes is ever read as anything else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.bot import wording

TEXT = {"en": "colour", "en-US": "color", "fr": "couleur", "de-AT": "Farbe"}


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "colour"),
        ("en-us", "color"),
        ("en_US", "color"),
        ("fr-CA", "couleur"),
        ("fr-CA-x", "couleur"),
        ("de", "Farbe"),
        ("it", "couleur"),
    ],
)
def test_the_nearest_language_is_picked(locale: str, expected: str) -> None:
    assert expected == wording.pick(TEXT, locale, "fr")


def test_a_language_without_words_is_none() -> None:
    assert "colour" == wording.pick({"en": "colour", "fr": ""}, "fr", "en")
    assert "" == wording.pick({"fr": "couleur"}, "it", "en")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("Hello {{ name }}!", "Hello Ann!"),
        ("{{gone|nobody}} {{empty|nothing}}", "nobody nothing"),
        ("{{gone}}.", "."),
        ("{{n}} {{f}} {{whole}} {{b}}", "3 0.5 2 true"),
        ("{{tricky}}", "{{name}}"),
        ("{ {name} } {{not a name}}", "{ {name} } {{not a name}}"),
    ],
)
def test_placeholders_are_filled_in_once(template: str, expected: str) -> None:
    values = {"name": "Ann", "empty": "", "n": 3, "f": 0.5, "whole": 2.0, "b": True, "tricky": "{{name}}"}
    assert expected == wording.fill(template, values)


def test_a_filled_text_is_cut() -> None:
    assert 10 == len(wording.fill("{{a}}", {"a": "x" * 99}, limit=10))


def test_an_address_takes_a_value_as_one_part() -> None:
    assert "https://x.example/a%2F..%3Fb?c=%26d" == wording.fill_url("https://x.example/{{a}}?c={{b}}", {"a": "a/..?b", "b": "&d"})


def test_a_reference_to_a_secret_stays_in_one_form() -> None:
    """Whoever fills them in looks for that form alone."""
    assert "Bearer {{secret.key}}" == wording.fill_header("Bearer {{ secret.key |none}}", {})


def test_json_takes_values_as_they_are() -> None:
    body = {"a": "{{n}}", "b": "n={{n}}", "c": ["{{gone}}", 1, None], "d": "{{secret.key}}", "e": "{{gone|x}}"}
    assert {"a": 3, "b": "n=3", "c": [None, 1, None], "d": "{{secret.key}}", "e": "x"} == wording.fill_json(body, {"n": 3})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="{}secrt.ky ", max_size=14), min_size=2, max_size=2))
def test_no_value_makes_a_reference_to_a_secret(values: list[str]) -> None:
    """Not by itself, not with another beside it, not with the template's own braces."""
    given_ = {"a": values[0], "b": values[1]}
    for template in ("{{a}}", "{{a}}{{b}}", "{ {{a}} }", "{{{a}}}", "{{{a}}{{b}}}"):
        assert not re.search(r"\{\{\s*secret", wording.fill_header(template, given_))
        assert not re.search(r"\{\{\s*secret", str(wording.fill_json([template], given_)[0]))


def test_references_are_named() -> None:
    assert {"a", "user.name", "secret.x"} == wording.references("{{a}} {{ user.name|you }} {{secret.x}} {b}")
