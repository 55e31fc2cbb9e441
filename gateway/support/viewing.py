"""Operations that show the tickets of views: which ones, and how many. What a view is made of is the desk's business.

Source: Zendesk's Support API, Views. Counts are those of the moment.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from aiohttp import web

from domain.desk.bodies import Row, ViewBody
from domain.desk.building import people_in
from domain.desk.conditions import check_conditions, seen_in_view
from domain.desk.model import Conditions, Desk
from domain.errors import Invalid, Refused
from domain.finding.filters import NOBODY
from domain.finding.views import Seen, seen
from domain.ticket.model import Ticket
from gateway.support import showing
from gateway.support.bodies import numbers_in
from gateway.support.faces import faces, people_of
from gateway.support.groups import group_views
from gateway.support.scene import scene_of
from gateway.support.views import people_views
from gateway.zendesk import paging
from gateway.zendesk.operations import PREFIX, Call, answer, not_found
from storage.sql.tickets import Listed, Part

MAX_TRIED = 2_000
"""Tickets that are tried one by one, where the database cannot say all that a view asks for: it shows no others."""
MAX_VIEWS = 20
"""Views that are counted at once."""

_COLUMNS: dict[str, str] = {
    "created": "created_at",
    "updated": "updated_at",
    "assigned": "assigned_at",
    "solved": "solved_at",
    "assignee": "assignee_id",
    "requester": "requester_id",
    "submitter": "submitter_id",
    "group": "group_id",
    "nice_id": "id",
    "ticket_id": "id",
    "satisfaction_score": "satisfaction_rating",
}
_SORTS = {"created": "created_at", "updated": "updated_at", "nice_id": "id", "ticket_id": "id", "due_date": "due_date", "score": "id"}


class Eyes(msgspec.Struct, frozen=True):
    """A view as somebody looks at it."""

    row: Row
    desk: Desk
    conditions: Conditions
    seen: Seen
    me: str
    now_ms: int

    def shows(self, ticket: Ticket) -> bool:
        return seen_in_view(self.conditions, self.desk, ticket, self.me, self.now_ms)


async def list_tickets(call: Call) -> web.Response:
    eyes, page = await _eyes(call), call.page()
    found = await _listed(call, eyes, _part(call, eyes, page))
    shown, brought = await showing.views(call, found.tickets)
    around = paging.around(page, call.url, call.request.query, found.count, found.places, found.more)
    return answer({"tickets": shown, **brought, **around})


async def execute(call: Call) -> web.Response:
    """The tickets in the view's columns."""
    eyes, page = await _eyes(call), call.page()
    found = await _listed(call, eyes, _part(call, eyes, page))
    shown, _ = await showing.views(call, found.tickets)
    known = await faces(scene_of(call), people_of(found.tickets))
    output = eyes.row.body.output
    rows = [_row(output.columns, view) for view in shown]
    around = paging.around(page, call.url, call.request.query, found.count, found.places, found.more)
    columns = [{"id": name, "title": str(name).replace("_", " ").capitalize()} for name in output.columns]
    view = {"id": eyes.row.number, "url": f"{call.base}{PREFIX}/views/{eyes.row.number}.json", "title": eyes.row.body.title}
    groups = await group_views(call, {ticket.group_id for ticket in found.tickets})
    return answer({"rows": rows, "columns": columns, "view": view, "users": people_views(known, call.base), "groups": groups, **around})


async def count(call: Call) -> web.Response:
    return answer({"view_count": await _counted(call, await _eyes(call))})


async def count_many(call: Call) -> web.Response:
    query = call.request.query
    wanted = numbers_in(query.get("ids", query.get("count_many", "")), "ids", MAX_VIEWS)  # zenpy has its own name for them
    found = [await _eyes(call, number) for number in wanted if await call.services.rooms.desks.get(call.app.id, "view", number)]
    return answer({"view_counts": list(await asyncio.gather(*(_counted(call, one) for one in found)))})


async def _counted(call: Call, eyes: Eyes) -> dict[str, Any]:
    if eyes.seen.exact:
        value = await call.services.rooms.tickets.count(call.app.id, eyes.seen.filter)
    else:
        value = len(await _tried(call, eyes, Part()))
    url = f"{call.base}{PREFIX}/views/{eyes.row.number}/count.json"
    return {"view_id": eyes.row.number, "url": url, "value": value, "pretty": str(value), "fresh": True, "refresh": "now"}


async def _eyes(call: Call, number: int | None = None) -> Eyes:
    """Raises Refused (`not_found`); Invalid, when it asks for what is not there any more."""
    desks, people = call.services.rooms.desks, call.services.rooms.people
    row = await desks.get(call.app.id, "view", call.number() if number is None else number)
    if row is None or not _may_see(call, row.body, desk := await desks.current(call.app.id)):
        raise not_found()
    known = {number: identifier for number, (_, identifier) in (await people.ids(sorted(people_in([row])))).items()}
    conditions = check_conditions(row.body.conditions, desk, "view", known)
    me = call.caller.author_id or NOBODY
    return Eyes(row, desk, conditions, seen(conditions, desk, me), me, call.now_ms())


def _may_see(call: Call, view: ViewBody, desk: Desk) -> bool:
    """A view may be for some groups, or for one agent. Admins and keys see all."""
    only = view.restriction
    if only is None or call.caller.administers:
        return True
    agent = desk.agents.get(call.caller.author_id or "")
    if agent is None:
        return False
    wanted = {*only.ids, only.id} - {None}
    return bool(wanted & set(agent.groups)) if only.type == "Group" else agent.number in wanted


async def _listed(call: Call, eyes: Eyes, part: Part) -> Listed:
    if eyes.seen.exact:
        return await call.services.rooms.tickets.listed(call.app.id, eyes.seen.filter, part)
    if part.after is not None or part.before is not None or not part.counted:
        return await _by_cursor(call, eyes, part)
    found = await _tried(call, eyes, part)
    shown = found[part.offset : part.offset + part.limit]
    return Listed(shown, [(one.number, one.number) for one in shown], len(found), len(found) > part.offset + part.limit)


async def _by_cursor(call: Call, eyes: Eyes, part: Part) -> Listed:
    """Cursors count what was shown so far: the order may be one that places cannot name."""
    if part.before is not None:
        raise Invalid("page[before]", "is nothing that this view has")
    offset = int(part.after[0]) if part.after is not None and isinstance(part.after[0], int) else 0
    found = await _tried(call, eyes, part)
    shown = found[offset : offset + part.limit]
    places = [(offset + at, 0) for at in range(1, len(shown) + 1)]
    return Listed(shown, places, len(found), len(found) > offset + part.limit)


async def _tried(call: Call, eyes: Eyes, part: Part) -> list[Ticket]:
    """Those that the view really shows."""
    wide = Part(MAX_TRIED, order=part.order, descending=part.descending, counted=False)
    found = await call.services.rooms.tickets.listed(call.app.id, eyes.seen.filter, wide)
    return [one for one in found.tickets if eyes.shows(one)]


def _part(call: Call, eyes: Eyes, page: paging.Page) -> Part:
    """In the request's order, or else in the view's."""
    output = eyes.row.body.output
    try:
        order = showing.order_of(_SORTS.get(output.sort_by, output.sort_by)) if output.sort_by else "created_ms"
    except Refused:
        order = "created_ms"  # by a column that tickets cannot be sorted by
    if not eyes.seen.exact and page.number == 0:
        page = msgspec.structs.replace(page, after=page.after)
        return Part(page.size, 0, page.after, page.before, order, output.sort_order == "desc", False)
    return showing.part_of(call, page, order, output.sort_order == "desc")


def _row(columns: tuple[str | int, ...], view: dict[str, Any]) -> dict[str, Any]:
    """A ticket with what the columns name."""
    fields = {one["id"]: one["value"] for one in view["custom_fields"]}
    ticket = {name: view[name] for name in ("id", "subject", "description", "status", "type", "priority", "url")}
    row: dict[str, Any] = {"ticket_id": view["id"], "ticket": ticket}
    for name in columns:
        if isinstance(name, int) or name.isdigit():
            row[str(name)] = fields.get(int(name))
        else:
            key = _COLUMNS.get(name, name)
            row[key if key in view else name] = view.get(key)
    return row
