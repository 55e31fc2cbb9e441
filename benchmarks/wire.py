"""A WebSocket client that costs little: on small machines the load generator takes its share of what it measures.

Frames are put together and taken apart as bytes; nothing is decoded. It speaks to what a benchmark starts: no TLS, no compression,
no fragments.
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable
from typing import Self, cast
from urllib.parse import urlsplit

#: How long a server may take for what comes before a measurement.
SETUP_S = 120.0

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_MASK = bytes(4)
"""A client has to mask what it sends. A mask of zeros leaves the bytes as they are; the server takes it off like any other."""


def text_frame(payload: bytes, kind: int = _TEXT) -> bytes:
    """A client's frame around `payload`."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | kind, 0x80 | size)) + _MASK + payload
    if size < 1 << 16:
        return bytes((0x80 | kind, 0x80 | 126)) + size.to_bytes(2, "big") + _MASK + payload
    return bytes((0x80 | kind, 0x80 | 127)) + size.to_bytes(8, "big") + _MASK + payload


class Wire(asyncio.Protocol):
    """One WebSocket. `took` gets the payload of each text message in the step in which it arrives, `lost` why the socket ended.

    What comes before anybody listens is kept for `until`.
    """

    def __init__(self, host: str, path: str, protocol: str) -> None:
        self._early: list[bytes] = []
        self.took: Callable[[bytes], None] = self._early.append
        self.lost: Callable[[Exception], None] = _nothing
        self._transport: asyncio.Transport | None = None
        self._greeting = self._asking(host, path, protocol)
        self._rest = b""
        self._open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    async def connect(cls, url: str, path: str, protocol: str = "") -> Self:
        """A WebSocket to a server's path, of a subprotocol if one is named, ready to send. Raises `ConnectionError`."""
        where = urlsplit(url)
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_connection(lambda: cls(where.netloc, path, protocol), where.hostname or "", where.port or 80)
        await wire.opened
        return wire

    def send(self, *payloads: bytes) -> None:
        """Each payload as a message of its own, all in one write."""
        assert self._transport is not None, "connected"
        self._transport.write(b"".join(map(text_frame, payloads)))

    async def until(self, wanted: Callable[[bytes], bool]) -> bytes:
        """The next message that is wanted; those before it are passed over. Raises what `wanted` raises, and why the socket ended."""
        found: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        took, lost = self.took, self.lost

        def look(payload: bytes) -> None:
            try:
                if not found.done() and wanted(payload):
                    found.set_result(payload)
            except Exception as error:
                found.set_exception(error)

        def ended(error: Exception) -> None:
            if not found.done():
                found.set_exception(error)

        self.took, self.lost = look, ended
        for payload in self._early:
            look(payload)
        self._early.clear()
        try:
            async with asyncio.timeout(SETUP_S):
                return await found
        finally:
            self.took, self.lost = took, lost

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    @staticmethod
    def _asking(host: str, path: str, protocol: str) -> bytes:
        key = base64.b64encode(os.urandom(16)).decode()
        lines: tuple[str, ...] = (
            f"GET {path} HTTP/1.1",
            f"Host: {host}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
        )
        if protocol:
            lines = (*lines, f"Sec-WebSocket-Protocol: {protocol}")
        return "\r\n".join((*lines, "Sec-WebSocket-Version: 13", "", "")).encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._greeting)

    def connection_lost(self, error: Exception | None) -> None:
        lost = error or ConnectionError("the server closed the WebSocket")
        if not self.opened.done():
            self.opened.set_exception(lost)
        self.lost(lost)

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        if not self._open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            self._upgraded(head)
        self._rest = self._messages(data)

    def _upgraded(self, head: bytes) -> None:
        if head.startswith(b"HTTP/1.1 101"):
            self._open = True
            self.opened.set_result(None)
        else:
            self.opened.set_exception(ConnectionError(head.partition(b"\r\n")[0].decode()))
            self.close()

    def _messages(self, data: bytes) -> bytes:
        """Take every whole frame; returns what is left."""
        at, end = 0, len(data)
        while end - at >= 2:
            size, start = data[at + 1], at + 2
            if size >= 126:
                start = at + (4 if size == 126 else 10)
                if end < start:
                    break
                size = int.from_bytes(data[at + 2 : start], "big")
            if end < start + size:
                break
            self._take(data[at], data[start : start + size])
            at = start + size
        return data[at:]

    def _take(self, head: int, payload: bytes) -> None:
        if head == 0x80 | _TEXT:
            self.took(payload)
        elif head == 0x80 | _PING and self._transport is not None:
            self._transport.write(text_frame(payload, _PONG))
        elif head == 0x80 | _CLOSE:
            self.close()
        elif head != 0x80 | _PONG:
            raise ConnectionError(f"an unexpected frame: {head:#x}")


def _nothing(what: object) -> None:
    """Nobody listens yet."""
