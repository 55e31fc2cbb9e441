"""The body of an answer, read within its limit, packed or not: what would unpack to more is never unpacked."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable

from gateway.outward.requests import Failed

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


async def read(chunks: AsyncIterable[bytes], encoding: str, limit: int) -> bytes:
    """At most `limit` bytes, of the wire and unpacked. Raises Failed (`too_large`, `bad_answer`)."""
    match encoding.strip().lower():
        case "" | "identity":
            return await _plain(chunks, limit)
        case "gzip" | "x-gzip" | "deflate":
            return await _unpacked(chunks, limit)
        case _:  # we have asked for none
            raise Failed("bad_answer")


async def _plain(chunks: AsyncIterable[bytes], limit: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise Failed("too_large")
    return bytes(body)


async def _unpacked(chunks: AsyncIterable[bytes], limit: int) -> bytes:
    body, packed, decoder = bytearray(), 0, zlib.decompressobj(_GZIP_OR_ZLIB)
    async for chunk in chunks:
        packed += len(chunk)
        try:
            body += decoder.decompress(chunk, limit - len(body) + 1)
        except zlib.error:
            raise Failed("bad_answer") from None
        if len(body) > limit or packed > limit:
            raise Failed("too_large")
    if packed and not decoder.eof:
        raise Failed("bad_answer")
    return bytes(body)
