"""Text as terms: alike when it is indexed and when it is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.help.words import MAX_WORD, is_stop_word, synonyms, words
from domain.language import STEMMERS, fold

LOCALES = st.sampled_from(["en", "en-us", "fr", "fr-ca", "de", "pl", "ja", ""])


def terms(text: str, locale: str) -> list[tuple[str, ...]]:
    return [word.terms for word in words(text, locale)]


@given(st.text(max_size=60), LOCALES)
def test_any_text_has_words_that_stand_where_they_say(text: str, locale: str) -> None:
    for word in words(text, locale):
        assert 0 <= word.start < word.end <= len(text)
        assert word.folded and word.terms and all(word.terms)
        assert fold(text[word.start : word.end]).startswith(word.folded[: MAX_WORD // 2]) or len(word.folded) > MAX_WORD


@given(st.text(alphabet="abcdéèêçàùœ", min_size=1, max_size=20), LOCALES)
def test_a_word_without_its_accents_has_a_term_of_the_word_with_them(word: str, locale: str) -> None:
    (accented,), (plain,) = terms(word, locale), terms(fold(word), locale)
    assert set(accented) & set(plain)


@given(st.lists(st.text(alphabet="abcdefé", min_size=1, max_size=8), max_size=6), LOCALES)
def test_case_and_what_stands_between_words_do_not_matter(said: list[str], locale: str) -> None:
    assert terms(" ".join(said), locale) == terms(" -- ".join(said).upper(), locale)


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("Returned returning returns", "en", ["return"] * 3),
        ("livraisons, livraison", "fr", ["livraison"] * 2),
        ("l'adresse d’aujourd'hui", "fr", ["l", "adress", "d", "aujourd", "hui"]),
        ("dzień", "pl", ["dzien"]),
        ("返品方法", "ja", ["返品", "品方", "方法"]),
    ],
)
def test_terms(text: str, locale: str, expected: list[str]) -> None:
    assert expected == [each[0] for each in terms(text, locale)]


def test_little_words_tell_nothing() -> None:
    said = "où est ma commande, s'il vous plaît ? C'est l'e-mail"
    assert ["commande", "plait", "mail"] == [word.folded for word in words(said, "fr") if not is_stop_word(word, "fr")]


def test_synonyms_stand_for_words_and_phrases() -> None:
    assert ("refund",) in synonyms("en")["money", "back"] or ("refund",) in synonyms("en")["money",]
    assert {"en", "fr"} <= STEMMERS.keys()
    assert {} == synonyms("pl")
