"""Cursors, as the API pages its lists: `page[after]` or `page[before]`, `page[size]`; and the filters, which look alike.

Source: the API contract, "Cursor Pagination", schemas `page`, `meta`, `links`. The official Python client sends such an object as
one JSON value (`page={"after": ...}`): both forms are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from domain.errors import Invalid
from domain.ids import ID

T = TypeVar("T")

DEFAULT_SIZE = 25
MAX_SIZE = 100


class Page(msgspec.Struct, frozen=True):
    """What a caller wants to see. At most one of the cursors is not empty."""

    after: str = ""
    before: str = ""
    size: int = DEFAULT_SIZE


class Slice(msgspec.Struct, frozen=True):
    """The ids around a page, "" where the list ends."""

    has_more: bool
    before_cursor: str
    after_cursor: str


def parse_page(query: Mapping[str, str]) -> Page:
    """Raises Invalid: both cursors, a cursor that is no id, a size out of bounds."""
    given = deep_object(query, "page")
    after, before = _cursor(given, "after"), _cursor(given, "before")
    if after and before:
        raise Invalid("page", "must have after or before, not both")
    return Page(after, before, _size(given.get("size", DEFAULT_SIZE)))


def deep_object(query: Mapping[str, str], name: str) -> dict[str, Any]:
    """`name[a]=1&name[b]=2`, or `name={"a": "1", "b": "2"}`, as a dictionary. Raises Invalid."""
    found: dict[str, Any] = {}
    whole = query.get(name)
    if whole is not None:
        try:
            found = msgspec.json.decode(whole, type=dict[str, Any])
        except msgspec.MsgspecError:
            raise Invalid(name, "must be an object") from None
    prefix = name + "["
    found.update({key[len(prefix) : -1]: value for key, value in query.items() if key.startswith(prefix) and key.endswith("]")})
    return found


def text_in(given: Mapping[str, Any], name: str, field: str) -> str | None:
    """A filter's text; empty counts as not given. Raises Invalid."""
    value = given.get(field)
    if value is not None and (not isinstance(value, str) or "\0" in value):
        raise Invalid(f"{name}[{field}]", "must be a string without the character U+0000")
    return value or None


def cut(items: Sequence[T], page: Page, id_of: Callable[[T], str], backwards: bool = False) -> tuple[list[T], Slice]:
    """A page of ascending `items`, of which one more than `page.size` was fetched, and what lies around it.

    `backwards`: the list is shown from its end when there is no cursor.
    """
    from_end = bool(page.before) or (backwards and not page.after)
    more = len(items) > page.size
    shown = list(items[-page.size :] if from_end else items[: page.size])
    first, last = (id_of(shown[0]), id_of(shown[-1])) if shown else ("", "")
    if from_end:
        return shown, Slice(more, first if more else "", last if page.before else "")
    return shown, Slice(more, first if page.after else "", last if more else "")


def around(found: Slice, url: str, query: Mapping[str, str]) -> dict[str, Any]:
    """`meta` and `links` of an answer. `url` is the list's own, `query` that of the request."""
    meta: dict[str, Any] = {"hasMore": found.has_more}
    links: dict[str, str] = {}
    kept = [(key, value) for key, value in query.items() if not key.startswith("page")]
    size = deep_object(query, "page").get("size")
    kept += [("page[size]", str(size))] if size is not None else []
    if found.after_cursor:
        meta["afterCursor"] = found.after_cursor
        links["next"] = f"{url}?{urlencode([*kept, ('page[after]', found.after_cursor)])}"
    if found.before_cursor:
        meta["beforeCursor"] = found.before_cursor
        links["prev"] = f"{url}?{urlencode([*kept, ('page[before]', found.before_cursor)])}"
    return {"meta": meta, "links": links}


def _cursor(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or not ID.match(value):
        raise Invalid(f"page[{name}]", "must be an id of 24 characters")
    return value


def _size(value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_SIZE):
        raise Invalid("page[size]", f"must be an integer from 1 to {MAX_SIZE}")
    return int(text)
