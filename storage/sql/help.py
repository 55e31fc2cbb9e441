"""The help centre: categories, sections, articles, their words in each language, labels and votes. Each method is one transaction.

What is asked for and not there is None or empty. It draws the numbers of new rows and reads no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

import msgspec
from msgspec.structs import replace
from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import ColumnElement

from domain.errors import Invalid, Refused
from domain.help.model import MAX_TRANSLATIONS, Article, Category, HelpCentre, Kind, Section, Translation, Vote, check_place
from storage.ports import Collision, Database
from storage.sql import help_index, help_lists
from storage.sql import help_rows as rows
from storage.sql.help_index import Document
from storage.sql.help_lists import TABLES, Listed, Part, Value, Wanted
from storage.sql.help_tables import (
    help_articles,
    help_centres,
    help_labelled,
    help_labels,
    help_postings,
    help_scopes,
    help_sections,
    help_terms,
    help_translations,
    help_votes,
    help_words,
)
from storage.sql.numbers import draw

T = TypeVar("T")
V = TypeVar("V", Category, Section, Article)
_AT_ONCE = 500


class Help:
    """Over `database`, which it does not close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # The help centre itself.

    async def centre(self, app_id: str) -> HelpCentre | None:
        row = await self._database.read(lambda c: c.execute(select(help_centres).where(help_centres.c.app_id == app_id)).first())
        return None if row is None else rows.to_value(HelpCentre, row)

    async def save_centre(self, centre: HelpCentre) -> None:
        values = rows.of_value(centre)

        def work(c: Connection) -> None:
            c.execute(_insert(c, help_centres).values(values).on_conflict_do_update(index_elements=["app_id"], set_=values))

        await self._database.write(work)

    async def locales(self, app_id: str) -> list[str]:
        """The languages in which there are articles."""
        these = help_translations.c.app_id == app_id, help_translations.c.kind == "article"
        query = select(help_translations.c.locale).where(*these).distinct().order_by(help_translations.c.locale)
        return await self._database.read(lambda c: list(c.execute(query).scalars()))

    # Categories, sections, articles.

    async def add(self, value: V, translations: Sequence[Translation]) -> tuple[V, list[Translation]]:
        """Write something new, with its first words; the ids in what is given are nobody's and are drawn here.

        Raises Invalid when what it lies in is not there.
        """
        return await self._write(lambda c: add_value(c, value, translations))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Several writes as one: `add_value`, `change_value`, `put_words`."""
        return await self._write(work)

    async def change(self, kind: Kind, app_id: str, number: int, change: Callable[[Any], Any]) -> Any:
        """The value after `change`, which may refuse; None where there is none."""
        return await self._write(lambda c: change_value(c, kind, app_id, number, change))

    async def get(self, kind: Kind, app_id: str, numbers: Sequence[int]) -> dict[int, Any]:
        """Those that exist, by id."""
        return await self._database.read(lambda c: values(c, kind, app_id, numbers))

    async def listed(self, kind: Kind, wanted: Wanted, part: Part) -> Listed:
        return await self._database.read(lambda c: help_lists.listed(c, kind, wanted, part))

    async def remove(self, kind: Literal["section", "category"], app_id: str, number: int) -> bool:
        """A section or category with all that lies in it, articles included."""
        return await self._write(lambda c: _remove(c, kind, app_id, number))

    # Words.

    async def translations(self, kind: Kind, app_id: str, numbers: Sequence[int]) -> list[Translation]:
        """All of these, by id and locale."""
        return await self._database.read(lambda c: _translations(c, kind, app_id, numbers))

    async def translation(self, app_id: str, number: int) -> Translation | None:
        """By its own id."""
        query = select(help_translations).where(help_translations.c.app_id == app_id, help_translations.c.id == number)
        row = await self._database.read(lambda c: c.execute(query).first())
        return None if row is None else rows.to_value(Translation, row)

    async def put_translation(
        self, kind: Kind, app_id: str, number: int, locale: str, change: Callable[[Translation | None], Translation]
    ) -> Translation | None:
        """The translation after `change`, which gets None for a new one and may refuse; None where there is nothing to translate."""

        def work(c: Connection) -> Translation | None:
            if not values(c, kind, app_id, [number], lock=True):
                return None
            return put_words(c, kind, app_id, number, locale, change)

        return await self._write(work)

    async def delete_translation(self, app_id: str, translation: Translation) -> None:
        """Refused for the language that something was written in, without which it has no words of its own."""

        def work(c: Connection) -> None:
            found = values(c, translation.kind, app_id, [translation.of_id], lock=True)
            if found and found[translation.of_id].source_locale == translation.locale:
                raise Refused("bad_request", "The words in the source language cannot be deleted")
            _forget_words(c, [translation])

        await self._write(work)

    # Labels and votes.

    async def labels(self, app_id: str, names: Sequence[str] | None = None) -> dict[str, int]:
        """Labels that an app has used, with their numbers; those of `names` alone if they are given."""
        query = select(help_labels.c.name, help_labels.c.id).where(help_labels.c.app_id == app_id).order_by(help_labels.c.name)
        if names is not None:
            query = query.where(help_labels.c.name.in_(names))
        return await self._database.read(lambda c: {row.name: row.id for row in c.execute(query)})

    async def vote(self, vote: Vote) -> Vote | None:
        """Somebody's vote, which replaces the one before; None where there is no such article."""
        return await self._write(lambda c: _vote(c, vote))

    async def votes(self, app_id: str, article_id: int, limit: int = 100, offset: int = 0, after: int = 0) -> tuple[list[Vote], int]:
        """A page of an article's votes, oldest first, and how many there are. `after`: those with a greater id."""
        these = help_votes.c.app_id == app_id, help_votes.c.article_id == article_id
        query = select(help_votes).where(*these, help_votes.c.id > after).order_by(help_votes.c.id).limit(limit).offset(offset)
        total = select(func.count()).select_from(help_votes).where(*these)
        work: Callable[[Connection], Any] = lambda c: (c.execute(query).all(), c.execute(total).scalar_one())  # noqa: E731
        found, count = await self._database.read(work)
        return [rows.to_value(Vote, row) for row in found], count

    async def get_vote(self, app_id: str, number: int) -> Vote | None:
        query = select(help_votes).where(help_votes.c.app_id == app_id, help_votes.c.id == number)
        row = await self._database.read(lambda c: c.execute(query).first())
        return None if row is None else rows.to_value(Vote, row)

    async def delete_vote(self, vote: Vote) -> None:
        def work(c: Connection) -> None:
            if c.execute(delete(help_votes).where(help_votes.c.id == vote.id)).rowcount:
                _count_votes(c, vote.app_id, vote.article_id)

        await self._write(work)

    # Imports, and the whole.

    async def by_source(self, kind: Kind, app_id: str) -> dict[str, int]:
        """The ids of what imports have brought, by where they found it."""
        table = TABLES[kind]
        query = select(table.c.source, table.c.id).where(table.c.app_id == app_id, table.c.source.is_not(None))
        return await self._database.read(lambda c: {row.source: row.id for row in c.execute(query)})

    async def published(self, app_id: str) -> int:
        """How many articles everybody may read, in whatever language."""
        these = and_(help_translations.c.kind == "article", help_translations.c.of_id == help_articles.c.id)
        query = select(func.count(help_articles.c.id.distinct())).select_from(help_articles).join(help_translations, these)
        query = query.where(help_articles.c.app_id == app_id, help_articles.c.archived_ms.is_(None), help_articles.c.audience == 0)
        query = query.where(help_translations.c.draft.is_(False))
        return await self._database.read(lambda c: int(c.execute(query).scalar_one()))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            return await self._database.write(work)
        except Collision:
            raise Refused("conflict", "It exists already") from None


def delete_app(c: Connection, app_id: str) -> None:
    """Every row of an app's help centre: part of deleting the app."""
    scopes = select(help_scopes.c.id).where(help_scopes.c.app_id == app_id)
    terms = select(help_terms.c.id).where(help_terms.c.scope.in_(scopes))
    c.execute(delete(help_postings).where(help_postings.c.term_id.in_(terms)))
    for table in (help_terms, help_words):
        c.execute(delete(table).where(table.c.scope.in_(scopes)))
    for table in (help_scopes, help_votes, help_labelled, help_labels, help_translations, *TABLES.values(), help_centres):
        c.execute(delete(table).where(table.c.app_id == app_id))


def add_value(
    c: Connection, value: V, translations: Sequence[Translation], deferred: list[Document] | None = None
) -> tuple[V, list[Translation]]:
    """`deferred` takes what is to be indexed, in place of doing it now: the caller does it in the same transaction."""
    kind = kind_of(value)
    ensure_centre(c, value.app_id, value.source_locale)
    number = draw(c)
    made = replace(value, id=number)
    _check_place(c, made)
    c.execute(insert(TABLES[kind]).values(rows.of_article(made) if isinstance(made, Article) else rows.of_value(made)))
    if isinstance(made, Article):
        _label(c, made)
    first = draw(c, len(translations))
    words = [replace(one, id=first + at, kind=kind, of_id=number) for at, one in enumerate(translations)]
    c.execute(insert(help_translations), [rows.of_value(one) for one in words])
    if isinstance(made, Article):
        _index(c, [Document(made, one) for one in words], deferred)
    return made, words


def kind_of(value: Value) -> Kind:
    return "article" if isinstance(value, Article) else "section" if isinstance(value, Section) else "category"


def ensure_centre(c: Connection, app_id: str, locale: str) -> None:
    """An app has a help centre from its first page on; the language of that page is its default."""
    values = rows.of_value(HelpCentre(app_id, default_locale=locale))
    c.execute(_insert(c, help_centres).values(values).on_conflict_do_nothing())


def change_value(c: Connection, kind: Kind, app_id: str, number: int, change: Callable[[Any], Any]) -> Any:
    before = values(c, kind, app_id, [number], lock=True).get(number)
    if before is None:
        return None
    after = change(before)
    if after == before:
        return after
    _check_place(c, after)
    table = TABLES[kind]
    c.execute(update(table).where(table.c.id == number).values(rows.of_article(after) if kind == "article" else rows.of_value(after)))
    if kind == "article":
        if after.labels != before.labels:
            _label(c, after)
        if (after.labels, after.audience, after.archived_ms) != (before.labels, before.audience, before.archived_ms):
            help_index.put(c, [Document(after, one) for one in _translations(c, kind, app_id, [number])])
    return after


def put_words(
    c: Connection,
    kind: Kind,
    app_id: str,
    number: int,
    locale: str,
    change: Callable[[Translation | None], Translation],
    deferred: list[Document] | None = None,
) -> Translation:
    """A translation of something that is there. Refused when it has one in very many languages already."""
    every = {one.locale: one for one in _translations(c, kind, app_id, [number])}
    before = every.get(locale)
    if before is None and len(every) >= MAX_TRANSLATIONS:
        raise Refused("bad_request", f"There are words in {MAX_TRANSLATIONS} languages already")
    after = change(before)
    if before is None:
        after = replace(after, id=draw(c), app_id=app_id, kind=kind, of_id=number, locale=locale)
        c.execute(insert(help_translations).values(rows.of_value(after)))
    elif after != before:
        c.execute(update(help_translations).where(help_translations.c.id == before.id).values(rows.of_value(after)))
    if kind == "article" and after != before:
        _index(c, [Document(values(c, kind, app_id, [number])[number], after)], deferred)
    return after


def _index(c: Connection, documents: list[Document], deferred: list[Document] | None) -> None:
    if deferred is None:
        help_index.put(c, documents)
    else:
        deferred += documents


def _check_place(c: Connection, value: Value) -> None:
    if isinstance(value, Section):
        if not values(c, "category", value.app_id, [value.category_id]):
            raise Invalid("category_id", "is not a category of this help centre")
        others = c.execute(select(help_sections).where(help_sections.c.app_id == value.app_id))
        check_place(value, {row.id: rows.to_value(Section, row) for row in others} | {value.id: value})
    elif isinstance(value, Article) and not values(c, "section", value.app_id, [value.section_id]):
        raise Invalid("section_id", "is not a section of this help centre")


def values(c: Connection, kind: Kind, app_id: str, numbers: Sequence[int], lock: bool = False) -> dict[int, Any]:
    table, found = TABLES[kind], {}
    for first in range(0, len(numbers), _AT_ONCE):
        query = select(table).where(table.c.app_id == app_id, table.c.id.in_(numbers[first : first + _AT_ONCE]))
        found.update({row.id: help_lists.value_of(kind, row) for row in c.execute(query.with_for_update() if lock else query)})
    return found


def _translations(c: Connection, kind: Kind, app_id: str, numbers: Sequence[int]) -> list[Translation]:
    found = []
    of = help_translations.c
    for first in range(0, len(numbers), _AT_ONCE):
        these = of.app_id == app_id, of.kind == kind, of.of_id.in_(numbers[first : first + _AT_ONCE])
        found += [
            rows.to_value(Translation, row) for row in c.execute(select(help_translations).where(*these).order_by(of.of_id, of.locale))
        ]
    return found


def _remove(c: Connection, kind: Kind, app_id: str, number: int) -> bool:
    table = TABLES[kind]
    if not values(c, kind, app_id, [number], lock=True):
        return False
    if kind == "category":
        sections = set(c.execute(select(help_sections.c.id).where(help_sections.c.category_id == number)).scalars())
        c.execute(delete(table).where(table.c.id == number))
    else:
        sections = _below(c, app_id, number)
    articles = list(c.execute(select(help_articles.c.id).where(help_articles.c.section_id.in_(sections))).scalars())
    c.execute(delete(help_sections).where(help_sections.c.id.in_(sections)))
    gone: list[tuple[Kind, Sequence[int]]] = [("article", articles), ("section", list(sections))]
    for of, numbers in [*gone, *([(kind, [number])] if kind == "category" else [])]:
        _forget_words(c, _translations(c, of, app_id, numbers))
    for other in (help_labelled, help_votes):
        c.execute(delete(other).where(other.c.article_id.in_(articles)))
    c.execute(delete(help_articles).where(help_articles.c.id.in_(articles)))
    return True


def _below(c: Connection, app_id: str, number: int) -> set[int]:
    """A section and all that lie in it."""
    pairs = c.execute(select(help_sections.c.id, help_sections.c.parent_id).where(help_sections.c.app_id == app_id)).all()
    found, level = {number}, {number}
    while level:
        level = {row.id for row in pairs if row.parent_id in level} - found
        found |= level
    return found


def _forget_words(c: Connection, translations: Sequence[Translation]) -> None:
    help_index.remove(c, [one for one in translations if one.kind == "article"])
    for first in range(0, len(translations), _AT_ONCE):
        ids = [one.id for one in translations[first : first + _AT_ONCE]]
        c.execute(delete(help_translations).where(help_translations.c.id.in_(ids)))


def _label(c: Connection, article: Article) -> None:
    c.execute(delete(help_labelled).where(help_labelled.c.article_id == article.id))
    if not article.labels:
        return
    known = help_labels.c.app_id == article.app_id, help_labels.c.name.in_(article.labels)
    missing = sorted(set(article.labels) - set(c.execute(select(help_labels.c.name).where(*known)).scalars()))
    if missing:
        first = draw(c, len(missing))
        values = [{"app_id": article.app_id, "id": first + at, "name": name} for at, name in enumerate(missing)]
        c.execute(_insert(c, help_labels).on_conflict_do_nothing(index_elements=["app_id", "name"]), values)
    c.execute(insert(help_labelled), [{"app_id": article.app_id, "name": name, "article_id": article.id} for name in article.labels])


def _vote(c: Connection, vote: Vote) -> Vote | None:
    if not values(c, "article", vote.app_id, [vote.article_id], lock=True):
        return None
    same: ColumnElement[bool] = and_(
        help_votes.c.app_id == vote.app_id, help_votes.c.article_id == vote.article_id, help_votes.c.voter == vote.voter
    )
    before = c.execute(select(help_votes).where(same)).first()
    made = replace(vote, id=before.id if before else draw(c), created_ms=before.created_ms if before else vote.created_ms)
    if before is None:
        c.execute(insert(help_votes).values(msgspec.structs.asdict(made)))
    else:
        c.execute(update(help_votes).where(same).values(value=made.value, updated_ms=made.updated_ms))
    _count_votes(c, vote.app_id, vote.article_id)
    return made


def _count_votes(c: Connection, app_id: str, article_id: int) -> None:
    these = help_votes.c.app_id == app_id, help_votes.c.article_id == article_id
    total, count = c.execute(select(func.coalesce(func.sum(help_votes.c.value), 0), func.count()).where(*these)).one()
    c.execute(update(help_articles).where(help_articles.c.id == article_id).values(vote_sum=int(total), vote_count=int(count)))


def _insert(c: Connection, table: Any) -> Any:
    return (postgresql.insert if c.dialect.name == "postgresql" else sqlite.insert)(table)
