"""An author plays a draft over HTTP, with what the bot knows laid open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.bot_server import BotServer, flow
from tests.integration.bot.test_flows import code, made
from tests.unit.gateway.bot.test_playing import STEPS

VARIABLES = [{"name": "state"}]


async def begun(server: BotServer, steps: list[dict[str, Any]] = STEPS, **fields: Any) -> dict[str, Any]:
    await made(server, steps=steps, start=steps[0]["id"], variables=VARIABLES, phrases={"en": ["where is my parcel"]})
    status, answer = await server.call("POST", "/previews", {"flow": "hello", **fields})
    assert 201 == status, answer
    shown: dict[str, Any] = answer["preview"]
    return shown


async def event(server: BotServer, preview: dict[str, Any], **fields: Any) -> dict[str, Any]:
    status, answer = await server.call("POST", f"/previews/{preview['id']}/events", fields)
    assert 200 == status, answer
    shown: dict[str, Any] = answer["preview"]
    return shown


def words(preview: dict[str, Any]) -> list[str]:
    return [one["content"]["text"] for one in preview["messages"] if one["by"] == "bot"]


async def test_a_draft_is_played_with_answers_that_are_given(server: BotServer) -> None:
    preview = await begun(server, calls=[{"step": "call", "values": {"state": "sent"}}])
    assert (["What is it about?"], "customer", "bot") == (words(preview), preview["awaits"], preview["control"])
    assert {"flow": "hello", "version": "draft", "id": "ask", "type": "options"} == preview["step"]
    preview = await event(server, preview, press="My order")
    assert (["It is sent."], {"state": "sent"}, "wait") == (words(preview), preview["variables"], preview["step"]["id"])
    assert [("call", 200, False)] == [(one["step"], one["status"], one["made"]) for one in preview["calls"]]
    assert None is not preview["next_timer_at"]
    preview = await event(server, preview, after_seconds=3600)
    assert ["Still there?"] == words(preview)
    _, answer = await server.call("GET", f"/previews/{preview['id']}")
    assert 4 == len(answer["preview"]["messages"])
    assert (200, {}) == await server.call("DELETE", f"/previews/{preview['id']}")
    assert (404, "preview_not_found") == code(await server.call("GET", f"/previews/{preview['id']}"))


async def test_how_free_text_was_understood_is_shown(server: BotServer) -> None:
    preview = await begun(server, say="Where is my parcel?")
    assert "hello" == preview["understood"]["flow"]
    assert preview["matches"][0]["enough"]
    assert preview["matches"][0]["score"] > 0.7


async def test_nothing_is_called_unless_it_is_wished(server: BotServer) -> None:
    preview = await event(server, await begun(server), press="My order")
    assert ["Not now."] == words(preview)
    assert ["not_called"] == [one["error"] for one in preview["calls"]]


@pytest.fixture
async def world() -> AsyncIterator[tuple[str, list[web.Request]]]:
    asked: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request)
        return web.json_response({"state": "packed"})

    app = web.Application()
    app.router.add_get("/orders", answer)
    other = TestServer(app)
    await other.start_server()
    yield str(other.make_url("/orders")), asked
    await other.close()


async def test_a_call_is_really_made_on_wish(server: BotServer, world: tuple[str, list[web.Request]]) -> None:
    url, asked = world
    await server.call("PUT", "/secrets/KEY", {"value": "hush"})
    steps = [STEPS[0], {**STEPS[1], "url": url}, *STEPS[2:]]
    preview = await event(server, await begun(server, steps, real_calls=True), press="My order")
    assert ["It is packed."] == words(preview)
    assert "Bearer hush" == asked[0].headers["Authorization"]
    assert asked[0].headers["Idempotency-Key"]
    assert "hush" not in str(preview)
    assert preview["calls"][0]["made"]


async def test_a_version_is_played_as_it_was(server: BotServer) -> None:
    await made(server)
    await server.call("POST", "/flows/hello/publish")
    await server.call("PUT", "/flows/hello", {"flow": flow(words="Good day"), "revision": 1})
    for version, expected in ((1, "Hello"), ("live", "Hello"), ("draft", "Good day")):
        _, answer = await server.call("POST", "/previews", {"flow": "hello", "version": version})
        assert [expected] == words(answer["preview"])
    assert (404, "flow_not_found") == code(await server.call("POST", "/previews", {"flow": "hello", "version": 7}))
    assert (404, "flow_not_found") == code(await server.call("POST", "/previews", {"flow": "gone"}))


async def test_a_linked_flow_that_is_not_live_is_played_from_its_draft(server: BotServer) -> None:
    await made(server, "other", words="From the other")
    await made(server, steps=[{"type": "link", "id": "go", "flow": "other"}], start="go")
    _, answer = await server.call("POST", "/previews", {"flow": "hello"})
    assert ["From the other"] == words(answer["preview"])


async def test_what_is_no_event_is_refused(server: BotServer) -> None:
    preview = await begun(server)
    for body in ({}, {"say": "x", "press": "y"}, {"press": "nothing of the kind"}, {"after_seconds": 0}, {"say": ""}):
        assert (400, "bad_request") == code(await server.call("POST", f"/previews/{preview['id']}/events", body))
    assert (400, "bad_request") == code(await server.call("POST", "/previews", {"flow": "hello", "at": "soon"}))
    assert (404, "preview_not_found") == code(await server.call("POST", f"/previews/{'0' * 24}/events", {"say": "x"}))
