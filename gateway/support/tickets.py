"""Operations on tickets one by one. Source: Zendesk's Support API, Tickets; Idempotency."""

from __future__ import annotations

import re

from aiohttp import web

from actors.answers import Answer
from domain.errors import Invalid, Refused
from domain.finding import filters
from domain.finding.filters import Every, Filter, Marked, Test
from domain.ticket.model import Ticket
from gateway.support import auditing, showing, writing
from gateway.support.bodies import numbers_in, tags_body, ticket_body
from gateway.support.faces import faces
from gateway.support.scene import derived_id, person, scene_of
from gateway.support.showing import ticket_of
from gateway.support.views import metric_view, people_views
from gateway.zendesk import paging
from gateway.zendesk.operations import Call, answer, instant, not_found, nothing
from storage.sql.tickets import kept, of

_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")


async def list_tickets(call: Call) -> web.Response:
    external_id = call.request.query.get("external_id")
    return await showing.listed(call, kept() if external_id is None else kept(of("external_id", external_id)))


async def list_recent(call: Call) -> web.Response:
    """Those that changed last: who looked at which ticket is not kept."""
    return await showing.listed(call, kept(), "updated_ms", True)


async def count_tickets(call: Call) -> web.Response:
    count = await call.services.rooms.tickets.count(call.app.id, kept())
    return answer({"count": {"value": count, "refreshed_at": None}})


async def show_many(call: Call) -> web.Response:
    query = call.request.query
    if "external_ids" in query:
        wanted = [one for one in query["external_ids"].split(",") if one][:100]
        asked: Filter = kept(filters.Either(tuple(of("external_id", one) for one in wanted)))
    else:
        asked = kept(filters.Either(tuple(of("number", one) for one in numbers_in(query.get("ids", ""), "ids"))))
    return await showing.listed(call, asked)


async def show_ticket(call: Call) -> web.Response:
    return await showing.one(call, await ticket_of(call))


async def create_ticket(call: Call) -> web.Response:
    """With an `Idempotency-Key` the same request again is answered with the same ticket."""
    scene, body, key = scene_of(call), ticket_body(call.body), _idempotency(call)
    ticket_id = derived_id(call.app.id, call.caller.name, key) if key else call.services.router.new_id()
    told = await writing.create(scene, body, ticket_id, key)
    ticket = await made(call, ticket_id)
    response = await showing.one(call, ticket, 201, audit=await auditing.told(call, ticket, told))
    response.headers["Location"] = f"{call.base}/api/v2/tickets/{ticket.number}.json"
    if key:
        response.headers["x-idempotency-lookup"] = "hit" if told.repeated else "miss"
    return response


async def import_ticket(call: Call) -> web.Response:
    """With the times that it has, and without any rule. Source: Ticket Import."""
    scene, ticket_id = scene_of(call), call.services.router.new_id()
    await writing.bring(scene, ticket_body(call.body), ticket_id)
    return await showing.one(call, await made(call, ticket_id), 201)


async def update_ticket(call: Call) -> web.Response:
    ticket = await ticket_of(call)
    told = await writing.update(scene_of(call), ticket, ticket_body(call.body))
    return await _changed(call, ticket, told)


async def delete_ticket(call: Call) -> web.Response:
    await writing.delete(scene_of(call), await ticket_of(call))
    return nothing()


# Deleted ones.

_DELETED = Every((Test("deleted", "=", 1), Test("created_ms", ">", 0)))
"""Of those that were deleted for good nothing is left to show."""


async def list_deleted(call: Call) -> web.Response:
    page = call.page()
    part = showing.part_of(call, page, "number")
    found = await call.services.rooms.tickets.listed(call.app.id, _DELETED, part)
    around = paging.around(page, call.url, call.request.query, found.count, found.places, found.more)
    shown = [
        {
            "id": one.number,
            "subject": one.subject,
            "description": one.description,
            "previous_state": one.status,
            "deleted_at": instant(one.updated_ms),
            "actor": {"id": None, "name": None},
        }
        for one in found.tickets
    ]
    return answer({"deleted_tickets": shown, **around})


async def restore_ticket(call: Call) -> web.Response:
    ticket = await ticket_of(call, deleted=True)
    if not ticket.deleted or not ticket.created_ms:
        raise not_found()
    await writing.restore(scene_of(call), ticket)
    return answer({})


# Lists of somebody's or something's tickets.


async def list_requested(call: Call) -> web.Response:
    return await showing.listed(call, kept(of("requester_id", await _person(call))))


async def list_assigned(call: Call) -> web.Response:
    return await showing.listed(call, kept(of("assignee_id", await _person(call))))


async def list_followed(call: Call) -> web.Response:
    return await showing.listed(call, kept(Marked("follower", await _person(call))))


async def list_incidents(call: Call) -> web.Response:
    problem = await ticket_of(call)
    return await showing.listed(call, kept(of("problem_number", problem.number)))


async def show_metrics(call: Call) -> web.Response:
    return answer({"ticket_metric": metric_view(await ticket_of(call), call.base)})


async def list_metrics(call: Call) -> web.Response:
    page = call.page()
    part = showing.part_of(call, page)
    found = await call.services.rooms.tickets.listed(call.app.id, kept(), part)
    around = paging.around(page, call.url, call.request.query, found.count, found.places, found.more)
    return answer({"ticket_metrics": [metric_view(one, call.base) for one in found.tickets], **around})


async def list_problems(call: Call) -> web.Response:
    return await showing.listed(call, kept(of("type", "problem"), Test("status", "<", filters.STATUSES["solved"])))


async def related(call: Call) -> web.Response:
    ticket = await ticket_of(call)
    shelf = call.services.rooms.tickets
    incidents = await shelf.count(call.app.id, kept(of("problem_number", ticket.number)))
    told = {
        "topic_id": None,
        "jira_issue_ids": [],
        "followup_source_ids": [str(ticket.followup_of)] if ticket.followup_of else [],
        "from_archive": False,
        "incidents": incidents,
        "url": f"{call.base}/api/v2/tickets/{ticket.number}/related.json",
    }
    return answer({"ticket_related": told})


async def list_collaborators(call: Call) -> web.Response:
    return await _people(call, (await ticket_of(call)).follower_ids)


async def _people(call: Call, ids: tuple[str, ...]) -> web.Response:
    shown = people_views(await faces(scene_of(call), ids), call.base)
    return answer({"users": shown, "count": len(shown), "next_page": None, "previous_page": None})


# Tags of a ticket.


async def list_tags(call: Call) -> web.Response:
    return _tags(await ticket_of(call))


async def set_tags(call: Call) -> web.Response:
    return await _tagged(call, "tags", 201)


async def add_tags(call: Call) -> web.Response:
    return await _tagged(call, "additional_tags")


async def remove_tags(call: Call) -> web.Response:
    return await _tagged(call, "remove_tags")


async def _tagged(call: Call, field: str, status: int = 200) -> web.Response:
    ticket = await ticket_of(call)
    await writing.tag(scene_of(call), ticket, field, tags_body(call.body))
    return _tags(await ticket_of(call), status)


def _tags(ticket: Ticket, status: int = 200) -> web.Response:
    return answer({"tags": list(ticket.tags)}, status)


async def made(call: Call, ticket_id: str) -> Ticket:
    """A ticket that a command has just been answered for: its row was in the same transaction."""
    found = await call.services.rooms.tickets.by_id(call.app.id, ticket_id)
    if found is None:
        raise Refused("conflict", "The ticket is gone again")
    return found


async def _changed(call: Call, ticket: Ticket, told: Answer) -> web.Response:
    now = await made(call, ticket.id)
    return await showing.one(call, now, audit=await auditing.told(call, now, told))


async def _person(call: Call) -> str:
    return await person(scene_of(call), call.number(), "id")


def _idempotency(call: Call) -> str | None:
    key = call.request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.match(key):
        raise Invalid("Idempotency-Key", "must have 1 to 255 visible characters")
    return key
