"""What a help centre holds, and the rules that hold for one row alone. Source: Zendesk's Help Center API (categories, sections,
articles, translations, labels, votes).

Uniqueness is the business of the tables' indexes. Ids are numbers of the whole installation. Instants are Unix milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from domain.errors import Invalid, Refused
from domain.help.query import slug

MAX_TITLE = 255
MAX_BODY = 1_000_000
"""Characters of an article's HTML."""
MAX_LABELS = 50
MAX_LABEL = 100
MAX_SECTION_DEPTH = 5
MAX_TRANSLATIONS = 100
"""Languages of one article, section or category."""
MAX_SOURCE = 1024

Kind = Literal["article", "section", "category"]
Title = Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
Body = Annotated[str, Meta(max_length=MAX_BODY)]
Label = Annotated[str, Meta(min_length=1, max_length=MAX_LABEL)]
Labels = Annotated[tuple[Label, ...], Meta(max_length=MAX_LABELS)]

_LOCALE = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8}){0,4}\Z")


class Audience(IntEnum):
    """Who may read an article; each may read what those before may."""

    EVERYONE = 0
    SIGNED_IN = 1
    AGENTS = 2


class HelpCentre(msgspec.Struct, frozen=True):
    """An app's help centre. One that is not public shows nothing to who is not signed in, and suggests no articles."""

    app_id: str
    name: str = "Help centre"
    default_locale: str = "en-us"
    is_public: bool = True


class Category(msgspec.Struct, frozen=True):
    app_id: str
    id: int
    source_locale: str
    position: int = 0
    created_ms: int = 0
    updated_ms: int = 0
    source: str | None = None


class Section(msgspec.Struct, frozen=True):
    """`parent_id` is the section that it lies in, None for one that lies in its category."""

    app_id: str
    id: int
    category_id: int
    source_locale: str
    parent_id: int | None = None
    position: int = 0
    created_ms: int = 0
    updated_ms: int = 0
    source: str | None = None


class Article(msgspec.Struct, frozen=True):
    """What an article is in every language. `source` is where an import found it; the same source is the same article again."""

    app_id: str
    id: int
    section_id: int
    source_locale: str
    author_id: str | None = None
    audience: Audience = Audience.EVERYONE
    labels: tuple[str, ...] = ()
    position: int = 0
    promoted: bool = False
    comments_disabled: bool = False
    vote_sum: int = 0
    vote_count: int = 0
    created_ms: int = 0
    updated_ms: int = 0
    edited_ms: int = 0
    archived_ms: int | None = None
    source: str | None = None


class Translation(msgspec.Struct, frozen=True):
    """The words of an article, section or category in one language. `body` is sanitised HTML, `text` what is searched of it."""

    app_id: str
    id: int
    kind: Kind
    of_id: int
    locale: str
    title: str
    body: str = ""
    text: str = ""
    draft: bool = False
    outdated: bool = False
    created_ms: int = 0
    updated_ms: int = 0
    created_by: str | None = None
    updated_by: str | None = None

    @property
    def slug(self) -> str:
        return slugged(self.of_id, self.title)


class Vote(msgspec.Struct, frozen=True):
    """`voter` is the name under which somebody votes once: of an account, a user, or a session."""

    app_id: str
    id: int
    article_id: int
    voter: str
    value: Literal[-1, 1]
    created_ms: int = 0
    updated_ms: int = 0


class Hit(msgspec.Struct, frozen=True):
    """An article that a search found. `snippet` is plain; in `marked`, which is HTML, the words of the question stand in `<em>`."""

    article_id: int
    locale: str
    title: str
    snippet: str
    marked: str
    score: float

    @property
    def url(self) -> str:
        return f"/hc/{self.locale}/articles/{slugged(self.article_id, self.title)}"


def slugged(number: int, title: str) -> str:
    """The last part of an address: `1234-how-to-return-an-order`."""
    return f"{number}-{slug(title)}".rstrip("-")


def checked_locale(given: str, field: str = "locale") -> str:
    """A locale as it is kept: lower case, with dashes. Raises Invalid."""
    locale = given.strip().replace("_", "-").lower()
    if not _LOCALE.match(locale):
        raise Invalid(field, "must be a locale such as en-us")
    return locale


def checked_labels(given: Sequence[str], field: str = "label_names") -> tuple[str, ...]:
    """Labels without doubles, in their order. Raises Invalid."""
    labels = tuple(dict.fromkeys(" ".join(label.split()) for label in given if label.strip()))
    if len(labels) > MAX_LABELS:
        raise Invalid(field, f"has more than {MAX_LABELS} labels")
    if any(len(label) > MAX_LABEL for label in labels):
        raise Invalid(field, f"has a label of more than {MAX_LABEL} characters")
    return labels


def checked_title(given: str, field: str = "title") -> str:
    """Raises Invalid: empty, or too long."""
    title = " ".join(given.split())
    if not 1 <= len(title) <= MAX_TITLE:
        raise Invalid(field, f"must have 1 to {MAX_TITLE} characters")
    return title


def check_place(section: Section, sections: Mapping[int, Section]) -> None:
    """Whether a section may lie where it says, among the other sections of its app. Raises Invalid or Refused."""
    depth, at = 1, section
    while at.parent_id is not None:
        parent = sections.get(at.parent_id)
        if parent is None or parent.category_id != section.category_id:
            raise Invalid("parent_section_id", "must be a section of the same category")
        if parent.id == section.id:
            raise Invalid("parent_section_id", "would lie in itself")
        depth, at = depth + 1, parent
    below = _height(section.id, sections)
    if depth + below > MAX_SECTION_DEPTH:
        raise Refused("bad_request", f"Sections lie at most {MAX_SECTION_DEPTH} deep")


def _height(of: int, sections: Mapping[int, Section]) -> int:
    """How many levels lie below a section."""
    height, level = 0, [of]
    while level and height <= MAX_SECTION_DEPTH:
        level = [one.id for one in sections.values() if one.parent_id in level]
        height += bool(level)
    return height


def fallbacks(locale: str, default: str) -> tuple[str, ...]:
    """Where words are looked for: fr-ca, then fr, then the default language (and its first part)."""
    chain = []
    for each in (locale, default):
        parts = each.split("-")
        chain += ["-".join(parts[:size]) for size in range(len(parts), 0, -1)]
    return tuple(dict.fromkeys(chain))
