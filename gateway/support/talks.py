"""A conversation beside its person and tickets, and a person's conversations: what the workspace shows at its side. Ours alone."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web

from actors.conversation import ConversationKind, event_type
from domain.conversation.state import State
from domain.directory import User
from domain.errors import Invalid
from domain.ids import ID
from domain.ticket.model import Ticket
from gateway.stream.inbox import summary
from gateway.support import showing, users
from gateway.support.faces import faces, people_of
from gateway.support.scene import scene_of
from gateway.support.views import people_views, user_view
from gateway.zendesk.operations import Call, answer, instant, not_found
from storage.ports import ANY_KEY, ActorId
from storage.sql.tickets import Part, kept, of

PAGE = 100
"""Conversations of an app that are listed at once."""

MAX_LISTED = 100
"""Conversations of a person, and tickets of theirs among which those of a conversation are looked for: the latest ones."""

MAX_LAST = 50
"""Conversations of which the last message is asked for at once: more than a list has in sight."""


async def show_conversation(call: Call) -> web.Response:
    """Whose it is, the ticket that it has, and those that it had."""
    actor = ActorId(ConversationKind.name, call.app.id, call.request.match_info["conversation"])
    state = await call.services.router.state(actor)
    if state is None or state.life != "live":
        raise not_found()
    tickets = await _tickets(call, state)
    known = await faces(scene_of(call), {*people_of(tickets), *(one.user_id for one in state.participants)})
    person = next((known.users[one.user_id] for one in state.participants if one.user_id in known.users), None)
    shown, _ = await showing.views(call, tickets, levels=True)
    own = state.ticket.ref.id if state.ticket is not None else None
    current = next((view for view, ticket in zip(shown, tickets, strict=True) if ticket.id == own), None)
    return answer(
        {
            "conversation": _shown(state),
            "person": None if person is None else user_view(person, known.numbers[person.id], call.base),
            "ticket": current,
            "tickets": shown,
            "users": people_views(known, call.base),
        }
    )


async def list_newest(call: Call) -> web.Response:
    """All of the app's, as the stream's inbox shows them, by when they began: the newest first, a page behind the one named `after`."""
    router, after, before = call.services.router, call.request.query.get("after"), ANY_KEY
    if after is not None:
        found = await router.journal.find(ActorId(ConversationKind.name, call.app.id, after)) if ID.match(after) else None
        if found is None:
            raise Invalid("after", "names no conversation")
        before = found
    states = await router.recent(ConversationKind.name, call.app.id, PAGE, before)
    conversations = [summary(state) for state in states if state.life == "live"]
    return answer({"conversations": conversations, "after": states[-1].id if len(states) == PAGE else None})


async def list_conversations(call: Call) -> web.Response:
    """Those of one person on all channels, what was last said in first."""
    found = await users.person_of(call)
    router = call.services.router
    names: Sequence[ActorId] = ()
    if isinstance(found, User):
        names = await router.journal.by_member(ConversationKind.name, call.app.id, found.id, "", "f" * 24, MAX_LISTED)
    states = [state for state in (await router.states(names)).values() if state.life == "live"]
    states.sort(key=lambda state: max(state.last_message_ms, state.created_ms), reverse=True)
    return answer({"conversations": [_shown(state) for state in states], "count": len(states)})


async def list_last_messages(call: Call) -> web.Response:
    """What was last said in each of these conversations, as the stream would tell it. Where nothing was, there is nothing."""
    wanted = list(dict.fromkeys(filter(ID.match, call.request.query.get("ids", "").split(","))))
    if len(wanted) > MAX_LAST:
        raise Invalid("ids", f"must be at most {MAX_LAST}")
    bodies = await asyncio.gather(*(_last(call, one) for one in wanted))
    found = {one: msgspec.Raw(body) for one, body in zip(wanted, bodies, strict=True) if body is not None and event_type(body)}
    return answer({"last_messages": [{"conversation_id": one, "event": event} for one, event in found.items()]})


async def _last(call: Call, conversation: str) -> bytes | None:
    journal = call.services.router.journal
    key = await journal.find(ActorId(ConversationKind.name, call.app.id, conversation))
    rows = [] if key is None else await journal.messages(key, None, sys.maxsize, 1)
    return rows[0].body if rows else None


async def _tickets(call: Call, state: State) -> list[Ticket]:
    """The conversation's tickets, the newest first: the one that it knows of, and those of its people that say they are its."""
    shelf, found = call.services.rooms.tickets, dict[str, Ticket]()
    if state.ticket is not None:
        own = await shelf.by_id(call.app.id, state.ticket.ref.id)
        found |= {} if own is None or own.deleted else {own.id: own}
    for one in state.participants[:1]:
        part = Part(MAX_LISTED, order="number", descending=True, counted=False)
        theirs = await shelf.listed(call.app.id, kept(of("requester_id", one.user_id)), part)
        found |= {ticket.id: ticket for ticket in theirs.tickets if ticket.conversation_id == state.id}
    return sorted(found.values(), key=lambda ticket: ticket.number, reverse=True)


def _shown(state: State) -> dict[str, Any]:
    return {
        "id": state.id,
        "status": state.status,
        "display_name": state.display_name,
        "seq": state.seq,
        "created_at": instant(state.created_ms),
        "last_at": instant(state.last_message_ms) if state.last_message_ms else None,
    }
