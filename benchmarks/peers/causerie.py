"""Causerie as `causerie serve` starts it, on either of its databases. Rate limits are off, everything else is on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from benchmarks.peers import databases
from benchmarks.peers.packages import Packages
from benchmarks.peers.system import MANY, ONE, SOME, Shape, Witness
from benchmarks.wire import Wire
from tests.serving import Serving, serving
from tests.stream_client import AGENT, MESSAGING, agent_session, topic_of, visitor_session

_encode = msgspec.json.Encoder().encode


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

    async def agent(self, http: aiohttp.ClientSession, number: int, witness: Witness) -> CauserieAgent:
        session = await agent_session(http, self.url, **self.credentials["agent"])
        return CauserieAgent(self, http, await opened(self.url, AGENT, session["token"]), witness)


class _Content(msgspec.Struct, frozen=True):
    text: str = ""


class _Message(msgspec.Struct, frozen=True):
    content: _Content = _Content()


class _Payload(msgspec.Struct, frozen=True):
    message: _Message = _Message()


class _Event(msgspec.Struct, frozen=True):
    payload: _Payload


class Frame(msgspec.Struct):
    """What is looked at of a frame of the stream."""

    type: str
    id: str | None = None
    conversation: str = ""
    event: _Event | None = None


_decode = msgspec.json.Decoder(Frame).decode


def frames(payload: bytes) -> list[Frame]:
    """Those of a message of the socket, one a line."""
    return [_decode(line) for line in payload.split(b"\n")]


def has(kind: str) -> Callable[[bytes], bool]:
    return lambda payload: any(frame.type == kind for frame in frames(payload))


async def opened(url: str, path: str, token: str) -> Wire:
    """A socket of the stream, after its `welcome`."""
    wire = await Wire.connect(url, path)
    tell(wire, type="hello", token=token)
    await wire.until(has("welcome"))
    return wire


def tell(wire: Wire, **frame: Any) -> None:
    wire.send(_encode(frame))


class CauserieVisitor:
    def __init__(self, wire: Wire, witness: Witness) -> None:
        self._wire, self._witness = wire, witness
        wire.took, wire.lost, self.close = self._took, witness.failed, wire.close

    def send(self, name: str, text: str) -> None:
        tell(self._wire, type="message", id=name, content={"type": "text", "text": text})

    def _took(self, payload: bytes) -> None:
        for frame in frames(payload):
            if frame.type == "ack" and frame.id is not None:
                self._witness.acked(frame.id)
            elif frame.type in ("refused", "bye"):
                self._witness.failed(ConnectionError(payload.decode()))


class CauserieAgent:
    def __init__(self, service: CauserieService, http: aiohttp.ClientSession, wire: Wire, witness: Witness) -> None:
        self._service, self._http, self._wire, self._witness = service, http, wire, witness
        wire.took, wire.lost, self.close = self._took, witness.failed, wire.close

    async def meet(self, number: int) -> CauserieVisitor:
        service = self._service
        session = await visitor_session(self._http, service.url, service.credentials["web_integration_id"])
        wire = await opened(service.url, MESSAGING, session["token"])
        tell(wire, type="message", id="first", content={"type": "text", "text": "first"})
        acked = await wire.until(has("ack"))
        conversation = next(frame.conversation for frame in frames(acked) if frame.type == "ack")
        tell(self._wire, type="subscribe", topic=topic_of(conversation), after=0)
        await self._wire.until(has("subscribed"))
        return CauserieVisitor(wire, self._witness)

    def _took(self, payload: bytes) -> None:
        for frame in frames(payload):
            if frame.event is not None:
                self._witness.delivered(frame.event.payload.message.content.text)
