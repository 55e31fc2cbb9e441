"""What the operations that show conversations beside people and tickets answer, by method and path."""

from __future__ import annotations

from typing import TypedDict

from domain.conversation.events import Status
from gateway.described import Described, Fields, Id, Instant, Json, Table, fields
from gateway.support.shapes import Ticket, User


class ConversationShown(TypedDict):
    """A conversation, as short as lists need it."""

    id: Id
    status: Status
    display_name: str | None
    seq: int
    created_at: Instant
    last_at: Instant | None


class LastMessage(TypedDict):
    """`event` is as the stream tells it."""

    conversation_id: Id
    event: Json


_BESIDE = {"person": User | None, "ticket": Ticket | None, "tickets": list[Ticket], "users": list[User]}

TALKS: Table = {
    "GET /desk/conversations/{conversation}": Described({200: Fields({"conversation": ConversationShown, **_BESIDE})}),
    "GET /desk/users/{id}/conversations": Described({200: fields(conversations=list[ConversationShown], count=int)}),
    "GET /desk/last_messages": Described({200: fields(last_messages=list[LastMessage])}, query=("ids",)),
}
