"""Lists under `/api/v2`, by number of page (`page`, `per_page`) or by cursor (`page[size]`, `page[after]`, `page[before]`). Pure.

Source: Zendesk's "Paginating through lists". A cursor is the place of a row in the order, and means nothing to the caller.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

from domain.errors import Invalid

DEFAULT_SIZE = 30
"""In the help centre. Other lists are as long as they may be, unless less is asked for."""
MAX_SIZE = 100
MAX_OFFSET = 10_000
"""Rows that may be passed over by number of page; cursors have no such end."""

_encode = msgspec.json.Encoder().encode
_place = msgspec.json.Decoder(tuple[str | int, int])


class Page(msgspec.Struct, frozen=True):
    """What a request asks for. `number` counts from 1, and is 0 when a cursor is asked for."""

    size: int = DEFAULT_SIZE
    number: int = 1
    after: tuple[str | int, int] | None = None
    before: tuple[str | int, int] | None = None

    @property
    def offset(self) -> int:
        return max(0, self.number - 1) * self.size


def parse(query: Mapping[str, str], default: int = DEFAULT_SIZE) -> Page:
    """`default` is the size of a page where none is asked for.

    Raises Invalid: a size or a number out of bounds, a cursor that is none, two at once.
    """
    if any(name.startswith("page[") for name in query):
        after, before = (_cursor(query, name) for name in ("after", "before"))
        if after and before:
            raise Invalid("page", "must have after or before, not both")
        return Page(_number(query, "page[size]", default, MAX_SIZE), 0, after, before)
    page = Page(_number(query, "per_page", default, None), _number(query, "page", 1, None))
    if page.offset > MAX_OFFSET:
        raise Invalid("page", f"goes past {MAX_OFFSET} rows: page by cursor")
    return page


def around(page: Page, url: str, query: Mapping[str, str], count: int, places: Sequence[tuple[Any, int]], more: bool) -> dict[str, Any]:
    """What stands beside the rows in an answer. `url` is the list's own address."""
    if page.number == 0:
        return _by_cursor(page, url, query, places, more)
    pages = -(-count // page.size)
    return {
        "count": count,
        "next_page": _url(url, query, page=page.number + 1, per_page=page.size) if page.number < pages else None,
        "page": page.number,
        "page_count": pages,
        "per_page": page.size,
        "previous_page": _url(url, query, page=page.number - 1, per_page=page.size) if 1 < page.number else None,
    }


def _by_cursor(page: Page, url: str, query: Mapping[str, str], places: Sequence[tuple[Any, int]], more: bool) -> dict[str, Any]:
    after, before = (_told(places[-1]), _told(places[0])) if places else (None, None)
    has_next, has_previous = (True, more) if page.before else (more, page.after is not None)
    links: dict[str, str | None] = {"prev": None, "next": None}
    if places and has_next:
        links["next"] = _url(url, query, **{"page[after]": after, "page[size]": page.size})
    if places and has_previous:
        links["prev"] = _url(url, query, **{"page[before]": before, "page[size]": page.size})
    return {"meta": {"has_more": more, "after_cursor": after, "before_cursor": before}, "links": links}


def _url(url: str, query: Mapping[str, str], **given: Any) -> str:
    kept = [(name, value) for name, value in query.items() if not name.startswith("page[") and name not in ("page", "per_page")]
    return f"{url}?{urlencode([*kept, *given.items()])}"


def _told(place: tuple[Any, int]) -> str:
    return base64.urlsafe_b64encode(_encode(place)).decode().rstrip("=")


def _cursor(query: Mapping[str, str], name: str) -> tuple[str | int, int] | None:
    given = query.get(f"page[{name}]")
    if not given:
        return None
    try:
        return _place.decode(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        raise Invalid(f"page[{name}]", "is not a cursor of this list") from None


def _number(query: Mapping[str, str], name: str, default: int, most: int | None) -> int:
    """Without `most`, a size that is too large is cut, as it is at Zendesk."""
    given = query.get(name) or str(default)
    if not (given.isascii() and given.isdigit() and len(given) <= 6 and int(given) >= 1):
        raise Invalid(name, "must be an integer from 1")
    if most is not None and int(given) > most:
        raise Invalid(name, f"must be at most {most}")
    return min(int(given), MAX_SIZE) if name == "per_page" else int(given)
