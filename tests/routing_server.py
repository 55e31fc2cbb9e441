"""A whole installation in one process, without Ray: the gateway on a real socket, host processes of conversations, tickets and routing.

For what crosses between kinds and their clients; the tables are those of one SQLite file.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import encode_basic_auth
from aiohttp.test_utils import TestClient, TestServer

from actors.deliveries import Finder
from actors.host_process import HostConfig, HostProcess
from actors.placement import Placement
from actors.router import Router
from actors.socket_link import connect
from domain.directory import Account, App, Integration
from domain.switchboard import AGENTS_TYPE
from domain.switchboard_rows import Board, MemberRow, SwitchboardRow
from gateway.app import Services, make_app
from gateway.keys import Settings
from gateway.zendesk.operations import Rooms
from storage.open import open_journal
from storage.passwords import hash_password
from storage.sql.bootstrap import new_key
from storage.sql.directory import Directory
from tests import own_contract
from tests.stream_client import Connection

KINDS = ("conversation", "ticket", "assignment")
PASSWORD = "a long password"
Answer = tuple[int, Any]


class _Process(HostProcess):
    """One that does not take the tests along when it dies."""

    def die(self) -> None:
        """What it holds is killed by the test."""


class RoutingServer:
    """`people` are the accounts by name: ann and bob are agents, sam is an admin."""

    def __init__(self, path: Path) -> None:
        self.url_of_journal = f"sqlite:///{path}"
        self.database, self.journal = open_journal(self.url_of_journal)
        self.placements = {kind: Placement() for kind in KINDS}
        self.router = Router(self.journal, Finder(self.journal), connect, b"secret", placements=self.placements)
        self.processes: dict[str, HostProcess] = {}
        self.people: dict[str, Account] = {}
        self._ids = itertools.count(1)
        self._open: list[Connection] = []
        self.http: TestClient[Any, Any]
        self.app: App
        self.web: Integration

    async def start(self) -> None:
        for kind in KINDS:
            await self.begin(kind)
        directory = Directory(self.database)
        new_id = self.router.new_id
        self.app = App(new_id(), "Brindille")
        self.web, workspace = Integration(self.app.id, new_id(), "web"), Integration(self.app.id, new_id(), AGENTS_TYPE)
        hashed = hash_password(PASSWORD)
        for name, role in (("ann", "agent"), ("bob", "agent"), ("sam", "admin")):
            self.people[name] = Account(new_id(), f"{name}@example.org", hashed, role, name.title())  # type: ignore[arg-type]
        board = SwitchboardRow(self.app.id, new_id(), True, member := new_id())
        people = MemberRow(self.app.id, board.id, member, "agentWorkspace", workspace.id, AGENTS_TYPE)
        key, accounts = new_key(new_id, "Key", "app", self.app.id), list(self.people.values())
        assert await directory.create_all(self.app, [key], [self.web, workspace], accounts, Board(board, (people,)))

        async def nothing() -> Any:
            return {}

        rooms = Rooms.over(self.database)
        services = Services(self.router, directory, b"s" * 32, nothing, nothing, rooms)
        self.http = TestClient(TestServer(make_app(Settings(rate_limits=False), services)), trace_configs=[own_contract.tracing()])
        await self.http.start_server()

    async def begin(self, kind: str) -> None:
        """A host process of a kind; whoever had its slot is fenced."""
        process = self.processes[kind] = _Process(msgspec.msgpack.encode(HostConfig(self.url_of_journal)))
        rows = await self.journal.slots(kind, "0")
        assert await process.claim(kind, kind, "0", rows[0].generation if rows else 0, msgspec.msgpack.encode(self.placements))

    async def kill(self, kind: str) -> None:
        """As by kill -9: in the middle of anything, and its links break."""
        process = self.processes.pop(kind)
        await process._server.close()
        for held in process._held.values():
            await held.host.kill()
            await held.database.close()
        if process._outward is not None:
            await process._outward.close()
        if process._opened is not None:
            await process._opened[0].close()

    async def close(self) -> None:
        for one in self._open:
            await one.close()
        await self.http.close()
        await self.router.close()
        for kind in list(self.processes):
            await self.kill(kind)
        await self.database.close()

    # -- people

    @property
    def url(self) -> str:
        return str(self.http.make_url("")).rstrip("/")

    async def agent(self, name: str) -> Connection:
        body = {"email": f"{name}@example.org", "password": PASSWORD}
        async with self.http.post("/agent/v1/sessions", json=body) as answer:
            token = (await answer.json())["token"]
        return await self._opened("/agent/v1/stream", token)

    async def visitor(self) -> Connection:
        async with self.http.post("/messaging/v1/sessions", json={"integrationId": self.web.id}) as answer:
            token = (await answer.json())["token"]
        return await self._opened("/messaging/v1/stream", token)

    async def _opened(self, path: str, token: str) -> Connection:
        made = await Connection.open(self.http.session, self.url, path, token)
        self._open.append(made)
        return made

    async def api(self, method: str, path: str, body: Any = None, name: str = "ann", **query: Any) -> Answer:
        headers = {"Authorization": encode_basic_auth(f"{name}@example.org", PASSWORD)}
        async with self.http.request(method, f"/api/v2{path}", json=body, headers=headers, params=query or None) as answer:
            return answer.status, await answer.json() if answer.status != 204 else None

    async def says(self, one: Connection, **frame: Any) -> Any:
        """What a frame with an id of its own is answered by."""
        identifier = f"f{next(self._ids)}"
        await one.send(id=identifier, **frame)
        return await one.take(("ack", "refused"), id=identifier)
