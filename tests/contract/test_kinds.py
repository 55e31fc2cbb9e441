"""What actors of two kinds may rely on when they talk by effects: real host processes (without Ray), sockets and databases.

The kinds are those of `tests.counting`, so the runtime knows neither conversations nor bots here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
import pytest

from actors import deliveries, host
from actors.deliveries import Finder, Opener
from actors.host_process import HostConfig, HostProcess
from actors.kinds import KindEntry
from actors.placement import Placement
from actors.router import Router, bytes_digest
from actors.socket_link import connect
from domain.errors import Refused
from storage.open import open_journal
from storage.ports import ActorId, EffectRow
from tests.counting import LIMIT, CountingKind, Sum, encode
from tests.hosts import ALL_SHARDS
from tests.people import eventually

PLACEMENTS = {"left": Placement(), "right": Placement(2, by_app={"alone": "dedicated"})}
ENTRIES = {"left": KindEntry("tests.counting:left", "tests.counting:echoing"), "right": KindEntry("tests.counting:right")}
LEFT, RIGHT = ActorId("left", "app", "a"), ActorId("right", "app", "a")


class _Process(HostProcess):
    """One that does not take the tests along when it dies."""

    def die(self) -> None:
        """What it holds is killed by the test."""


class Installation:
    """Host processes over one database, and a gateway's way to them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database, self.journal = open_journal(url)
        kinds = [CountingKind(kind) for kind in PLACEMENTS]
        self.router = Router(self.journal, Finder(self.journal), connect, b"secret", placements=PLACEMENTS, kinds=kinds)
        self.processes: list[HostProcess] = []

    async def begin(self, kind: str) -> HostProcess:
        """A host process for all slots of a kind; whoever had them is fenced."""
        return await self.begin_for(kind, *map(str, range(PLACEMENTS[kind].slots)))

    async def begin_for(self, kind: str, *slots: str) -> HostProcess:
        process = _Process(msgspec.msgpack.encode(HostConfig(self.url, kinds=ENTRIES)))
        self.processes.append(process)
        for slot in slots:
            rows = await self.journal.slots(kind, slot)
            assert await process.claim(kind, kind, slot, rows[0].generation if rows else 0, msgspec.msgpack.encode(PLACEMENTS))
        return process

    async def kill(self, process: HostProcess) -> None:
        """As by kill -9: in the middle of anything, and its links break."""
        self.processes.remove(process)
        await process._server.close()
        for held in process._held.values():
            await held.host.kill()
            await held.database.close()
        if process._outward is not None:
            await process._outward.close()
        if process._opened is not None:
            await process._opened[0].close()

    async def tell(self, actor: ActorId, key: str = "", **command: Any) -> None:
        encoded = encode(command)
        await self.router.ask_encoded(actor, encoded, bytes_digest(encoded), sender="test", client_id=key or None)

    async def sum(self, actor: ActorId) -> Sum:
        found = await self.router.load(actor)
        return Sum() if found is None else found[1]

    async def pending(self) -> list[EffectRow]:
        return [row for kind in PLACEMENTS for row in await self.journal.effects(kind, ALL_SHARDS)]

    async def quiet(self) -> None:
        """Until everything is settled."""
        await eventually(self._is_quiet, 10, 0.01)

    async def _is_quiet(self) -> bool:
        return not await self.pending()

    async def reaches(self, actor: ActorId, total: int) -> Sum:
        async def has() -> bool:
            return (await self.sum(actor)).total >= total

        await eventually(has, 10, 0.01)
        return await self.sum(actor)

    async def close(self) -> None:
        await self.router.close()
        for process in list(self.processes):
            await self.kill(process)
        await self.database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Installation]:
    path = request.getfixturevalue("sqlite_path" if request.param == "sqlite" else "postgres_url")
    made = Installation(f"sqlite:///{path}" if request.param == "sqlite" else path)
    yield made
    await made.close()


def passing(n: int, **more: Any) -> dict[str, Any]:
    """A command to add n here and there."""
    return {"add": n, "to": "right", "pass": encode({"add": n, "heard": str(n), **more})}


def heard(numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(map(str, numbers))


async def test_what_one_kind_says_another_does_once_and_in_order(site: Installation) -> None:
    """Both add up the same; nothing is left to do."""
    await asyncio.gather(site.begin("left"), site.begin("right"))
    await asyncio.gather(*(site.tell(LEFT, str(n), **passing(n)) for n in range(1, 101)))
    found = await site.reaches(RIGHT, 5050)
    await site.quiet()
    assert (await site.sum(LEFT)).total == found.total == 5050 and 100 == found.seq
    assert [int(each) for each in found.heard] == [int(told["add"]) for told in await _events(site, LEFT)]


async def _events(site: Installation, actor: ActorId) -> list[dict[str, Any]]:
    rows = await site.journal.read(await site.journal.find(actor) or 0, 0, 10_000)
    return [msgspec.json.decode(row.body) for row in rows]


async def test_each_goes_to_the_slot_of_its_own_actor(site: Installation) -> None:
    """The other kind has other slots, and more of them."""
    await asyncio.gather(site.begin("left"), site.begin("right"))
    actors = [ActorId("left", f"app{n % 3}", f"{n:024x}") for n in range(20)]
    await asyncio.gather(*(site.tell(actor, **passing(7)) for actor in actors))
    for actor in actors:
        assert 7 == (await site.reaches(ActorId("right", actor.app, actor.id), 7)).total


async def test_a_death_between_doing_and_settling_does_it_once(site: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The successor says it again, and the other knows it by its key."""
    monkeypatch.setattr(host, "SETTLE_S", 60.0)
    first, _ = await asyncio.gather(site.begin("left"), site.begin("right"))
    await site.tell(LEFT, **passing(5))
    await site.reaches(RIGHT, 5)
    await site.kill(first)
    assert 1 == len(await site.pending())
    monkeypatch.setattr(host, "SETTLE_S", 0.01)
    await site.begin("left")
    await site.quiet()
    assert (5, 1) == ((await site.sum(RIGHT)).total, (await site.sum(RIGHT)).seq)


async def test_deaths_on_either_side_lose_double_and_reorder_nothing(site: Installation) -> None:
    left, right = await asyncio.gather(site.begin("left"), site.begin("right"))
    for n in range(1, 61):
        await site.tell(LEFT, str(n), **passing(n))
        if n % 20 == 10:
            await site.kill(right)
            right = await site.begin("right")
        elif n % 20 == 0:
            await site.kill(left)
            left = await site.begin("left")
    found = await site.reaches(RIGHT, 1830)
    await site.quiet()
    assert (1830, 60, heard(range(1, 61))) == (found.total, found.seq, found.heard)


async def test_nobody_there_is_waited_for(site: Installation) -> None:
    """The sender goes on with its own business meanwhile."""
    await site.begin("left")
    await asyncio.gather(*(site.tell(LEFT, **passing(1)) for _ in range(3)))
    assert (3, 3) == ((await site.sum(LEFT)).total, len(await site.pending()))
    await site.begin("right")
    await site.reaches(RIGHT, 3)
    await site.quiet()


async def test_a_refusal_comes_back_to_whoever_wants_to_know(site: Installation) -> None:
    """And what is behind it goes on."""
    await asyncio.gather(site.begin("left"), site.begin("right"))
    for n in (LIMIT + 1, 1):
        await site.tell(LEFT, to="right", **{"pass": encode({"add": n})})
    await site.tell(LEFT, to="right", **{"pass": encode({"add": LIMIT + 1, "quiet": True})})
    await site.quiet()
    assert (("too_large",), 1) == ((await site.sum(LEFT)).heard, (await site.sum(RIGHT)).total)


async def test_what_the_world_outside_says_comes_back_as_a_command(site: Installation) -> None:
    """Once; where there is nothing to tell, the effect goes and nothing else happens."""
    await site.begin("left")
    await site.tell(LEFT, to="echo,silence", **{"pass": b"hello"})
    await site.quiet()
    found = await site.sum(LEFT)
    assert (2, ("hello",), 1) == (found.seq, found.heard, found.total)


async def test_what_nobody_performs_stays(site: Installation) -> None:
    """A later version may have asked for it."""
    process = await site.begin("left")
    await site.tell(LEFT, to="hologram,echo", **{"pass": b"hello"})
    await site.reaches(LEFT, 1)
    await site.kill(process)
    assert ["hologram"] == [row.target for row in await site.pending()]


async def test_a_drained_host_leaves_nothing_to_do_again(site: Installation) -> None:
    left, _ = await asyncio.gather(site.begin("left"), site.begin("right"))
    await site.tell(LEFT, **passing(5))
    await site.reaches(RIGHT, 5)
    await asyncio.wait_for(left.drain(), 10)
    assert [] == await site.pending()


async def test_an_actor_with_a_host_of_its_own_is_brought(site: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has needed it for a while, or its host is dead: the servers are asked, and one of them opens it."""
    monkeypatch.setattr(deliveries, "OPEN_LOOK_S", 0.01)
    monkeypatch.setattr(deliveries, "SAME_AGAIN_S", 0.05)
    opening: set[asyncio.Task[HostProcess]] = set()

    def open_slot(kind: str, slot: str) -> None:
        """As a server does it: what lives is left alone."""
        if not any((kind, slot) in process._held for process in site.processes) and all(task.done() for task in opening):
            opening.add(asyncio.create_task(site.begin_for(kind, slot)))

    running = asyncio.create_task(Opener(site.journal, open_slot).run())
    alone, other = ActorId("left", "alone", "a"), ActorId("right", "alone", "a")
    left = await site.begin("left")
    for total in (5, 10):
        await site.tell(alone, **passing(5))
        assert total == (await site.reaches(other, total)).total
        await site.quiet()
        for process in set(site.processes) - {left}:
            await site.kill(process)
    assert 2 == len(opening)
    running.cancel()


async def test_counts_are_committed_with_the_turn(site: Installation) -> None:
    """A repeat counts nothing, nor does a refusal; many hosts count into the same rows."""
    await asyncio.gather(site.begin("left"), site.begin("right"))
    told = [(actor, n) for actor in (LEFT, RIGHT) for n in range(1, 11)]
    await asyncio.gather(*(site.tell(actor, f"{n}", add=n, count="abc"[n % 3]) for actor, n in told for _ in range(2)))
    with pytest.raises(Refused):
        await site.tell(LEFT, add=LIMIT + 1, count="a")
    assert {"a": 36, "b": 44, "c": 30} == await site.journal.tallies("app", "sums")
    assert {} == await site.journal.tallies("another", "sums")
