"""Finds articles by a question, alike on both databases: the database narrows down, the rules of `domain.help` rank.

Nothing that the asker may not read is looked at: the audience is part of each posting's key. Never writes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Select, and_, bindparam, func, or_, select, true
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import ColumnElement

from domain.help import passages, query, ranking
from domain.help.model import Audience, Hit, checked_locale, fallbacks
from domain.help.query import Group
from domain.language import language_of
from storage.ports import Database
from storage.sql.help_tables import (
    help_articles,
    help_centres,
    help_labelled,
    help_postings,
    help_scopes,
    help_sections,
    help_terms,
    help_translations,
    help_words,
)
from storage.sql.rowsets import RowSet

MAX_HITS = 200
"""Articles that one question finds."""
CANDIDATES = 50
"""Articles that are ranked in full, if not more are asked for."""
MAX_POSTINGS = 4_000
"""Postings that one question reads. Words that nearly every article has are left out when there are rarer ones."""
VOCABULARIES = 16
MAX_VOCABULARY = 200_000

Vocabulary = dict[int, dict[str, str]]


class Filters(msgspec.Struct, frozen=True):
    """Which articles are looked at; empty means all. `labels`: any of them."""

    labels: tuple[str, ...] = ()
    categories: tuple[int, ...] = ()
    sections: tuple[int, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.labels or self.categories or self.sections)


class _Scope(msgspec.Struct, frozen=True):
    id: int
    locale: str
    documents: int
    version: int


class _Term(msgspec.Struct, frozen=True):
    id: int
    scope: int
    term: str
    articles: int


class Found(msgspec.Struct, frozen=True):
    """A page of hits, of how many in all (at most `MAX_HITS`), and with `answer` the passage that answers."""

    hits: list[Hit]
    count: int
    answer: str | None = None


class _Candidate(msgspec.Struct, frozen=True):
    translation_id: int
    article_id: int
    scope: _Scope
    score: float


class HelpSearch:
    """Over `database`. It keeps the vocabularies of a few scopes in memory, for misspelt words alone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vocabularies: OrderedDict[int, tuple[int, Vocabulary]] = OrderedDict()

    async def search(
        self, app_id: str, question: str, locale: str, limit: int = 10, audience: Audience = Audience.EVERYONE, labels: Sequence[str] = ()
    ) -> list[Hit]:
        """Articles that answer a question, best first, in the locale or what it falls back to (`fr-ca`, `fr`, the default language)."""
        found = await self.find(app_id, question, locale, limit=limit, audience=audience, filters=Filters(labels=tuple(labels)))
        return found.hits

    async def find(
        self,
        app_id: str,
        question: str,
        locale: str,
        *,
        limit: int = 10,
        offset: int = 0,
        audience: Audience = Audience.EVERYONE,
        filters: Filters | None = None,
        exact: bool = False,
        answer: bool = False,
    ) -> Found:
        """`exact`: in this locale alone. Raises Invalid for what is no locale."""
        wanted = checked_locale(locale)
        asked = _Asked(app_id, question.replace("\0", " "), wanted, exact, limit, offset, audience, filters or Filters(), answer)
        return await self._database.read(lambda c: self._find(c, asked))

    def _find(self, c: Connection, asked: _Asked) -> Found:
        scopes = _scopes(c, asked)
        # Languages are asked one after the other: the default language only when the reader's own has nothing.
        for tongue in dict.fromkeys(language_of(scope.locale) for scope in scopes):
            these = [scope for scope in scopes if language_of(scope.locale) == tongue]
            found = self._in_language(c, asked, these)
            if found.hits:
                return found
        return Found([], 0)

    def _in_language(self, c: Connection, asked: _Asked, scopes: Sequence[_Scope]) -> Found:
        locale = scopes[0].locale
        groups = query.groups(asked.question, locale)
        known = _terms(c, asked, scopes, _wanted_terms(groups))
        groups, guessed = self._guessed(c, scopes, groups, {one.term for one in known if one.articles})
        if guessed:
            known = _terms(c, asked, scopes, _wanted_terms(groups))
        known = [one for one in known if one.articles]
        rarities = _rarities(known, scopes)
        candidates = _ranked(c, asked, scopes, groups, known, rarities)
        return _page(c, asked, candidates, groups, rarities, scopes)

    def _guessed(self, c: Connection, scopes: Sequence[_Scope], groups: Sequence[Group], known: set[str]) -> tuple[list[Group], bool]:
        """Words that no article has, read as those that are most like them."""
        found, guessed = [], False
        for group in groups:
            if query.may_be_misspelt(group, known):
                better: dict[str, float] = {}
                for scope in scopes:
                    better = query.guesses(group.word, self._vocabulary(c, scope)) | better
                guessed = guessed or bool(better)
                group = Group(group.word, better | group.terms)
            found.append(group)
        return found, guessed

    def _vocabulary(self, c: Connection, scope: _Scope) -> Vocabulary:
        """Words of a scope by their length; read again when the scope has changed."""
        kept = self._vocabularies.get(scope.id)
        if kept is not None and kept[0] == scope.version:
            return kept[1]
        read: Vocabulary = {}
        rows = c.execute(select(help_words.c.word, help_words.c.term).where(help_words.c.scope == scope.id).limit(MAX_VOCABULARY))
        for word, term in rows:
            read.setdefault(len(word), {})[word] = term
        self._vocabularies[scope.id] = (scope.version, read)
        while len(self._vocabularies) > VOCABULARIES:
            self._vocabularies.popitem(last=False)
        return read


class _Asked(msgspec.Struct, frozen=True):
    app_id: str
    question: str
    locale: str
    exact: bool
    limit: int
    offset: int
    audience: Audience
    filters: Filters
    answer: bool

    @property
    def candidates(self) -> int:
        return min(MAX_HITS, max(CANDIDATES, self.offset + self.limit))


def _scopes(c: Connection, asked: _Asked) -> list[_Scope]:
    """The scopes of the locale and of what it falls back to, in that order."""
    rows = c.execute(_SCOPES, {"app_id": asked.app_id}).all()
    default = next((row.default_locale for row in rows if row.default_locale), asked.locale)
    chain = (asked.locale,) if asked.exact else fallbacks(asked.locale, default)
    found = [_Scope(row.id, row.locale, row.documents, row.version) for row in rows if _serves(row.locale, chain, asked.exact)]
    return sorted(found, key=lambda one: (_rank(one.locale, chain), one.locale))


_default_locale = select(help_centres.c.default_locale).where(help_centres.c.app_id == help_scopes.c.app_id).scalar_subquery()
#: All of an app, of which there are as many as languages: fewer round trips count for more than fewer rows.
_SCOPES = select(
    help_scopes.c.id, help_scopes.c.locale, help_scopes.c.documents, help_scopes.c.version, _default_locale.label("default_locale")
).where(help_scopes.c.app_id == bindparam("app_id"))


def _serves(locale: str, chain: Sequence[str], exact: bool) -> bool:
    """A reader of `fr` is served by `fr-fr` too when there is nothing nearer."""
    return locale in chain or (not exact and "-" in locale and language_of(locale) in map(language_of, chain))


def _rank(locale: str, chain: Sequence[str]) -> tuple[int, int]:
    tongues = list(dict.fromkeys(language_of(each) for each in chain))
    return tongues.index(language_of(locale)), chain.index(locale) if locale in chain else len(chain)


def _wanted_terms(groups: Iterable[Group]) -> set[str]:
    return {term for group in groups for term in group.terms}


def _terms(c: Connection, asked: _Asked, scopes: Sequence[_Scope], terms: set[str]) -> list[_Term]:
    """Those of the terms that the scopes know, and how many articles have each that the asker may read."""
    if not terms:
        return []
    wanted, statement = _terms_query(c.dialect.name)
    rows = [(scope.id, term) for scope in scopes for term in sorted(terms)]
    return [_Term(*row) for row in c.execute(statement, wanted.parameters(rows) | {"audience": int(asked.audience)})]


@cache
def _terms_query(dialect: str) -> tuple[RowSet, Select[Any]]:
    wanted = _rows(dialect, scope="int", term="text")
    match = (help_terms.c.scope == wanted.table.c.scope) & (help_terms.c.term == wanted.table.c.term)
    having = (help_postings.c.term_id == help_terms.c.id) & (help_postings.c.audience <= bindparam("audience"))
    count = select(func.count()).select_from(help_postings).where(having).scalar_subquery()
    columns = help_terms.c.id, help_terms.c.scope, help_terms.c.term, count
    return wanted, select(*columns).select_from(wanted.table.join(help_terms, match))


def _rarities(known: Sequence[_Term], scopes: Sequence[_Scope]) -> dict[str, float]:
    """By the counts of all scopes of the language together."""
    documents = sum(scope.documents for scope in scopes)
    having: dict[str, int] = {}
    for one in known:
        having[one.term] = having.get(one.term, 0) + one.articles
    return {term: ranking.rarity(documents, count) for term, count in having.items()}


def _ranked(
    c: Connection, asked: _Asked, scopes: Sequence[_Scope], groups: Sequence[Group], known: Sequence[_Term], rarities: Mapping[str, float]
) -> list[_Candidate]:
    weights = {term: max(group.terms.get(term, 0.0) for group in groups) * rarities[term] for term in rarities}
    used: list[tuple[int, int]] = []
    read = 0
    for one in sorted(known, key=lambda each: each.articles):
        if used and read + one.articles > MAX_POSTINGS:
            break
        used.append((one.id, max(1, round(1000 * weights[one.term]))))
        read += one.articles
    if not used:
        return []
    wanted, terms, statement = _narrowing_query(c.dialect.name, asked.filters.any)
    values = {"audience": int(asked.audience), "most": asked.candidates, **_filter_values(asked)}
    found = c.execute(statement, wanted.parameters(used) | terms.parameters([(one.id,) for one in known]) | values)
    rows = [row for row in found if row.term_id is not None]
    return _candidates(asked, rows, {one.id: one for one in known}, {one.id: one for one in scopes}, groups, rarities)


def _candidates(
    asked: _Asked,
    rows: Sequence[Any],
    terms: Mapping[int, _Term],
    scopes: Mapping[int, _Scope],
    groups: Sequence[Group],
    rarities: Mapping[str, float],
) -> list[_Candidate]:
    """Ranked in full: by the impacts of all terms that are asked for, and by what titles add to the score."""
    impacts: dict[int, dict[str, int]] = {}
    for row in rows:
        impacts.setdefault(row.translation_id, {})[terms[row.term_id].term] = row.impact
    ranked = []
    for row in {row.translation_id: row for row in rows}.values():
        scope = scopes[terms[row.term_id].scope]
        more = ranking.named(asked.question, row.title, scope.locale)
        score = ranking.score(groups, rarities, impacts[row.translation_id]) * more
        ranked.append(_Candidate(row.translation_id, row.of_id, scope, score))
    return ranked


@cache
def _narrowing_query(dialect: str, filtered: bool) -> tuple[RowSet, RowSet, Select[Any]]:
    """The articles with most of the terms of the first set: their impacts of all terms of the second, by the whole key."""
    wanted, known = _rows(dialect, term_id="int", weight="int"), _rows(dialect, "known", term_id="int")
    match = (help_postings.c.term_id == wanted.table.c.term_id) & (help_postings.c.audience <= bindparam("audience"))
    total = func.sum(help_postings.c.impact * wanted.table.c.weight)
    columns = help_postings.c.translation_id, help_postings.c.audience
    narrowed = select(*columns).select_from(wanted.table.join(help_postings, match))
    narrowed = narrowed.group_by(*columns).order_by(total.desc(), help_postings.c.translation_id)
    if filtered:
        narrowed = narrowed.where(help_postings.c.translation_id.in_(_filtered_translations()))
    best, posting = narrowed.limit(bindparam("most")).cte("best"), help_postings.alias("posting")
    told = best.join(help_translations, help_translations.c.id == best.c.translation_id).join(known.table, true())
    # An outer join, though what is missing is left out below: otherwise SQLite goes through all terms of each article.
    found = told.outerjoin(
        posting,
        (posting.c.term_id == known.table.c.term_id)
        & (posting.c.audience == best.c.audience)
        & (posting.c.translation_id == best.c.translation_id),
    )
    shown = best.c.translation_id, posting.c.term_id, posting.c.impact, help_translations.c.of_id, help_translations.c.title
    return wanted, known, select(*shown).select_from(found)


def _filtered_translations() -> Select[Any]:
    translated = and_(help_translations.c.kind == "article", help_translations.c.of_id == help_articles.c.id)
    query = select(help_translations.c.id).join(help_articles, translated)
    return query.where(help_articles.c.app_id == bindparam("app_id"), filtered())


def filtered() -> ColumnElement[bool]:
    """Whether an article passes the filters, which come as parameters; an empty list lets all pass."""
    labelled = select(help_labelled.c.article_id)
    labelled = labelled.where(help_labelled.c.app_id == bindparam("app_id"), help_labelled.c.name.in_(_list("labels")))
    inside = select(help_sections.c.id).where(help_sections.c.category_id.in_(_list("categories")))
    return and_(
        or_(bindparam("all_labels"), help_articles.c.id.in_(labelled)),
        or_(bindparam("all_categories"), help_articles.c.section_id.in_(inside)),
        or_(bindparam("all_sections"), help_articles.c.section_id.in_(_list("sections"))),
    )


def _list(name: str) -> Any:
    return bindparam(name, expanding=True)


def _filter_values(asked: _Asked) -> dict[str, Any]:
    if not asked.filters.any:
        return {}
    names = ("labels", "categories", "sections")
    given = {name: list(getattr(asked.filters, name)) for name in names}
    return {"app_id": asked.app_id, **given, **{f"all_{name}": not values for name, values in given.items()}}


def _page(
    c: Connection,
    asked: _Asked,
    candidates: Sequence[_Candidate],
    groups: Sequence[Group],
    rarities: Mapping[str, float],
    scopes: Sequence[_Scope],
) -> Found:
    """Of an article in several locales that all fit the reader, the nearest."""
    nearness = {scope.locale: at for at, scope in enumerate(scopes)}
    nearest: dict[int, _Candidate] = {}
    for one in candidates:
        kept = nearest.setdefault(one.article_id, one)
        if nearness[one.scope.locale] < nearness[kept.scope.locale]:
            nearest[one.article_id] = one
    ranked = sorted(nearest.values(), key=lambda one: (-one.score, one.translation_id))
    shown = ranked[asked.offset : asked.offset + asked.limit]
    texts = _texts(c, [one.translation_id for one in shown])
    shown = [one for one in shown if one.translation_id in texts]
    hits = [_hit(one, texts[one.translation_id], groups) for one in shown]
    answered = None
    if asked.answer and hits:
        _, title, text = texts[shown[0].translation_id]
        answered = passages.answer(title, text, groups, rarities, shown[0].scope.locale)
    return Found(hits, len(ranked), answered)


@cache
def _texts_query(dialect: str) -> tuple[RowSet, Select[Any]]:
    wanted, translated = _rows(dialect, id="int"), help_translations.c
    match = translated.id == wanted.table.c.id
    columns = translated.id, translated.of_id, translated.title, translated.text
    return wanted, select(*columns).select_from(wanted.table.join(help_translations, match))


def _texts(c: Connection, translation_ids: Sequence[int]) -> dict[int, tuple[int, str, str]]:
    wanted, statement = _texts_query(c.dialect.name)
    rows = c.execute(statement, wanted.parameters([(each,) for each in translation_ids]))
    return {row.id: (row.of_id, row.title, row.text) for row in rows}


def _hit(one: _Candidate, text: tuple[int, str, str], groups: Sequence[Group]) -> Hit:
    article_id, title, words = text
    plain, marked = passages.snippet(words, groups, one.scope.locale)
    return Hit(article_id, one.scope.locale, title, plain, marked, round(one.score, 3))


def _rows(dialect: str, name: str = "wanted", **columns: Any) -> RowSet:
    return RowSet("postgresql" if dialect == "postgresql" else "sqlite", name, **columns)
