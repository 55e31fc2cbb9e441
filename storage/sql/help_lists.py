"""Lists of categories, sections and articles: which rows, in which order, a page of them. Never writes."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from sqlalchemy import Select, Table, and_, func, or_, select, tuple_
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import ColumnElement

from domain.help.model import Article, Audience, Category, Kind, Section
from storage.sql import help_rows as rows
from storage.sql.help_tables import help_articles, help_categories, help_labelled, help_sections, help_translations

Order = Literal["position", "title", "created_at", "updated_at", "edited_at"]
Value = Category | Section | Article

TABLES: dict[Kind, Table] = {"category": help_categories, "section": help_sections, "article": help_articles}
_COLUMNS = {"position": "position", "created_at": "created_ms", "updated_at": "updated_ms", "edited_at": "edited_ms"}


class Wanted(msgspec.Struct, frozen=True):
    """Which rows of a kind are listed. Without `locale` each is taken in the language that it was written in.

    `drafts` shows what is not published too, as only those do who write. `since_ms` is for what was changed at or after an instant.
    """

    app_id: str
    locale: str | None = None
    audience: Audience = Audience.EVERYONE
    drafts: bool = False
    categories: tuple[int, ...] = ()
    sections: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    author_id: str | None = None
    since_ms: int | None = None


class Part(msgspec.Struct, frozen=True):
    """A page: by `offset`, or from behind (`before`: up to) a place in the order, which is the sorted value and the id."""

    limit: int = 30
    offset: int = 0
    after: tuple[Any, int] | None = None
    before: tuple[Any, int] | None = None
    order: Order = "position"
    descending: bool = False


class Listed(msgspec.Struct, frozen=True):
    """Rows with the place of each in the order; `more`: there are others in the direction that was asked for."""

    values: list[Any]
    places: list[tuple[Any, int]]
    count: int
    more: bool


def listed(c: Connection, kind: Kind, wanted: Wanted, part: Part) -> Listed:
    """A page of a list, and how many rows the list has."""
    table = TABLES[kind]
    by = _by(table, part.order)
    these = _these(kind, wanted)
    count = c.execute(select(func.count()).select_from(these.with_only_columns(table.c.id).subquery())).scalar_one()
    backwards = part.before is not None
    query = these.with_only_columns(table, by.label("sorted_by"))
    place = tuple_(by, table.c.id)
    for at, behind in ((part.after, not part.descending), (part.before, part.descending)):
        if at is not None:
            query = query.where(place > tuple_(*at) if behind else place < tuple_(*at))
    down = part.descending != backwards
    query = query.order_by(*((by.desc(), table.c.id.desc()) if down else (by, table.c.id)))
    found = c.execute(query.limit(part.limit + 1).offset(part.offset)).all()
    shown = found[: part.limit][:: -1 if backwards else 1]
    places = [(row.sorted_by, row.id) for row in shown]
    return Listed([value_of(kind, row) for row in shown], places, count, len(found) > part.limit)


def value_of(kind: Kind, row: Any) -> Value:
    named = row._mapping
    if "sorted_by" in named:
        row = _Row({name: value for name, value in named.items() if name != "sorted_by"})
    if kind == "article":
        return rows.to_article(row)
    return rows.to_value(Category, row) if kind == "category" else rows.to_value(Section, row)


class _Row:
    def __init__(self, mapping: dict[str, Any]) -> None:
        self._mapping = mapping


def _by(table: Table, order: Order) -> ColumnElement[Any]:
    if order == "title":
        return help_translations.c.title
    return table.c.get(_COLUMNS[order], table.c.updated_ms)


def _these(kind: Kind, wanted: Wanted) -> Select[Any]:
    table = TABLES[kind]
    words = and_(
        help_translations.c.app_id == table.c.app_id,
        help_translations.c.kind == kind,
        help_translations.c.of_id == table.c.id,
        help_translations.c.locale == (table.c.source_locale if wanted.locale is None else wanted.locale),
    )
    query = select(table).join(help_translations, words).where(table.c.app_id == wanted.app_id, *_filters(kind, wanted))
    if not wanted.drafts:
        query = query.where(help_translations.c.draft.is_(False))
    if kind == "article":
        query = query.where(help_articles.c.archived_ms.is_(None), help_articles.c.audience <= int(wanted.audience))
    return query


def _filters(kind: Kind, wanted: Wanted) -> list[ColumnElement[bool]]:
    table = TABLES[kind]
    found: list[ColumnElement[bool]] = []
    if wanted.categories and kind == "section":
        found.append(help_sections.c.category_id.in_(wanted.categories))
    if wanted.categories and kind == "article":
        found.append(help_articles.c.section_id.in_(select(help_sections.c.id).where(help_sections.c.category_id.in_(wanted.categories))))
    if wanted.sections:
        found.append((help_sections.c.parent_id if kind == "section" else help_articles.c.section_id).in_(wanted.sections))
    if wanted.labels and kind == "article":
        labelled = select(help_labelled.c.article_id).where(help_labelled.c.app_id == wanted.app_id)
        found.append(help_articles.c.id.in_(labelled.where(help_labelled.c.name.in_(wanted.labels))))
    if wanted.author_id is not None and kind == "article":
        found.append(help_articles.c.author_id == wanted.author_id)
    if wanted.since_ms is not None:
        found.append(or_(table.c.updated_ms >= wanted.since_ms, help_translations.c.updated_ms >= wanted.since_ms))
    return found
