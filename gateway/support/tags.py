"""Operations on all tags of an app: those that tickets have, with how many have each. Source: Zendesk's Support API, Tags."""

from __future__ import annotations

from aiohttp import web

from domain.errors import Invalid
from gateway.zendesk import paging
from gateway.zendesk.operations import Call, answer

_SUGGESTED = 30


async def list_tags(call: Call) -> web.Response:
    """By name, and not by how often they are used."""
    page = call.page()
    if page.before is not None:
        raise Invalid("page", "goes forwards alone")
    shelf, app = call.services.rooms.tickets, call.app.id
    found = await shelf.tags(app, str(page.after[0]) if page.after else "", page.size + 1, offset=page.offset)
    total = await shelf.tag_count(app) if page.number else 0
    shown = found[: page.size]
    around = paging.around(page, call.url, call.request.query, total, shown, len(found) > page.size)
    return answer({"tags": [{"name": name, "count": count} for name, count in shown], **around})


async def count_tags(call: Call) -> web.Response:
    return answer({"count": {"value": await call.services.rooms.tickets.tag_count(call.app.id), "refreshed_at": None}})


async def autocomplete(call: Call) -> web.Response:
    begun = call.request.query.get("name", "").strip().lower()
    if len(begun) < 2:
        raise Invalid("name", "must have at least 2 letters")
    found = await call.services.rooms.tickets.tags(call.app.id, "", _SUGGESTED, begun)
    return answer({"tags": [name for name, _ in found], "count": len(found)})
