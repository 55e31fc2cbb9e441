"""Hosts without Ray, for tests: real `Host`s over one journal, each reached by sockets or by the calls of a `HostProcess`.

`Hosts` is a `Locator`: it claims the slot for a new host when the old one is lost, as the cluster does.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

import msgspec

from actors.answers import Answer
from actors.conversation import ConversationKind
from actors.host import Clock, Host
from actors.host_process import HostConfig, HostProcess
from actors.kind import replayed
from actors.line import HostLine
from actors.link import Owner
from actors.mailbox import Item
from actors.placement import SHARDS
from actors.ray_link import RayWire
from actors.router import content_digest
from actors.socket_link import SocketServer, client_tls, connect, server_tls
from domain.conversation import commands as cmd
from domain.conversation.state import State
from domain.errors import Refused, Unavailable
from storage.ports import ActorId, Claim, EffectRow, EventRow, Journal
from tests import conversations as talk
from tests.certificates import certificate

Carrier = Literal["unix", "tcp", "tls", "ray"]
TOKEN = "secret"
ANN, BOB = talk.actor("a" * 24), talk.actor("b" * 24)
DOWN = Unavailable("unavailable", "the database is away")
Begin = Callable[..., Awaitable[Host]]
ALL_SHARDS = (0, SHARDS)


async def until(condition: Callable[[], object], timeout_s: float = 5.0) -> None:
    """Wait for a condition of this process."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - what is waited for is other people's state
            await asyncio.sleep(0.002)


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self, now_ms: int = 1_750_000_000_000) -> None:
        self.ms = now_ms

    def now_ms(self) -> int:
        return self.ms

    def monotonic(self) -> float:
        return self.ms / 1000


async def new_host(journal: Journal, slot: str = "0", clock: Clock | None = None, **options: Any) -> Host:
    """Claim a slot and begin, with the effects that were left, as a host process does."""
    claim = await journal.claim("conversation", slot, "test", "nowhere")
    host = Host(ConversationKind(), journal, claim, clock=clock, retry_s=0.01, **options)
    host.start(await journal.effects("conversation", ALL_SHARDS))
    return host


def submit(host: Host, actor: ActorId, command: cmd.Command, key: int | None = None, **options: Any) -> asyncio.Future[Any]:
    """Give a host a command, as a link does. The future gets an `Answer`, or raises `Refused` or `Unavailable`."""
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def answer(value: object) -> None:
        if not future.done():
            future.set_exception(value) if isinstance(value, Refused | Unavailable) else future.set_result(value)

    encoded = cmd.encode(command)
    digest = options.pop("digest", content_digest(command, encoded))
    host.submit(Item(actor, encoded, key, digest, options.pop("want_body", False), answer))
    return future


async def tell(host: Host, actor: ActorId, command: cmd.Command, key: int | None = None, **options: Any) -> Answer:
    answer: Answer = await asyncio.wait_for(submit(host, actor, command, key, **options), 10)
    return answer


async def say(host: Host, key: int, words: str = "", actor: ActorId = ANN, **options: Any) -> Answer:
    return await tell(host, actor, talk.post("ann", words or str(key), create=talk.create("ann"), **options), key)


async def timers(journal: Journal, kind: str = "conversation") -> list[EffectRow]:
    """All that there are."""
    return await journal.timers(kind, ALL_SHARDS, (-1, 0), 2**62, 1_000)


async def rows(journal: Journal, actor: ActorId = ANN) -> list[EventRow]:
    return await journal.read(await journal.find(actor) or 0, 0, 10_000)


async def texts(journal: Journal, actor: ActorId = ANN) -> list[str]:
    return [row.body.split(b'"text":"')[1].split(b'"')[0].decode() for row in await rows(journal, actor) if row.is_message]


async def stored_state(journal: Journal, actor: ActorId = ANN) -> State:
    """What a host that begins now would know."""
    found = (await journal.load([actor]))[0]
    state: State = replayed(ConversationKind(), actor, found.snapshot, found.snapshot_seq, found.events)
    return state


class FaultyJournal:
    """Any journal, whose next commits fail: before they did anything, or after they took effect."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.faults: list[tuple[Literal["before", "after"], Exception]] = []
        self.commits = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    def fail(self, when: Literal["before", "after"], error: Exception) -> None:
        self.faults.append((when, error))

    async def commit(self, claim: Claim, entries: Any) -> list[EffectRow]:
        when, error = self.faults.pop(0) if self.faults else (None, None)
        if when == "before" and error is not None:
            raise error
        made = await self._journal.commit(claim, entries)
        self.commits += 1
        if error is not None:
            raise error
        return made


class _Process(HostProcess):
    """A host process whose host was made outside."""

    def __init__(self, host: Host) -> None:
        super().__init__(msgspec.msgpack.encode(HostConfig("", listen="ray")))
        self._host = host

    def host(self, token: str) -> Host | None:
        return self._host if token == TOKEN else None


class Node:
    """One host with its door. `writes` counts what it wrote to links; a `stopped` one lives and does nothing, like after SIGSTOP."""

    def __init__(self, host: Host, carrier: Carrier) -> None:
        self.host, self.carrier = host, carrier
        self.address, self.alive, self.stopped = "", True, False
        self.received: list[bytes] = []
        self.writes = 0
        self.dead = asyncio.Event()
        self._server = SocketServer()
        self.process = _Process(host)

    async def open(self, name: str, folder: Path) -> None:
        if self.carrier == "ray":
            self.address = f"ray:{name}"
            return
        if self.carrier == "unix":
            await self._server.listen_unix(f"{folder}/{name}", self._attach)
        else:
            tls = server_tls(*map(str, certificate(folder))) if self.carrier == "tls" else None
            await self._server.listen_tcp("127.0.0.1", "127.0.0.1", self._attach, tls)
        self.address = self._server.address

    def _attach(self, send: Callable[[bytes], None], end: Callable[[], None]) -> _Tapped:
        def counted(data: bytes) -> None:
            self.writes += 1
            if not self.stopped:
                send(data)

        return _Tapped(self, HostLine(self.process, counted, end))

    async def push(self, line: str, data: bytes) -> None:
        await self._call()
        self.received.append(data)
        await self.process.push(line, data)

    async def pull(self, line: str) -> bytes:
        await self._call()
        pulling = asyncio.ensure_future(self.process.pull(line))
        dying = asyncio.ensure_future(self.dead.wait())
        await asyncio.wait([pulling, dying], return_when=asyncio.FIRST_COMPLETED)
        dying.cancel()
        if self.dead.is_set():
            pulling.cancel()
            raise ConnectionError("the actor died")
        self.writes += 1
        return await pulling

    async def _call(self) -> None:
        if self.stopped:
            await self.dead.wait()
        if not self.alive:
            raise ConnectionError("the actor died")

    async def kill(self) -> None:
        """As by kill -9: in the middle of anything, and its links break."""
        self.alive = False
        self.dead.set()
        await self.host.kill()
        await self._server.close()


class _Tapped:
    """Notes what arrives; a stopped node reads nothing."""

    def __init__(self, node: Node, line: HostLine) -> None:
        self._node, self._line = node, line

    def received(self, data: bytes) -> None:
        if not self._node.stopped:
            self._node.received.append(data)
            self._line.received(data)

    def ended(self) -> None:
        self._line.ended()


class Hosts:
    """The hosts of slot 0, one after the other."""

    def __init__(self, journal: Journal, carrier: Carrier, folder: Path) -> None:
        self.journal, self.carrier, self.folder = journal, carrier, folder
        self.nodes: list[Node] = []
        self.silenced: list[int] = []
        self.released: list[str] = []
        self._names = itertools.count()
        self._lock = asyncio.Lock()

    @property
    def node(self) -> Node:
        return self.nodes[-1]

    async def owner(self, kind: str, slot: str, lost: int) -> Owner:
        """The newest, dead or not, until somebody has lost it; then only if it lives."""
        async with self._lock:
            if not self.nodes or (self.node.host.claim.generation <= lost and not self.node.alive):
                node = Node(await new_host(self.journal), self.carrier)
                await node.open(f"h{next(self._names)}", self.folder)
                self.nodes.append(node)
            return Owner(self.node.host.claim.generation, self.node.address, TOKEN)

    async def silent(self, kind: str, slot: str, generation: int) -> None:
        self.silenced.append(generation)
        for node in self.nodes:
            if node.host.claim.generation == generation:
                await node.kill()

    async def release(self, kind: str, slot: str) -> None:
        self.released.append(slot)

    async def connect(self, address: str, attach: Callable[..., Any]) -> None:
        if not address.startswith("ray:"):
            tls = client_tls(str(self.folder / "chain.pem")) if address.startswith("tls:") else None
            return await connect(address, attach, tls=tls)
        for node in self.nodes:
            if node.address == address:
                return RayWire(node, (ConnectionError,)).open(attach)
        raise ConnectionError(f"no host at {address}")

    async def close(self) -> None:
        for node in self.nodes:
            await node.kill()
