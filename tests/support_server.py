"""The Support API on a real socket, over a database of its own and a router's twin that takes the turns of tickets and conversations."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestClient, TestServer

from domain.directory import Account, App, Integration
from gateway.app import FileRooms, Services, make_app
from gateway.keys import Settings
from gateway.zendesk.operations import Rooms
from storage.files import FolderFiles
from storage.passwords import hash_password
from storage.ports import Database
from storage.sql.attachments import Attachments
from storage.sql.bootstrap import new_key
from storage.sql.directory import Directory
from tests import own_contract
from tests.ticket_twin import TicketTwin

Answer = tuple[int, Any]
API = "/api/v2"
ADMIN, AGENT, PASSWORD = "ada@example.org", "ana@example.org", "a long password"
_hash = cache(hash_password)  # which takes long, as it should


class SupportServer:
    """`call` speaks as an admin by an API token, unless it is told otherwise."""

    def __init__(self, http: TestClient[Any, Any], directory: Directory, router: TicketTwin, app: App, key: Any, rooms: Rooms) -> None:
        self.http, self.directory, self.router, self.app_id, self.key, self.rooms = http, directory, router, app.id, key, rooms
        self.token, self.application = key.secret, web.Application()
        self.admin = {"Authorization": encode_basic_auth(f"{ADMIN}/token", key.secret)}
        self.agent = {"Authorization": encode_basic_auth(AGENT, PASSWORD)}
        self.program = {"Authorization": encode_basic_auth(key.id, key.secret)}

    @property
    def url(self) -> str:
        return str(self.http.make_url("")).rstrip("/")

    async def call(self, method: str, path: str, json: Any = None, *, headers: dict[str, str] | None = None, **query: Any) -> Answer:
        given = self.admin if headers is None else headers
        path = path.removeprefix(self.url).removeprefix(API)
        async with self.http.request(method, API + path, json=json, headers=given, params=query or None) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def get(self, path: str, **query: Any) -> Any:
        status, answer = await self.call("GET", path, **query)
        assert 200 == status, answer
        return answer

    async def ticket(self, **fields: Any) -> dict[str, Any]:
        """A new ticket."""
        given = {"subject": "Late parcel", "comment": {"body": "Where is it?"}} | fields
        status, answer = await self.call("POST", "/tickets.json", {"ticket": given})
        assert 201 == status, answer
        found: dict[str, Any] = answer["ticket"]
        return found

    async def done(self, answer: Answer) -> dict[str, Any]:
        """A job when it is done."""
        status, told = answer
        assert 200 == status, told
        async with asyncio.timeout(5):
            while told["job_status"]["status"] in ("queued", "working"):
                await asyncio.sleep(0.005)
                told = await self.get(told["job_status"]["url"])
        job: dict[str, Any] = told["job_status"]
        return job


async def start(database: Database, folder: Path) -> SupportServer:
    """Ended by `server.http.close()`. `folder` is for files."""
    router, rooms = TicketTwin(database), Rooms.over(database)
    directory = Directory(database, router.now_ms)
    app = App(router.new_id(), "Brindille")
    key = new_key(router.new_id, "Key", "app", app.id)
    await directory.create_app(app)
    await directory.create_key(key)
    await directory.create_integration(Integration(app.id, router.new_id(), "web"))
    for email, role, name in ((ADMIN, "admin", "Ada"), (AGENT, "agent", "Ana Bell")):
        await directory.create_account(Account(router.new_id(), email, _hash(PASSWORD), role, name))  # type: ignore[arg-type]

    async def nothing() -> Any:
        return {}

    files = FileRooms(Attachments(database), FolderFiles(folder), b"s" * 32, 1_000_000)
    services = Services(router, directory, b"s" * 32, nothing, nothing, rooms, files=files)
    made = make_app(Settings(rate_limits=False), services)
    client = TestClient(TestServer(own_contract.watched(made)))
    await client.start_server()
    server = SupportServer(client, directory, router, app, key, rooms)
    server.application = made
    return server
