"""A whole installation in one process on virtual time. Hosts, links, routers and sockets are real; wires and machines are made up.

Everything that goes wrong is drawn from the seed. Each part draws from a source of its own, so that one part's luck does not
depend on the order in which others were asked.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, Literal

from actors.conversation import ConversationKind
from actors.host import Host
from actors.line import HostLine
from actors.link import Owner
from actors.placement import Placement
from actors.router import Router
from domain.errors import Unavailable
from storage.memory import MemoryJournal
from storage.ports import Claim, EffectRow, Entry
from tests.history import Committed, Record

START_MS = 1_750_000_000_000
PLACEMENT = Placement(slots=2)
AWAY = Unavailable("unavailable", "the database is away", 0.2)
NAMES = ("load", "seen", "read", "heads", "find", "reserve_keys", "effects", "recent")


class Odds:
    """How often things go wrong. All zero when the storm is over."""

    def __init__(self, rng: Random) -> None:
        self.journal = rng.choice([0.0, 0.01, 0.1])
        self.unknown = rng.choice([0.0, 0.01, 0.1])
        self.limited = rng.choice([0.0, 0.02])
        self.slow_reader = rng.choice([0.0, 0.05])

    def calm(self) -> None:
        self.journal = self.unknown = self.limited = self.slow_reader = 0.0


class World:
    """One installation and its history. `disturb` lets one thing go wrong."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.loop = asyncio.get_running_loop()
        self.rng = self.source("world")
        self.odds = Odds(self.rng)
        self.history: list[Record] = []
        self.journal = MemoryJournal()
        self.nodes: dict[str, Node] = {}
        self.all_nodes: list[Node] = []
        self.pipes: list[Pipe] = []
        self.gateways: list[Gateway] = [Gateway(self, n) for n in range(2)]
        self.closed: Counter[str] = Counter()

    def source(self, name: str) -> Random:
        return Random(f"{self.seed} {name}")

    def now_ms(self) -> int:
        return START_MS + int(self.loop.time() * 1000)

    # -- Locator: the cluster, which knows of a death only from those who lost a link

    async def owner(self, kind: str, slot: str, lost: int) -> Owner:
        node = self.nodes.get(slot)
        if node is None or node.host.claim.generation <= lost:
            await asyncio.sleep(self.rng.uniform(0.001, 0.3))
            node = self.nodes.get(slot)
            if node is None or node.host.claim.generation <= lost:
                node = self.nodes[slot] = Node(self, slot, await self.journal.claim(kind, slot, "node", ""))
                self.all_nodes.append(node)
                await node.begin()
        return Owner(node.host.claim.generation, node.name, "token")

    async def silent(self, kind: str, slot: str, generation: int) -> None:
        """It is killed, or, out of reach, goes on one day and must find that it was replaced."""
        for node in self.all_nodes:
            if (node.slot, node.host.claim.generation) == (slot, generation) and self.rng.random() < 0.7:
                await node.kill()

    async def release(self, kind: str, slot: str) -> None:
        raise AssertionError("no slot here is dedicated")

    async def connect(self, address: str, attach: Callable[..., Any]) -> None:
        await asyncio.sleep(self.rng.uniform(0, 0.01))
        node = next(node for node in self.all_nodes if node.name == address)
        if not node.alive:
            raise ConnectionRefusedError(address)
        pipe = Pipe(self, node, len(self.pipes))
        self.pipes.append(pipe)
        pipe.open(attach)

    # -- what goes wrong

    async def disturb(self) -> None:
        node = self.nodes.get(self.rng.choice(["0", "1"]))
        match self.rng.randrange(8):
            case 0 | 1 if node is not None:
                await node.kill()
            case 2 if node is not None:
                node.pause(self.rng.choice([0.5, 2.0, 5.0, 9.0]))
            case 3 if node is not None:
                node.die_at_commit = self.rng.choice(["before", "after"])
            case 4 | 5 if self.pipes:
                self.rng.choice(self.pipes[-4:]).cut()
            case 6:
                await self.rng.choice(self.gateways).restart()
            case _:
                self.journal.hold()
                self.loop.call_later(self.rng.choice([0.05, 1.0, 4.0, 12.0]), self.journal.release)

    def calm(self) -> None:
        self.odds.calm()
        self.journal.release()
        for node in self.all_nodes:
            node.die_at_commit = ""

    async def close(self) -> None:
        for gateway in self.gateways:
            await gateway.close()
        for node in self.all_nodes:
            await node.kill()


class Gateway:
    """A gateway process: its router dies with it, and with the router its links and sockets."""

    def __init__(self, world: World, n: int) -> None:
        self.world, self.n = world, n
        self.sessions: dict[Any, None] = {}
        self.router = self._router()

    def _router(self) -> Router:
        journal: Any = FlakyJournal(self.world, f"gateway {self.n}")
        world: Any = self.world
        return Router(journal, world, self.world.connect, b"secret", placements={"conversation": PLACEMENT}, clock=_Clock(self.world, 0))

    async def restart(self) -> None:
        old, self.router = self.router, self._router()
        for session in tuple(self.sessions):
            session.cut()
        await old.close()

    async def close(self) -> None:
        await self.router.close()


class FlakyJournal:
    """The journal as one process reaches it: it takes time, and fails now and then."""

    def __init__(self, world: World, name: str) -> None:
        self._world, self._rng = world, world.source(name)

    def __getattr__(self, name: str) -> Any:
        method: Callable[..., Awaitable[Any]] = getattr(self._world.journal, name)
        if name not in NAMES:
            return method

        async def flaky(*arguments: Any, **options: Any) -> Any:
            await asyncio.sleep(self._rng.uniform(0, 0.01))
            if self._rng.random() < self._world.odds.journal:
                raise AWAY
            found = await method(*arguments, **options)
            await asyncio.sleep(self._rng.uniform(0, 0.01))
            return found

        return flaky


class NodeJournal(FlakyJournal):
    """A host's: commits may fail on either side of taking effect, and the host may be stopped or die on either side."""

    def __init__(self, world: World, node: Node) -> None:
        super().__init__(world, node.name)
        self._node = node

    async def commit(self, claim: Claim, entries: list[Entry]) -> list[EffectRow]:
        await asyncio.sleep(self._rng.uniform(0, 0.01))
        await self._node.reach("before")
        if self._rng.random() < self._world.odds.journal:
            raise AWAY
        made = await self._world.journal.commit(claim, entries)
        self._world.history.append(Committed(claim.slot, claim.generation))
        await asyncio.sleep(self._rng.uniform(0, 0.01))
        await self._node.reach("after")
        if self._rng.random() < self._world.odds.unknown:
            raise AWAY
        return made

    async def settle(self, claim: Claim, effect_ids: list[int]) -> None:
        """How a host that has nothing to commit sees that the slot is still its own; a stopped one sees nothing."""
        await self._node.running.wait()
        await self._world.journal.settle(claim, effect_ids)


class Node:
    """A host process."""

    def __init__(self, world: World, slot: str, claim: Claim) -> None:
        self.world, self.slot, self.name = world, slot, f"{slot}/{claim.generation}"
        self.alive, self.die_at_commit = True, ""
        self.running = asyncio.Event()
        self.running.set()
        journal: Any = NodeJournal(world, self)
        skew_ms = world.source(self.name).randrange(-5_000, 5_000)
        self.host = Host(
            ConversationKind(),
            journal,
            claim,
            clock=_Clock(world, skew_ms),
            fenced=self._fenced,
            max_activations=3,
            idle_s=2.0,
            retry_s=0.05,
        )

    async def begin(self) -> None:
        shards = PLACEMENT.shards_of(self.slot)
        self.host.start(await self.world.journal.effects("conversation", shards), shards)

    def _fenced(self) -> None:
        self.alive = False
        self._break_pipes()

    async def reach(self, point: Literal["before", "after"]) -> None:
        """A point of a commit: where a paused host stays until it goes on, and where one may die."""
        await self.running.wait()
        if self.die_at_commit == point:
            self.die_at_commit = ""
            task = asyncio.create_task(self.kill())
            task.add_done_callback(lambda _: None)
            await asyncio.Event().wait()

    def pause(self, seconds: float) -> None:
        self.running.clear()
        self.world.loop.call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        self.running.set()
        for pipe in self.world.pipes:
            if pipe.node is self:
                pipe.up.read()

    async def kill(self) -> None:
        self.alive = False
        self._break_pipes()
        await self.host.kill()

    def _break_pipes(self) -> None:
        for pipe in self.world.pipes:
            if pipe.node is self:
                pipe.cut()


class Pipe:
    """A connection. Bytes come in order and late, cut anywhere; when it breaks, each side is told in its own time."""

    def __init__(self, world: World, node: Node, n: int) -> None:
        self.world, self.node = world, node
        self.rng = world.source(f"pipe {n}")
        self.over = False
        self.up, self.down = _Way(self), _Way(self)

    def open(self, attach: Callable[..., Any]) -> None:
        self.down.end_of_it = attach(self.up.send, self.cut)
        self.up.end_of_it = HostLine(_Door(self.node.host), self.down.send, self.cut)

    def cut(self) -> None:
        if not self.over:
            self.over = True
            self.up.close()
            self.down.close()


class _Way:
    """One direction."""

    def __init__(self, pipe: Pipe) -> None:
        self.pipe = pipe
        self.end_of_it: Any = None
        self.held: list[bytes] = []
        self.at, self.still = 0.0, -1
        self.flying: deque[bytes] = deque()

    def send(self, data: bytes) -> None:
        if self.pipe.over:
            return
        cut = self.pipe.rng.randrange(len(data) + 1)
        for part in (data[:cut], data[cut:]):
            self.at = max(self.at, self.pipe.world.loop.time() + self.pipe.rng.choice([0.0001, 0.001, 0.001, 0.03]))
            self.flying.append(part)
            self.pipe.world.loop.call_at(self.at, self._arrive)

    def _arrive(self) -> None:
        data = self.flying.popleft()
        if self.still == 0:
            return
        self.still -= self.still > 0
        self.held.append(data)
        self.read()

    def read(self) -> None:
        """The receiver takes what is there; a stopped process when it goes on, a dead one never."""
        node = self.pipe.node
        if self is self.pipe.up and not node.running.is_set():
            return
        held, self.held = self.held, []
        for data in held:
            if node.alive or self is self.pipe.down:
                self.end_of_it.received(data)

    def close(self) -> None:
        """Some of what is under way still arrives."""
        self.still = self.pipe.rng.randrange(len(self.flying) + 1)
        delay = max(0.0, self.at - self.pipe.world.loop.time()) + self.pipe.rng.choice([0.0, 0.01, 0.5])
        self.pipe.world.loop.call_later(delay, self.end_of_it.ended)


class _Door:
    """Lets links in to the one host of a node."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def host(self, token: str) -> Host | None:
        return self._host if token == "token" else None

    def expects(self, token: str, then: Callable[[], None]) -> bool:
        """Hosts are there as soon as they have claimed."""
        return False

    def give_up(self, host: Host, server: str) -> None:
        raise AssertionError("nobody asks for a slot here")


class _Clock:
    """The world's time, as one machine's clock shows it."""

    def __init__(self, world: World, skew_ms: int) -> None:
        self._world, self._skew_ms = world, skew_ms

    def now_ms(self) -> int:
        return self._world.now_ms() + self._skew_ms

    def monotonic(self) -> float:
        return self._world.loop.time()
