"""The file of our own routes is valid, has every route of the application, and is what answers are held against."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.app import BotRooms, FileRooms, Services, make_app
from gateway.bot.shelf import Shelf
from gateway.keys import Settings
from gateway.outward.addresses import Reach
from gateway.outward.calls import Caller
from gateway.outward.client import Outward
from gateway.zendesk.operations import Rooms
from storage.files import FolderFiles
from storage.sql.attachments import Attachments
from storage.sql.bots import Bots
from storage.sql.database import open_database
from storage.sql.directory import Directory
from tests import own_contract
from tests.bot_server import FLOWS
from tests.own_contract import NotInTheContract, check_answer
from tests.router_twin import RouterTwin

#: What is for people.
_PAGES = ("gateway.pages", "gateway.help_pages")
HEALTHY = b'{"status":"ok"}'
CONVERSATION: dict[str, Any] = {
    "id": "a" * 24, "type": "personal", "displayName": None, "iconUrl": None, "isDefault": True, "seq": 1, "unreadCount": 0,
    "createdAt": "2026-01-02T03:04:05.678Z", "lastUpdatedAt": None,
}  # fmt: skip


def test_it_is_openapi() -> None:
    OpenAPIV31SpecValidator(own_contract.openapi()).validate()


async def test_every_route_of_the_application_is_in_it_and_no_other(sqlite_path: Path, tmp_path: Path) -> None:
    """But for `/sc/v2`, which is not ours, and for pages."""
    database = open_database(sqlite_path)
    outward = Outward(Reach(()))
    bots = BotRooms(Bots(database), Shelf(FLOWS), Caller(outward, Bots(database).secrets), None)  # type: ignore[arg-type]
    files = FileRooms(Attachments(database), FolderFiles(tmp_path), b"s" * 32, 1)
    rooms, nothing = Rooms.over(database), lambda: None
    services = Services(RouterTwin(), Directory(database), b"s" * 32, nothing, nothing, rooms, bots, files)  # type: ignore[arg-type]
    app = make_app(Settings(rate_limits=False), services)
    await outward.close()
    await database.close()
    told = {(method.upper(), path) for path, item in own_contract.openapi()["paths"].items() for method in item}
    assert sorted(told) == sorted(set(routes(app, {path for _, path in told})))


def routes(app: web.Application, known: set[str]) -> Iterator[tuple[str, str]]:
    """Addresses with a language in them are those without it."""
    for route in app.router.routes():
        assert route.resource is not None
        path = route.resource.canonical.removesuffix("{json}")
        is_page = route.handler.__module__.startswith(_PAGES) and not path.startswith("/messaging/")
        if path.startswith("/sc/") or is_page or route.method in ("HEAD", "OPTIONS"):
            continue
        yield route.method, path if path in known else path.replace("/help_center/{locale}/", "/help_center/")


def conversations(**fields: Any) -> bytes:
    return json.dumps({"conversations": [CONVERSATION | fields]}).encode()


def answered(body: bytes, path: str = "/messaging/v1/conversations", status: int = 200, media: str = "application/json") -> None:
    check_answer("GET", path, status, media, body)


def test_an_answer_as_it_should_be_passes() -> None:
    answered(conversations())
    answered(b'{"errors": [{"code": "unauthorized", "title": "Authorization is required"}]}', status=401)
    answered(HEALTHY, "/healthz")
    answered(b"{}", "/sc/v2/apps")  # which is not ours


@pytest.mark.parametrize(
    ("body", "options", "what"),
    [
        (conversations(isDefault="yes"), {}, "conversations/0/isDefault"),
        (conversations(unread=3), {}, "unread"),
        (conversations(createdAt="yesterday"), {}, "createdAt"),
        (conversations(id="A" * 24), {}, "conversations/0/id"),
        (b'{"conversations": [{}]}', {}, "required"),
        (b"{}", {}, "conversations"),
        (conversations(), {"status": 202}, "202"),
        (conversations(), {"media": "text/html"}, "text/html"),
        (b'{"error": "of another form"}', {"status": 404}, "errors"),
        (HEALTHY, {"path": "/messaging/v1/news"}, "is not in"),
    ],
)
def test_any_other_answer_is_refused(body: bytes, options: Any, what: str) -> None:
    with pytest.raises(NotInTheContract, match=what):
        answered(body, **options)


def test_an_address_may_have_a_language_and_an_ending_and_words_go_before_numbers() -> None:
    plain = own_contract.operation_of("GET", "/api/v2/help_center/articles/7")
    assert plain is not None
    assert plain == own_contract.operation_of("GET", "/api/v2/help_center/en-gb/articles/7.json")
    assert ("GET /api/v2/tickets/count", "getTicketsCount") == named("/api/v2/tickets/count.json")
    assert ("GET /api/v2/tickets/{id}", "getTicketsById") == named("/api/v2/tickets/5")


def named(path: str) -> tuple[str, str]:
    found = own_contract.operation_of("GET", path)
    assert found is not None
    return found[0], found[1]["operationId"]


def test_what_was_asked_is_held_against_it_too() -> None:
    done = b'{"results": [], "count": 0}'
    check_answer("GET", "/api/v2/search", 200, "application/json", done, query=["query", "page[size]"])
    with pytest.raises(NotInTheContract, match="quarry"):
        check_answer("GET", "/api/v2/search", 200, "application/json", done, query=["quarry"])
    session = b'{"token": "t", "agent": {"id": "k", "appId": "%b"}}' % (b"a" * 24)
    with pytest.raises(NotInTheContract, match="request"):
        check_answer("POST", "/agent/v1/sessions", 201, "application/json", session, sent=b'{"email": 7, "password": "p"}')


async def test_a_server_that_answers_otherwise_fails_whoever_asks() -> None:
    """Both ways of looking see it: of a client, and around an application."""

    async def health(request: web.Request) -> web.Response:
        return web.json_response({"status": "fine"})

    plain, around = web.Application(), own_contract.watched(web.Application())
    for app in (plain, around):
        app.router.add_get("/healthz", health)
    async with TestClient(TestServer(plain), trace_configs=[own_contract.tracing()]) as client, client.get("/healthz") as answer:
        with pytest.raises(NotInTheContract, match="status"):
            await answer.json()
    async with TestClient(TestServer(around)) as client, client.get("/healthz") as answer:
        assert (500, True) == (answer.status, "status" in str(answer.reason))
