"""What a help centre shows to everybody in one language, as a tree: categories, sections, and a line for each article. Pure.

A category or section in which nothing may be read is not there: its name alone would tell of what is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import msgspec

from domain.help.model import Kind, slugged


class Heading(msgspec.Struct, frozen=True):
    """A category or a section. `over` is the section that a section lies in, None for one that lies in its category."""

    kind: Kind
    id: int
    title: str
    description: str = ""
    position: int = 0
    category_id: int = 0
    over: int | None = None

    @property
    def slug(self) -> str:
        return slugged(self.id, self.title)


class Line(msgspec.Struct, frozen=True):
    """An article in a list. `votes` are the good ones less the bad ones."""

    id: int
    section_id: int
    title: str
    position: int = 0
    promoted: bool = False
    votes: int = 0
    edited_ms: int = 0

    @property
    def slug(self) -> str:
        return slugged(self.id, self.title)


class Contents:
    """The tree. Lists are in the order that their authors gave."""

    def __init__(self, headings: Iterable[Heading], lines: Iterable[Line]) -> None:
        named = {(one.kind, one.id): one for one in headings}
        self._sections = {one.id: one for one in named.values() if one.kind == "section"}
        self._categories = {one.id: one for one in named.values() if one.kind == "category"}
        self.lines = sorted((one for one in lines if one.section_id in self._sections), key=lambda one: (one.position, one.id))

    @cached_property
    def categories(self) -> list[Heading]:
        return _ordered(one for one in self._categories.values() if self._inside.get(("category", one.id)))

    @cached_property
    def sections(self) -> dict[int, Heading]:
        """Those with an article in them, or in a section that lies in them."""
        found: dict[int, Heading] = {}
        for line in self.lines:
            at = self._sections.get(line.section_id)
            while at is not None and at.id not in found:
                found[at.id] = at
                at = self._sections.get(at.over) if at.over is not None else None
        return found

    def category(self, number: int) -> Heading | None:
        return next((one for one in self.categories if one.id == number), None)

    def section(self, number: int) -> Heading | None:
        return self.sections.get(number)

    def line(self, number: int) -> Line | None:
        return self._by_id.get(number)

    def sections_of(self, heading: Heading) -> list[Heading]:
        """Those that lie in it, and in no section between."""
        return self._inside.get((heading.kind, heading.id), [])

    def articles_of(self, section: Heading) -> list[Line]:
        return self._by_section.get(section.id, [])

    def articles_below(self, heading: Heading) -> list[Line]:
        """Its own and those of what lies in it, outer ones first."""
        own = self.articles_of(heading) if heading.kind == "section" else []
        return [*own, *(line for section in self.sections_of(heading) for line in self.articles_below(section))]

    def trail(self, section_id: int) -> list[Heading]:
        """The way to a section: its category if there are several, the sections around it, itself."""
        at, found = self.sections.get(section_id), list[Heading]()
        while at is not None:
            found.insert(0, at)
            at = self.sections.get(at.over) if at.over is not None else None
        category = self.category(found[0].category_id) if found and len(self.categories) > 1 else None
        return [category, *found] if category is not None else found

    @property
    def tops(self) -> list[Heading]:
        """What one begins with: the categories, or the sections of the only one."""
        return self.categories if len(self.categories) != 1 else self.sections_of(self.categories[0])

    def promoted(self, most: int) -> list[Line]:
        return [one for one in self.lines if one.promoted][:most]

    def popular(self, most: int) -> list[Line]:
        """Those that people have found good, beside the promoted ones."""
        liked = [one for one in self.lines if one.votes > 0 and not one.promoted]
        return sorted(liked, key=lambda one: (-one.votes, one.position, one.id))[:most]

    def numbers_in(self, heading: Heading) -> list[int]:
        """Every section in it, itself included, whether there is anything to read in it here or not."""
        at = [heading.id] if heading.kind == "section" else [one.id for one in self._sections.values() if one.category_id == heading.id]
        found = set(at)
        while at:
            at = [one.id for one in self._sections.values() if one.over in at and one.id not in found]
            found.update(at)
        return sorted(found)

    @cached_property
    def _inside(self) -> dict[tuple[Kind, int], list[Heading]]:
        """What lies in each category and section, and in nothing between."""
        found: dict[tuple[Kind, int], list[Heading]] = {}
        for one in _ordered(self.sections.values()):
            over: tuple[Kind, int] = ("category", one.category_id) if one.over is None else ("section", one.over)
            found.setdefault(over, []).append(one)
        return found

    @cached_property
    def _by_id(self) -> dict[int, Line]:
        return {one.id: one for one in self.lines}

    @cached_property
    def _by_section(self) -> dict[int, list[Line]]:
        found: dict[int, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.section_id, []).append(line)
        return found


def _ordered(headings: Iterable[Heading]) -> list[Heading]:
    return sorted(headings, key=lambda one: (one.position, one.id))
