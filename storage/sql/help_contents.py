"""Reads what a help centre shows to everybody: which apps have one, in which languages, and the tree of one language. Never writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.engine import Connection

from domain.help.contents import Contents, Heading, Line
from domain.help.model import Audience, HelpCentre, Kind, fallbacks
from storage.ports import Database
from storage.sql import help_rows as rows
from storage.sql.help_lists import TABLES
from storage.sql.help_tables import help_articles, help_centres, help_sections, help_translations, help_votes

MAX_LINES = 20_000
"""Articles of one language that lists and the map for search engines show. All are found and read, whatever their number."""

_words = help_translations.c
_HEADINGS: tuple[Kind, ...] = ("category", "section")


class HelpContents:
    """Over `database`, which it does not close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def first(self) -> HelpCentre | None:
        """The help centre of the oldest app that has a public one."""
        query = select(help_centres).where(help_centres.c.is_public).order_by(help_centres.c.app_id).limit(1)
        row = await self._database.read(lambda c: c.execute(query).first())
        return None if row is None else rows.to_value(HelpCentre, row)

    async def locales(self, app_id: str) -> list[str]:
        """The languages in which there is something that everybody may read."""
        query = _articles(app_id).with_only_columns(_words.locale).distinct().order_by(_words.locale)
        return await self._database.read(lambda c: list(c.execute(query).scalars()))

    async def locales_in(self, app_id: str, sections: Sequence[int]) -> list[str]:
        """The languages in which there is something to read in any of these sections."""
        query = _articles(app_id).where(help_articles.c.section_id.in_(sections)).with_only_columns(_words.locale).distinct()
        return await self._database.read(lambda c: sorted(c.execute(query).scalars()))

    async def contents(self, app_id: str, locale: str, default: str) -> Contents:
        """The tree in a language. Categories and sections that have no name in it are named in the nearest one."""
        near = {each: at for at, each in enumerate(fallbacks(locale, default))}
        return await self._database.read(lambda c: Contents(_headings(c, app_id, near), _lines(c, app_id, locale)))

    async def dates(self, app_id: str) -> list[tuple[int, str, str, int]]:
        """(id, locale, title, when edited) of everything that everybody may read, by id."""
        columns = help_articles.c.id, _words.locale, _words.title, _words.updated_ms
        query = _articles(app_id).with_only_columns(*columns).order_by(help_articles.c.id, _words.locale).limit(MAX_LINES)
        return await self._database.read(lambda c: [tuple(row) for row in c.execute(query)])

    async def app_of(self, kind: Kind, number: int) -> str | None:
        """Whose something is: numbers are given once in an installation."""
        table = TABLES[kind]
        return await self._database.read(lambda c: c.execute(select(table.c.app_id).where(table.c.id == number)).scalar())

    async def by_source(self, kind: Kind, app_id: str, source: str) -> int | None:
        """What an import brought from there."""
        table = TABLES[kind]
        query = select(table.c.id).where(table.c.app_id == app_id, table.c.source == source)
        return await self._database.read(lambda c: c.execute(query).scalar())

    async def vote_of(self, app_id: str, article_id: int, voter: str) -> int | None:
        """How somebody has voted: 1, -1, or None."""
        these = help_votes.c.app_id == app_id, help_votes.c.article_id == article_id, help_votes.c.voter == voter
        return await self._database.read(lambda c: c.execute(select(help_votes.c.value).where(*these)).scalar())


def _articles(app_id: str) -> Select[Any]:
    """Published translations of what is for everybody."""
    query = select(help_articles).join(help_translations, _translated(help_articles, "article"))
    readable = help_articles.c.archived_ms.is_(None), help_articles.c.audience == int(Audience.EVERYONE), _words.draft.is_(False)
    return query.where(help_articles.c.app_id == app_id, *readable)


def _translated(table: Any, kind: Kind) -> ColumnElement[bool]:
    return and_(_words.app_id == table.c.app_id, _words.kind == kind, _words.of_id == table.c.id)


def _lines(c: Connection, app_id: str, locale: str) -> list[Line]:
    of = help_articles.c
    columns = of.id, of.section_id, _words.title, of.position, of.promoted, of.vote_sum, _words.updated_ms
    query = _articles(app_id).with_only_columns(*columns).where(_words.locale == locale).order_by(of.position, of.id).limit(MAX_LINES)
    return [Line(*row) for row in c.execute(query)]


def _headings(c: Connection, app_id: str, near: dict[str, int]) -> list[Heading]:
    found: dict[tuple[Kind, int], tuple[int, Heading]] = {}
    for kind in _HEADINGS:
        for row in c.execute(_named(app_id, kind)):
            rank = near.get(row.locale, len(near) + (row.locale != row.source_locale))
            category_id, over = (row.category_id, row.parent_id) if kind == "section" else (0, None)
            if (kind, row.id) not in found or rank < found[kind, row.id][0]:
                found[kind, row.id] = rank, Heading(kind, row.id, row.title, row.text, row.position, category_id, over)
    return [heading for _, heading in found.values()]


def _named(app_id: str, kind: Kind) -> Select[Any]:
    table = TABLES[kind]
    inside = [help_sections.c.category_id, help_sections.c.parent_id] if table is help_sections else []
    columns = table.c.id, table.c.position, table.c.source_locale, _words.locale, _words.title, _words.text, *inside
    query = select(*columns).join(help_translations, _translated(table, kind)).where(table.c.app_id == app_id, _words.draft.is_(False))
    return query.order_by(table.c.id)
