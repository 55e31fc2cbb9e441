"""The rule of the unit floor: no Ray, no sockets, no sleeps, no warnings, and all of it in seconds.

A test that breaks the rule fails with a word on where it belongs.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

#: What the whole floor may use of the processor. Its tests neither wait nor sleep, so that is about what it takes by the clock.
CPU_LIMIT_S = 30.0

FLOOR = Path(__file__).parent

real_asyncio_sleep = asyncio.sleep

#: By `--hypothesis-profile deep`, whenever there is time.
settings.register_profile("deep", max_examples=2_000, deadline=None)


class ForbiddenOnThisFloor(Exception):
    """A unit test reached for something that only other floors may use."""


def refuse(what: str, instead: str) -> Any:
    def refused(*_args: object, **_kwargs: object) -> NoReturn:
        raise ForbiddenOnThisFloor(f"{what} in a unit test: {instead}")

    return refused


async def yield_only(delay: float, result: Any = None) -> Any:
    """`asyncio.sleep(0)` lets other tasks run and is no sleep."""
    if delay > 0:
        raise ForbiddenOnThisFloor(f"asyncio.sleep({delay}) in a unit test: wait for the condition, or move the test's Clock")
    return await real_asyncio_sleep(0, result)


@pytest.fixture(autouse=True)
def _forbidden() -> Iterator[None]:
    # Not the `monkeypatch` fixture: Hypothesis objects to function-scoped fixtures that are asked for by name.
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "bind"):
            patch.setattr(socket.socket, name, refuse(f"socket.{name}", "use the port's twin, or write it in tests/integration"))
        for name in ("create_connection", "create_server"):
            patch.setattr(socket, name, refuse(f"socket.{name}", "use the port's twin, or write it in tests/integration"))
        patch.setattr(time, "sleep", refuse("time.sleep", "wait for the condition, or move the test's Clock"))
        for module in (asyncio, asyncio.tasks):
            patch.setattr(module, "sleep", yield_only)
        ray = sys.modules.get("ray")  # importing it takes seconds, so only if somebody did already
        if ray is not None:
            patch.setattr(ray, "init", refuse("ray.init", "test the plain class, or write it in tests/integration"))
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FLOOR in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("error"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hold the floor to its limit; only when it is run by itself, since other floors may take their time."""
    used_s = time.process_time()
    alone = all(FLOOR in item.path.parents for item in session.items)
    if alone and used_s > CPU_LIMIT_S and session.exitstatus == pytest.ExitCode.OK:
        print(f"\nThe unit floor used {used_s:.0f} s of the processor; its limit is {CPU_LIMIT_S:.0f} s.", file=sys.stderr)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
