"""What requests of the help centre's API say, with its limits. Unknown fields are passed over, as Zendesk does."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from domain.decode import decode
from domain.errors import Invalid
from domain.help.markup import sanitised, text_of
from domain.help.model import MAX_LABEL, Audience, Body, Label, Translation, checked_title
from gateway.help.views import SEGMENTS

T = TypeVar("T")
Position = Annotated[int, Meta(ge=-(2**31), lt=2**31)]
Number = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class WordsBody(msgspec.Struct, frozen=True):
    """A translation. `name` and `description` are what sections and categories say for title and body."""

    locale: str | UnsetType | None = UNSET
    title: str | UnsetType | None = UNSET
    body: Body | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    description: Body | UnsetType | None = UNSET
    draft: bool | UnsetType = UNSET
    outdated: bool | UnsetType = UNSET


class ArticleBody(WordsBody, frozen=True):
    section_id: Number | UnsetType | None = UNSET
    author_id: Number | UnsetType | None = UNSET
    position: Position | UnsetType | None = UNSET
    promoted: bool | UnsetType = UNSET
    comments_disabled: bool | UnsetType = UNSET
    label_names: list[str] | UnsetType | None = UNSET
    user_segment_id: int | UnsetType | None = UNSET
    translations: list[WordsBody] = []


class SectionBody(WordsBody, frozen=True):
    category_id: Number | UnsetType = UNSET
    parent_section_id: Number | UnsetType | None = UNSET
    position: Position | UnsetType | None = UNSET
    translations: list[WordsBody] = []


class CategoryBody(WordsBody, frozen=True):
    position: Position | UnsetType | None = UNSET
    translations: list[WordsBody] = []


class LabelBody(msgspec.Struct, frozen=True):
    name: Label


class _Article(msgspec.Struct, frozen=True):
    article: ArticleBody


class _Section(msgspec.Struct, frozen=True):
    section: SectionBody


class _Category(msgspec.Struct, frozen=True):
    category: CategoryBody


class _Translation(msgspec.Struct, frozen=True):
    translation: WordsBody


class _Label(msgspec.Struct, frozen=True):
    label: LabelBody


_article, _section, _category = msgspec.json.Decoder(_Article), msgspec.json.Decoder(_Section), msgspec.json.Decoder(_Category)
_translation, _label = msgspec.json.Decoder(_Translation), msgspec.json.Decoder(_Label)


def article_body(body: bytes) -> ArticleBody:
    return decode(_article, body, "").article


def section_body(body: bytes) -> SectionBody:
    return decode(_section, body, "").section


def category_body(body: bytes) -> CategoryBody:
    return decode(_category, body, "").category


def translation_body(body: bytes) -> WordsBody:
    return decode(_translation, body, "").translation


def label_body(body: bytes) -> str:
    name = " ".join(decode(_label, body, "").label.name.split())
    if not 1 <= len(name) <= MAX_LABEL:
        raise Invalid("label.name", f"must have 1 to {MAX_LABEL} characters")
    return name


def given(value: T | UnsetType | None, otherwise: T) -> T:
    """What a request says; what it leaves out, or says nothing by, stays."""
    return otherwise if value is UNSET or value is None else value


def audience_of(segment: int | UnsetType | None, otherwise: Audience) -> Audience:
    """The audience that a user segment names. Raises Invalid."""
    if segment is UNSET:
        return otherwise
    found = {number: audience for audience, number in SEGMENTS.items()} | {None: Audience.EVERYONE}
    if segment not in found:
        raise Invalid("user_segment_id", f"must be null (everyone) or one of {', '.join(map(str, SEGMENTS.values()))}")
    return found[segment]


def said(body: WordsBody, before: Translation, now_ms: int, author_id: str | None) -> Translation:
    """The words after what a request says. Raises Invalid: no title."""
    title = given(body.title, given(body.name, before.title))
    html = sanitised(given(body.body, given(body.description, before.body)))
    return msgspec.structs.replace(
        before,
        title=checked_title(title),
        body=html,
        text=text_of(html),
        draft=given(body.draft, before.draft),
        outdated=given(body.outdated, before.outdated),
        created_ms=before.created_ms or now_ms,
        updated_ms=now_ms,
        created_by=before.created_by if before.created_ms else author_id,
        updated_by=author_id,
    )
