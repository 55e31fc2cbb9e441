"""A question as what is looked for: groups of terms that stand for the same thing, each with its weight. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from domain.help.words import Word, is_stop_word, synonyms, words
from domain.language import fold, language_of

MAX_QUERY = 500
"""Characters of a question that are read."""
MAX_GROUPS = 16
SYNONYM_WEIGHT = 0.6
TYPO_WEIGHTS = (1.0, 0.8, 0.6)
MAX_GUESSES = 4
_LONGEST_PHRASE = 3
_LETTERS = re.compile(r"[^\W\d_]+\Z")


class Group(msgspec.Struct, frozen=True):
    """What one word of the question stands for: terms and how well each stands for it (1: it is the word itself).

    `word` is the word in folded form, which is looked for among the words of the articles when none of its terms is known.
    """

    word: str
    terms: dict[str, float]


def groups(question: str, locale: str) -> list[Group]:
    """The groups of a question, at most `MAX_GROUPS`. Stop words count only where there is nothing else."""
    every = list(words(question[:MAX_QUERY], locale))
    telling = [word for word in every if not is_stop_word(word, locale)] or every
    telling = list({word.folded: word for word in telling}.values())[:MAX_GROUPS]
    found = [Group(word.folded, dict.fromkeys(word.terms, 1.0)) for word in telling]
    for first, last, others in _alternatives(telling, locale):
        for group in found[first:last]:
            for terms in others:
                for term in terms:
                    group.terms.setdefault(term, SYNONYM_WEIGHT / (last - first))
    return found


def _alternatives(telling: Sequence[Word], locale: str) -> list[tuple[int, int, tuple[tuple[str, ...], ...]]]:
    """(first, last, what may stand for the words between)."""
    known = synonyms(language_of(locale))
    firsts = [word.terms[0] for word in telling]
    spans = ((at, at + size) for at in range(len(firsts)) for size in range(1, _LONGEST_PHRASE + 1) if at + size <= len(firsts))
    return [(at, end, known[key]) for at, end in spans if (key := tuple(firsts[at:end])) in known]


def may_be_misspelt(group: Group, known: Collection[str]) -> bool:
    """Whether a word is worth guessing at: letters alone, long enough, and none of its own terms is known."""
    own = [term for term, weight in group.terms.items() if weight == 1.0]
    return len(group.word) > 3 and _LETTERS.match(group.word) is not None and not any(term in known for term in own)


def guesses(word: str, vocabulary: Mapping[int, Mapping[str, str]]) -> dict[str, float]:
    """Terms of the words most like `word`, with weights. `vocabulary` is by length: folded word to term.

    One slip (a letter wrong, missing, too many, or two swapped) is forgiven in four letters, two in eight.
    """
    slips = 1 if len(word) < 8 else 2
    close: list[tuple[int, int, str, str]] = []
    for length in range(len(word) - slips, len(word) + slips + 1):
        known = vocabulary.get(length, {})
        for other, distance, _ in process.extract(word, known.keys(), scorer=OSA.distance, score_cutoff=slips, limit=None):
            close.append((int(distance), other[:1] != word[:1], other, known[other]))
    found: dict[str, float] = {}
    for distance, elsewhere, _, term in sorted(close):
        if len(found) < MAX_GUESSES and (not close or distance <= min(close)[0]):
            found.setdefault(term, TYPO_WEIGHTS[distance] * (0.8 if elsewhere else 1.0))
    return found


def slug(title: str) -> str:
    """A title for an address: `how-to-return-an-order`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(title))[:60].strip("-")
