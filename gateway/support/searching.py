"""Searches over tickets, people and groups. Source: Zendesk's Support API, Search.

A search shows the first thousand that it finds: tickets first, those that changed last before others, then people, then groups. An export
has no such end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from aiohttp import web

from domain.errors import Invalid
from domain.finding import filters, people
from domain.finding.filters import Every, Filter
from domain.finding.search import (
    ORDERS,
    TYPES,
    Clause,
    Names,
    Query,
    Type,
    compiled,
    compiled_people,
    named_groups,
    named_organizations,
    named_people,
    parse,
    words,
)
from gateway.support import showing, users
from gateway.support.groups import group_views
from gateway.support.scene import Scene, person_by_email, scene_of
from gateway.support.views import organization_view
from gateway.zendesk import paging
from gateway.zendesk.operations import Call, answer
from storage.sql.tickets import Order, Part

MAX_RESULTS = 1_000
MAX_NAMESAKES = 50
"""People who are meant by one name."""

_EXPORTED: tuple[Type, ...] = ("ticket", "user", "group")
Result = tuple[list[dict[str, Any]], int]


async def search(call: Call) -> web.Response:
    query, page = _query(call), call.page()
    if page.number == 0:
        raise Invalid("page", "is a number here: export what is found to page by cursor")
    if page.offset + page.size > MAX_RESULTS and page.offset >= MAX_RESULTS:
        raise Invalid("page", f"goes past the first {MAX_RESULTS} results")
    results, brought = list[dict[str, Any]](), dict[str, Any]()
    total, offset = 0, page.offset
    for kind in query.types or TYPES:
        found, count, more = await _of_kind(call, kind, query, page.size - len(results), max(0, offset))
        results += found
        brought |= more
        total, offset = total + count, offset - count
    around = paging.around(page, call.url, call.request.query, min(total, MAX_RESULTS), [], False)
    return answer({"results": results, **brought, "facets": None, **around, "count": total})


async def count(call: Call) -> web.Response:
    query = _query(call)
    total = 0
    for kind in query.types or TYPES:
        total += (await _of_kind(call, kind, query, 0, 0))[1]
    return answer({"count": total})


async def export(call: Call) -> web.Response:
    """Of one type, `filter[type]`, by cursor."""
    asked = call.request.query.get("filter[type]", "")
    if asked not in _EXPORTED:
        raise Invalid("filter[type]", f"must be one of {', '.join(_EXPORTED)}")
    page = paging.parse({"page[size]": str(paging.MAX_SIZE), **call.request.query})
    if page.before is not None:
        raise Invalid("page[before]", "is nothing that exports have: they go forwards alone")
    results, places, more = await _exported(call, asked, _query(call), page)
    around = paging.around(page, call.url, call.request.query, 0, places, more)
    return answer({"results": results, "facets": None, **around})


async def _exported(
    call: Call, kind: Type, query: Query, page: paging.Page
) -> tuple[list[dict[str, Any]], Sequence[tuple[Any, int]], bool]:
    names = await names_of(scene_of(call), query, call.now_ms())
    if kind == "ticket":
        part = showing.part_of(call, page)
        found = await call.services.rooms.tickets.listed(call.app.id, _tickets(query, names), part)
        shown, _ = await showing.views(call, found.tickets)
        return _typed("ticket", shown), found.places, found.more
    if kind == "user":
        those, places, _, more = await users.page_of(scene_of(call), compiled_people(query, names), page)
        return _typed("user", await users.views_of(call, those)), places, more
    groups = await _groups(call, query) if kind == "group" else []
    return _typed("group", await group_views(call, groups)), [(one, one) for one in groups], False


async def _of_kind(call: Call, kind: Type, query: Query, limit: int, offset: int) -> tuple[list[dict[str, Any]], int, dict[str, Any]]:
    """(results, how many there are, what is brought along)."""
    names = await names_of(scene_of(call), query, call.now_ms())
    match kind:
        case "ticket":
            return await _found_tickets(call, query, names, limit, offset)
        case "user":
            return *await _found_people(call, query, names, limit, offset), {}
        case "group":
            groups = await _groups(call, query)
            return _typed("group", await group_views(call, groups[offset : offset + limit])), len(groups), {}
        case "organization":
            words = _words_of_names(query)
            if words is None:
                return [], 0, {}
            rows = call.services.rooms.organizations
            those, total = await rows.listed(call.app.id, words=words, limit=max(0, limit), offset=offset)
            return _typed("organization", [organization_view(one, call.base) for one in those]), total, {}


async def _found_tickets(
    call: Call, query: Query, names: Names, limit: int, offset: int
) -> tuple[list[dict[str, Any]], int, dict[str, Any]]:
    asked, shelf = _tickets(query, names), call.services.rooms.tickets
    if limit <= 0:
        return [], await shelf.count(call.app.id, asked), {}
    order, descending = _order(call, query)
    found = await shelf.listed(call.app.id, asked, Part(limit, offset, order=order, descending=descending))
    shown, brought = await showing.views(call, found.tickets)
    return _typed("ticket", shown), found.count, brought


async def _found_people(call: Call, query: Query, names: Names, limit: int, offset: int) -> Result:
    asked, scene = compiled_people(query, names), scene_of(call)
    if limit <= 0:
        return [], await users.count(scene, asked)
    found, _, total, _ = await users.page_of(scene, asked, paging.Page(limit), offset)
    return _typed("user", await users.views_of(call, found)), total


def _tickets(query: Query, names: Names) -> Filter:
    return Every((filters.KEPT, compiled(query, names)))


async def _groups(call: Call, query: Query) -> list[int]:
    """The numbers of those whose names have all these words."""
    desk = await call.services.rooms.desks.current(call.app.id)
    if any(clause.property not in (None, "name") for clause in query.clauses):
        return []
    asked = Every(tuple(words(clause) for clause in query.clauses if not clause.negated))
    known = {one.id: filters.Known({}, frozenset(filters.word_marks(one.name)), filters.text_of(one.name)) for one in desk.groups.values()}
    return [number for number, one in known.items() if filters.meets(asked, one)]


def _typed(kind: str, views: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [view | {"result_type": kind} for view in views]


def _query(call: Call) -> Query:
    """Raises Invalid: there is none."""
    written = call.request.query.get("query", "").strip()
    if not written:
        raise Invalid("query", "is required")
    return parse(written)


def _order(call: Call, query: Query) -> tuple[Order, bool]:
    """By `sort_by` and `sort_order`, or as the query itself says."""
    given = call.request.query
    by = given.get("sort_by", query.order)
    if by in (None, "", "relevance"):
        return "updated_ms", True
    if by not in ORDERS:
        raise Invalid("sort_by", f"must be one of {', '.join(ORDERS)}")
    direction = given.get("sort_order", "desc" if query.descending else "asc")
    return cast(Order, ORDERS[by]), direction != "asc"


async def names_of(scene: Scene, query: Query, now_ms: int) -> Names:
    """Whom and what a query's names stand for."""
    known = {name: await _people(scene, name) for name in sorted(named_people(query))}
    wanted, groups = named_groups(query), dict[str, tuple[int, ...]]()
    if wanted:
        desk = await scene.rooms.desks.current(scene.app.id)
        for name in wanted:
            groups[name] = tuple(one.id for one in desk.groups.values() if name in (str(one.id), one.name.lower()))
    organizations = {name: await _organizations(scene, name) for name in sorted(named_organizations(query))}
    return Names(scene.account_id, known, groups, organizations, now_ms)


async def _organizations(scene: Scene, name: str) -> tuple[int, ...]:
    """By number or by name."""
    found, _ = await scene.rooms.organizations.listed(scene.app.id, name=name, limit=MAX_NAMESAKES)
    numbers = [one.number for one in found]
    return (*numbers, int(name)) if name.isascii() and name.isdigit() and len(name) < 19 else tuple(numbers)


def _words_of_names(query: Query) -> list[str] | None:
    """Words that names are to have. None: the query asks for what organizations have not."""
    if any(clause.property not in (None, "name") or clause.negated for clause in query.clauses):
        return None
    return [word for clause in query.clauses for word in filters.words_of(clause.value)]


async def _people(scene: Scene, name: str) -> tuple[str, ...]:
    """By number, by address, or else by name."""
    if name.isascii() and name.isdigit() and len(name) < 19:
        found = (await scene.rooms.people.ids([int(name)])).get(int(name))
        return (found[1],) if found else ()
    if "@" in name:
        identifier = await person_by_email(scene, name)
        return (identifier,) if identifier else ()
    asked = words(Clause(name, quoted=" " in name))
    staff = [one.id for one in await scene.rooms.people.accounts(scene.app.id) if filters.meets(asked, people.of_account(one))]
    others = await scene.rooms.people.users(scene.app.id, asked, limit=MAX_NAMESAKES)
    return (*staff, *(one.id for one in others.users))
