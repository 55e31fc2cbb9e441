"""What was said on a ticket: its own comments, and the messages of its conversation since it was opened, oldest first.

Source: Zendesk's Support API, Ticket Comments. What a comment said to the customer in the conversation is shown once, as that message.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import web

from domain.conversation import events as talk
from domain.help.markup import sanitised
from domain.ticket import events as ev
from domain.ticket.model import Ticket
from gateway.support import uploads
from gateway.support.faces import SYSTEM, Faces, faces
from gateway.support.journal import Audit, audits, number_at, rows_of
from gateway.support.pages import paged
from gateway.support.scene import Scene, scene_of
from gateway.support.showing import ticket_of
from gateway.support.views import people_views, via
from gateway.zendesk.operations import Call, answer, instant
from storage import spoken
from storage.ports import ActorId

_CONTENT = msgspec.json.Decoder(dict[str, Any])
_FILES = ("image", "file")


class Said(msgspec.Struct, frozen=True):
    """One comment, or one message."""

    number: int
    at_ms: int
    author_id: str | None
    body: str
    html: str | None = None
    public: bool = True
    uploads: tuple[str, ...] = ()
    channel: str = "api"
    audit: int | None = None
    files: tuple[dict[str, Any], ...] = ()


async def list_comments(call: Call) -> web.Response:
    ticket, scene = await ticket_of(call), scene_of(call)
    said = await everything(scene, ticket)
    order = {one.number: place for place, one in enumerate(said, 1)}
    shown, around = paged(call, said, lambda one: order[one.number])
    known = await faces(scene, {one.author_id for one in shown})
    beside = {"users": people_views(known, call.base)} if "users" in call.includes else {}
    files = await uploads.known(scene, [each for one in shown for each in one.uploads], call.base)
    return answer({"comments": [comment_view(one, known, files) for one in shown], **beside, **around})


async def count_comments(call: Call) -> web.Response:
    said = await everything(scene_of(call), await ticket_of(call))
    return answer({"count": {"value": len(said), "refreshed_at": None}})


async def everything(scene: Scene, ticket: Ticket) -> list[Said]:
    """All that was said, oldest first."""
    events = await audits(scene, ticket)
    messages = await _messages(scene, ticket, events)
    return sorted((*_comments(ticket, events, bool(messages)), *messages), key=lambda one: (one.at_ms, one.number))


def _comments(ticket: Ticket, events: list[Audit], in_conversation: bool) -> list[Said]:
    """Those of the ticket itself. What was said in the conversation is shown there, unless the conversation would not have it."""
    found, spoken = list[Said](), list[Said]()
    for one in events:
        if isinstance(one.event, ev.SpeechFailed) and spoken:
            found.append(spoken.pop())
        said = one.event.comment
        if said is None:
            continue
        author_id = said.author_id or one.event.by.id
        made = Said(
            one.number, said.at_ms or one.at_ms, author_id, said.body, said.html, said.public, said.uploads, one.event.by.via, one.number
        )
        (spoken if said.spoken and in_conversation else found).append(made)
    return found


async def _messages(scene: Scene, ticket: Ticket, events: list[Audit]) -> list[Said]:
    if ticket.conversation_id is None:
        return []
    actor = ActorId("conversation", scene.app.id, ticket.conversation_id)
    created = next((one.event for one in events if isinstance(one.event, ev.Created)), None)
    first_ms, after = await spoken.beginning(scene.services.router.journal, actor, ticket, created)
    last_ms = ticket.metrics.closed_ms if ticket.status == "closed" else None  # what is said later is another ticket's
    found = []
    for row in await rows_of(scene, actor, after):
        at_ms, event = talk.decode(row.body, row.version)
        if last_ms is not None and at_ms > last_ms:
            break
        if isinstance(event, talk.MessagePosted | talk.NotePosted) and at_ms >= first_ms and not event.message.deleted:
            found.append(_message(ticket, row.seq, at_ms, event))
    return found


def _message(ticket: Ticket, seq: int, at_ms: int, event: talk.MessagePosted | talk.NotePosted) -> Said:
    message = event.message
    content = _CONTENT.decode(message.content)
    text = str(content.get("text") or content.get("textFallback") or content.get("altText") or "")
    number = number_at(ticket, seq, in_conversation=True)
    files: tuple[dict[str, Any], ...] = ()
    if content.get("type") in _FILES and content.get("mediaUrl"):
        name = str(content.get("altText") or str(content["mediaUrl"]).rpartition("/")[2])
        url = str(content["mediaUrl"])
        files = ({"id": number, "file_name": name, "content_url": url, "content_type": content.get("mediaType"), "inline": False},)
    author_id = message.author.user_id or message.author.agent_id
    rich = content.get("htmlText")
    public = isinstance(event, talk.MessagePosted)
    return Said(number, at_ms, author_id, text, sanitised(str(rich)) if rich else None, public, (), "messaging", None, files)


def comment_view(one: Said, known: Faces, files: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": one.number,
        "type": "Comment",
        "author_id": known.number(one.author_id) or SYSTEM,
        "body": one.body,
        "html_body": one.html or f'<div class="zd-comment" dir="auto"><p>{html.escape(one.body)}</p></div>',
        "plain_body": one.body,
        "public": one.public,
        "attachments": [*one.files, *(files[each] for each in one.uploads if each in files)],
        "audit_id": one.audit,
        "via": via(one.channel),
        "created_at": instant(one.at_ms),
        "metadata": {"system": {}, "custom": {}},
    }
