"""Operations on attachments. Source: API contract, tag Attachments.

`access` may also be `private`, which the contract has a word for and does not support: its `conversationId` says who may open the file.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from domain.decode import decode
from domain.directory import Reply
from domain.errors import Refused
from gateway.files.downloading import no_attachment
from gateway.files.links import place_of
from gateway.files.store import Terms
from gateway.files.uploading import STORE, asked, receive
from gateway.origins import base_url, own_hosts
from gateway.sc.conversations import live
from gateway.sc.operations import EMPTY, Call, json_reply
from storage.ports import ActorId


class _Remove(msgspec.Struct, rename="camel"):
    media_url: Annotated[str, Meta(max_length=4096)]


_remove_body = msgspec.json.Decoder(_Remove)


async def upload_attachment(call: Call) -> Reply:
    """An `Idempotency-Key` says nothing here: each upload makes a file."""
    access, for_message, conversation = asked(call.request.query)
    if conversation is not None:
        await live(call, ActorId("conversation", call.app.id, conversation))
    terms = Terms(call.app.id, call.principal.sender, access, for_message, None, conversation)
    one = await receive(call.request, terms)
    return json_reply({"attachment": {"mediaUrl": base_url(call.request) + one.path, "mediaType": one.media_type}}, 201)


async def remove_attachment(call: Call) -> Reply:
    url = decode(_remove_body, call.body, "").media_url
    place = place_of(url, own_hosts(call.request))
    if place is None:
        raise Refused("bad_request", f"Unsupported media URL for attachment deletion: {url[:200]}")
    store = call.request.app[STORE]
    one = await store.rows.by_key(call.app.id, place[1]) if place[0] == call.app.id else None
    if one is None:
        raise no_attachment()
    await store.remove([one])
    return EMPTY
