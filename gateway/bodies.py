"""Bodies of requests, read within their limit: what is too big is refused before it is looked at. Never parses."""

from __future__ import annotations

from aiohttp import web

from domain.errors import Refused


async def read_body(request: web.Request, limit: int) -> bytes:
    """The whole body. Raises Refused (`payload_too_large`) as soon as it is known to have more than `limit` bytes, declared or not."""
    declared = request.content_length
    if declared is not None and declared > limit:
        raise _too_large(limit)
    chunks, size = [], 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(limit: int) -> Refused:
    return Refused("payload_too_large", f"The body has more than {limit} bytes")
