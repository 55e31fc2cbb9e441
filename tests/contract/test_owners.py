"""Who owns a slot, with real host processes (without Ray) of several servers over one database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from actors import balance, orders
from actors.balance import Balancer
from actors.host_process import HostConfig, HostProcess
from actors.link import Outcome, Owner, SlotLink
from actors.owners import Owners, actor_of, reserved_for
from actors.placement import Placement
from actors.router import Router
from actors.socket_link import connect
from domain.conversation import commands as cmd
from storage.open import open_journal
from storage.ports import Journal, SlotRow
from storage.sql.migrate import migrate
from tests import conversations as talk
from tests.hosts import until
from tests.never_scaled import NeverScaled
from tests.people import eventually

ANN = talk.actor("a" * 24)
PLACEMENTS = msgspec.msgpack.encode({"conversation": Placement()})


class _Process(HostProcess):
    """One that does not take the tests along when it dies."""

    dead = False

    def die(self) -> None:
        self.dead = True


class Process:
    """A host process, as its server holds it."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.alive = name, True
        self.process = _Process(msgspec.msgpack.encode(HostConfig(url)))

    async def claim(self, row: SlotRow) -> int:
        return await self.process.claim(self.name, row.kind, row.slot, row.generation, PLACEMENTS) if self.alive else 0

    async def kill(self) -> None:
        """As by kill -9, for whoever is linked to it."""
        self.alive = False
        await self.process._server.close()
        for held in self.process._held.values():
            await held.host.kill()
            await held.database.close()


class Nodes:
    """Every host process of every server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database, self.journal = open_journal(url)
        self.processes: dict[str, Process] = {}

    async def owner_row(self) -> SlotRow:
        return (await self.journal.slots("conversation", "0"))[0]

    async def holder(self) -> Process:
        return self.processes[actor_of(await self.owner_row())]

    async def close(self) -> None:
        for process in self.processes.values():
            await process.kill()
            if process.process._opened is not None:
                await process.process._opened[0].close()
        await self.database.close()


class Server(NeverScaled):
    """One server: its hosts, and its way to find owners."""

    def __init__(self, name: str, nodes: Nodes, hosts: int = 2) -> None:
        self.name, self.server, self.nodes = name, name, nodes
        self.tells, self.ended = True, 0
        self.own = [Process(f"{name}-{n}", nodes.url) for n in range(hosts)]
        nodes.processes.update({process.name: process for process in self.own})
        self.owners = Owners(nodes.journal, self, name)

    def candidates(self, kind: str, slot: str) -> list[Process]:
        return [process for process in self.own if process.alive]

    def ready(self, kind: str) -> list[str]:
        return [process.name for process in self.own if process.alive]

    async def lives(self, row: SlotRow) -> bool | None:
        """As over Ray: the process is asked for itself."""
        owner = self.nodes.processes[actor_of(row)]
        return owner.alive and await owner.process.owns(row.kind, row.slot, row.generation) if self.tells else None

    def reach(self, row: SlotRow) -> str:
        return row.address

    async def end(self, row: SlotRow) -> None:
        self.ended += 1
        await self.nodes.processes[actor_of(row)].kill()

    async def owner(self, lost: int = 0) -> Owner:
        return await self.owners.owner("conversation", "0", lost)

    def link(self) -> SlotLink:
        return SlotLink("conversation", "0", _Forever(self.owners), connect, lambda follows: None, ping_s=0.1)


class _Forever:
    """A locator whose slots are never released."""

    def __init__(self, owners: Owners) -> None:
        self.owner, self.silent = owners.owner, owners.silent

    async def release(self, kind: str, slot: str) -> None:
        raise AssertionError("slot 0 is shared")


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[Nodes]:
    url = f"sqlite:///{tmp_path}/causerie.db"
    await migrate(url)
    made = Nodes(url)
    yield made
    await made.close()


async def test_all_servers_find_the_same_owner(nodes: Nodes) -> None:
    """Also when they look for the first one at the same moment."""
    servers = [Server(name, nodes) for name in "abc"]
    found = await asyncio.gather(*(server.owner() for server in servers for _ in range(3)))
    assert 1 == len(set(found)) and 1 == found[0].generation
    assert found[0].token == (await nodes.owner_row()).token != ""


async def test_whoever_is_just_becoming_the_owner_lives(nodes: Nodes) -> None:
    """The slot table has a claim before the process that made it is ready: no other server may take it for dead meanwhile."""
    server, other = Server("a", nodes, 1), Server("b", nodes, 1)
    process, claimed, ready = server.own[0].process, asyncio.Event(), asyncio.Event()
    hold = process._hold

    async def slowly(*arguments: Any) -> None:
        claimed.set()
        await ready.wait()
        await hold(*arguments)

    process._hold = slowly  # type: ignore[method-assign]
    claiming = asyncio.create_task(server.owner())
    await claimed.wait()
    found = await other.owner()
    ready.set()
    assert found == await claiming and 1 == found.generation


async def test_a_host_that_was_fenced_without_a_commit_learns_it_when_it_is_to_claim(nodes: Nodes) -> None:
    """It must not give itself for the owner that it was."""
    server = Server("a", nodes, 1)
    first = await server.owner()
    await nodes.journal.claim("conversation", "0", reserved_for("a"), "", expected=first.generation)
    process = server.own[0].process
    row = await nodes.owner_row()
    await process.claim("a-0", row.kind, row.slot, row.generation, PLACEMENTS)
    assert process.dead


async def test_a_dead_owner_is_replaced_once(nodes: Nodes) -> None:
    """All servers lose their links at the same moment; one of their hosts wins."""
    servers = [Server(name, nodes) for name in "abc"]
    first = await servers[0].owner()
    await (await nodes.holder()).kill()
    found = await asyncio.gather(*(server.owner(first.generation) for server in servers))
    assert 1 == len(set(found)) and first.generation < found[0].generation


async def test_a_link_that_broke_is_no_death(nodes: Nodes) -> None:
    server, other = Server("a", nodes), Server("b", nodes)
    first = await server.owner()
    assert first == await other.owner(first.generation) == await server.owner(first.generation)


async def test_an_owner_that_nobody_can_ask_is_believed_until_its_link_breaks(nodes: Nodes) -> None:
    server, other = Server("a", nodes), Server("b", nodes)
    other.tells = False
    first = await server.owner()
    assert first == await other.owner()
    first_holder = await nodes.holder()
    assert first.generation < (await other.owner(first.generation)).generation
    await until(lambda: first_holder.process.dead, 5)


async def test_a_slot_that_was_given_up_for_a_server_waits_for_it(nodes: Nodes) -> None:
    """Others do not take it, unless it waits in vain."""
    server, other = Server("a", nodes), Server("b", nodes)
    await nodes.journal.claim("conversation", "0", reserved_for("b"), "")
    waiting = asyncio.create_task(server.owner())
    assert "b" == actor_of(await _row_of(nodes, await other.owner())).partition("-")[0]
    assert await waiting == await server.owner()
    row = await nodes.owner_row()
    await nodes.journal.claim("conversation", "0", reserved_for("nobody"), "")
    assert row.generation + 2 == (await asyncio.wait_for(server.owner(), 5)).generation


async def _row_of(nodes: Nodes, owner: Owner) -> SlotRow:
    row = await nodes.owner_row()
    assert owner.generation == row.generation
    return row


async def test_a_planned_move_loses_doubles_and_reorders_nothing(nodes: Nodes) -> None:
    """While two gateways talk without a pause, the slot goes to and fro between two servers."""
    servers = [Server("a", nodes, 1), Server("b", nodes, 1)]
    links = [server.link() for server in servers]
    answers: dict[tuple[int, int], Outcome] = {}
    said = 0

    def say(gateway: int, key: int) -> None:
        told = talk.post("ann", f"{gateway}-{key}", create=talk.create("ann"))
        links[gateway].say(ANN, gateway * 10_000 + key, 0, False, cmd.encode(told), _keep(answers, (gateway, key)), 20.0)

    for move in range(6):
        for _ in range(40):
            for gateway in range(2):
                say(gateway, said)
            said += 1
            await asyncio.sleep(0)
        asked = move % 2
        await links[asked].up.wait()
        if actor_of(await nodes.owner_row()) != f"{'ab'[asked]}-0":
            links[asked].ask_for("ab"[asked])
            await until(lambda asked=asked: servers[asked].own[0].process._held, 5)
    await until(lambda: len(answers) == 2 * said, 20)
    assert [] == [outcome for outcome in answers.values() if isinstance(outcome, Exception)]
    texts = await _texts(nodes.journal)
    for gateway in range(2):
        assert [f"{gateway}-{key}" for key in range(said)] == [text for text in texts if text.startswith(f"{gateway}-")]
    assert 2 * said == len(texts) and 0 == servers[0].ended + servers[1].ended
    assert 5 <= (await nodes.owner_row()).generation, "it has moved"
    for link in links:
        await link.close()


def _keep(answers: dict[tuple[int, int], Outcome], name: tuple[int, int]) -> Callable[[Any], None]:
    def keep(outcome: Outcome) -> None:
        assert name not in answers, "answered twice"
        answers[name] = outcome

    return keep


async def _texts(journal: Journal) -> list[str]:
    key = await journal.find(ANN)
    rows = await journal.messages(key or 0, 0, None, 10_000)
    return [row.body.split(b'"text":"')[1].split(b'"')[0].decode() for row in rows]


async def test_a_drained_process_leaves_its_slot_to_whoever_comes(nodes: Nodes) -> None:
    server, other = Server("a", nodes), Server("b", nodes)
    first = await server.owner()
    link = other.link()
    await link.up.wait()
    await (await nodes.holder()).process.drain()
    await until(lambda: not link.up.is_set() or (link._wire and link._wire.generation > first.generation), 5)
    await until(link.up.is_set, 5)
    assert first.generation < (await other.owner(first.generation)).generation
    await link.close()


async def test_who_is_drained_takes_a_slot_only_if_nobody_else_does(nodes: Nodes) -> None:
    """Better there than nowhere."""
    server, other = Server("a", nodes, 1), Server("b", nodes, 1)
    await nodes.journal.order(orders.drain("a-0"), 1)
    waiting = asyncio.create_task(server.owner())
    assert "b-0" == actor_of(await _row_of(nodes, await other.owner()))
    await waiting
    await (await nodes.holder()).kill()
    assert "a-0" == actor_of(await _row_of(nodes, await asyncio.wait_for(server.owner(), 5)))


class _Way:
    """As much of a router as a balancer needs."""

    def __init__(self, server: Server) -> None:
        self.journal, self.link = server.nodes.journal, server.link()

    def ask_for(self, kind: str, slot: str, server: str) -> None:
        self.link.ask_for(server)

    def now_ms(self) -> int:
        return 1


async def _other_owner(nodes: Nodes, than: set[str]) -> bool:
    return actor_of(await nodes.owner_row()) not in than


async def test_a_drained_host_gives_its_slot_up_while_it_lives(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the hosts of its own server, or of another; it takes none itself, and its server's end takes the order back."""
    monkeypatch.setattr(balance, "LOOK_S", 0.05)
    servers = [Server("a", nodes), Server("b", nodes, 1)]
    ways = [_Way(server) for server in servers]
    for way in ways:
        await way.link.up.wait()
    balancers = [
        asyncio.create_task(Balancer("conversation", cast(Router, way), server).run()) for way, server in zip(ways, servers, strict=True)
    ]
    seen = []
    for _ in range(2):
        seen.append(actor_of(await nodes.owner_row()))
        await nodes.journal.order(orders.drain(seen[-1]), 1)
        await eventually(lambda: _other_owner(nodes, {*seen, "for"}), 5, 0.01)
    assert 3 == len({*seen, actor_of(await nodes.owner_row())}) and all(process.alive for process in nodes.processes.values())
    await nodes.journal.order(orders.drain("a"), 1)
    for task in balancers:
        task.cancel()
    await asyncio.wait(balancers)
    assert orders.drain("a") not in await nodes.journal.orders()
    for way in ways:
        await way.link.close()
