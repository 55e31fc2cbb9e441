"""Blocking calls from the event loop, in threads that nobody waits for. Never imports Ray, whose calls these are.

While a Ray cluster's head is away, whatever asks it comes back when it does. In the loop's own few threads such calls would
stand in the way of everything else, and at the end of the process Python would wait for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar
from weakref import WeakSet

T = TypeVar("T")
_running: WeakSet[threading.Thread] = WeakSet()

MOST_KNOWN = 4096


def begin(work: Callable[[], T]) -> asyncio.Future[T]:
    """Start a blocking call; its outcome is the future's."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(put: Callable[[Any], None], outcome: Any) -> None:
        if not future.done():  # nobody has given it up
            put(outcome)

    def tell(put: Callable[[Any], None], outcome: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(settle, put, outcome)

    def run() -> None:
        try:
            tell(future.set_result, work())
        except Exception as error:
            tell(future.set_exception, error)

    thread = threading.Thread(target=run, name="blocking-call", daemon=True)
    _running.add(thread)
    thread.start()
    return future


def settle(timeout_s: float) -> None:
    """Wait for the calls that are under way, so long at most. Blocking."""
    until = time.monotonic() + timeout_s
    for thread in tuple(_running):
        thread.join(max(0.0, until - time.monotonic()))


async def within(timeout_s: float | None, outcome: Awaitable[T]) -> T:
    """What it comes to. Raises `TimeoutError`. Who is cancelled just when it comes is cancelled: `asyncio.wait_for` of Python 3.11 would
    forget that, and whoever waits for the task's end would wait for ever."""
    async with asyncio.timeout(timeout_s):
        return await outcome


async def result(work: Callable[[], T], timeout_s: float | None = None) -> T:
    """What a blocking call returns or raises. Raises `TimeoutError` when that takes too long; the call goes on."""
    return await within(timeout_s, begin(work))


class Found(Generic[T]):
    """What a blocking `find` has found by name. Each name is looked up once at a time, and never again once it was found."""

    def __init__(self, find: Callable[[str], T], timeout_s: float) -> None:
        self._find, self._timeout_s = find, timeout_s
        self._known: dict[str, asyncio.Future[T]] = {}

    async def named(self, name: str) -> T:
        """Raises what `find` raises, and `TimeoutError`; a later call has what came too late for this one."""
        future = self._known.get(name)
        if future is None:
            future = self._known[name] = begin(lambda: self._find(name))
            future.add_done_callback(lambda done: self._keep(name, done))
        return await within(self._timeout_s, asyncio.shield(future))

    def _keep(self, name: str, done: asyncio.Future[T]) -> None:
        if done.cancelled() or done.exception() is not None:
            self._known.pop(name, None)
        elif len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def forget(self) -> None:
        self._known.clear()
