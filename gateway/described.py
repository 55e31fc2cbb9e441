"""The words in which tables say what an operation takes and answers, where its code does not say so by itself.

Tables of `Described` stand beside the tables of operations, by `METHOD path`. `docs/reference/openapi.yaml` is made of both, and the tests
hold what the server answers against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict

from msgspec import Meta

#: As the APIs write instants.
Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{24}$")]
Json = dict[str, Any]
"""An object of which no more is said."""


@dataclass(frozen=True, slots=True)
class Fields:
    """An object written out where it is used: the fields that it always has, those that it may have, and those of `base`."""

    always: Mapping[str, Any]
    sometimes: Mapping[str, Any] = field(default_factory=dict)
    base: type | None = None
    is_open: bool = False
    """There may be others, which are not known beforehand."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """A list of things of several types, or (`is_one`) one thing of one of them."""

    kinds: tuple[Any, ...]
    is_one: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """Bytes of a media type."""

    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Loose:
    """A struct's fields, each of which may be left out or null: the code fills in what was there before."""

    kind: type


#: A type that msgspec knows, one of the above, a list of one form, or (None) nothing.
Form = Any


@dataclass(frozen=True, slots=True)
class Described:
    """`answers` by status. `query` are names of `QUERY`, or plain words; a multipart request has its file in the part `source`."""

    answers: Mapping[int, Form]
    takes: Form = None
    query: tuple[str, ...] = ()
    optional: bool = False
    """The body may be left out."""
    csv: bool = False
    """The same as CSV, for who asks for it."""


Table = Mapping[str, Described]

#: What is known of parameters of queries: type and meaning. Others are text.
QUERY: Mapping[str, tuple[Any, str]] = {
    "app_id": (Id, "The app, for who may act in several."),
    "appId": (Id, "The app, for keys of the account."),
    "page": (Annotated[int, Meta(ge=1)], "The number of the page."),
    "per_page": (Annotated[int, Meta(ge=1)], "How many are on a page; 100 at most."),
    "page[size]": (Annotated[int, Meta(ge=1, le=100)], "How many are on a page, of lists by cursor."),
    "page[after]": (str, "A cursor: what comes after it."),
    "page[before]": (str, "A cursor: what comes before it."),
    "include": (str, "What the answer brings along, with commas between."),
    "sort": (str, "The order of lists by cursor; with `-` before it, backwards."),
    "sort_by": (str, "The order."),
    "sort_order": (str, "`asc` or `desc`."),
    "locale": (str, "The language, where the address does not say it."),
    "ids": (str, "Numbers, with commas between."),
    "query": (str, "What is looked for."),
    "active": (str, "`true` or `false`."),
    "from": (str, "The first day, as in 2026-11-23; of flows, a version's number, `live` or `draft`."),
    "to": (str, "The last day; of flows, as `from`."),
    "schedule": (str, "The number of the business hours; 0 for none."),
    "format": (str, "`csv` for CSV."),
}
BY_NUMBER = ("page", "per_page")
BY_CURSOR = ("page[size]", "page[after]", "page[before]")


class CursorMeta(TypedDict):
    """`has_more`: in the direction in which the list was read."""

    has_more: bool
    after_cursor: str | None
    before_cursor: str | None


class CursorLinks(TypedDict):
    prev: str | None
    next: str | None


class Page(TypedDict, total=False):
    """What stands beside the rows of a list: by number of page, or by cursor. Short lists have `count` alone."""

    count: int
    next_page: str | None
    previous_page: str | None
    page: int
    page_count: int
    per_page: int
    meta: CursorMeta
    links: CursorLinks


def fields(**always: Any) -> Fields:
    return Fields(always)


def one(name: str, form: Any, status: int = 200, *, takes: Form = None, query: tuple[str, ...] = (), **beside: Any) -> Described:
    """One thing in its envelope, and what may be `beside` it."""
    return Described({status: Fields({name: form}, beside)}, takes, query)


def made(name: str, form: Any, takes: Form, **beside: Any) -> Described:
    return one(name, form, 201, takes=takes, **beside)


def many(name: str, form: Any, *query: str, **beside: Any) -> Described:
    """A list, page by page."""
    rows = form if isinstance(form, Mixed) else [form] if isinstance(form, Fields) else list[form]
    return Described({200: Fields({name: rows}, beside, Page)}, query=(*BY_NUMBER, *BY_CURSOR, *query))


def counted(*query: str) -> Described:
    return one("count", Count, query=query)


NOTHING = Described({204: None})


class Count(TypedDict):
    value: int
    refreshed_at: Instant | None


class Refusal(TypedDict):
    """`code` is one of errors.md."""

    code: Annotated[str, Meta(pattern="^[a-z_]+$")]
    title: str
