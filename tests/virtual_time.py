"""An event loop whose clock jumps to the next timer when there is nothing to do: hours of timeouts take seconds, and always the same way.

For code that waits on timers alone. A thread or a socket would be outrun: nothing waits for them here.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Stalled(Exception):
    """Nothing is ready and no timer is set: the program waits for something that can never happen."""


class _Jumping(selectors.DefaultSelector):
    """Never waits: what it would have waited is added to `now`."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise Stalled
            self.now += max(0.0, timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """`time()` begins at 0."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def run(work: Coroutine[Any, Any, T], limit_s: float = 86_400.0) -> T:
    """What `work` returns, having taken no time; `TimeoutError` if it takes more than `limit_s` of its own."""

    async def limited() -> T:
        async with asyncio.timeout(limit_s):
            return await work

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(limited())
