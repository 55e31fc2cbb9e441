"""Ranking, snippets and answers."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from domain.help import passages, ranking
from domain.help.query import groups

TEXT = "Parcels leave at noon. A late parcel is followed by the carrier. We pay the money back after ten days."


def score(question: str, title: str, text: str) -> float:
    asked = groups(question, "en")
    article = ranking.impacts(title, (), text, "en")
    return ranking.score(asked, {term: 1.0 for group in asked for term in group.terms}, article) * ranking.named(question, title, "en")


def test_a_title_tells_more_than_a_text_and_all_words_more_than_some() -> None:
    assert score("late parcel", "Late parcels", "") > score("late parcel", "Other", "A late parcel")
    assert score("late parcel", "Other", "A late parcel") > score("late parcel", "Other", "A parcel")
    assert 0 == score("late parcel", "Other", "Nothing")


def test_a_question_that_is_the_title_is_its_articles() -> None:
    assert score("Where is my order?", "Where is my order?", "") > score("Where is my order?", "Ordering without an account", "order order")


def test_rare_words_tell_more() -> None:
    assert ranking.rarity(100, 1) > ranking.rarity(100, 50) > ranking.rarity(100, 100) > 0


@given(st.text(max_size=300), st.text(max_size=30))
def test_a_snippet_is_a_part_of_the_text_and_harmless(text: str, question: str) -> None:
    plain, marked = passages.snippet(text, groups(question, "en"), "en")
    assert len(plain) <= passages.SNIPPET + 4
    bare = marked.replace("<em>", "").replace("</em>", "")
    assert not re.search("[<>]", bare)
    assert plain.split() == html.unescape(bare).split() or "\x1f" in text or "&" in text


def test_the_passage_that_answers() -> None:
    def answer(question: str) -> str | None:
        asked = groups(question, "en")
        known = ranking.impacts("Late parcels", (), TEXT, "en")
        return passages.answer("Late parcels", TEXT, asked, {term: 1.0 for group in asked for term in group.terms if term in known}, "en")

    assert "We pay the money back after ten days." == answer("when do I get my money back")
    assert None is answer("do you sell bicycles for children in Rome")
    assert None is answer("")
