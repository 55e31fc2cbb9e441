"""Answers made of rows: the words in the right language, the numbers of who is named, and what is brought along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from domain.errors import Invalid
from domain.help.model import Article, Category, Kind, Section, Translation
from domain.help.reading import is_open
from gateway.help.views import Views, user_view
from gateway.zendesk import paging
from gateway.zendesk.operations import Call, answer, not_found
from storage.sql.help_lists import Part, Wanted

PLURALS: dict[Kind, str] = {"article": "articles", "section": "sections", "category": "categories"}
_ORDERS = frozenset({"position", "title", "created_at", "updated_at", "edited_at"})


async def listed(call: Call, kind: Kind, wanted: Wanted, order: str = "position") -> web.Response:
    """A page of a list."""
    page = call.page()
    part = _part(call, page, order)
    found = await call.help.listed(kind, wanted, part)
    shown = await many(call, kind, found.values)
    around = paging.around(page, call.url, call.request.query, found.count, found.places, found.more)
    more = {} if page.number == 0 else {"sort_by": part.order, "sort_order": "desc" if part.descending else "asc"}
    return answer({PLURALS[kind]: shown, **await sideloads(call, kind, found.values), **around, **more})


async def one(call: Call, kind: Kind, value: Any, status: int = 200) -> web.Response:
    shown = await many(call, kind, [value])
    return answer({kind: shown[0], **await sideloads(call, kind, [value])}, status)


async def many(call: Call, kind: Kind, values: Sequence[Any]) -> list[dict[str, Any]]:
    of = await views(call, kind, values)
    show: Mapping[Kind, Callable[[Any], dict[str, Any]]] = {"article": of.article, "section": of.section, "category": of.category}
    shown = [show[kind](value) for value in values]
    if "translations" in call.includes:
        for value, view in zip(values, shown, strict=True):
            view["translations"] = [of.translation(words) for words in of.every_words(value) if may_read(call, words)]
    return shown


async def views(call: Call, kind: Kind, values: Sequence[Any]) -> Views:
    words = await call.help.translations(kind, call.app.id, [value.id for value in values])
    authors = {value.author_id for value in values if isinstance(value, Article) and value.author_id}
    named = authors | {each for one in words for each in (one.created_by, one.updated_by) if each}
    return Views(call, words, await call.services.rooms.numbers.of("account", sorted(named)))


async def readable(call: Call, kind: Kind, number: int) -> Any:
    """What a number names, if the caller may read it. Raises Refused (`not_found`), without telling whether it is there."""
    value = (await call.help.get(kind, call.app.id, [number])).get(number)
    if value is None:
        raise not_found()
    if isinstance(value, Article) and not is_open(value, call.audience):
        raise not_found()
    words = await call.help.translations(kind, call.app.id, [number])
    wanted = call.locale or value.source_locale
    here = [one for one in words if one.locale == wanted]
    if not here or not may_read(call, here[0]):
        raise not_found()
    return value


def may_read(call: Call, words: Translation) -> bool:
    return call.caller.writes or not words.draft


async def sideloads(call: Call, kind: Kind, values: Sequence[Any]) -> dict[str, Any]:
    """`include=users,sections,categories`: each of them once."""
    includes, found = call.includes, dict[str, Any]()
    if kind == "article" and "users" in includes:
        found["users"] = await _users(call, {value.author_id for value in values if value.author_id})
    sections: list[Section] = []
    if kind == "article" and includes & {"sections", "categories"}:
        sections = list((await call.help.get("section", call.app.id, sorted({value.section_id for value in values}))).values())
        if "sections" in includes:
            found["sections"] = await many(call, "section", sections)
    if kind == "section":
        sections = list(values)
    if kind != "category" and "categories" in includes:
        ids = sorted({section.category_id for section in sections})
        categories: list[Category] = list((await call.help.get("category", call.app.id, ids)).values())
        found["categories"] = await many(call, "category", categories)
    return found


async def _users(call: Call, ids: set[str]) -> list[dict[str, Any]]:
    numbers = await call.services.rooms.numbers.of("account", sorted(ids))
    accounts = [await call.services.directory.get_account(each) for each in sorted(ids)]
    return [user_view(each, numbers[each.id], call.base, call.caller.writes) for each in accounts if each is not None]


def wanted(call: Call, **given: Any) -> Wanted:
    """What a list is of, as far as the caller may read it."""
    return Wanted(call.app.id, call.locale, call.audience, call.caller.writes, **given)


def _part(call: Call, page: paging.Page, order: str) -> Part:
    query = call.request.query
    by = query.get("sort_by", order)
    direction = query.get("sort_order", "asc")
    if "sort" in query:  # the form of lists by cursor
        by, direction = query["sort"].lstrip("-"), "desc" if query["sort"].startswith("-") else "asc"
    if by not in _ORDERS:
        raise Invalid("sort_by", f"must be one of {', '.join(sorted(_ORDERS))}")
    if direction not in ("asc", "desc"):
        raise Invalid("sort_order", "must be asc or desc")
    for name, place in (("after", page.after), ("before", page.before)):
        if place is not None and isinstance(place[0], str) != (by == "title"):
            raise Invalid(f"page[{name}]", "is not a cursor of this order")
    return Part(page.size, page.offset, page.after, page.before, by, direction == "desc")  # type: ignore[arg-type]
