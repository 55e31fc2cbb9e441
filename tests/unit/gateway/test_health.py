"""Ready is who can take a message: without the hosts of other kinds too, which are then named."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from gateway.health import HEALTH, Health, readyz


def link(kind: str, slot: str, up: bool) -> Any:
    made = SimpleNamespace(kind=kind, slot=slot, placed="/" not in slot, up=asyncio.Event())
    if up:
        made.up.set()
    return made


async def answer(missing: dict[str, str], *links: Any) -> tuple[int, Any]:
    async def ready() -> dict[str, str]:
        return missing

    router: Any = SimpleNamespace(links=lambda: list(links))
    nothing: Any = None
    app = web.Application()
    app[HEALTH] = Health(router, nothing, ready, nothing)
    response = await readyz(make_mocked_request("GET", "/readyz", app=app))
    assert isinstance(response.body, bytes)
    return response.status, json.loads(response.body)


@pytest.mark.parametrize("bots", [True, False])
async def test_bots_are_not_waited_for(bots: bool) -> None:
    status, body = await answer({}, link("conversation", "0", True), link("bot", "0", bots), link("conversation", "app/a", False))
    expected = {"status": "ready"} if bots else {"status": "ready", "waiting": ["bot host 0"]}
    assert (200, expected) == (status, body)


async def test_what_is_missing_is_named() -> None:
    status, body = await answer({"database": "does not answer"}, link("bot", "0", False))
    assert (503, ["database: does not answer"]) == (status, [error["title"] for error in body["errors"]])
