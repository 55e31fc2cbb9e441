"""`/messaging/v1/attachments` and `/agent/v1/attachments`: uploads of visitors and agents, and links to what is private."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from actors.conversation import ConversationKind
from domain.attachments import Attachment
from domain.errors import Refused
from domain.ids import ID, instant
from domain.integrations import WebSettings
from gateway.files.downloading import SIGNER, may_open, no_attachment
from gateway.files.store import Terms
from gateway.files.uploading import STORE, asked, receive
from gateway.identity import Identity
from gateway.keys import LOOKUPS, ROUTER
from gateway.limits import LIMITS
from gateway.origins import base_url, check_origin
from gateway.sessions import bearer, integration_of, json_response, visitor
from gateway.stream.endpoints import TOKENS
from storage.ports import ActorId


async def upload_of_visitor(request: web.Request) -> web.Response:
    """For a message, always: it goes with it."""
    who = await visitor(request)
    channel = await integration_of(request, who)
    if channel is not None and isinstance(channel.settings, WebSettings) and not channel.settings.attachments_enabled:
        raise Refused("forbidden", "Visitors of this integration upload nothing")
    return await _upload(request, who)


async def upload_of_agent(request: web.Request) -> web.Response:
    """For a message, always: it goes with it."""
    return await _upload(request, await _agent(request))


async def get_of_visitor(request: web.Request) -> web.Response:
    return await _get(request, await visitor(request))


async def get_of_agent(request: web.Request) -> web.Response:
    return await _get(request, await _agent(request))


async def _agent(request: web.Request) -> Identity:
    await check_origin(request, request.app[LOOKUPS])
    who = await request.app[TOKENS].identity(bearer(request), ("agent", "program"), request.app[ROUTER].now_ms())
    request.app[LIMITS].check(request.app[LIMITS].keys, who.sender)
    return who


async def _upload(request: web.Request, who: Identity) -> web.Response:
    access, _, conversation = asked(request.query)
    if conversation is not None:
        await _check_conversation(request, who, conversation)
    user_id = who.user.id if who.user is not None else None
    one = await receive(request, Terms(who.app.id, who.sender, access, True, user_id, conversation))
    return json_response({"attachment": _view(request, one)}, 201)


async def _check_conversation(request: web.Request, who: Identity, conversation: str) -> None:
    """Raises Refused: not there, or not theirs, which is not told apart. A visitor's default one need not be there yet."""
    if who.user is not None and conversation == who.user.default_conversation_id:
        return
    state = await request.app[ROUTER].state(ActorId(ConversationKind.name, who.app.id, conversation))
    if state is None or state.life != "live" or (who.user is not None and state.participant(who.user.id) is None):
        raise Refused("conversation_not_found", "Conversation not found")


async def _get(request: web.Request, who: Identity) -> web.Response:
    """What is known of an attachment, with a link that opens it."""
    identifier = request.match_info["attachmentId"]
    one = await request.app[STORE].rows.get(who.app.id, identifier) if ID.match(identifier) else None
    if one is None or (one.access == "private" and not await may_open(request, who, one)):
        raise no_attachment()
    return json_response({"attachment": _view(request, one)})


def _view(request: web.Request, one: Attachment) -> dict[str, Any]:
    """`mediaUrl` is what goes into a message. `link` opens a private one without a token, for a while."""
    base = base_url(request)
    view: dict[str, Any] = {"id": one.id, "mediaUrl": base + one.path, "mediaType": one.media_type, "mediaSize": one.size}
    view |= {"name": one.name, "access": one.access}
    if one.width is not None:
        view |= {"width": one.width, "height": one.height}
    if one.access == "private":
        url, until_ms = request.app[SIGNER].signed(one, base, request.app[ROUTER].now_ms())
        view["link"] = {"url": url, "expiresAt": instant(until_ms)}
    return view
