"""The widget's addresses on a real socket, over a small build and real tables."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from domain.directory import App, Integration
from domain.integrations import WebSettings
from gateway.keys import DIRECTORY, LOOKUPS, SETTINGS, Settings
from gateway.limits import LIMITS, Limits
from gateway.lookups import Lookups
from gateway.middlewares import MIDDLEWARES
from gateway.pages import built_files
from gateway.pages.routes import add_pages
from storage.sql.database import open_database
from storage.sql.directory import Directory

APP, OPEN, LISTED, CLOSED, PROGRAM = (digit * 24 for digit in "12345")
FILES = {
    "widget.js": "/* loader */",
    "messenger.html": "<!doctype html><title>Messenger</title>",
    "demo.html": '<!doctype html><p data-own="CAUSERIE_DEMO_OWN"><script src="/widget.js" data-key="CAUSERIE_WEB_INTEGRATION_ID"></script>',
    "workspace.html": "<!doctype html><title>Workspace</title>",
    "assets/index-1.js": "/* messenger */",
}
Page = tuple[int, str, Any]


class Pages:
    def __init__(self, client: TestClient[Any, Any]) -> None:
        self._client = client

    async def get(self, path: str, **headers: str) -> Page:
        async with self._client.get(path, headers=headers) as response:
            return response.status, await response.text(), response.headers


@pytest.fixture
async def directory(sqlite_path: Path) -> AsyncIterator[Directory]:
    database = open_database(sqlite_path)
    made = Directory(database)
    await made.create_app(App(APP, "Causerie"))
    listed = WebSettings(origin_whitelist=("https://shop.example",))
    for one in (
        Integration(APP, OPEN, "web", settings=WebSettings()),
        Integration(APP, LISTED, "web", settings=listed),
        Integration(APP, CLOSED, "web", status="inactive", settings=WebSettings()),
        Integration(APP, PROGRAM, "custom"),
    ):
        await made.create_integration(one)
    yield made
    await database.close()


@contextlib.asynccontextmanager
async def pages(directory: Directory, folder: Path, **settings: Any) -> AsyncIterator[Pages]:
    app = web.Application(middlewares=MIDDLEWARES)
    app[DIRECTORY], app[LOOKUPS] = directory, Lookups(directory)
    app[SETTINGS], app[LIMITS] = Settings(rate_limits=False, **settings), Limits(False)
    add_pages(app, built_files.read(folder))
    async with TestClient(TestServer(app)) as client:
        yield Pages(client)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "built" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "built"


async def test_the_loader_is_for_pages_of_any_host(directory: Directory, built: Path) -> None:
    async with pages(directory, built) as server:
        status, text, headers = await server.get("/widget.js")
        assert (200, FILES["widget.js"]) == (status, text)
        assert ("*", "cross-origin") == (headers["Access-Control-Allow-Origin"], headers["Cross-Origin-Resource-Policy"])
        assert "immutable" not in headers["Cache-Control"]
        status, _, headers = await server.get("/assets/index-1.js")
        assert (200, True) == (status, "immutable" in headers["Cache-Control"])
        assert 404 == (await server.get("/assets/..%2Fmessenger.html"))[0]


async def test_the_messenger_is_shown_by_the_pages_that_may(directory: Directory, built: Path) -> None:
    async with pages(directory, built, allowed_origins=("https://other.example",)) as server:
        _, _, headers = await server.get(f"/messenger/{OPEN}")
        assert "frame-ancestors 'self' https://other.example" in headers["Content-Security-Policy"]
        _, _, headers = await server.get(f"/messenger/{LISTED}")
        assert "frame-ancestors 'self' https://shop.example" in headers["Content-Security-Policy"]
        assert "script-src 'self'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("identifier", [CLOSED, PROGRAM, "0" * 24, "x"])
async def test_there_is_no_messenger_but_of_active_web_integrations(directory: Directory, built: Path, identifier: str) -> None:
    async with pages(directory, built) as server:
        assert 404 == (await server.get(f"/messenger/{identifier}"))[0]


async def test_the_sample_shop_is_for_the_machine_itself(directory: Directory, built: Path) -> None:
    async with pages(directory, built) as server:
        status, text, headers = await server.get("/demo")
        assert (200, True, True) == (status, f'data-key="{OPEN}"' in text, 'data-own="yes"' in text)
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert 404 == (await server.get("/demo", Host="chat.example"))[0], "a proxy on this machine is not the machine"
    async with pages(directory, built, demo="off") as server:
        assert 404 == (await server.get("/demo"))[0]
    async with pages(directory, built, demo="on") as server:
        status, text, _ = await server.get("/demo", Host="chat.example")
        assert (200, True) == (status, 'data-own="no"' in text), "where the password is, is for who runs it"


@pytest.mark.parametrize("path", ["/workspace", "/workspace/", "/workspace/c/6b04441f281a89b7db00da24", "/workspace/t/7?list=all"])
async def test_the_agents_window_is_one_page_for_all_of_its_addresses(directory: Directory, built: Path, path: str) -> None:
    async with pages(directory, built) as server:
        status, text, headers = await server.get(path)
        assert (200, FILES["workspace.html"]) == (status, text)
        assert ("no-referrer", "same-origin") == (headers["Referrer-Policy"], headers["Cross-Origin-Resource-Policy"])


async def test_the_agents_window_stands_in_the_sample_shop_of_the_machine_itself_and_in_no_other_page(
    directory: Directory, built: Path
) -> None:
    async def ancestors(demo: Literal["auto", "on", "off"], **headers: str) -> str:
        async with pages(directory, built, demo=demo) as server:
            told = (await server.get("/workspace", **headers))[2]["Content-Security-Policy"]
            return next(one for one in told.split("; ") if one.startswith("frame-ancestors")).removeprefix("frame-ancestors ")

    assert ("'self'", "'self'", "'none'") == (await ancestors("auto"), await ancestors("on"), await ancestors("off"))
    assert "'none'" == await ancestors("on", Host="chat.example")


async def test_without_a_build_each_page_says_how_to_build(directory: Directory, tmp_path: Path) -> None:
    async with pages(directory, tmp_path / "nothing") as server:
        for path in ("/widget.js", f"/messenger/{OPEN}", "/demo", "/workspace"):
            status, text, headers = await server.get(path)
            assert (404, True, "no-store") == (status, "make web" in text, headers["Cache-Control"])
