"""Links over sockets: a Unix socket on the same node, TCP between nodes, with TLS where it is set.

Carries bytes; `line` and `link` give them meaning.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

HIGH_WATER_BYTES = 256 << 20
STALE_S = 60.0


class _Line(Protocol):
    def received(self, data: bytes) -> None: ...

    def ended(self) -> None: ...


Attach = Callable[[Callable[[bytes], None], Callable[[], None]], _Line]


class _Carrier(asyncio.Protocol):
    """Hands what arrives to a line or a link; tells it once when the socket ends."""

    def __init__(self, attach: Callable[[_Carrier], _Line], lost: Callable[[_Carrier], None]) -> None:
        self._attach, self._lost = attach, lost
        self._line: _Line | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's are no subclass of asyncio's
        self.transport.set_write_buffer_limits(high=0)  # links gather by themselves: uvloop is not to hold a write until its step ends
        self._line = self._attach(self)

    def data_received(self, data: bytes) -> None:
        if self._line is not None:
            self._line.received(data)

    def connection_lost(self, error: Exception | None) -> None:
        self._lost(self)
        if self._line is not None:
            self._line.ended()

    def send(self, data: bytes) -> None:
        """Write; a peer that does not read its link is cut, since nobody is served by buffering for it."""
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        transport.write(data)
        if transport.get_write_buffer_size() > HIGH_WATER_BYTES:
            transport.abort()

    def close(self) -> None:
        if self.transport is not None:
            self.transport.abort()


class SocketServer:
    """Where a host listens. `address` is `unix:/path`, `tcp:host:port` or `tls:host:port`."""

    def __init__(self) -> None:
        self.address = ""
        self._path: Path | None = None
        self._server: asyncio.Server | None = None
        self._carriers: set[_Carrier] = set()

    async def listen_unix(self, path: str, attach: Attach) -> None:
        """Listen on this node; each connection becomes a line made by `attach(send, end)`. Nobody else may open the socket."""
        Path(path).unlink(missing_ok=True)
        door = socket.socket(socket.AF_UNIX)
        old = os.umask(0o177)  # the whole process's, so nothing is awaited until it is as it was
        try:
            door.bind(path)
        finally:
            os.umask(old)
        self._server = await asyncio.get_running_loop().create_unix_server(self._carrier(attach), sock=door)
        self.address, self._path = f"unix:{path}", Path(path)

    async def listen_tcp(self, host: str, announced: str, attach: Attach, tls: ssl.SSLContext | None = None) -> None:
        """Listen for other nodes, on a free port; they find it at `announced`."""
        self._server = await asyncio.get_running_loop().create_server(self._carrier(attach), host, 0, ssl=tls)
        self.address = f"{'tls' if tls else 'tcp'}:{announced}:{self._server.sockets[0].getsockname()[1]}"

    def _carrier(self, attach: Attach) -> Callable[[], _Carrier]:
        def begin(made: _Carrier) -> _Line:
            self._carriers.add(made)
            return attach(made.send, made.close)

        return lambda: _Carrier(begin, self._carriers.discard)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        for made in list(self._carriers):
            made.close()


def remove_stale(folder: Path, pattern: str) -> None:
    """Remove the Unix sockets that processes which were killed have left in a folder: old ones at which nobody listens."""
    for path in folder.glob(pattern):
        try:
            if time.time() - path.stat().st_mtime > STALE_S and not _listens(path):
                path.unlink()
        except (FileNotFoundError, PermissionError):
            continue  # removed meanwhile, or somebody else's


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as knock:
        knock.setblocking(False)
        try:
            knock.connect(str(path))
        except ConnectionRefusedError:
            return False
        except BlockingIOError:  # so many are at the door already
            return True
    return True


async def connect(address: str, attach: Attach, timeout_s: float = 3.0, tls: ssl.SSLContext | None = None) -> None:
    """Connect to a host; the link made by `attach(send, end)` gets what arrives. Raises `OSError` or `TimeoutError`."""
    loop = asyncio.get_running_loop()
    scheme, _, rest = address.partition(":")

    def carrier() -> _Carrier:
        return _Carrier(lambda made: attach(made.send, made.close), lambda made: None)

    async with asyncio.timeout(timeout_s):
        if scheme == "unix":
            await loop.create_unix_connection(carrier, rest)
        elif (scheme == "tls") != (tls is not None):
            raise ConnectionError("one end of the link wants TLS and the other does not")
        else:
            host, _, port = rest.rpartition(":")
            await loop.create_connection(carrier, host, int(port), ssl=tls, server_hostname="" if tls else None)


def server_tls(certificate: str, key: str) -> ssl.SSLContext:
    """What a host shows to gateways."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


def client_tls(authority: str) -> ssl.SSLContext:
    """By what a gateway knows a host: a certificate of the installation's own authority. Nodes have addresses, not names, and the
    token says which host it is, so the name in the certificate does not count."""
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=authority)
    context.check_hostname = False
    return context
