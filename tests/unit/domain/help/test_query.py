"""Questions as what is looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.help.query import MAX_GROUPS, TYPO_WEIGHTS, Group, groups, guesses, may_be_misspelt, slug


@given(st.text(max_size=150), st.sampled_from(["en", "fr", "pl", "ja"]))
def test_any_question_is_bounded(question: str, locale: str) -> None:
    found = groups(question, locale)
    assert len(found) <= MAX_GROUPS
    assert all(0 < weight <= 1 for group in found for weight in group.terms.values())


def test_stop_words_count_only_where_there_is_nothing_else() -> None:
    assert ["parcel"] == [group.word for group in groups("where is my parcel", "en")]
    assert ["where", "is", "it"] == [group.word for group in groups("where is it", "en")]


def test_a_synonym_weighs_less_than_the_word() -> None:
    (group,) = groups("refund", "en")
    assert 1.0 == group.terms["refund"] > group.terms["reimburs"] > 0


VOCABULARY = {6: {"return": "return", "refund": "refund"}, 8: {"delivery": "deliveri"}, 4: {"late": "late"}}


@pytest.mark.parametrize(
    ("word", "term", "slips"),
    [("retrun", "return", 1), ("retur", "return", 1), ("delyvvry", "deliveri", 2), ("lats", "late", 1), ("return", "return", 0)],
)
def test_slips_are_forgiven(word: str, term: str, slips: int) -> None:
    assert {term: TYPO_WEIGHTS[slips]} == guesses(word, VOCABULARY)


@pytest.mark.parametrize("word", ["zebra", "lxtx", "rxfxnd"])
def test_other_words_are_other_words(word: str) -> None:
    assert {} == guesses(word, VOCABULARY)


def test_only_long_words_of_letters_that_nobody_knows_are_guessed_at() -> None:
    def one(word: str) -> Group:
        return Group(word, {word: 1.0, "other": 0.5})

    assert may_be_misspelt(one("retrun"), {"other"})
    assert not any(may_be_misspelt(one(word), {"return"}) for word in ("return", "ab", "3dsecure4"))


def test_slugs() -> None:
    assert ("ou-est-ma-commande", "", "a-b") == (slug("Où est ma commande ?"), slug("返品"), slug(" -- A & B! "))
