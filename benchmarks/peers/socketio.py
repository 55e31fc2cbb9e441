"""Socket.IO on Node with its Redis streams adapter, and one INSERT a message on PostgreSQL.

The client is a socket that speaks Engine.IO 4 and Socket.IO 5 by hand, so that it costs the driver what the others cost:
a packet is digits (4: message; 2: event, 3: ack), an id of the ack that is wanted, and a JSON array.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from benchmarks.peers import databases
from benchmarks.peers.packages import Packages, command
from benchmarks.peers.processes import running
from benchmarks.peers.system import MANY, ONE, SOME, Shape, Witness
from benchmarks.wire import Wire
from tests.serving import free_port

PACKAGES = {"socket.io": "4.8.4", "@socket.io/redis-streams-adapter": "0.3.1", "pg": "8.23.1", "redis": "6.3.1", "bufferutil": "4.1.0"}
PATH = "/socket.io/?EIO=4&transport=websocket"
OPEN, PING, PONG, CONNECT, EVENT, ACK = b"0", b"2", b"3", b"40", b"42", b"43"

_encode = msgspec.json.Encoder().encode


class SocketIo:
    name = "socket.io"
    settings = "one Node process, WebSocket only, bufferutil, Redis streams adapter with connection state recovery, pg pool of 15"
    ack = "after the commit of the message's own INSERT (callback)"
    shapes: tuple[Shape, ...] = (MANY, SOME, ONE)

    @contextmanager
    def start(self, folder: Path, packages: Packages) -> Iterator[SocketIoService]:
        node, port = command("node"), free_port()
        modules = packages.npm([f"{name}@{version}" for name, version in PACKAGES.items()])
        environment = ["env", "NODE_ENV=production", f"PEERS_MODULES={modules}"]
        script = str(Path(__file__).with_name("socketio_server.mjs"))
        with (
            databases.postgresql() as found,
            databases.redis() as redis,
            running([*environment, node, script, str(port), found.url, redis], folder, port),
        ):
            yield SocketIoService(f"http://127.0.0.1:{port}", found)


class SocketIoService:
    def __init__(self, url: str, found: databases.Found) -> None:
        self.url, self.fsync = url, found.fsync
        self.versions = {**{f"npm {name}": version for name, version in PACKAGES.items()}, "postgresql": found.version}
        self._met = 0

    async def agent(self, http: aiohttp.ClientSession, number: int, witness: Witness) -> SocketIoAgent:
        return SocketIoAgent(self, await Socket.open(self.url), witness)

    def new_conversation(self) -> str:
        self._met += 1
        return f"conversation-{self._met}"


class Socket:
    """A Socket.IO connection. `took` gets each packet that is not a ping."""

    def __init__(self, wire: Wire) -> None:
        self.took: Callable[[bytes], None] = _nothing
        self.wire, self._asked = wire, 0
        wire.took = self._received

    @classmethod
    async def open(cls, url: str) -> Socket:
        wire = await Wire.connect(url, PATH)
        await wire.until(lambda packet: packet.startswith(OPEN))
        wire.send(CONNECT)
        await wire.until(lambda packet: packet.startswith(CONNECT))
        return cls(wire)

    def ask(self, *arguments: Any) -> None:
        """An event whose ack is wanted."""
        self._asked += 1
        self.wire.send(b"%b%d%b" % (EVENT, self._asked, _encode(arguments)))

    def _received(self, packet: bytes) -> None:
        if packet == PING:
            self.wire.send(PONG)
        else:
            self.took(packet)


def _nothing(packet: bytes) -> None:
    """Nobody listens yet."""


class _Said(msgspec.Struct):
    id: str
    text: str = ""


class _Acked(msgspec.Struct, array_like=True):
    said: _Said


class _Event(msgspec.Struct, array_like=True):
    """With state recovery, the server puts an offset behind."""

    name: str
    said: _Said


_acked = msgspec.json.Decoder(_Acked).decode
_event = msgspec.json.Decoder(_Event).decode


def arguments_of(packet: bytes) -> bytes:
    """What a packet brings, behind its kind and the id of an ack."""
    return packet[packet.index(b"[") :]


class SocketIoVisitor:
    def __init__(self, socket: Socket, conversation: str, witness: Witness) -> None:
        self._socket, self._conversation, self._witness = socket, conversation, witness
        socket.took, socket.wire.lost, self.close = self._took, witness.failed, socket.wire.close

    def send(self, name: str, text: str) -> None:
        self._socket.ask("message", {"conversation": self._conversation, "id": name, "text": text})

    def _took(self, packet: bytes) -> None:
        if packet.startswith(ACK):
            self._witness.acked(_acked(arguments_of(packet)).said.id)


class SocketIoAgent:
    def __init__(self, service: SocketIoService, socket: Socket, witness: Witness) -> None:
        self._service, self._socket, self._witness = service, socket, witness
        socket.took, socket.wire.lost, self.close = self._took, witness.failed, socket.wire.close

    async def meet(self, number: int) -> SocketIoVisitor:
        conversation = self._service.new_conversation()
        self._socket.ask("follow", conversation)
        await self._socket.wire.until(lambda packet: packet.startswith(ACK))
        return SocketIoVisitor(await Socket.open(self._service.url), conversation, self._witness)

    def _took(self, packet: bytes) -> None:
        if packet.startswith(EVENT):
            self._witness.delivered(_event(arguments_of(packet)).said.text)
