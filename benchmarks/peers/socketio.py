"""Socket.IO on Node with its Redis streams adapter, and one INSERT a message on PostgreSQL.

The client is a socket that speaks Engine.IO 4 and Socket.IO 5 by hand, so that it costs the driver what the others cost:
a packet is digits (4: message; 2: event, 3: ack), an id of the ack that is wanted, and a JSON array.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from benchmarks.peers import databases
from benchmarks.peers.packages import Packages, command
from benchmarks.peers.processes import running
from benchmarks.peers.system import MANY, ONE, SOME, Shape
from tests.serving import free_port

PACKAGES = {"socket.io": "4.8.4", "@socket.io/redis-streams-adapter": "0.3.1", "pg": "8.23.1", "redis": "6.3.1", "bufferutil": "4.1.0"}
PING, PONG, CONNECT, EVENT, ACK = "2", "3", "40", "42", "43"

_decode = msgspec.json.Decoder().decode


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
        self.url = f"{url}/socket.io/?EIO=4&transport=websocket"
        self.fsync, self.versions = (
            found.fsync,
            {**{f"npm {name}": version for name, version in PACKAGES.items()}, "postgresql": found.version},
        )
        self._met = 0

    async def agent(self, http: aiohttp.ClientSession, number: int) -> SocketIoAgent:
        return SocketIoAgent(self, http, await Socket.open(http, self.url))

    def new_conversation(self) -> str:
        self._met += 1
        return f"conversation-{self._met}"


class Socket:
    """A Socket.IO connection."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._ws = ws
        self._asked = 0

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str) -> Socket:
        socket = cls(await http.ws_connect(url, compress=0))
        await socket._ws.receive_str()  # what the server offers
        await socket._ws.send_str(CONNECT)
        await socket.until(CONNECT)
        return socket

    async def ask(self, *arguments: Any) -> None:
        """An event whose ack is wanted."""
        self._asked += 1
        await self._ws.send_str(f"{EVENT}{self._asked}{json.dumps(arguments)}")

    async def packet(self) -> str:
        """The next packet that is not a ping."""
        while (packet := await self._ws.receive_str()) == PING:
            await self._ws.send_str(PONG)
        return packet

    async def until(self, kind: str) -> None:
        while not (await self.packet()).startswith(kind):
            pass


def arguments_of(packet: str) -> list[Any]:
    """What a packet brings, behind its kind and the id of an ack."""
    return _decode(packet[packet.index("[") :])  # type: ignore[no-any-return]


class SocketIoVisitor:
    def __init__(self, socket: Socket, conversation: str) -> None:
        self._socket, self._conversation = socket, conversation

    async def send(self, name: str, text: str) -> None:
        await self._socket.ask("message", {"conversation": self._conversation, "id": name, "text": text})

    async def acked(self) -> list[str]:
        packet = await self._socket.packet()
        return [arguments_of(packet)[0]["id"]] if packet.startswith(ACK) else []


class SocketIoAgent:
    def __init__(self, service: SocketIoService, http: aiohttp.ClientSession, socket: Socket) -> None:
        self._service, self._http, self._socket = service, http, socket

    async def meet(self, number: int) -> SocketIoVisitor:
        conversation = self._service.new_conversation()
        await self._socket.ask("follow", conversation)
        await self._socket.until(ACK)
        return SocketIoVisitor(await Socket.open(self._http, self._service.url), conversation)

    async def received(self) -> list[str]:
        packet = await self._socket.packet()
        return [arguments_of(packet)[1]["text"]] if packet.startswith(EVENT) else []
