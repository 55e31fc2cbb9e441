"""From free text to a flow: training phrases and keywords against what the customer wrote, as a score from 0 to 1.

Words are folded (case, accents), stemmed in their language, and forgiven a typo; their order does not count. A phrase's score is
how much of the phrase is in the text, and how much of the text is in the phrase; small words count little, and a word of many
flows less than a word of one. Nothing here learns: the same text has the same score, and the score can be looked at.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from typing import Any

import msgspec
import Stemmer  # type: ignore[import-not-found, unused-ignore]
from rapidfuzz import process
from rapidfuzz.distance import OSA

from domain.bot.flow import Flow
from domain.bot.stopwords import STOPWORDS
from domain.language import STEMMERS, fold, language_of

#: Only so much of a text is looked at, so that a turn stays quick whatever is pasted into it.
MAX_CHARACTERS = 500
MAX_TOKENS = 40
SMALL_WORD = 0.15
#: How alike two words must be to be one word with a typo (which then costs half of the difference), and from how many letters on.
ALIKE = 0.74
MIN_TYPO_LETTERS = 4
#: A keyword that is in the text gives this score by itself; the rest is how much of the text it is.
KEYWORD_SCORE = 0.75
#: The share of the phrase in the exponents: what is asked for weighs more than what else is said.
OF_PHRASE = 0.6
KEYWORD_ALIKE = 0.85
CHOICE_ALIKE = 0.8

_WORD = re.compile(r"\w+")


class Match(msgspec.Struct, frozen=True):
    """A flow, how well it fits, and the phrase or keyword that says so."""

    flow_id: str
    score: float
    phrase: str


class Matcher:
    """The phrases of all flows, ready to be looked up. Made once for each release."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        by_language: dict[str, list[_Phrase]] = defaultdict(list)
        for flow in flows:
            for source, is_keyword in ((flow.phrases, False), (flow.keywords, True)):
                for language, phrases in source.items():
                    base = language_of(language)
                    by_language[base].extend(_Phrase(flow.id, each, tokens(each, base), is_keyword) for each in phrases)
        self._indexes = {language: _Index(language, phrases) for language, phrases in by_language.items()}

    def rank(self, text: str, languages: Sequence[str]) -> list[Match]:
        """The flows that have anything to do with the text, best first, by the phrases of these languages."""
        best: dict[str, Match] = {}
        for language in dict.fromkeys(language_of(each) for each in languages):
            index = self._indexes.get(language)
            for match in index.matches(text) if index is not None else ():
                if match.flow_id not in best or match.score > best[match.flow_id].score:
                    best[match.flow_id] = match
        return sorted(best.values(), key=lambda match: (-match.score, match.flow_id))


class _Phrase(msgspec.Struct, frozen=True):
    flow_id: str
    text: str
    words: tuple[str, ...]
    is_keyword: bool


class _Index:
    """The phrases of one language, by their words."""

    def __init__(self, language: str, phrases: list[_Phrase]) -> None:
        self._language, self._phrases, self._small = language, phrases, _small_words(language)
        self._places: dict[str, list[int]] = defaultdict(list)
        flows: dict[str, set[str]] = defaultdict(set)
        for place, phrase in enumerate(phrases):
            for word in set(phrase.words):
                self._places[word].append(place)
                flows[word].add(phrase.flow_id)
        self._vocabulary = sorted(self._places)
        self._shared = {word: len(names) for word, names in flows.items()}
        self._courtesies = [place for place, one in enumerate(phrases) if one.words and all(map(self._is_small, one.words))]

    def matches(self, text: str) -> list[Match]:
        said = tokens(text[:MAX_CHARACTERS], self._language)[:MAX_TOKENS]
        near = {word: self._near(word) for word in dict.fromkeys(said)}
        telling = {known for word in near if not self._is_small(word) for known in near[word]}
        places = sorted({place for known in telling for place in self._places[known]} | self._courteous(near.keys()))
        return [Match(one.flow_id, score, one.text) for one in map(self._phrases.__getitem__, places) if (score := self._score(one, near))]

    def _courteous(self, said: Set[str]) -> set[int]:
        """Phrases of nothing but small words (`hello`, `that was all`) are meant only when all of their words are there."""
        return {place for place in self._courtesies if said >= set(self._phrases[place].words)}

    def _near(self, word: str) -> dict[str, float]:
        """The words of phrases that this one may be, with how alike they are."""
        found = {word: 1.0} if word in self._places else {}
        if found or self._is_small(word) or len(word) < MIN_TYPO_LETTERS:
            return found
        alike = process.extract(word, self._vocabulary, scorer=OSA.normalized_similarity, score_cutoff=ALIKE, limit=5)
        return {known: (1 + score) / 2 for known, score, _ in alike if len(known) >= MIN_TYPO_LETTERS and known[0] == word[0]}

    def _score(self, phrase: _Phrase, near: dict[str, dict[str, float]]) -> float:
        in_phrase = {word: max((found.get(known, 0.0) for known in phrase.words), default=0.0) for word, found in near.items()}
        in_text = {known: max((found.get(known, 0.0) for found in near.values()), default=0.0) for known in phrase.words}
        of_text, of_phrase = self._share(in_phrase), self._share(in_text)
        if phrase.is_keyword:
            return KEYWORD_SCORE + (1 - KEYWORD_SCORE) * of_text if of_phrase >= KEYWORD_ALIKE else 0.0
        return float(of_phrase**OF_PHRASE * of_text ** (1 - OF_PHRASE))

    def _share(self, alike: dict[str, float]) -> float:
        """How much of the words was found, by their weights."""
        whole = sum(self._weight(word) for word in alike)
        return sum(self._weight(word) * score for word, score in alike.items()) / whole if whole else 0.0

    def _weight(self, word: str) -> float:
        return SMALL_WORD if self._is_small(word) else float(self._shared.get(word, 1) ** -0.5)

    def _is_small(self, word: str) -> bool:
        return word in self._small


def tokens(text: str, language: str) -> tuple[str, ...]:
    """The words of a text, folded and stemmed."""
    words = _WORD.findall(fold(text))
    stemmer = _stemmer(language)
    return tuple(words) if stemmer is None else tuple(stemmer.stemWords(words))


def chosen(text: str, labels: Sequence[str]) -> int | None:
    """The place of the label that a text means: its number, the label itself, or the label with a typo. None when in doubt."""
    said = " ".join(_WORD.findall(fold(text)))
    known = [" ".join(_WORD.findall(fold(label))) for label in labels]
    if said in known:
        return known.index(said)
    if said.isdecimal() and len(said) <= 3:
        return int(said) - 1 if 1 <= int(said) <= len(labels) else None
    if len(said) < MIN_TYPO_LETTERS:
        return None
    close = process.extract(said, known, scorer=OSA.normalized_similarity, score_cutoff=CHOICE_ALIKE, limit=2)
    return int(close[0][2]) if close and (len(close) == 1 or close[0][1] > close[1][1]) else None


@functools.lru_cache(maxsize=64)
def _stemmer(language: str) -> Any:
    name = STEMMERS.get(language)
    return None if name is None else Stemmer.Stemmer(name)


@functools.lru_cache(maxsize=64)
def _small_words(language: str) -> frozenset[str]:
    return frozenset(tokens(STOPWORDS.get(language, ""), language))
