"""The help centre's API on a real socket, over a database of its own and the router's twin."""

from __future__ import annotations

from functools import cache
from typing import Any

from aiohttp import encode_basic_auth
from aiohttp.test_utils import TestClient, TestServer

from domain.directory import Account, App, Integration
from gateway.app import Services, make_app
from gateway.keys import Settings
from gateway.zendesk.operations import Rooms
from storage.passwords import hash_password
from storage.ports import Database
from storage.sql.bootstrap import new_key
from storage.sql.directory import Directory
from tests import own_contract
from tests.router_twin import RouterTwin

Answer = tuple[int, Any]
API = "/api/v2/help_center"
AGENT, PASSWORD = "ana@example.org", "a long password"
_hash = cache(hash_password)  # which takes long, as it should


class HelpServer:
    """`call` speaks as an agent by an API token, unless it is told otherwise."""

    def __init__(self, http: TestClient[Any, Any], directory: Directory, app: App, token: str, rooms: Rooms) -> None:
        self.http, self.directory, self.app_id, self.token, self.rooms = http, directory, app.id, token, rooms
        self.agent = {"Authorization": encode_basic_auth(f"{AGENT}/token", token)}

    @property
    def url(self) -> str:
        return str(self.http.make_url("")).rstrip("/")

    async def call(self, method: str, path: str, json: Any = None, *, headers: dict[str, str] | None = None, **query: Any) -> Answer:
        given = self.agent if headers is None else headers
        path = path.removeprefix(self.url)
        address = path if path.startswith("/api/") else API + path
        async with self.http.request(method, address, json=json, headers=given, params=query or None) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def made(self, path: str, **fields: Any) -> dict[str, Any]:
        """A new category, section, article or label, by the address under which it lies."""
        kind = {"categories": "category", "sections": "section", "articles": "article", "translations": "translation", "labels": "label"}
        name = kind[path.rpartition("/")[2]]
        status, answer = await self.call("POST", path, {name: fields})
        assert 201 == status, answer
        found: dict[str, Any] = answer[name]
        return found


async def start(database: Database, settings: Settings | None = None) -> HelpServer:
    """Ended by `server.http.close()`."""
    directory, router, rooms = Directory(database), RouterTwin(), Rooms.over(database)
    app = App(router.new_id(), "Brindille")
    key = new_key(router.new_id, "Key", "app", app.id)
    await directory.create_app(app)
    await directory.create_key(key)
    await directory.create_integration(Integration(app.id, router.new_id(), "web"))
    await directory.create_account(Account(router.new_id(), AGENT, _hash(PASSWORD), "agent", "Ana"))

    async def nothing() -> Any:
        return {}

    made = make_app(settings or Settings(rate_limits=False), Services(router, directory, b"s" * 32, nothing, nothing, rooms))
    client = TestClient(TestServer(own_contract.watched(made)))
    await client.start_server()
    return HelpServer(client, directory, app, key.secret, rooms)
