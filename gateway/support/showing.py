"""Answers made of tickets: one, a page of them, and what is brought along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast, get_args

from aiohttp import web

from domain.errors import Invalid
from domain.finding.filters import Filter
from domain.ticket.model import Ticket
from gateway.support.faces import Faces, faces, people_of
from gateway.support.groups import group_views
from gateway.support.scene import scene_of
from gateway.support.views import levels_view, metric_view, people_views, ticket_view
from gateway.zendesk import paging
from gateway.zendesk.operations import Call, answer, not_found
from storage.sql.tickets import Order, Part

_ORDERS: dict[str, Order] = {
    "id": "number",
    "created_at": "created_ms",
    "updated_at": "updated_ms",
    "due_date": "due_ms",
    "due_at": "due_ms",
    "status": "status",
    "priority": "priority",
    "type": "type",
    "ticket_type": "type",
    "subject": "subject",
    "assignee": "assignee_id",
    "requester": "requester_id",
    "group": "group_id",
}
_WORDS = frozenset({"type", "subject", "assignee_id", "requester_id"})


async def ticket_of(call: Call, name: str = "id", deleted: bool = False) -> Ticket:
    """The ticket that the path names. Raises Refused (`not_found`)."""
    number = call.number(name)
    found = (await call.services.rooms.tickets.by_numbers(call.app.id, [number], deleted=deleted)).get(number)
    if found is None:
        raise not_found()
    return found


async def one(call: Call, ticket: Ticket, status: int = 200, **beside: Any) -> web.Response:
    shown, brought = await views(call, [ticket])
    return answer({"ticket": shown[0], **beside, **brought}, status)


async def listed(call: Call, asked: Filter, order: Order = "number", descending: bool = False, **beside: Any) -> web.Response:
    """A page of the tickets that are asked for."""
    page = call.page()
    part = part_of(call, page, order, descending)
    found = await call.services.rooms.tickets.listed(call.app.id, asked, part)
    shown, brought = await views(call, found.tickets)
    around = paging.around(page, call.url, call.request.query, found.count, found.places, found.more)
    return answer({"tickets": shown, **brought, **beside, **around})


def part_of(call: Call, page: paging.Page, order: Order = "number", descending: bool = False) -> Part:
    """Which part of a list, in which order. Raises Invalid: an order that there is not, a cursor of another."""
    query = call.request.query
    if "sort" in query:  # the form of lists by cursor
        order, descending = order_of(query["sort"].lstrip("-")), query["sort"].startswith("-")
    elif "sort_by" in query:
        order = order_of(query["sort_by"])
        descending = False
    direction = query.get("sort_order", "desc" if descending else "asc")
    if direction not in ("asc", "desc"):
        raise Invalid("sort_order", "must be asc or desc")
    for name, place in (("after", page.after), ("before", page.before)):
        if place is not None and isinstance(place[0], str) != (order in _WORDS):
            raise Invalid(f"page[{name}]", "is not a cursor of this order")
    return Part(page.size, page.offset, page.after, page.before, order, direction == "desc", page.number != 0)


def order_of(name: str) -> Order:
    """Raises Invalid."""
    if name in get_args(Order):
        return cast(Order, name)
    if name not in _ORDERS:
        raise Invalid("sort_by", f"must be one of {', '.join(_ORDERS)}")
    return _ORDERS[name]


async def views(call: Call, tickets: Sequence[Ticket], levels: bool = False) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The tickets as they are shown, and what `include` brings along. `levels`: also where nobody asked for `slas`."""
    known = await faces(scene_of(call), people_of(tickets))
    problems = [ticket.number for ticket in tickets if ticket.type == "problem"]
    having = await call.services.rooms.tickets.incidents(call.app.id, problems) if problems else set()
    desk = await call.services.rooms.desks.current(call.app.id)
    own = [field.id for field in desk.fields.values() if field.active]
    shown = [ticket_view(ticket, known, call.base, own, having) for ticket in tickets]
    if levels or "slas" in call.includes:
        shown = [view | {"slas": levels_view(ticket)} for view, ticket in zip(shown, tickets, strict=True)]
    return shown, await _brought(call, tickets, known)


async def _brought(call: Call, tickets: Sequence[Ticket], known: Faces) -> dict[str, Any]:
    includes, found = call.includes, dict[str, Any]()
    if "users" in includes:
        found["users"] = people_views(known, call.base)
    if "groups" in includes:
        found["groups"] = await group_views(call, {ticket.group_id for ticket in tickets})
    if "metric_sets" in includes:
        found["metric_sets"] = [metric_view(ticket, call.base) for ticket in tickets]
    if "organizations" in includes:
        found["organizations"] = []
    return found
