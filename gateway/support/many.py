"""Operations on many tickets, each of which begins a job. Source: Zendesk's Support API, Tickets, Job Statuses."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from domain.errors import Invalid
from domain.finding import filters
from gateway.support import jobs, showing, writing
from gateway.support.bodies import MAX_MANY, many_tickets, merge_body, numbers_in
from gateway.zendesk.operations import Call
from storage.sql.tickets import Part, kept, of


async def create_many(call: Call) -> web.Response:
    tickets, _ = many_tickets(call.body)
    if not tickets:
        raise Invalid("tickets", "is required")
    return await jobs.begun(call, "create", [{"ticket": one} for one in tickets])


async def import_many(call: Call) -> web.Response:
    tickets, _ = many_tickets(call.body)
    if not tickets:
        raise Invalid("tickets", "is required")
    return await jobs.begun(call, "import", [{"ticket": one} for one in tickets])


async def update_many(call: Call) -> web.Response:
    """Either each ticket for itself, or all of `ids` (or `external_ids`) alike."""
    tickets, alike = many_tickets(call.body)
    if alike is not None:
        return await jobs.begun(call, "update", [{"id": number, "ticket": alike} for number in await _named(call)])
    work = []
    for at, one in enumerate(tickets):
        number = one.get("id")
        if not isinstance(number, int) or isinstance(number, bool):
            raise Invalid(f"tickets[{at}].id", "must be the id of a ticket")
        work.append({"id": number, "ticket": one})
    return await jobs.begun(call, "update", work)


async def delete_many(call: Call) -> web.Response:
    return await _each(call, "delete")


async def erase(call: Call) -> web.Response:
    """One ticket that was deleted, or `ids` of them: nothing of it will be left."""
    ticket = await showing.ticket_of(call, deleted=True)
    if not ticket.deleted:
        raise writing.not_there(ticket.number)
    return await jobs.begun(call, "erase", [{"id": ticket.number}])


async def erase_many(call: Call) -> web.Response:
    return await _each(call, "erase")


async def restore_many(call: Call) -> web.Response:
    return await _each(call, "restore")


async def merge(call: Call) -> web.Response:
    into, body = await showing.ticket_of(call), merge_body(call.body)
    ids = body.ids if isinstance(body.ids, list) else [body.ids]
    if not 1 <= len(ids) <= MAX_MANY or into.number in ids:
        raise Invalid("ids", f"must be 1 to {MAX_MANY} other tickets")
    said: dict[str, Any] = {
        "target_comment": body.target_comment,
        "source_comment": body.source_comment,
        "target_comment_is_public": body.target_comment_is_public,
        "source_comment_is_public": body.source_comment_is_public,
    }
    return await jobs.begun(call, "merge", [{"id": number, "into": into.number, **said} for number in dict.fromkeys(ids)])


async def _each(call: Call, kind: str) -> web.Response:
    return await jobs.begun(call, kind, [{"id": number} for number in await _named(call)])


async def _named(call: Call) -> list[int]:
    """The tickets that the query names. Raises Invalid: none, or too many."""
    query = call.request.query
    if "external_ids" not in query:
        return numbers_in(query.get("ids", ""), "ids")
    wanted = [one for one in query["external_ids"].split(",") if one]
    if not 1 <= len(wanted) <= MAX_MANY:
        raise Invalid("external_ids", f"must be 1 to {MAX_MANY} ids, with commas between them")
    asked = kept(filters.Either(tuple(of("external_id", one) for one in wanted)))
    found = await call.services.rooms.tickets.listed(call.app.id, asked, Part(MAX_MANY))
    if not found.tickets:
        raise Invalid("external_ids", "are of no ticket")
    return [one.number for one in found.tickets]
