"""What an article says to a question: the snippet under its title, and the passage that answers. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from domain.help.query import Group
from domain.help.words import Word, words

SNIPPET = 200
"""Characters of a snippet."""
MAX_READ = 20_000
"""Characters of an article in which a snippet is looked for."""
MAX_ANSWER = 600
ANSWER_SENTENCES = 3
ANSWERS_FROM = 0.6
"""How much of what the question asks about the article must speak of, from 0 to 1, for a passage of it to be an answer."""

_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\s])|\n+")


def snippet(text: str, groups: Sequence[Group], locale: str) -> tuple[str, str]:
    """The part of a text that has most of the question, plain, and as HTML in which its words stand in `<em>`."""
    text = text[:MAX_READ]
    wanted = _wanted(groups)
    hits = [word for word in words(text, locale) if any(term in wanted for term in word.terms)]
    start = _best_start(hits, wanted)
    start, end = _whole_words(text, start)
    part = text[start:end]
    marked = _marked(part, [word for word in hits if start <= word.start and word.end <= end], start)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return before + " ".join(part.split()) + after, before + " ".join(marked.split()) + after


def answer(title: str, text: str, groups: Sequence[Group], rarities: Mapping[str, float], locale: str) -> str | None:
    """Up to three sentences in a row that say most about the question; None when the article does not speak of enough of it."""
    weights = [max((rarities.get(term, 0.0) * weight for term, weight in group.terms.items()), default=0.0) for group in groups]
    known = [group for group, weight in zip(groups, weights, strict=True) if weight]
    # A word that no article has tells most of all that the help centre does not know.
    total = sum(weights) + (len(groups) - len(known)) * max(weights, default=0.0)
    if not total:
        return None
    sentences = [one.strip() for one in _SENTENCE.split(text[:MAX_READ]) if one.strip()]
    found = [_terms(sentence, locale) for sentence in sentences]
    heading = _terms(title, locale)
    best, best_at = 0.0, (0, 0)
    for at in range(len(sentences)):
        for end in range(at + 1, min(at + ANSWER_SENTENCES, len(sentences)) + 1):
            inside = set().union(*found[at:end])
            said = _said(groups, rarities, inside)
            worth = said * (1 - 0.05 * (end - at - 1))
            if said and worth > best and sum(map(len, sentences[at:end])) <= MAX_ANSWER:
                best, best_at = worth, (at, end)
    spoken = _said(groups, rarities, heading.union(*found[best_at[0] : best_at[1]]))
    if not best or spoken / total < ANSWERS_FROM:
        return None
    return " ".join(sentences[best_at[0] : best_at[1]])


def _said(groups: Sequence[Group], rarities: Mapping[str, float], inside: set[str]) -> float:
    return sum(
        max((rarities.get(term, 0.0) * weight for term, weight in group.terms.items() if term in inside), default=0.0) for group in groups
    )


def _terms(text: str, locale: str) -> set[str]:
    return {term for word in words(text, locale) for term in word.terms}


def _wanted(groups: Sequence[Group]) -> dict[str, tuple[int, float]]:
    """From a term to its group and its weight there."""
    return {term: (number, weight) for number, group in enumerate(groups) for term, weight in group.terms.items()}


def _best_start(hits: Sequence[Word], wanted: Mapping[str, tuple[int, float]]) -> int:
    """Where the window begins that holds most of the groups."""
    best, best_at = 0.0, 0
    for number, first in enumerate(hits):
        inside: dict[int, float] = {}
        for word in hits[number : number + 40]:
            if word.end - first.start > SNIPPET:
                break
            for term in word.terms:
                if term in wanted:
                    group, weight = wanted[term]
                    inside[group] = max(weight, inside.get(group, 0.0))
        if sum(inside.values()) > best:
            best, best_at = sum(inside.values()), first.start
    return best_at


def _whole_words(text: str, start: int) -> tuple[int, int]:
    """A window around `start` whose ends cut no word, a little before it where a sentence begins."""
    if start < SNIPPET // 2:
        start = 0
    else:
        begun = max(text.rfind(mark, start - SNIPPET // 2, start) for mark in ("\n", ". ", "! ", "? "))
        start = begun + 1 if begun >= 0 else text.rfind(" ", 0, start) + 1
    end = min(len(text), start + SNIPPET)
    if end < len(text):
        end = max(text.rfind(" ", start, end), text.rfind("\n", start, end), start + 1)
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _marked(part: str, hits: Sequence[Word], offset: int) -> str:
    pieces, at = [], 0
    for word in hits:
        first, last = word.start - offset, word.end - offset
        if first < at:
            continue
        pieces += [html.escape(part[at:first]), "<em>", html.escape(part[first:last]), "</em>"]
        at = last
    return "".join([*pieces, html.escape(part[at:])])
