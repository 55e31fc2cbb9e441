"""What runs in one host process: a standby until a slot is claimed, then the host of that slot and the door to its links.

A plain class; `cluster` makes it a Ray actor. Its constructor does nothing that can fail: everything is opened on the first call.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import tempfile
from collections.abc import Callable
from typing import Any, cast

import msgspec
import structlog

from actors import interpreter, tracing
from actors.conversation import ConversationKind
from actors.host import Host
from actors.kind import Kind
from actors.line import HostLine
from actors.link import Owner
from actors.placement import Placement, dedicated_actor
from actors.publisher import Publisher
from actors.socket_link import SocketServer
from actors.tracing import TracingConfig
from storage.open import open_feed, open_journal
from storage.ports import Claim, Fenced, Journal

log = structlog.get_logger()

KINDS: dict[str, Callable[[], Kind]] = {ConversationKind.name: ConversationKind}
PULL_S = 20.0


class HostConfig(msgspec.Struct, frozen=True):
    """What a host process needs to know.

    `listen` is `unix` (links on this node only), an address to listen on by TCP, or `ray` (no socket: links by Ray calls).
    """

    database_url: str
    redis_url: str | None = None
    listen: str = "unix"
    max_activations: int = 200_000
    idle_s: float = 300.0
    tracing: TracingConfig | None = None


class HostProcess:
    """One process that can own one slot. Every method may be called again without harm."""

    def __init__(self, config: bytes) -> None:
        self._config = msgspec.msgpack.decode(config, type=HostConfig)
        self._token = secrets.token_hex(16)
        self._address_told = ""
        self._server = SocketServer()
        self._listening = asyncio.Lock()
        self._host: Host | None = None
        self._opened: Any = None
        self._publisher: Publisher | None = None
        self._ray_lines: dict[str, _PulledLine] = {}

    async def warm(self) -> dict[str, Any]:
        """Open what a claim will need, so that taking over takes milliseconds. Returns who this process is."""
        async with self._listening:
            if self._opened is None:
                self._opened = open_journal(self._config.database_url)
                interpreter.tune()
                tracing.start(self._config.tracing, "host")
            if not self._server.address and self._config.listen != "ray":
                await self._server.listen(self._address(), self._attach)
        return {"pid": os.getpid(), "node": socket.gethostname(), "address": self._server.address}

    def _address(self) -> str:
        if self._config.listen != "unix":
            return f"tcp:{self._config.listen}:0"
        folder = os.environ.get("CAUSERIE_RUN", tempfile.gettempdir())
        return f"unix:{folder}/host-{os.getpid()}-{secrets.token_hex(4)}.sock"

    async def claim(self, name: str, kind: str, slot: str, expected: int | None, placement: bytes) -> bytes:
        """Become the owner of a slot, under the name of this process's Ray actor. Returns an `Owner`; empty bytes when another
        generation was quicker."""
        await self.warm()
        if self._host is not None:
            log.warning("claimed_twice", slot=slot, owned=self._host.claim.slot)
            _end()  # whoever asks takes this process for free: as a new one it is
        _, journal = self._opened
        self._address_told = self._server.address or f"ray:{name}"
        try:
            claim = await journal.claim(kind, slot, f"{name} {socket.gethostname()}/{os.getpid()}", self._address_told, expected)
        except Fenced:
            return b""
        journal = await self._rename(claim)
        self._publisher = Publisher(open_feed(self._config.redis_url))
        host = Host(
            KINDS[kind](),
            journal,
            claim,
            publish=self._publisher.offer if self._config.redis_url else None,
            fenced=_end,
            max_activations=self._config.max_activations,
            idle_s=self._config.idle_s,
        )
        actor = dedicated_actor(kind, slot)
        shards = (0, 0) if actor else msgspec.msgpack.decode(placement, type=Placement).shards_of(slot)
        host.start(await journal.effects(kind, shards, actor))
        self._host = host
        log.info("slot_claimed", kind=kind, slot=slot, generation=claim.generation)
        return await self.door(kind, slot)

    async def door(self, kind: str, slot: str) -> bytes:
        """The `Owner` that this process is of a slot; empty bytes when it is not."""
        host = self._host
        if host is None or (host.claim.kind, host.claim.slot) != (kind, slot):
            return b""
        return msgspec.msgpack.encode(Owner(host.claim.generation, self._address_told, self._token))

    async def _rename(self, claim: Claim) -> Journal:
        """On PostgreSQL the connections are opened anew under a name by which a successor can end them."""
        database, journal = self._opened
        if database.dialect == "postgresql":
            await database.close()
            self._opened = database, journal = open_journal(self._config.database_url, claim=claim)
        return cast(Journal, journal)

    async def status(self) -> dict[str, Any]:
        """What this process does, with its metrics."""
        host = self._host
        if host is None:
            return {"pid": os.getpid(), "slot": None}
        return {
            "pid": os.getpid(),
            "slot": host.claim.slot,
            "generation": host.claim.generation,
            "sick": host.sick,
            "queued": len(host.mailbox),
            "effects": len(host.effects),
            **host.metrics.report(),
        }

    async def drain(self) -> None:
        """Finish what is queued and let go of the slot."""
        if self._host is not None:
            await self._host.drain()
        await self._server.close()
        await asyncio.to_thread(tracing.stop)

    def _attach(self, send: Callable[[bytes], None], end: Callable[[], None]) -> HostLine | _Closed:
        if self._host is None:
            end()
            return _Closed()
        return HostLine(self._host, self._token, send, end)

    async def push(self, line: str, data: bytes) -> None:
        """A link by Ray calls: frames from a gateway. The first push of a line opens it."""
        pulled = self._ray_lines.get(line)
        if pulled is None:
            pulled = self._ray_lines[line] = _PulledLine(lambda: self._ray_lines.pop(line, None))
            pulled.line = self._attach(pulled.send, pulled.end)
            pulled.watch()
        pulled.line.received(data)

    async def pull(self, line: str) -> bytes:
        """Frames for a gateway, waited for up to `PULL_S`; raises when the line is unknown or over."""
        pulled = self._ray_lines.get(line)
        if pulled is None:
            raise ConnectionError("the line is over")
        return await pulled.take(PULL_S)


class _Closed:
    """The line of a process that owns nothing: it takes no notice."""

    def received(self, data: bytes) -> None:
        """Nothing is done with it: the wire is being closed."""

    def ended(self) -> None:
        """There was nothing."""


class _PulledLine:
    """Collects what a host writes until it is pulled."""

    def __init__(self, over: Callable[[], object]) -> None:
        self.line: HostLine | _Closed = _Closed()
        self._over = over
        self._data = bytearray()
        self._some = asyncio.Event()
        self._ended = False
        self._watch: asyncio.TimerHandle | None = None

    def watch(self) -> None:
        """A gateway that does not pull any more is gone."""
        if self._watch is not None:
            self._watch.cancel()
        self._watch = asyncio.get_running_loop().call_later(3 * PULL_S, self.end)

    def send(self, data: bytes) -> None:
        self._data += data
        self._some.set()

    def end(self) -> None:
        """The line is over: whoever pulls is told now, and not when it would have come back anyway."""
        self._ended = True
        self._some.set()
        if self._watch is not None:
            self._watch.cancel()
        self.line.ended()
        self._over()

    async def take(self, timeout_s: float) -> bytes:
        self.watch()
        try:
            async with asyncio.timeout(timeout_s):
                await self._some.wait()
        except TimeoutError:
            return b""
        if self._ended:
            raise ConnectionError("the line is over")
        self._some.clear()
        data, self._data = bytes(self._data), bytearray()
        return data


def _end() -> None:
    """A fenced host must not linger: Ray starts the process anew, as a standby."""
    os._exit(1)
