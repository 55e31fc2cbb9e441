"""A TCP proxy that breaks: slow, silent, half-open, cut in the middle. Stands between clients and gateway, hosts and databases.

It never changes or reorders bytes: what it passes on is what was said, up to the moment when it stops.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Self

Side = Literal["client", "server"]

CHUNK = 1 << 16
GONE = (ConnectionError, OSError, asyncio.IncompleteReadError)
RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: to close is to reset


@dataclass
class Cut:
    """Resets a connection when `pattern` comes from the client, or once `after` bytes have come from the server."""

    pattern: bytes = b""
    after: int = 0
    passed: bool = False
    """Whether what triggered the cut still reaches its other side: then only the answer is lost."""
    times: int = 1


class Proxy:
    """`async with Proxy(port) as proxy`: clients of `proxy.port` reach the server on `port`."""

    def __init__(self, upstream: int, buffer_bytes: int | None = None, address: str = "127.0.0.1") -> None:
        """`buffer_bytes` bounds what the kernel holds of what the server says: a reader that stops is felt sooner."""
        self.upstream, self.address, self.port = upstream, address, 0
        self.latency_s = 0.0
        self.cut: Cut | None = None
        self.cuts = 0
        self.was_cut = asyncio.Event()
        self.passes = asyncio.Event()
        self.passes.set()
        self.connections: set[_Connection] = set()
        self._buffer_bytes = buffer_bytes
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}"

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._accepted, self.address, self.port)
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listener.close()
        self.passes.set()
        self.reset()
        await asyncio.gather(*self._tasks)  # with its lines reset, each ends by itself

    # -- what can be done to those that are connected

    def reset(self) -> None:
        """Every connection ends at once, on both sides, and what is under way is lost."""
        for connection in tuple(self.connections):
            connection.reset()

    def half_open(self, gone: Side) -> None:
        """This side of every connection is gone and the other is not told: what it says from now on is lost."""
        for connection in tuple(self.connections):
            connection.lose(gone)

    @contextlib.contextmanager
    def black_hole(self) -> Iterator[None]:
        """Nothing arrives, in either direction, and nobody is told. Afterwards everything does, as TCP has it."""
        self.passes.clear()
        try:
            yield
        finally:
            self.passes.set()

    @contextlib.contextmanager
    def slow(self, latency_s: float) -> Iterator[None]:
        """Whatever arrives is that much later."""
        self.latency_s = latency_s
        try:
            yield
        finally:
            self.latency_s = 0.0

    @contextlib.contextmanager
    def cutting(self, cut: Cut) -> Iterator[asyncio.Event]:
        """The event is set once a connection has been cut."""
        self.cut = cut
        self.was_cut.clear()
        try:
            yield self.was_cut
        finally:
            self.cut = None

    # -- what is passed on

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            server = await asyncio.open_connection(sock=self._socket())
        except OSError:
            _reset(writer)
            return
        connection = _Connection(self, (reader, writer), server)
        self.connections.add(connection)
        try:
            await connection.run()
        finally:
            self.connections.discard(connection)

    def _socket(self) -> socket.socket:
        """Connected to the server; on loopback that takes no time."""
        made = socket.socket()
        if self._buffer_bytes is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._buffer_bytes)
        try:
            made.connect(("127.0.0.1", self.upstream))
        except OSError:
            made.close()
            raise
        made.setblocking(False)
        return made


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Connection:
    """One client's connection, and the one to the server that is its other half."""

    def __init__(self, proxy: Proxy, client: Ends, server: Ends) -> None:
        self._proxy = proxy
        self._ends: dict[Side, Ends] = {"client": client, "server": server}
        self._lost: Side | None = None
        self._heard = 0
        self._tail = b""

    async def run(self) -> None:
        """Until either side ends; if one of them is lost, until the other does."""
        ways = [asyncio.create_task(self._pass_on("client", "server")), asyncio.create_task(self._pass_on("server", "client"))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if self._lost is not None:
                await asyncio.wait(ways)
        finally:
            for way in ways:
                way.cancel()
            for _, writer in self._ends.values():
                writer.close()

    def reset(self) -> None:
        for _, writer in self._ends.values():
            _reset(writer)

    def lose(self, side: Side) -> None:
        self._lost = side
        _reset(self._ends[side][1])

    async def _pass_on(self, source: Side, sink: Side) -> None:
        reader, writer = self._ends[source][0], self._ends[sink][1]
        with contextlib.suppress(*GONE):
            while data := await reader.read(CHUNK):
                if self._proxy.latency_s:
                    await asyncio.sleep(self._proxy.latency_s)
                await self._proxy.passes.wait()
                if self._lost is not None:
                    continue  # read, so that the side that is left notices nothing, and thrown away
                cut = self._triggers(source, data)
                if cut is None or cut.passed:
                    writer.write(data)
                    await writer.drain()
                if cut is not None:
                    self._cut(cut)

    def _triggers(self, source: Side, data: bytes) -> Cut | None:
        cut = self._proxy.cut
        if cut is None or cut.times <= 0:
            return None
        if source == "server":
            self._heard += len(data)
            return cut if cut.after and self._heard >= cut.after else None
        if not cut.pattern:
            return None
        said = self._tail + data
        self._tail = said[1 - len(cut.pattern) :]  # too short to hold the whole pattern once more
        return cut if cut.pattern in said else None

    def _cut(self, cut: Cut) -> None:
        cut.times -= 1
        self._proxy.cuts += 1
        _reset(self._ends["client"][1])
        if cut.passed:
            self._ends["server"][1].close()  # not reset: what was passed on is still read
        else:
            _reset(self._ends["server"][1])
        self._proxy.was_cut.set()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close by a reset: the other end is told that the connection broke, not that it ended."""
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()
