"""What a macro would do, to any ticket or to a given one. Nothing is changed: who applies it sends the result as an update.

Source: Zendesk's Support API, Macros, Show Changes to Ticket and Show Ticket After Changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from domain.desk import building
from domain.desk.bodies import Row
from domain.desk.model import Desk
from domain.desk.placeholders import names_of
from domain.desk.rules import macro_changes
from domain.ticket.commands import Change, Comment
from domain.ticket.model import Ticket
from gateway.desk.resources import Json, desks
from gateway.support import showing
from gateway.support.faces import faces
from gateway.support.scene import scene_of
from gateway.zendesk.operations import Call, answer, not_found

_PEOPLE = frozenset({"assignee_id", "requester_id"})
_CUSTOM = "custom_fields."


async def apply(call: Call) -> web.Response:
    """What it would change, without a ticket: tags are those that it sets or adds."""
    row, desk = await _macro(call, call.number())
    changes, comment = _come_to(call, row, desk, Ticket(call.app.id, ""), {})
    ticket: Json = {}
    for change in changes:
        ticket |= _told(change, desk, ticket)
    return answer({"result": {"ticket": ticket, **_comment(comment)}})


async def apply_to_ticket(call: Call) -> web.Response:
    """The ticket as it would be."""
    ticket = (await call.services.rooms.tickets.by_numbers(call.app.id, [call.number("ticket_id")])).get(call.number("ticket_id"))
    if ticket is None:
        raise not_found()
    row, desk = await _macro(call, call.number())
    changes, comment = _come_to(call, row, desk, ticket, await _names(call, ticket))
    (view,), _ = await showing.views(call, [ticket])
    for change in changes:
        view |= _told(change, desk, view)
    return answer({"result": {"ticket": view, **_comment(comment)}})


async def _macro(call: Call, number: int) -> tuple[Row, Desk]:
    row = await desks(call).get(call.app.id, "macro", number)
    if row is None:
        raise not_found()
    return row, await desks(call).current(call.app.id)


def _come_to(call: Call, row: Row, desk: Desk, ticket: Ticket, known: Mapping[str, str]) -> tuple[tuple[Change, ...], Comment | None]:
    """Raises Invalid: the macro names something that is gone."""
    macro = building.macro_of(row, desk, desk.numbers())
    agent = call.caller.account.id if call.caller.account else ""
    return macro_changes(macro, ticket, agent, desk, known)


async def _names(call: Call, ticket: Ticket) -> dict[str, str]:
    """What placeholders say of the requester."""
    known = await faces(scene_of(call), [ticket.requester_id])
    user = known.users.get(ticket.requester_id)
    if user is None:
        return {}
    found = names_of("ticket.requester", user.display_name() or "")
    more = {"email": user.profile.email, "external_id": user.external_id, "language": user.profile.locale}
    return found | {f"ticket.requester.{name}": value for name, value in more.items() if value}


def _told(change: Change, desk: Desk, before: Json) -> dict[str, Any]:
    match change.field:
        case "additional_tags":
            return {"tags": list(dict.fromkeys([*before.get("tags", ()), *change.value]))}
        case "remove_tags":
            return {"tags": [tag for tag in before.get("tags", ()) if tag not in change.value]}
        case "follower_ids":
            return {"follower_ids": [desk.agents[one].number for one in change.value if one in desk.agents]}
        case name if name in _PEOPLE:
            agent = desk.agents.get(change.value or "")
            return {name: agent.number if agent is not None else None}
        case name if name.startswith(_CUSTOM):
            number = int(name.removeprefix(_CUSTOM))
            fields = [one for one in before.get("custom_fields", ()) if one["id"] != number]
            return {"custom_fields": [*fields, {"id": number, "value": change.value}]}
        case name:
            return {name: change.value}


def _comment(comment: Comment | None) -> Json:
    if comment is None:
        return {}
    return {
        "comment": {
            "body": comment.body,
            "html_body": comment.html,
            "public": comment.public,
            "scoped_body": [["channel:all", comment.body]],
        }
    }
