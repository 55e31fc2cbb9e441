"""What runs in one host process: a standby until it claims a slot, then the hosts of its slots and the door to their links.

A plain class; `cluster` makes it a Ray actor. Its constructor does nothing that can fail: everything is opened on the first call.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import structlog

from actors import interpreter, tracing
from actors.deliveries import Finder, over
from actors.effects import Ways
from actors.host import Host, SystemClock
from actors.kind import Kind
from actors.kinds import KINDS, KindEntry, Performing, Site, made_by
from actors.line import HostLine
from actors.link import Connect
from actors.owners import reserved_for
from actors.placement import Placement, dedicated_actor
from actors.publisher import Publisher
from actors.router import Router
from actors.socket_link import SocketServer, client_tls, remove_stale, server_tls
from actors.socket_link import connect as connect_socket
from actors.tracing import TracingConfig
from domain.errors import Unavailable
from storage.open import open_feed, open_journal
from storage.ports import Claim, Database, Fenced, Journal

log = structlog.get_logger()

PULL_S = 20.0


class Tls(msgspec.Struct, frozen=True):
    """Certificate files for links between nodes: what a host shows, and by what a gateway knows it."""

    certificate: str
    key: str
    authority: str


class Outside(msgspec.Struct, frozen=True):
    """What performers need to know of the world: the address by which customers reach this installation, and where it may call.

    `allow` are networks that may be called though they lie inward; `http`: also without TLS. `smtp` is the mail server, with its password,
    and `mail_from` whose address stands under e-mails; without a server there are none.
    """

    url: str = ""
    allow: tuple[str, ...] = ()
    http: bool = False
    smtp: str = ""
    mail_from: str = ""

    def __repr__(self) -> str:
        """Without secrets."""
        return f"Outside({self.url!r})"


class HostConfig(msgspec.Struct, frozen=True):
    """What a host process needs to know.

    `listen` is `unix` (links on this node only), `node` (TCP on the node's address), an address to listen on by TCP, or `ray`
    (no socket: links by Ray calls). With `tls` links by TCP are encrypted. `kinds` says what each kind of actor is made of.
    """

    database_url: str
    redis_url: str | None = None
    listen: str = "unix"
    max_activations: int = 200_000
    idle_s: float = 300.0
    tls: Tls | None = None
    tracing: TracingConfig | None = None
    kinds: dict[str, KindEntry] = msgspec.field(default_factory=lambda: dict(KINDS))
    outside: Outside = Outside()


class _Held(msgspec.Struct):
    """One slot that this process owns."""

    host: Host
    database: Database
    token: str


class HostProcess:
    """One process that can own slots. Every method may be called again without harm."""

    def __init__(self, config: bytes) -> None:
        self._config = msgspec.msgpack.decode(config, type=HostConfig)
        self._server = SocketServer()
        self._opening = asyncio.Lock()
        self._opened: tuple[Database, Journal] | None = None
        self._publisher: Publisher | None = None
        self._kinds: dict[str, Kind] = {}
        self._outward: _Outward | None = None
        self._held: dict[tuple[str, str], _Held] = {}
        self._claiming: dict[tuple[str, str], int] = {}
        """Generations that the slot table may have already, and this process will have in a moment."""
        self._coming: dict[str, list[Callable[[], None]]] = {}
        """By the tokens of hosts that are just coming: who waits for them."""
        self._moving: set[asyncio.Task[None]] = set()
        self._ray_lines: dict[str, _PulledLine] = {}

    def node_address(self) -> str:
        """The address by which other nodes reach this one."""
        return socket.gethostbyname(socket.gethostname())

    async def connect(self, address: str, attach: Callable[..., Any]) -> None:
        """Open the wire to a host of another kind (`Connect`)."""
        await connect_socket(address, attach, tls=client_tls(self._config.tls.authority) if self._config.tls else None)

    def die(self) -> None:
        """A host that was fenced must not linger: Ray starts the process anew, as a standby."""
        os._exit(1)

    async def warm(self) -> dict[str, Any]:
        """Open what a claim will need, so that taking over takes milliseconds. Returns who this process is."""
        await self._open()
        return {"pid": os.getpid(), "node": socket.gethostname(), "address": self._server.address}

    async def _open(self) -> Journal:
        async with self._opening:
            if self._opened is None:
                self._opened = open_journal(self._config.database_url)
                self._publisher = Publisher(open_feed(self._config.redis_url)) if self._config.redis_url else None
                interpreter.tune()
                tracing.start(self._config.tracing, "host")
            if not self._server.address and self._config.listen != "ray":
                await self._listen()
        return self._opened[1]

    async def _listen(self) -> None:
        listen, tls = self._config.listen, self._config.tls
        if listen == "unix":
            folder = os.environ.get("CAUSERIE_RUN", tempfile.gettempdir())
            remove_stale(Path(folder), "host-*.sock")
            await self._server.listen_unix(f"{folder}/host-{os.getpid()}-{secrets.token_hex(4)}.sock", self._attach)
        else:
            address = self.node_address() if listen == "node" else listen
            announced = self.node_address() if ipaddress.ip_address(address).is_unspecified else address
            await self._server.listen_tcp(address, announced, self._attach, server_tls(tls.certificate, tls.key) if tls else None)

    async def claim(self, name: str, kind: str, slot: str, expected: int, placements: bytes) -> int:
        """Become the owner of a slot, under the name of this process's Ray actor. Returns the generation; 0 when another was quicker.

        `placements` says how the actors of every kind are placed (msgpack).
        """
        journal = await self._open()
        held = self._held.get((kind, slot))
        if held is not None:
            if held.host.claim.generation < expected:
                self.die()  # fenced, although no commit has told so yet: another has had the slot meanwhile
            return held.host.claim.generation
        if (kind, slot) in self._claiming:
            return 0
        token = secrets.token_hex(16)
        address = self._server.address or f"ray:{name}"
        self._claiming[kind, slot], self._coming[token] = expected + 1, []
        try:
            owner, now_ms = f"{name} {socket.gethostname()}/{os.getpid()}", time.time_ns() // 1_000_000
            placed = msgspec.msgpack.decode(placements, type=dict[str, Placement])
            ways = await self._ways(kind, placed)
            claim = await journal.claim(kind, slot, owner, address, expected, token, now_ms)
            await self._hold(claim, token, placed[kind], ways)
        except Fenced:
            return 0
        finally:
            del self._claiming[kind, slot]
            for then in self._coming.pop(token):
                then()
        log.info("slot_claimed", kind=kind, slot=slot, generation=claim.generation)
        return claim.generation

    async def _hold(self, claim: Claim, token: str, placement: Placement, ways: Ways) -> None:
        """The host of a slot, over connections whose name lets a successor end them."""
        database, journal = open_journal(self._config.database_url, claim=claim)
        host = Host(
            self._kinds[claim.kind],
            journal,
            claim,
            publisher=self._publisher,
            fenced=self.die,
            max_activations=self._config.max_activations,
            idle_s=self._config.idle_s,
            ways=ways,
        )
        actor = dedicated_actor(claim.kind, claim.slot)
        shards = (0, 0) if actor else placement.shards_of(claim.slot)
        host.start(await journal.effects(claim.kind, shards, actor), shards)
        self._held[claim.kind, claim.slot] = _Held(host, database, token)

    async def _ways(self, kind: str, placements: dict[str, Placement]) -> Ways:
        """The kind's rules, and where its effects go: made with the first slot, and shared by all."""
        await self._open()
        assert self._opened is not None
        if kind not in self._kinds:
            self._kinds[kind] = made_by(self._config.kinds[kind].make, self._opened[0])
        if self._outward is None:
            self._outward = _Outward(self._config, self._opened, self.connect, placements)
        return await self._outward.ways(kind)

    async def owns(self, kind: str, slot: str, generation: int) -> bool:
        """Whether this process is the owner that the slot table says, or is just becoming it."""
        held = self._held.get((kind, slot))
        return generation == (self._claiming.get((kind, slot)) if held is None else held.host.claim.generation)

    async def status(self) -> dict[str, Any]:
        """What this process does, with the metrics of each slot that it owns."""
        return {"pid": os.getpid(), "slots": [_status(held.host) for held in self._held.values()]}

    async def drain(self) -> None:
        """Finish what is queued and give every slot up, to whoever comes first."""
        await asyncio.gather(*(self._give_up(held, "") for held in list(self._held.values())))
        await self._server.close()
        if self._outward is not None:
            await self._outward.close()
        await asyncio.to_thread(tracing.stop)

    def expects(self, token: str, then: Callable[[], None]) -> bool:
        coming = self._coming.get(token)
        if coming is not None:
            coming.append(then)
        return coming is not None

    def host(self, token: str) -> Host | None:
        """Of the slots that this process owns, the host with this token."""
        found = [held.host for held in self._held.values() if hmac.compare_digest(held.token, token)]
        return found[0] if found else None

    def give_up(self, host: Host, server: str) -> None:
        """Begin to give a host's slot up for a server."""
        held = self._held.get((host.claim.kind, host.claim.slot))
        if held is not None and held.host is host:
            self._keep(asyncio.create_task(self._give_up(held, reserved_for(server))))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._moving.add(task)
        task.add_done_callback(self._moving.discard)

    async def _give_up(self, held: _Held, owner: str) -> None:
        """Finish what is queued, leave the slot's row to `owner`, and only then send the links away."""
        claim = held.host.claim
        if self._held.get((claim.kind, claim.slot)) is not held:
            return
        await held.host.drain()
        self._held.pop((claim.kind, claim.slot), None)
        try:
            journal = await self._open()
            await journal.claim(claim.kind, claim.slot, owner, "", expected=claim.generation)
        except (Fenced, Unavailable) as error:
            log.warning("slot_not_given_up", kind=claim.kind, slot=claim.slot, error=type(error).__name__)
        held.host.followers.dismiss()
        await held.database.close()
        log.info("slot_given_up", kind=claim.kind, slot=claim.slot, generation=claim.generation, to=owner)

    def _attach(self, send: Callable[[bytes], None], end: Callable[[], None]) -> HostLine:
        return HostLine(self, send, end)

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


class _Outward:
    """Where the effects of this process's hosts go: a router of its own to other actors, and the performers of its kinds."""

    def __init__(self, config: HostConfig, opened: tuple[Database, Journal], connect: Connect, placements: dict[str, Placement]) -> None:
        self._config, self._connect, self._placements = config, connect, placements
        self._database, self._journal = opened
        self._router: Router | None = None
        self._performing: dict[str, Performing] = {}
        self._opening = asyncio.Lock()

    async def ways(self, kind: str) -> Ways:
        entry = self._config.kinds[kind]
        async with self._opening:
            if self._router is None:
                # Keys of effects need no secret; performers may speak to actors under ids of their own.
                secret = await _secret(self._database) if entry.perform else b""
                self._router = Router(self._journal, Finder(self._journal), self._connect, secret, placements=self._placements)
            if entry.perform is not None and kind not in self._performing:
                self._performing[kind] = await made_by(entry.perform, Site(self._config, self._database, self._router, SystemClock()))
        performers = self._performing[kind].performers if entry.perform else {}
        return Ways(performers, frozenset(self._placements), over(self._router))

    async def close(self) -> None:
        for performing in self._performing.values():
            await performing.close()
        if self._router is not None:
            await self._router.close()


async def _secret(database: Database) -> bytes:
    """What keys the hashes under which the installation's commands are remembered."""
    from storage.sql.directory import Directory  # only for kinds that have performers: others start in less time

    return await Directory(database).secret("commands", secrets.token_bytes(32))


class _PulledLine:
    """Collects what a host writes until it is pulled."""

    def __init__(self, over: Callable[[], object]) -> None:
        self.line: HostLine
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


def _status(host: Host) -> dict[str, Any]:
    return {
        "kind": host.claim.kind,
        "slot": host.claim.slot,
        "generation": host.claim.generation,
        "sick": host.sick,
        "queued": len(host.mailbox),
        "effects": len(host.effects),
        **host.metrics.report(),
    }
