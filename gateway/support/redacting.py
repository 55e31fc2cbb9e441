"""Taking words out of comments for good, and making comments private. Source: Zendesk's Support API, Ticket Comments.

A message of the conversation was read by the customer as it is: it is deleted there, and what is left of it is kept on the ticket, as a
private comment of the same author. On a closed ticket, which takes no comment, nothing is kept.
"""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from domain.conversation import events as talk
from domain.conversation.words import words_of
from domain.decode import decode
from domain.errors import Invalid, Refused
from domain.plain import html_to_text
from domain.ticket import commands as cmd
from domain.ticket.commands import Comment
from domain.ticket.forgetting import taken_out
from domain.ticket.model import Ticket
from gateway.deleting import delete_message
from gateway.origins import own_hosts
from gateway.support import comments, uploads
from gateway.support.bodies import Number
from gateway.support.faces import faces
from gateway.support.journal import audits, number_at, place_of
from gateway.support.scene import Scene, scene_of
from gateway.support.showing import ticket_of
from gateway.zendesk.operations import Call, answer, not_found
from storage.ports import ActorId

MAX_TEXT = 10_000
_REDACT = re.compile(r"<redact[^<>]*>(.*?)</redact>", re.IGNORECASE | re.DOTALL)
Found = talk.MessagePosted | talk.NotePosted


class RedactedText(msgspec.Struct, frozen=True):
    text: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]


class Redaction(msgspec.Struct, frozen=True):
    """`html_body` is the comment's, with what is to go inside `<redact>`."""

    ticket_id: Number
    html_body: Annotated[str, Meta(max_length=200_000)] = ""


_text, _redaction = msgspec.json.Decoder(RedactedText), msgspec.json.Decoder(Redaction)


async def redact(call: Call) -> web.Response:
    ticket = await ticket_of(call)
    return await _redacted(call, ticket, call.number("comment_id"), (decode(_text, call.body, "").text,))


async def redact_marked(call: Call) -> web.Response:
    """As the agent workspace asks for it."""
    body = decode(_redaction, call.body, "")
    texts = tuple(dict.fromkeys(text for found in _REDACT.findall(body.html_body) if (text := html_to_text(found).strip())))
    if not texts:
        raise Invalid("html_body", "marks nothing by <redact>")
    found = await call.services.rooms.tickets.by_numbers(call.app.id, [body.ticket_id])
    if body.ticket_id not in found:
        raise Invalid("ticket_id", "is not a ticket")
    return await _redacted(call, found[body.ticket_id], call.number("comment_id"), texts)


async def redact_attachment(call: Call) -> web.Response:
    """The file goes, wherever it was."""
    ticket, scene = await ticket_of(call), scene_of(call)
    seq, in_conversation = place_of(ticket, call.number("comment_id"))
    found = await uploads.of_number(scene, call.number("attachment_id"))
    said = next((one.event.comment for one in await audits(scene, ticket) if one.seq == seq and one.event.comment), None)
    if in_conversation or said is None or found is None or found.id not in said.uploads:
        raise not_found()
    view = (await uploads.views_of(scene, [found], call.base))[found.id]
    await scene.tell(ticket.id, cmd.Redact(scene.by, seq, uploads=(found.id,)))
    await uploads.remove(scene, found)
    return answer({"attachment": view | {"deleted": True}})


async def make_private(call: Call) -> web.Response:
    ticket, scene = await ticket_of(call), scene_of(call)
    seq, in_conversation = place_of(ticket, call.number("comment_id"))
    if not in_conversation:
        await scene.tell(ticket.id, cmd.Redact(scene.by, seq, private=True))
        return answer({})
    event = await _message(scene, ticket, seq)
    if isinstance(event, talk.MessagePosted):
        await _withdraw(call, scene, ticket, seq, event, ())
    return answer({})


async def _redacted(call: Call, ticket: Ticket, number: int, texts: tuple[str, ...]) -> web.Response:
    """The comment as it is now; of a message the private comment that has taken its place."""
    scene = scene_of(call)
    seq, in_conversation = place_of(ticket, number)
    if in_conversation:
        event = await _message(scene, ticket, seq)
        words = words_of(bytes(event.message.content))[0]
        if taken_out(words, texts) == words:
            raise Invalid("text", "is nothing that the comment says")
        number = await _withdraw(call, scene, ticket, seq, event, texts)
    else:
        told = await scene.tell(ticket.id, cmd.Redact(scene.by, seq, texts))
        if not told.seq:
            raise Invalid("text", "is nothing that the comment says")
    said = [one for one in await comments.everything(scene, ticket) if one.number == number]
    known = await faces(scene, {one.author_id for one in said})
    files = await uploads.known(scene, [each for one in said for each in one.uploads], call.base)
    return answer({"comment": comments.comment_view(said[0], known, files) if said else None})


async def _message(scene: Scene, ticket: Ticket, seq: int) -> Found:
    """What stands at a place of the ticket's conversation. Raises Refused (`not_found`)."""
    actor = ActorId("conversation", scene.app.id, ticket.conversation_id or "")
    journal = scene.services.router.journal
    key = await journal.find(actor) if ticket.conversation_id is not None and seq > 0 else None
    for row in [] if key is None else await journal.read(key, seq - 1, 1):
        event = talk.decode(row.body, row.version)[1]
        if row.seq == seq and isinstance(event, talk.MessagePosted | talk.NotePosted) and not event.message.deleted:
            return event
    raise not_found()


async def _withdraw(call: Call, scene: Scene, ticket: Ticket, seq: int, event: Found, texts: tuple[str, ...]) -> int:
    """The number of the private comment that keeps what is left of a message; the message is deleted. 0: nothing is kept."""
    author, words = event.message.author, words_of(bytes(event.message.content))[0]
    left, kept = taken_out(words, texts).strip(), 0
    if left:
        comment = Comment(left, False, author_id=author.user_id or author.agent_id)
        try:
            told = await scene.tell(ticket.id, cmd.Update(scene.by, comment=comment), f"withdrawn:{seq}:{left}")
            kept = number_at(ticket, told.seq)
        except Refused as error:
            if error.code != "ticket_closed":
                raise
    await _take_out_of_spoken(scene, ticket, words, texts)
    router, files = call.services.router, call.services.attachments
    actor = ActorId("conversation", scene.app.id, ticket.conversation_id or "")
    await delete_message(router, files, actor, seq, event, own_hosts(call.request))
    return kept


async def _take_out_of_spoken(scene: Scene, ticket: Ticket, words: str, texts: tuple[str, ...]) -> None:
    """What an agent said on the ticket is a message, and is kept on the ticket as well; what the customer said first is its description."""
    gone = texts or (words,)
    if taken_out(ticket.description + ticket.subject, gone) != ticket.description + ticket.subject:
        await scene.tell(ticket.id, cmd.Redact(scene.by, 1, gone))
    for one in await audits(scene, ticket):
        said = one.event.comment
        if said is not None and said.spoken and words in said.body:
            told = cmd.Redact(scene.by, one.seq, texts) if texts else cmd.Redact(scene.by, one.seq, private=True)
            await scene.tell(ticket.id, told)
