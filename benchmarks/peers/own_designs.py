"""The two designs that are written here, seen from a client: both speak the same small protocol over a WebSocket.

Each frame is a JSON object. A client says `{"type": "message", "conversation", "id", "text"}` and gets `{"type": "ack", "id", "seq"}`,
or says `{"type": "follow", "conversation"}`, gets `{"type": "following"}` and then a copy of each message, with its `seq`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import aiohttp
import msgspec

from benchmarks.peers import databases
from benchmarks.peers.packages import Packages
from benchmarks.peers.processes import running
from benchmarks.peers.system import MANY, ONE, SOME, Shape, Witness
from benchmarks.wire import Wire
from tests.serving import free_port

_encode = msgspec.json.Encoder().encode


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
        yield f"http://127.0.0.1:{port}"


class OwnDesign:
    def __init__(self, url: str, fsync: str, versions: dict[str, str]) -> None:
        self.url, self.fsync, self.versions = url, fsync, versions
        self._met = 0

    async def agent(self, http: aiohttp.ClientSession, number: int, witness: Witness) -> OwnAgent:
        return OwnAgent(self, await Wire.connect(self.url, "/"), witness)

    def new_conversation(self) -> str:
        self._met += 1
        return f"conversation-{self._met}"


class Frame(msgspec.Struct):
    type: str
    id: str = ""
    text: str = ""


_decode = msgspec.json.Decoder(Frame).decode


def has(kind: str) -> Callable[[bytes], bool]:
    return lambda payload: _decode(payload).type == kind


def tell(wire: Wire, **frame: str) -> None:
    wire.send(_encode(frame))


class OwnVisitor:
    def __init__(self, wire: Wire, conversation: str, witness: Witness) -> None:
        self._wire, self._conversation, self._witness = wire, conversation, witness
        wire.took, wire.lost, self.close = self._took, witness.failed, wire.close

    def send(self, name: str, text: str) -> None:
        tell(self._wire, type="message", conversation=self._conversation, id=name, text=text)

    def _took(self, payload: bytes) -> None:
        frame = _decode(payload)
        if frame.type == "ack":
            self._witness.acked(frame.id)


class OwnAgent:
    def __init__(self, design: OwnDesign, wire: Wire, witness: Witness) -> None:
        self._design, self._wire, self._witness = design, wire, witness
        wire.took, wire.lost, self.close = self._took, witness.failed, wire.close

    async def meet(self, number: int) -> OwnVisitor:
        conversation = self._design.new_conversation()
        wire = await Wire.connect(self._design.url, "/")
        tell(wire, type="message", conversation=conversation, id="first", text="first")
        await wire.until(has("ack"))
        tell(self._wire, type="follow", conversation=conversation)
        await self._wire.until(has("following"))
        return OwnVisitor(wire, conversation, self._witness)

    def _took(self, payload: bytes) -> None:
        frame = _decode(payload)
        if frame.type == "message":
            self._witness.delivered(frame.text)
