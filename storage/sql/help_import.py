"""Writes what an import brings, so that the same import again changes nothing. A dry run does all of it, and takes it back."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.engine import Connection

from domain.errors import Refused
from domain.help.model import Article, Category, Kind, Section, Translation
from domain.help.sources import Place, Source
from storage.sql import help_index
from storage.sql.help import Help, add_value, change_value, put_words, values
from storage.sql.help_lists import TABLES

_AT_ONCE = 100


class Report(msgspec.Struct):
    """What became of each article and language, by its source."""

    created: list[str] = []
    updated: list[str] = []
    unchanged: list[str] = []
    archived: list[str] = []
    """Left alone: somebody has archived them."""
    problems: list[str] = []

    def add(self, other: Report) -> None:
        for name in self.__struct_fields__:
            getattr(self, name).extend(getattr(other, name))


class _Undone(Exception):
    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


async def import_sources(
    help_centre: Help, app_id: str, sources: Sequence[Source], now_ms: int, *, author_id: str | None = None, dry_run: bool = False
) -> Report:
    """Create what is new and bring up to date what was imported before. In parts, each of them whole; a dry run in one."""
    report = Report()
    size = max(1, len(sources)) if dry_run else _AT_ONCE
    for first in range(0, len(sources), size):
        part = sources[first : first + size]

        def work(c: Connection, part: Sequence[Source] = part) -> Report:
            done = _Import(c, app_id, now_ms, author_id).run(part)
            if dry_run:
                raise _Undone(done)
            return done

        try:
            report.add(await help_centre.write(work))
        except _Undone as undone:
            report.add(undone.report)
    return report


class _Import:
    """One transaction of an import."""

    def __init__(self, c: Connection, app_id: str, now_ms: int, author_id: str | None) -> None:
        self._c, self._app_id, self._now_ms, self._author_id = c, app_id, now_ms, author_id
        self._known: dict[tuple[Kind, str], int] = {}
        self._named: set[tuple[Kind, int, str]] = set()
        self._documents: dict[int, help_index.Document] = {}

    def run(self, sources: Sequence[Source]) -> Report:
        report = Report()
        for source in sources:
            name = f"{source.key} ({source.locale})"
            try:
                getattr(report, self._put(source)).append(name)
            except Refused as error:
                report.problems.append(f"{name}: {error.title}")
        self._index()
        return report

    def _index(self) -> None:
        """Once for all: what many articles say is written in a few statements. Labels may have come since, with another language."""
        articles = values(self._c, "article", self._app_id, sorted({one.article.id for one in self._documents.values()}))
        documents = [help_index.Document(articles[one.article.id], one.translation) for one in self._documents.values()]
        help_index.put(self._c, documents)

    def _later(self, documents: list[help_index.Document]) -> None:
        self._documents |= {one.translation.id: one for one in documents}

    def _put(self, source: Source) -> str:
        category = self._place("category", source.category, source.locale, None, None)
        parent = None
        for place in source.sections:
            parent = self._place("section", place, source.locale, category, parent)
        assert parent is not None, "an article lies in a section"
        number = self._number("article", source.key)
        if number is None:
            self._create(source, parent)
            return "created"
        return self._update(source, number, parent)

    def _create(self, source: Source, section: int) -> None:
        article = Article(
            self._app_id,
            0,
            section,
            source.locale,
            author_id=self._author_id,
            audience=source.audience,
            labels=source.labels,
            position=source.position,
            promoted=source.promoted,
            created_ms=self._now_ms,
            updated_ms=self._now_ms,
            edited_ms=self._now_ms,
            source=source.key,
        )
        later: list[help_index.Document] = []
        made, _ = add_value(self._c, article, [self._words(source)], later)
        self._later(later)
        self._known["article", source.key] = made.id

    def _update(self, source: Source, number: int, section: int) -> str:
        """The labels of all languages together: they belong to the article."""
        before: Article = change_value(self._c, "article", self._app_id, number, lambda article: article)
        if before.archived_ms is not None:
            return "archived"
        labels = tuple(dict.fromkeys((*before.labels, *source.labels)))
        told = {"section_id": section, "audience": source.audience, "promoted": source.promoted, "position": source.position}
        after = replace(before, labels=labels, **told)
        if source.locale != before.source_locale:
            after = replace(before, labels=labels)
        changed = after != before
        if changed:
            change_value(self._c, "article", self._app_id, number, lambda _: replace(after, updated_ms=self._now_ms))
        spoken = self._speak("article", number, source.locale, source.title, source.body, source.text, source.draft)
        return "created" if spoken == "created" else "updated" if changed or spoken else "unchanged"

    def _place(self, kind: Kind, place: Place, locale: str, category: int | None, parent: int | None) -> int:
        number = self._number(kind, place.key)
        if number is None:
            times = {"created_ms": self._now_ms, "updated_ms": self._now_ms, "source": place.key}
            words = Translation(self._app_id, 0, kind, 0, locale, place.title, created_ms=self._now_ms, updated_ms=self._now_ms)
            if category is None:
                number = add_value(self._c, Category(self._app_id, 0, locale, **times), [words])[0].id  # type: ignore[arg-type]
            else:
                section = Section(self._app_id, 0, category, locale, parent, **times)  # type: ignore[arg-type]
                number = add_value(self._c, section, [words])[0].id
            self._known[kind, place.key] = number
        if (kind, number, locale) not in self._named:
            self._named.add((kind, number, locale))
            self._speak(kind, number, locale, place.title, None, "", False)
        return number

    def _speak(self, kind: Kind, number: int, locale: str, title: str, body: str | None, text: str, draft: bool) -> str:
        """Words of something that is there already: `created`, `updated`, or nothing when they were said."""
        done = ""

        def change(before: Translation | None) -> Translation:
            nonlocal done
            if before is None:
                done = "created"
                stamped = {"created_ms": self._now_ms, "updated_ms": self._now_ms, "created_by": self._author_id}
                return Translation(self._app_id, 0, kind, number, locale, title, body or "", text, draft, **stamped)  # type: ignore[arg-type]
            if body is None:  # the description of a category or a section is not the import's
                return before
            after = replace(before, title=title, body=body, text=text, draft=draft)
            if after == before:
                return before
            done = "updated"
            return replace(after, outdated=False, updated_ms=self._now_ms, updated_by=self._author_id)

        later: list[help_index.Document] = []
        put_words(self._c, kind, self._app_id, number, locale, change, later)
        self._later(later)
        return done

    def _words(self, source: Source) -> Translation:
        return Translation(
            self._app_id,
            0,
            "article",
            0,
            source.locale,
            source.title,
            source.body,
            source.text,
            source.draft,
            created_ms=self._now_ms,
            updated_ms=self._now_ms,
            created_by=self._author_id,
        )

    def _number(self, kind: Kind, key: str) -> int | None:
        if (kind, key) not in self._known:
            table = TABLES[kind]
            found = self._c.execute(select(table.c.id).where(table.c.app_id == self._app_id, table.c.source == key)).scalar()
            if found is None:
                return None
            self._known[kind, key] = int(found)
        return self._known[kind, key]
