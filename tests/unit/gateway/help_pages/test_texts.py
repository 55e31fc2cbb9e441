"""The words of the pages: the same in each language, and dates and names as that language writes them."""

from __future__ import annotations

import re

import pytest

from gateway.help_pages import texts

AT_MS = 1_764_547_200_000  # 1 December 2025


def test_french_has_every_text_with_the_same_places() -> None:
    english, french = texts.TEXTS["en"], texts.TEXTS["fr"]
    assert english.keys() == french.keys()
    for name, text in english.items():
        assert re.findall(r"{\w*}", text) == re.findall(r"{\w*}", french[name]), name
    assert {"articles_one", "articles_many"} == {name for name in english if english[name] == french[name]}


@pytest.mark.parametrize(("locale", "day"), [("en-us", "1 December 2025"), ("fr-ca", "1er décembre 2025"), ("de", "1 December 2025")])
def test_dates(locale: str, day: str) -> None:
    assert day == texts.day(locale, AT_MS)


def test_languages_call_themselves() -> None:
    assert ("English", "Français") == tuple(texts.name_of(one, ["en-us", "fr"]) for one in ("en-us", "fr"))
    assert ("English (US)", "English (GB)") == tuple(texts.name_of(one, ["en-us", "en-gb"]) for one in ("en-us", "en-gb"))
    assert "tlh" == texts.name_of("tlh", ["tlh"])


def test_some_run_from_right_to_left() -> None:
    assert ["rtl", "rtl", "ltr"] == [texts.direction(one) for one in ("ar-eg", "he", "fr")]
    assert ("\u2066Yes\u2069", "Oui") == (texts.texts("ar")["vote_up"], texts.texts("fr")["vote_up"])
