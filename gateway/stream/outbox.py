"""What waits to be written to one socket: coalesced into one WebSocket message, bounded, never a reason to wait for others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

MAX_BYTES = 4 << 20
ROOM_BYTES = 256 << 10


class Outbox:
    """Lines for one socket. A socket that does not read is closed rather than buffered for; it resumes by seq."""

    def __init__(
        self,
        write: Callable[[bytes], Awaitable[None]],
        overflow: Callable[[], None],
        max_bytes: int = MAX_BYTES,
        room_bytes: int = ROOM_BYTES,
    ) -> None:
        self._write, self._overflow, self.max_bytes, self.room_bytes = write, overflow, max_bytes, room_bytes
        self._lines: list[bytes] = []
        self._bytes = 0
        self._some, self._room = asyncio.Event(), asyncio.Event()
        self._room.set()
        self.closed = False

    def put(self, line: bytes) -> bool:
        """Add a line. False when the outbox is closed, as it is once it has overflowed."""
        if self.closed:
            return False
        self._lines.append(line)
        self._bytes += len(line)
        if self._bytes > self.max_bytes:
            self.closed = True
            self._overflow()
            return False
        if self._bytes > self.room_bytes:
            self._room.clear()
        self._some.set()
        return True

    async def room(self) -> None:
        """Wait until a page of history would not fill the outbox."""
        await self._room.wait()

    async def run(self) -> None:
        """Write what waits, all of it in one message, until cancelled. What is being written still counts as waiting."""
        while True:
            await self._some.wait()
            self._some.clear()
            lines, self._lines = self._lines, []
            size = sum(map(len, lines))
            if lines:
                await self._write(b"\n".join(lines))
            self._bytes -= size
            if self._bytes <= self.room_bytes:
                self._room.set()
