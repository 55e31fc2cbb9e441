"""Operations on satisfaction ratings. A ticket has one, which has the ticket's number. Source: Zendesk's Support API."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from domain.errors import Invalid, Refused
from domain.finding.filters import Either, Filter, Test
from domain.ticket import commands as cmd
from gateway.support.bodies import rating_body
from gateway.support.faces import faces, people_of
from gateway.support.scene import scene_of
from gateway.support.showing import part_of, ticket_of
from gateway.support.views import people_views, rating_view
from gateway.zendesk import paging
from gateway.zendesk.operations import Call, answer, not_found
from storage.sql.tickets import kept, of

_SCORES = ("offered", "unoffered", "good", "bad", "received")
_SCALE = {"good": 2, "bad": 1}


async def list_ratings(call: Call) -> web.Response:
    """`score`, `start_time` and `end_time` narrow it down; `received` is good or bad."""
    page, query = call.page(), call.request.query
    part = part_of(call, page, "rated_ms")
    found = await call.services.rooms.tickets.listed(call.app.id, kept(*_asked(query.get("score", "received"), query)), part)
    known = await faces(scene_of(call), people_of(found.tickets))
    shown = [rating_view(one, known, call.base) for one in found.tickets]
    brought = {"users": people_views(known, call.base)} if "users" in call.includes else {}
    around = paging.around(page, call.url, query, found.count, found.places, found.more)
    return answer({"satisfaction_ratings": shown, **brought, **around})


async def count_ratings(call: Call) -> web.Response:
    query = call.request.query
    asked = kept(*_asked(query.get("score", "received"), query))
    return answer({"count": {"value": await call.services.rooms.tickets.count(call.app.id, asked), "refreshed_at": None}})


async def show_rating(call: Call) -> web.Response:
    ticket = await ticket_of(call)
    if ticket.rating.score == "unoffered":
        raise not_found()
    return answer({"satisfaction_rating": rating_view(ticket, await faces(scene_of(call), people_of([ticket])), call.base)})


async def rate(call: Call) -> web.Response:
    """In the customer's name: agents themselves do not rate, programs may bring what customers said elsewhere."""
    ticket, body = await ticket_of(call), rating_body(call.body)
    if call.caller.kind != "key" and not call.caller.administers:
        raise Refused("forbidden", "Agents do not rate")
    if body.score not in _SCALE:
        raise Invalid("satisfaction_rating.score", f"must be one of {', '.join(_SCALE)}")
    scene = scene_of(call)
    await scene.tell(ticket.id, cmd.Rate(_SCALE[body.score], max(_SCALE.values()), body.reason, body.comment))
    return await show_rating(call)


def _asked(score: str, query: Any) -> list[Filter]:
    if score not in _SCORES:
        raise Invalid("score", f"must be one of {', '.join(_SCORES)}")
    scores = tuple(_SCALE) if score == "received" else (score,)
    found: list[Filter] = [Either(tuple(of("score", one) for one in scores))]
    for name, operator in (("start_time", ">="), ("end_time", "<")):
        given = query.get(name)
        if given is not None:
            if not (given.isascii() and given.isdigit() and len(given) <= 11):
                raise Invalid(name, "must be a Unix time in seconds")
            found.append(Test("rated_ms", operator, int(given) * 1000))  # type: ignore[arg-type]
    return found
