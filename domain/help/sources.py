"""What an import brings: articles as files of a folder, or as Zendesk's Help Center API lists them, in one form. Pure: it reads no file.

A file is Markdown or HTML, with a front matter of YAML if it likes. Its place in the folder says what it does not say itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import msgspec
import yaml

from domain.decode import convert
from domain.errors import Invalid
from domain.help.markup import from_markdown, sanitised, text_of
from domain.help.model import MAX_BODY, MAX_SECTION_DEPTH, MAX_SOURCE, Audience, checked_labels, checked_locale, checked_title

SUFFIXES = frozenset({".md", ".markdown", ".html", ".htm"})
MAX_FILE_BYTES = 2_000_000

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_LOCALE_FOLDER = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?\Z")
_HEADING = re.compile(r"\A\s*# +(.+?)\s*#*\s*(?:\n|\Z)")
_HTML_TITLE = re.compile(r"<(title|h1)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_AUDIENCES = {"everyone": Audience.EVERYONE, "signed-in": Audience.SIGNED_IN, "agents": Audience.AGENTS}


class Place(msgspec.Struct, frozen=True):
    """A category or section: the key by which an import knows it again, and its name in the article's language."""

    key: str
    title: str


class Source(msgspec.Struct, frozen=True):
    """An article in one language. `key` is the same for all its languages. `sections` lead inwards from the category."""

    key: str
    locale: str
    title: str
    body: str
    category: Place
    sections: tuple[Place, ...]
    labels: tuple[str, ...] = ()
    audience: Audience = Audience.EVERYONE
    draft: bool = False
    promoted: bool = False
    position: int = 0

    @property
    def text(self) -> str:
        return text_of(self.body)


class _Front(msgspec.Struct, frozen=True):
    title: str | None = None
    locale: str | None = None
    category: str | None = None
    section: str | None = None
    labels: list[str] | str = []
    audience: str = "everyone"
    draft: bool = False
    promoted: bool = False
    position: int = 0


class _Named(msgspec.Struct, frozen=True):
    id: int
    name: str


class _Section(msgspec.Struct, frozen=True):
    id: int
    name: str
    category_id: int | None = None
    parent_section_id: int | None = None


class _Words(msgspec.Struct, frozen=True):
    locale: str
    title: str
    body: str | None = None
    draft: bool = False


class _Article(msgspec.Struct, frozen=True):
    id: int
    title: str = ""
    name: str = ""
    body: str | None = None
    locale: str = ""
    section_id: int | None = None
    label_names: list[str] = []
    draft: bool = False
    promoted: bool = False
    position: int = 0
    user_segment_id: int | None = None
    translations: list[_Words] = []


class _Export(msgspec.Struct, frozen=True):
    articles: list[_Article]
    sections: list[_Section] = []
    categories: list[_Named] = []


def from_file(path: PurePosixPath, text: str, locale: str) -> Source:
    """A file of a folder; `path` is relative to the folder, `locale` is for a file that does not say. Raises Invalid."""
    front, content = _split(text)
    of_path, inside, name = _placed(path)
    own = checked_locale(front.locale or of_path or locale)
    if path.suffix in (".md", ".markdown"):
        title, content = _taken(_HEADING, 1, content, front.title)
        body = from_markdown(content)
    else:
        title, content = _taken(_HTML_TITLE, 2, content, front.title)
        body = sanitised(content)
    category, sections = _places(inside, front)
    labels = front.labels.split(",") if isinstance(front.labels, str) else front.labels
    if front.audience not in _AUDIENCES:
        raise Invalid("audience", f"must be one of {', '.join(_AUDIENCES)}")
    return _checked(
        Source(
            key="/".join([*inside, name]),
            locale=own,
            title=checked_title(title or _words(name)),
            body=body,
            category=category,
            sections=sections,
            labels=checked_labels(labels, "labels"),
            audience=_AUDIENCES[front.audience],
            draft=front.draft,
            promoted=front.promoted,
            position=front.position,
        )
    )


def from_zendesk(document: Any, locale: str) -> list[Source]:
    """The articles of an answer of Zendesk's `articles` (with `sections` and `categories`, if they were asked for). Raises Invalid.

    Segments other than "everyone" become "signed in": whom they name cannot be known here, and nobody sees more than before.
    """
    export = convert(document, _Export, "")
    sections = {one.id: one for one in export.sections}
    categories = {one.id: Place(f"zendesk:category:{one.id}", checked_title(one.name, "category")) for one in export.categories}
    found = []
    for at, article in enumerate(export.articles):
        category, places = _zendesk_places(article, sections, categories)
        base = Source(
            key=f"zendesk:article:{article.id}",
            locale=checked_locale(article.locale or locale, f"articles[{at}].locale"),
            title=checked_title(article.title or article.name, f"articles[{at}].title"),
            body=sanitised(article.body or ""),
            category=category,
            sections=places,
            labels=checked_labels(article.label_names),
            audience=Audience.EVERYONE if article.user_segment_id is None else Audience.SIGNED_IN,
            draft=article.draft,
            promoted=article.promoted,
            position=article.position,
        )
        found.append(_checked(base))
        for words in article.translations:
            own = checked_locale(words.locale, f"articles[{at}].translations")
            if own != base.locale:
                changed = {"locale": own, "title": checked_title(words.title), "body": sanitised(words.body or ""), "draft": words.draft}
                found.append(_checked(msgspec.structs.replace(base, **changed)))
    return found


def _zendesk_places(
    article: _Article, sections: Mapping[int, _Section], categories: Mapping[int, Place]
) -> tuple[Place, tuple[Place, ...]]:
    places: list[Place] = []
    at = sections.get(article.section_id or 0)
    category = None
    while at is not None and len(places) < MAX_SECTION_DEPTH:
        places.insert(0, Place(f"zendesk:section:{at.id}", checked_title(at.name, "section")))
        category = categories.get(at.category_id or 0) or category
        at = sections.get(at.parent_section_id or 0)
    number = article.section_id or 0
    return category or Place("zendesk:category:0", "Zendesk"), tuple(places) or (Place(f"zendesk:section:{number}", "Zendesk"),)


def _split(text: str) -> tuple[_Front, str]:
    found = _FRONT.match(text)
    if found is None:
        return _Front(), text
    try:
        given = yaml.safe_load(found[1])
    except yaml.YAMLError:
        raise Invalid("", "the front matter is not YAML") from None
    if given is not None and not isinstance(given, dict):
        raise Invalid("", "the front matter is not a mapping")
    return convert(given or {}, _Front, ""), text[found.end() :]


def _placed(path: PurePosixPath) -> tuple[str | None, list[str], str]:
    """The locale that a path says, the folders between, and the name: `fr/orders/refunds.md` and `orders/refunds.fr.md` are alike."""
    folders, name = list(path.parts[:-1]), path.stem
    locale = None
    if folders and _LOCALE_FOLDER.match(folders[0]):
        locale, folders = folders[0], folders[1:]
    stem, dot, last = name.rpartition(".")
    if dot and stem and _LOCALE_FOLDER.match(last):
        locale, name = last, stem
    return locale, folders, name


def _places(folders: Sequence[str], front: _Front) -> tuple[Place, tuple[Place, ...]]:
    """One folder is a section; of several the first is a category, and the others lie in each other."""
    outer, inner = (folders[0], list(folders[1:])) if len(folders) > 1 else ("", list(folders))
    if len(inner) > MAX_SECTION_DEPTH:
        raise Invalid("", f"sections lie at most {MAX_SECTION_DEPTH} deep")
    category = Place(f"category:{outer or front.category or ''}", front.category or _words(outer) or "General")
    if not inner:
        return category, (Place(f"section:{front.section or ''}", front.section or "General"),)
    paths = ["/".join([*([outer] if outer else []), *inner[: size + 1]]) for size in range(len(inner))]
    titles = [*(_words(one) for one in inner[:-1]), front.section or _words(inner[-1])]
    return category, tuple(Place(f"section:{key}", title) for key, title in zip(paths, titles, strict=True))


def _taken(pattern: re.Pattern[str], group: int, content: str, given: str | None) -> tuple[str | None, str]:
    """The title: what the front matter says, or else what the text begins with, which is then not said twice."""
    found = pattern.search(content)
    if given is not None or found is None:
        return given, content
    return text_of(found[group]), content[: found.start()] + content[found.end() :]


def _words(name: str) -> str:
    return " ".join(re.split(r"[\s_-]+", name)).strip().capitalize()


def _checked(source: Source) -> Source:
    if len(source.body) > MAX_BODY:
        raise Invalid("body", f"has more than {MAX_BODY} characters")
    if max(map(len, (source.key, source.category.key, *(one.key for one in source.sections)))) > MAX_SOURCE:
        raise Invalid("", "the path is too long")
    return source
