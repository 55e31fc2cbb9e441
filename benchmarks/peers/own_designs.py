"""The two designs that are written here, seen from a client: both speak the same small protocol over a WebSocket.

Each frame is a JSON object. A client says `{"type": "message", "conversation", "id", "text"}` and gets `{"type": "ack", "id", "seq"}`,
or says `{"type": "follow", "conversation"}`, gets `{"type": "following"}` and then a copy of each message, with its `seq`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from benchmarks.peers import databases
from benchmarks.peers.packages import Packages
from benchmarks.peers.processes import running
from benchmarks.peers.system import MANY, ONE, SOME, Shape
from tests.serving import free_port

_decode = msgspec.json.Decoder().decode


class UsualDesign:
    """Stateless: all state is in PostgreSQL and Redis."""

    name = "usual-design"
    settings = "one aiohttp process on uvloop, SQLAlchemy Core on asyncpg, 15 connections, autocommit; an INSERT and a PUBLISH a message"
    ack = "after the commit of the message's own transaction, one INSERT"
    shapes: tuple[Shape, ...] = (MANY, SOME, ONE)

    @contextmanager
    def start(self, folder: Path, packages: Packages) -> Iterator[OwnDesign]:
        with databases.postgresql() as found, databases.redis() as redis, _running("usual_server", folder, found.url, redis) as url:
            versions = {name: version(name) for name in ("aiohttp", "sqlalchemy", "asyncpg", "redis")}
            yield OwnDesign(url, found.fsync, {**versions, "postgresql": found.version})


class NaiveDesign:
    """The actor model taken at its word."""

    name = "naive-design"
    settings = "one Ray actor (a process) a conversation, one Ray call and one INSERT a message, Ray's defaults"
    ack = "after the commit of the message's own INSERT"
    shapes: tuple[Shape, ...] = (SOME, ONE)  # 200 actors are 200 processes

    @contextmanager
    def start(self, folder: Path, packages: Packages) -> Iterator[OwnDesign]:
        with databases.postgresql() as found, _running("naive_server", folder, found.url) as url:
            versions = {name: version(name) for name in ("aiohttp", "ray", "asyncpg")}
            yield OwnDesign(url, found.fsync, {**versions, "postgresql": found.version})


@contextmanager
def _running(module: str, folder: Path, *arguments: str) -> Iterator[str]:
    port, root = free_port(), Path(__file__).parents[2]
    path = f"PYTHONPATH={root}"
    command = ["env", path, sys.executable, "-m", f"benchmarks.peers.{module}", str(port), *arguments]
    with running(command, folder, port):
        yield f"http://127.0.0.1:{port}/"


class OwnDesign:
    def __init__(self, url: str, fsync: str, versions: dict[str, str]) -> None:
        self.url, self.fsync, self.versions = url, fsync, versions
        self._met = 0

    async def agent(self, http: aiohttp.ClientSession, number: int) -> OwnAgent:
        return OwnAgent(self, http, Socket(await http.ws_connect(self.url, compress=0)))

    def new_conversation(self) -> str:
        self._met += 1
        return f"conversation-{self._met}"


class Socket:
    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._ws = ws

    async def send(self, **frame: Any) -> None:
        await self._ws.send_str(json.dumps(frame))

    async def frame(self) -> dict[str, Any]:
        return _decode(await self._ws.receive_str())  # type: ignore[no-any-return]

    async def until(self, kind: str) -> None:
        while (await self.frame())["type"] != kind:
            pass


class OwnVisitor:
    def __init__(self, socket: Socket, conversation: str) -> None:
        self._socket, self._conversation = socket, conversation

    async def send(self, name: str, text: str) -> None:
        await self._socket.send(type="message", conversation=self._conversation, id=name, text=text)

    async def acked(self) -> list[str]:
        frame = await self._socket.frame()
        return [frame["id"]] if frame["type"] == "ack" else []


class OwnAgent:
    def __init__(self, design: OwnDesign, http: aiohttp.ClientSession, socket: Socket) -> None:
        self._design, self._http, self._socket = design, http, socket

    async def meet(self, number: int) -> OwnVisitor:
        conversation = self._design.new_conversation()
        socket = Socket(await self._http.ws_connect(self._design.url, compress=0))
        visitor = OwnVisitor(socket, conversation)
        await visitor.send("first", "first")
        await socket.until("ack")
        await self._socket.send(type="follow", conversation=conversation)
        await self._socket.until("following")
        return visitor

    async def received(self) -> list[str]:
        frame = await self._socket.frame()
        return [frame["text"]] if frame["type"] == "message" else []
