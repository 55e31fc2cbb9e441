"""Operations on messages and activities. Source: API contract, tags Messages, Activities.

What a conversation stored goes into the answer as the bytes that were stored.
"""

from __future__ import annotations

from typing import Any

import msgspec

from actors.conversation import event_id, message_of
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.directory import Reply
from domain.errors import Invalid, Refused
from domain.ids import place_of
from domain.masking import mask_content
from domain.message_post import Destination, parse_activity_post, parse_message_post
from gateway.deleting import delete_message as delete_stored
from gateway.files.claims import claimed
from gateway.files.links import MARK
from gateway.origins import own_hosts
from gateway.responders import board_for, responder_of
from gateway.sc import paging
from gateway.sc.apps import own_url
from gateway.sc.conversations import SOURCE
from gateway.sc.operations import EMPTY, Call, json_reply
from gateway.sc.people import speaker
from storage.ports import ActorId, EventRow

PAGE_SIZE = 100

_encode = msgspec.json.Encoder().encode


async def post_message(call: Call) -> Reply:
    post = parse_message_post(call.body)
    app = call.app
    if post.destination is not None:
        await _check_destination(call, post.destination)
    lookups, author = call.services.lookups, await speaker(call.services.lookups, app, post.author)
    by, written = call.principal.integration_id, author.type == "business"
    content = mask_content(post.content_json) if app.settings.mask_credit_card_numbers else post.content_json
    content = await with_files(call, content)
    user = None if author.user_id is None else await lookups.user(app.id, author.user_id)
    board = await board_for(lookups, app.id, user, msgspec.structs.replace(SOURCE, integration_id=by))
    command = cmd.PostMessage(
        author,
        content,
        SOURCE,
        metadata=post.metadata or None,
        limit=app.settings.message_limit,
        references=_optional(post.references),
        destination=_optional(post.destination),
        override=_optional(post.override),
        retention_s=app.settings.conversation_retention_seconds or None,
        switchboard=board,
        responder=await responder_of(lookups, app.id, board, by) if written else None,
    )
    client_id = None if call.client_id is None else f"idempotency:{call.client_id}"
    answer = await call.services.router.ask(call.actor(), command, sender=call.principal.sender, client_id=client_id, want_body=True)
    return Reply(b"", 201, b'{"messages":[' + _shown(_posted(answer.body)) + b"]}")


async def list_messages(call: Call) -> Reply:
    """A page is always of 100, and without a cursor the last one."""
    query = call.request.query
    asked = paging.parse_page(query)
    page = paging.Page(asked.after, asked.before, PAGE_SIZE)
    key, seq = await _place(call, call.actor())
    after = _seq(page.after, key, "page[after]") if page.after else None
    before = _seq(page.before, key, "page[before]") if page.before else None if page.after else seq + 1
    rows = await call.services.router.journal.messages(key, after, before, PAGE_SIZE + 1)
    shown, around = paging.cut(rows, page, lambda row: event_id(row.body), backwards=True)
    messages = [message_of(row.body) for row in shown]
    listed = [msgspec.Raw(_shown(message)) for message in messages if not _is_deleted(message)]
    return json_reply({"messages": listed, **paging.around(around, own_url(call), query)})


async def delete_message(call: Call) -> Reply:
    actor = call.actor()
    identifier = call.id_in_path("messageId", "message_not_found", "Message")
    key, _ = await _place(call, actor)
    row = await _row(call, key, identifier)
    event = _message(row, identifier)
    await delete_stored(call.services.router, call.services.attachments, actor, row.seq, event, own_hosts(call.request))
    return EMPTY


async def delete_messages(call: Call) -> Reply:
    actor = call.actor()
    await call.services.router.ask(actor, cmd.DeleteMessages(), sender=call.principal.sender)
    if call.services.attachments is not None:
        await call.services.attachments.forget_conversation(call.app.id, actor.id)
    return EMPTY


async def post_activity(call: Call) -> Reply:
    post = parse_activity_post(call.body)
    author = await speaker(call.services.lookups, call.app, post.author)
    command = cmd.Act(ev.Activity(post.type, author, SOURCE))
    await call.services.router.ask(call.actor(), command, sender=call.principal.sender)
    return EMPTY


async def with_files(call: Call, content: bytes) -> bytes:
    """The content of a message that is to be posted, told what its files are."""
    store = call.services.attachments
    if store is None or MARK not in content:
        return content
    now_ms = call.services.router.now_ms()
    return await claimed(store, content, call.app, call.actor().id, own_hosts(call.request), now_ms)


async def _check_destination(call: Call, destination: Destination) -> None:
    if destination.integration_id is not None:
        found = await call.services.lookups.integration(destination.integration_id)
        if found is None or found.app_id != call.app.id:
            raise Refused("integration_not_found", "Integration not found")


async def _place(call: Call, actor: ActorId) -> tuple[int, int]:
    """(integer key, last seq) of a live conversation. Raises Refused."""
    found = await call.services.router.load(actor)
    if found is None or found[1].life != "live":
        raise Refused("conversation_not_found", "Conversation not found")
    return found[0], found[1].seq


async def _row(call: Call, key: int, identifier: str) -> EventRow:
    """The event at the place that a message's id names. Raises Refused: it is of another conversation, or there is none."""
    place = place_of(identifier)
    if place is not None and place[0] == key:
        rows = await call.services.router.journal.read(key, place[1] - 1, 1)
        if rows and rows[0].seq == place[1]:
            return rows[0]
    raise _no_message()


def _message(row: EventRow, identifier: str) -> ev.MessagePosted:
    """The message that is to go. Raises Refused: the event is no message, or it has gone already."""
    if row.is_message and event_id(row.body) == identifier:
        opened = ev.decode(row.body, row.version)
        if opened is not None and isinstance(opened[1], ev.MessagePosted) and not opened[1].message.deleted:
            return opened[1]
    raise _no_message()


#: What a message is stored with and an answer has not. Few messages have any of it.
_INNER = (b'"destination":', b'"override":', b'"agentId":', b'"subtypes":')
#: The contract names `agent` and `bot` too, but the official clients up to 17.0.1 refuse a whole answer that has them.
_SUBTYPES = frozenset({"AI", "activity"})
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])
_words = msgspec.json.Decoder(list[str])


def _shown(message: bytes) -> bytes:
    """The message as the contract has it, and the one that it quotes: nearly always the stored bytes themselves."""
    if not any(name in message for name in _INNER):
        return message
    fields = {name: value for name, value in _fields.decode(message).items() if name not in ("destination", "override")}
    fields["author"] = msgspec.Raw(_author_shown(fields["author"]))
    quoted = _fields.decode(fields["quotedMessage"]) if "quotedMessage" in fields else {}
    if "message" in quoted:
        fields["quotedMessage"] = msgspec.Raw(_encode({**quoted, "message": msgspec.Raw(_shown(bytes(quoted["message"])))}))
    return _encode(fields)


def _author_shown(author: msgspec.Raw) -> bytes:
    fields: dict[str, Any] = {name: value for name, value in _fields.decode(author).items() if name != "agentId"}
    subtypes = [one for one in _words.decode(fields.pop("subtypes", b"[]")) if one in _SUBTYPES]
    return _encode({**fields, "subtypes": subtypes} if subtypes else fields)


class _Trace(msgspec.Struct):
    deleted: bool = False


_trace = msgspec.json.Decoder(_Trace)


def _is_deleted(message: bytes) -> bool:
    """Whether this is what a deleted message left behind. The bytes alone do not tell: metadata may have such a key."""
    return b'"deleted":true' in message and _trace.decode(message).deleted


def _no_message() -> Refused:
    return Refused("message_not_found", "Message not found")


def _posted(body: bytes | None) -> bytes:
    try:
        return message_of(body or b"")
    except msgspec.DecodeError:  # a repeat, long after: of the message only its place is left
        raise Refused("gone", "The message was posted, and has been deleted since") from None


def _seq(cursor: str, key: int, field: str) -> int:
    place = place_of(cursor)
    if place is None or place[0] != key:
        raise Invalid(field, "is not the id of a message of this conversation")
    return place[1]


def _optional(value: Any) -> bytes | None:
    return _encode(value) if value else None
