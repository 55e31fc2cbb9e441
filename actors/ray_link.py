"""A link by Ray calls instead of a socket: the same frames, pushed and pulled. For programs in the cluster and dedicated actors.

Knows a host only as an object with `push` and `pull`; `cluster` gives it the Ray handle.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Protocol


class Calls(Protocol):
    """The two calls of a host process that carry frames."""

    def push(self, line: str, data: bytes) -> Awaitable[None]: ...

    def pull(self, line: str) -> Awaitable[bytes]: ...


class RayWire:
    """One wire to a host. Bytes that are sent while a push is under way go with the next: batches grow with the load."""

    def __init__(self, calls: Calls, failures: tuple[type[Exception], ...]) -> None:
        self._calls, self._failures = calls, failures
        self._name = secrets.token_hex(8)
        self._waiting = bytearray()
        self._some, self._known = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._line: Any = None
        self._over = False

    def open(self, attach: Callable[[Callable[[bytes], None], Callable[[], None]], Any]) -> None:
        """Attach a line; pushing and pulling begin with its first bytes."""
        self._line = attach(self.send, self.end)
        self._tasks = [asyncio.create_task(self._guard(self._push)), asyncio.create_task(self._guard(self._pull))]

    def send(self, data: bytes) -> None:
        self._waiting += data
        self._some.set()

    async def close(self) -> None:
        """End it, and wait until nothing of it calls any more."""
        self.end()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def end(self) -> None:
        """Stop; the line is told once."""
        if not self._over:
            self._over = True
            for task in self._tasks:
                task.cancel()
            self._line.ended()

    async def _guard(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except self._failures:
            self.end()

    async def _push(self) -> None:
        while True:
            await self._some.wait()
            self._some.clear()
            data, self._waiting = bytes(self._waiting), bytearray()
            await self._calls.push(self._name, data)
            self._known.set()

    async def _pull(self) -> None:
        await self._known.wait()  # the first push opens the line at the host, and Ray may let a later call overtake it
        while True:
            data = await self._calls.pull(self._name)
            if data:
                self._line.received(data)
