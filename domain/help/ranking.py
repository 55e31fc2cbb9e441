"""How well an article fits a question: BM25 over weighted fields, and how much of the question it covers. Pure.

What a term adds to an article (its impact) is computed when the article is indexed, so a question only adds up. Source: Robertson and
Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (BM25F); the mean length is a constant here, since it would
change every article's figures with each new one.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice

from domain.help.query import Group
from domain.help.words import is_stop_word, words

TITLE, LABEL, BODY = 2.5, 3.0, 1.0
K1, B, MEAN_WORDS = 2.5, 0.3, 120.0
SCALE = 1000
"""Impacts are whole numbers, so that both databases sort them alike."""
MAX_INDEXED_WORDS = 5_000
COVERAGE = 0.3
"""Which part of the score depends on how much of the question an article speaks of."""
AFFINITY, LITTLE = 0.8, 0.3


def impacts(title: str, labels: Sequence[str], text: str, locale: str) -> dict[str, int]:
    """Each term of an article with its impact."""
    body, length = _counted(text, locale)
    weights: defaultdict[str, float] = defaultdict(float)
    norm = 1 - B + B * min(4.0, length / MEAN_WORDS)
    for term, count in body.items():
        weights[term] += BODY * count / norm
    for term, count in _counted(title, locale)[0].items():
        weights[term] += TITLE * min(1, count)
    for term in _counted(" ".join(labels), locale)[0]:
        weights[term] += LABEL
    return {term: round(SCALE * weight * (K1 + 1) / (K1 + weight)) for term, weight in weights.items()}


def vocabulary(title: str, labels: Sequence[str], text: str, locale: str) -> dict[str, str]:
    """Each word of an article, folded, with its first term: what a misspelt word may have meant."""
    found: dict[str, str] = {}
    for part in (title, " ".join(labels), text):
        for word in islice(words(part, locale), MAX_INDEXED_WORDS):
            if len(word.folded) > 3 and not is_stop_word(word, locale):
                found.setdefault(word.terms[0], word.terms[0])  # `return`, where only `returning` is written
                found[word.folded] = word.terms[0]
    return found


def rarity(documents: int, having: int) -> float:
    """How much a term tells that `having` of `documents` articles have."""
    return math.log(1 + (max(documents, having) - having + 0.5) / (having + 0.5))


def score(groups: Sequence[Group], rarities: Mapping[str, float], article: Mapping[str, int]) -> float:
    """How well an article with these impacts fits. 0: not at all."""
    total, covered, weighed = 0.0, 0.0, 0.0
    for group in groups:
        most = max((rarities.get(term, 0.0) * weight for term, weight in group.terms.items()), default=0.0)
        best = max((rarities.get(term, 0.0) * weight * article.get(term, 0) for term, weight in group.terms.items()), default=0.0)
        total += best / SCALE
        weighed += most
        covered += max((rarities.get(term, 0.0) * weight for term, weight in group.terms.items() if term in article), default=0.0)
    return total * (1 - COVERAGE + COVERAGE * covered / weighed) if weighed else 0.0


def named(question: str, title: str, locale: str) -> float:
    """By how much a title raises an article's score, from 1 up: most of all where the question is nearly the title itself."""
    near = affinity(question, title, locale)
    return 1 + AFFINITY * (near + near**4)


def affinity(question: str, title: str, locale: str) -> float:
    """How far a question is put in the words of a title, from 0 to 1. Little words count a little: `Where is my order?` is such a title."""
    asked, named = _weighed(question, locale), _weighed(title, locale)
    common = sum(min(weight, named.get(term, 0.0)) for term, weight in asked.items())
    total = sum(asked.values()) + sum(named.values())
    return 2 * common / total if total else 0.0


@lru_cache(maxsize=20_000)
def _weighed(text: str, locale: str) -> Mapping[str, float]:
    """Of a title or a question: the same ones come again and again."""
    return {word.terms[0]: LITTLE if is_stop_word(word, locale) else 1.0 for word in islice(words(text, locale), MAX_INDEXED_WORDS)}


def _counted(text: str, locale: str) -> tuple[Counter[str], int]:
    found: Counter[str] = Counter()
    length = 0
    for word in islice(words(text, locale), MAX_INDEXED_WORDS):
        length += 1
        found.update(word.terms)
    return found, length
