"""Text as the terms by which it is found: words, folded and stemmed by the language. Indexing and asking go through here alike. Pure.

A word with accents gives two terms, the stem of the word and the stem of what a hurried customer types; either finds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import msgspec
import Stemmer  # type: ignore[import-not-found, unused-ignore]

from domain.help import english, french
from domain.language import STEMMERS, fold, language_of

MAX_WORD = 40
"""Longer ones are cut: nobody asks by them."""

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_APOSTROPHE = re.compile(r"['’ʼ]")
#: Scripts that are written without spaces: every two neighbours are a term.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"(?P<unspaced>[{_UNSPACED}]+)|[^{_UNSPACED}]+")

_STOP_WORDS = {"en": english.STOP_WORDS, "fr": french.STOP_WORDS}
_SYNONYMS = {"en": english.SYNONYMS, "fr": french.SYNONYMS}


class Word(msgspec.Struct, frozen=True, gc=False):
    """A word of a text: as it is compared (lower case, without accents), its terms, and where it stands."""

    folded: str
    terms: tuple[str, ...]
    start: int
    end: int


def words(text: str, locale: str) -> Iterator[Word]:
    """The words of a text in their order. Parts of a word at an apostrophe (`l'adresse`, `don't`) are words of their own."""
    tongue = language_of(locale)
    for found in _WORD.finditer(text):
        offset, whole = found.start(), found[0]
        if whole.isascii() and "'" not in whole:  # nearly all are, and nothing has to be taken apart
            yield Word(*_read(whole[:MAX_WORD].lower(), tongue), offset, offset + len(whole))
            continue
        for part in _APOSTROPHE.split(whole):
            yield from _parts(part, offset, tongue)
            offset += len(part) + 1


def _parts(part: str, offset: int, tongue: str) -> Iterator[Word]:
    for run in _RUN.finditer(part):
        first, last = offset + run.start(), offset + run.end()
        if run["unspaced"] is None:
            folded, terms = _read(run[0][:MAX_WORD].lower(), tongue)
            if folded:
                yield Word(folded, terms, first, last)
            continue
        for at in range(first, max(first + 1, last - 1)):
            pair = fold(part[at - offset : min(at + 2, last) - offset])
            if pair:
                yield Word(pair, (pair,), at, min(at + 2, last))


def is_stop_word(word: Word, locale: str) -> bool:
    """Whether a word says nothing of what a question is about; a letter alone (of `e-mail`, of `l'adresse`) does not."""
    return word.folded in _folded_stop_words(language_of(locale)) or (len(word.folded) == 1 and "a" <= word.folded <= "z")


@lru_cache(maxsize=100_000)
def _read(lowered: str, tongue: str) -> tuple[str, tuple[str, ...]]:
    folded = fold(lowered)
    algorithm = STEMMERS.get(tongue)
    if algorithm is None:
        return folded, (folded,)
    # A stemmer holds the word that it works on, so each call has one of its own: it costs little, and threads may call.
    stems = (fold(Stemmer.Stemmer(algorithm, 0).stemWord(form)) for form in dict.fromkeys((lowered, folded)))
    return folded, tuple(dict.fromkeys(stem or folded for stem in stems))


@cache
def _folded_stop_words(tongue: str) -> frozenset[str]:
    return frozenset(fold(word) for word in _STOP_WORDS.get(tongue, ()))


@cache
def synonyms(tongue: str) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """From a word or a phrase, as first terms without stop words, to the other words of its lines, each with its terms."""
    found: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    for line in _SYNONYMS.get(tongue, "").strip().splitlines():
        told = [_telling(phrase, tongue) for phrase in line.split(",")]
        single = [phrase[0] for phrase in told if len(phrase) == 1]
        for phrase in told:
            key = tuple(terms[0] for terms in phrase)
            found.setdefault(key, {}).update(dict.fromkeys(one for one in single if one[0] not in key))
    return {key: tuple(others) for key, others in found.items()}


def _telling(phrase: str, tongue: str) -> list[tuple[str, ...]]:
    every = list(words(phrase, tongue))
    return [word.terms for word in every if not is_stop_word(word, tongue)] or [word.terms for word in every]
