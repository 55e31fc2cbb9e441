"""What is searched of articles: their terms, written in the transaction of the article itself. Never searches.

Those who write to the same scope wait for each other at its row, so that the order of terms cannot lock them into one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from domain.help import ranking
from domain.help.model import Article, Translation
from storage.sql import slots
from storage.sql.help_tables import help_postings, help_scopes, help_terms, help_words
from storage.sql.rowsets import RowSet

_AT_ONCE = 500


class Document(msgspec.Struct, frozen=True):
    """A translation of an article, with the article."""

    article: Article
    translation: Translation

    @property
    def is_published(self) -> bool:
        return not self.translation.draft and self.article.archived_ms is None


def put(c: Connection, documents: Sequence[Document]) -> None:
    """What these translations say now is what is searched of them; drafts and archived ones are not found at all."""
    by_scope: dict[tuple[str, str], list[Document]] = {}
    for one in documents:
        by_scope.setdefault((one.translation.app_id, one.translation.locale), []).append(one)
    for (app_id, locale), these in sorted(by_scope.items()):
        scope = _scope(c, app_id, locale)
        gone = _forget(c, [one.translation.id for one in these])
        published = [one for one in these if one.is_published]
        if published:
            _write(c, scope, locale, published)
        _count(c, scope, len(published) - gone)


def remove(c: Connection, translations: Iterable[Translation]) -> None:
    """These translations are found no more."""
    for one in translations:
        scope = _scope(c, one.app_id, one.locale)
        _count(c, scope, -_forget(c, [one.id]))


def _write(c: Connection, scope: int, locale: str, documents: Sequence[Document]) -> None:
    impacts: dict[int, Mapping[str, int]] = {}
    vocabulary: dict[str, str] = {}
    for one in documents:
        said = one.translation.title, one.article.labels, one.translation.text, locale
        impacts[one.translation.id] = ranking.impacts(*said)
        vocabulary |= ranking.vocabulary(*said)
    ids = _term_ids(c, scope, {term for each in impacts.values() for term in each})
    _insert_new(c, help_words, [{"scope": scope, "word": word, "term": term} for word, term in sorted(vocabulary.items())])
    rows = [
        {"term_id": ids[term], "audience": int(one.article.audience), "translation_id": one.translation.id, "impact": impact}
        for one in documents
        for term, impact in impacts[one.translation.id].items()
    ]
    if rows:
        c.execute(insert(help_postings), sorted(rows, key=lambda row: (row["term_id"], row["translation_id"])))


def _scope(c: Connection, app_id: str, locale: str) -> int:
    """The scope's id; its row is locked until the end of the transaction."""
    query = select(help_scopes.c.id).where(help_scopes.c.app_id == app_id, help_scopes.c.locale == locale).with_for_update()
    found = c.execute(query).scalar()
    if found is None:
        values = {"id": slots.reserve(c, "help_scope", 1), "app_id": app_id, "locale": locale, "documents": 0, "version": 0}
        c.execute(_insert(c, help_scopes).on_conflict_do_nothing(index_elements=["app_id", "locale"]), values)
        found = c.execute(query).scalar_one()
    return int(found)


def _count(c: Connection, scope: int, more: int) -> None:
    values = {"documents": help_scopes.c.documents + more, "version": help_scopes.c.version + 1}
    c.execute(update(help_scopes).where(help_scopes.c.id == scope).values(values))


def _forget(c: Connection, translation_ids: Sequence[int]) -> int:
    """How many of these were found until now."""
    known = 0
    for first in range(0, len(translation_ids), _AT_ONCE):
        part = translation_ids[first : first + _AT_ONCE]
        these = help_postings.c.translation_id.in_(part)
        known += len(c.execute(select(help_postings.c.translation_id).where(these).distinct()).all())
        c.execute(delete(help_postings).where(these))
    return known


def _term_ids(c: Connection, scope: int, terms: set[str]) -> dict[str, int]:
    found = _known_terms(c, scope, terms)
    missing = sorted(terms - found.keys())
    if missing:
        first = slots.reserve(c, "help_term", len(missing))
        found |= {term: first + at for at, term in enumerate(missing)}
        c.execute(insert(help_terms), [{"scope": scope, "term": term, "id": found[term]} for term in missing])
    return found


def _known_terms(c: Connection, scope: int, terms: set[str]) -> dict[str, int]:
    wanted = _wanted(c.dialect.name)
    # The scope is in the rows too: otherwise SQLite goes through the scope's whole vocabulary for each of them.
    match = (help_terms.c.scope == wanted.table.c.scope) & (help_terms.c.term == wanted.table.c.term)
    query = select(help_terms.c.term, help_terms.c.id).select_from(wanted.table.join(help_terms, match))
    return {row.term: row.id for row in c.execute(query, wanted.parameters([(scope, term) for term in sorted(terms)]))}


@cache
def _wanted(dialect: str) -> RowSet:
    return RowSet("postgresql" if dialect == "postgresql" else "sqlite", "wanted", scope="int", term="text")


def _insert(c: Connection, table: Any) -> Any:
    return (postgresql.insert if c.dialect.name == "postgresql" else sqlite.insert)(table)


def _insert_new(c: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        c.execute(_insert(c, table).on_conflict_do_nothing(), rows)
