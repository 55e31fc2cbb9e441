"""`GET /attachments/{appId}/{key}/{name}`: the bytes of an attachment, whole or in part, under headers with which nothing in it runs.

A public one is for everybody who has its address. A private one is for whoever has a signed link, for programs and agents of its app,
and for visitors who take part in its conversation or have uploaded it.
"""

from __future__ import annotations

import re

from aiohttp import hdrs, web

from actors.conversation import ConversationKind
from domain.attachments import KEY, Attachment, response_headers
from domain.errors import Refused
from domain.ids import ID
from gateway.auth import Authenticator
from gateway.files.links import Signer
from gateway.files.uploading import STORE
from gateway.identity import Identity
from gateway.keys import ROUTER
from gateway.limits import LIMITS
from gateway.stream.endpoints import TOKENS
from storage.files import Reading
from storage.ports import ActorId

SIGNER = web.AppKey("signer", Signer)
CHECKER = web.AppKey("attachments_authenticator", Authenticator)

_CHUNK_BYTES = 262_144
_SESSIONS = ("agent_", "visitor_", "program_")
_RANGE = re.compile(r"bytes=(?P<first>[0-9]{0,15})-(?P<last>[0-9]{0,15})\Z")


async def download(request: web.Request) -> web.StreamResponse:
    """GET and HEAD; one range at a time. Who may not have it is told that there is none, and who says nothing, to say who they are."""
    one = await _found(request)
    await _check(request, one)
    headers = response_headers(one)
    if headers["ETag"] in request.headers.get(hdrs.IF_NONE_MATCH, ""):
        return web.Response(status=304, headers=headers)
    reading = await request.app[STORE].files.open(one.app_id, one.key)
    try:
        return await _sent(request, reading, headers)
    finally:
        await reading.close()


async def _found(request: web.Request) -> Attachment:
    app_id, key = request.match_info["appId"], request.match_info["key"]
    found = await request.app[STORE].rows.by_key(app_id, key) if ID.match(app_id) and KEY.match(key) else None
    if found is None:
        raise no_attachment()
    return found


async def _check(request: web.Request, one: Attachment) -> None:
    if one.access == "public":
        return
    query = request.query
    if "signature" in query:
        if request.app[SIGNER].holds(one, query.get("expires", ""), query["signature"], request.app[ROUTER].now_ms()):
            return
    elif await _has_right(request, one):
        return
    raise no_attachment()


async def _has_right(request: web.Request, one: Attachment) -> bool:
    authorization = request.headers.get(hdrs.AUTHORIZATION)
    kind, _, token = (authorization or "").partition(" ")
    if kind.lower() == "bearer" and token.strip().startswith(_SESSIONS):
        now_ms = request.app[ROUTER].now_ms()
        who = await request.app[TOKENS].identity(token.strip(), ("visitor", "agent", "program"), now_ms)
        return await may_open(request, who, one)
    principal = await request.app[CHECKER].principal(authorization)
    request.app[LIMITS].check(request.app[LIMITS].keys, principal.key_id)
    return principal.app_id in (None, one.app_id)


async def may_open(request: web.Request, who: Identity, one: Attachment) -> bool:
    """Whether this person or program may have a private file."""
    if who.app.id != one.app_id:
        return False
    if who.user is None or who.user.id == one.user_id:
        return True
    if one.conversation_id is None:
        return False
    state = await request.app[ROUTER].state(ActorId(ConversationKind.name, one.app_id, one.conversation_id))
    return state is not None and state.life == "live" and state.participant(who.user.id) is not None


async def _sent(request: web.Request, reading: Reading, headers: dict[str, str]) -> web.StreamResponse:
    first, count, status = wanted(request.headers.get(hdrs.RANGE), request.headers.get(hdrs.IF_RANGE), headers["ETag"], reading.size)
    if status != 200:
        span = f"{first}-{first + count - 1}" if status == 206 else "*"
        headers[hdrs.CONTENT_RANGE] = f"bytes {span}/{reading.size}"
    headers[hdrs.CONTENT_LENGTH] = str(count)
    response = web.StreamResponse(status=status, headers=headers)
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        while count > 0:
            chunk = await reading.read(first, min(count, _CHUNK_BYTES))
            if not chunk:
                raise ConnectionError("the file is shorter than it was")
            await response.write(chunk)
            first, count = first + len(chunk), count - len(chunk)
    await response.write_eof()
    return response


def wanted(given: str | None, if_range: str | None, tag: str, size: int) -> tuple[int, int, int]:
    """(first byte, how many, status) of an answer. Several ranges, or what cannot be read, are as good as none. Source: RFC 9110, 14."""
    found = _RANGE.match(given) if given is not None and if_range in (None, tag) else None
    if found is None or not (found["first"] or found["last"]):
        return 0, size, 200
    if found["first"]:
        first, last = int(found["first"]), min(int(found["last"] or size), size - 1)
    else:
        first, last = max(0, size - int(found["last"])), size - 1
    if first >= size or (found["last"] and found["first"] and int(found["last"]) < first):
        return 0, 0, 416
    return first, last - first + 1, 206


def no_attachment() -> Refused:
    return Refused("not_found", "Attachment not found")
