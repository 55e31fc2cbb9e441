"""Causerie as `causerie serve` starts it, on either of its databases. Rate limits are off, everything else is on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from benchmarks.peers import databases
from benchmarks.peers.packages import Packages
from benchmarks.peers.system import MANY, ONE, SOME, Shape
from tests.serving import Serving, serving
from tests.stream_client import AGENT, MESSAGING, agent_session, text_of, topic_of, visitor_session

_decode = msgspec.json.Decoder().decode


class Causerie:
    ack = "after the commit of the batch that holds the message (`ack` on the stream)"
    shapes: tuple[Shape, ...] = (MANY, SOME, ONE)

    def __init__(self, on: str) -> None:
        self.name, self._on = "causerie" if on == "sqlite" else f"causerie-{on}", on
        self.settings = f"defaults on {'PostgreSQL' if on == 'postgresql' else 'SQLite'}; rate limits off"

    @contextmanager
    def start(self, folder: Path, packages: Packages) -> Iterator[CauserieService]:
        environment = {"CAUSERIE_LOG_LEVEL": "warning"}
        if self._on == "sqlite":
            with serving(folder, environment=environment) as server:
                yield CauserieService(server, databases.sqlite_fsync(server.data / "causerie.db"))
        else:
            with databases.postgresql() as found:
                environment["CAUSERIE_DATABASE_URL"] = found.url
                with serving(folder, environment=environment) as server:
                    yield CauserieService(server, found.fsync)


class CauserieService:
    def __init__(self, server: Serving, fsync: str) -> None:
        self.fsync = fsync
        self.versions = {name: version(name) for name in ("causerie", "ray", "aiohttp", "sqlalchemy")}
        self.url, self.credentials = server.url, server.credentials

    async def agent(self, http: aiohttp.ClientSession, number: int) -> CauserieAgent:
        session = await agent_session(http, self.url, **self.credentials["agent"])
        socket = await Socket.open(http, self.url + AGENT, session["token"])
        return CauserieAgent(self, http, socket)


class Socket:
    """A socket of the stream, after its `welcome`."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._ws = ws

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str, token: str) -> Socket:
        socket = cls(await http.ws_connect(url, compress=0, max_msg_size=64 << 20))
        await socket.send(type="hello", token=token)
        await socket.until("welcome")
        return socket

    async def send(self, **frame: Any) -> None:
        await self._ws.send_str(json.dumps(frame))

    async def frames(self) -> list[dict[str, Any]]:
        return [_decode(line) for line in (await self._ws.receive_str()).split("\n")]

    async def until(self, kind: str) -> dict[str, Any]:
        while True:
            for frame in await self.frames():
                if frame["type"] == kind:
                    return frame


class CauserieVisitor:
    def __init__(self, socket: Socket) -> None:
        self._socket = socket

    async def send(self, name: str, text: str) -> None:
        await self._socket.send(type="message", id=name, content={"type": "text", "text": text})

    async def acked(self) -> list[str]:
        frames = await self._socket.frames()
        for frame in frames:
            if frame["type"] == "refused":
                raise ConnectionError(f"refused: {frame}")
        return [frame["id"] for frame in frames if frame["type"] == "ack"]


class CauserieAgent:
    def __init__(self, service: CauserieService, http: aiohttp.ClientSession, socket: Socket) -> None:
        self._service, self._http, self._socket = service, http, socket

    async def meet(self, number: int) -> CauserieVisitor:
        service = self._service
        session = await visitor_session(self._http, service.url, service.credentials["web_integration_id"])
        socket = await Socket.open(self._http, service.url + MESSAGING, session["token"])
        await socket.send(type="message", id="first", content={"type": "text", "text": "first"})
        conversation = (await socket.until("ack"))["conversation"]
        await self._socket.send(type="subscribe", topic=topic_of(conversation), after=0)
        await self._socket.until("subscribed")
        return CauserieVisitor(socket)

    async def received(self) -> Sequence[str]:
        texts = [text_of(frame["event"]) for frame in await self._socket.frames() if frame["type"] == "event"]
        return [text for text in texts if text is not None]
