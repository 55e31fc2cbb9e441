"""Uploads: `multipart/form-data` with the file in the part `source`, written down as it comes. Who may is told by the caller."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import get_args

from aiohttp import BodyPartReader, hdrs, web

from domain.attachments import Access, Attachment
from domain.errors import Invalid, Refused, Unavailable
from domain.ids import ID
from gateway.files.store import Store, Terms
from gateway.limits import ADDRESS, LIMITS, Buckets

#: What one upload may take, from its first byte to its last.
UPLOAD_S = 900.0
MAX_AT_ONCE = 64
MAX_PARTS = 8
#: Rates of bytes: at once, and in the long run.
VISITOR_BYTES, VISITOR_BYTES_PER_S = 250_000_000, 1_000_000
ADDRESS_BYTES, ADDRESS_BYTES_PER_S = 2_000_000_000, 10_000_000
_CHUNK_BYTES = 65_536
#: Boundaries and headers of parts, beside the file.
_ENVELOPE_BYTES = 65_536


class Uploads:
    """The uploads that go on in this process, and the rates of bytes. `by_sender` holds visitors, `by_address` everybody."""

    def __init__(self) -> None:
        self.count = 0
        self.by_sender = Buckets(VISITOR_BYTES_PER_S, VISITOR_BYTES)
        self.by_address = Buckets(ADDRESS_BYTES_PER_S, ADDRESS_BYTES)


UPLOADS = web.AppKey("uploads", Uploads)
STORE = web.AppKey("attachments", Store)


def asked(query: Mapping[str, str], default: Access = "public") -> tuple[Access, bool, str | None]:
    """(access, whether it is for a message, conversation) as a request's query says. Raises Invalid."""
    access, purpose, conversation = query.get("access", default), query.get("for"), query.get("conversationId")
    if access not in get_args(Access):
        raise Invalid("access", "must be public or private")
    if purpose not in (None, "message"):
        raise Invalid("for", "must be message")
    if conversation is not None and not ID.match(conversation):
        raise Refused("conversation_not_found", "Conversation not found")
    if access == "private" and conversation is None:
        raise Invalid("conversationId", "is required where access is private: its participants may open the file")
    return access, purpose is not None, conversation  # type: ignore[return-value]  # one of the two words


async def receive(request: web.Request, terms: Terms) -> Attachment:
    """The file of a form. Raises Refused, Unavailable; nothing is left of what was refused."""
    if not request.content_type.startswith("multipart/form-data"):
        raise Invalid("", "must be multipart/form-data, with the file in the part source")
    async with _admitted(request, terms) as store:
        part = await _source(request)
        return await store.receive(_chunks(part), part.filename, terms)


async def receive_body(request: web.Request, name: str, terms: Terms) -> Attachment:
    """The same for a request whose whole body is the file."""
    async with _admitted(request, terms) as store:
        return await store.receive(request.content.iter_chunked(_CHUNK_BYTES), name, terms)


@asynccontextmanager
async def _admitted(request: web.Request, terms: Terms) -> AsyncIterator[Store]:
    """Within the rates, the number and the time of uploads."""
    store, uploads = request.app[STORE], request.app[UPLOADS]
    size = _declared(request, store.max_bytes)
    limits = request.app[LIMITS]
    if terms.user_id is not None:
        limits.check(uploads.by_sender, terms.sender, size)
    limits.check(uploads.by_address, request[ADDRESS], size)
    if uploads.count >= MAX_AT_ONCE:
        raise Unavailable("overloaded", "Too many uploads at once", 5.0)
    uploads.count += 1
    try:
        async with asyncio.timeout(UPLOAD_S):
            yield store
    except TimeoutError:
        raise Refused("bad_request", f"The upload took more than {UPLOAD_S:.0f} s") from None
    finally:
        uploads.count -= 1


def _declared(request: web.Request, max_bytes: int) -> int:
    """The size that a request says it has; the greatest if it says none. Raises Refused (`payload_too_large`)."""
    declared = request.content_length
    if declared is not None and declared > max_bytes + _ENVELOPE_BYTES:
        raise Refused("payload_too_large", f"The file has more than {max_bytes} bytes")
    return max_bytes if declared is None else declared


async def _source(request: web.Request) -> BodyPartReader:
    """The part that is the file. What stands before it is passed over, and is small."""
    try:
        reader = await request.multipart()
        for _ in range(MAX_PARTS):
            part = await reader.next()
            if not isinstance(part, BodyPartReader):
                break
            if part.name == "source":
                return part
            await part.read()
    except (ValueError, AssertionError) as error:
        raise _malformed() from error
    raise Invalid("source", "is required")


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    if part.headers.get(hdrs.CONTENT_ENCODING) or part.headers.get(hdrs.CONTENT_TRANSFER_ENCODING, "binary").lower() == "base64":
        raise Invalid("source", "must not be encoded")
    try:
        while not part.at_eof():
            yield await part.read_chunk(_CHUNK_BYTES)
    except (ValueError, AssertionError) as error:
        raise _malformed() from error


def _malformed() -> Invalid:
    return Invalid("", "is not well-formed multipart/form-data")
