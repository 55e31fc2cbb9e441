"""The faults, as a table. Each is a block: it is inflicted when the block is entered and healed when it is left."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from random import Random

import psutil

from tests.chaos.disk import full
from tests.chaos.plan import Fault
from tests.chaos.proxy import Cut, Side
from tests.chaos.site import Database, Site, suspended

UNTIL_FELT_S = 10.0
MOST_BYTES = 200_000
MOST_LATENCY_S = 0.08
MOST_JUMP_S = 3_600.0
MOVED_S = 2.0
SIDES: tuple[Side, ...] = ("client", "server")


# -- processes of the server


@contextlib.asynccontextmanager
async def owner_killed(site: Site, chance: Random) -> AsyncIterator[None]:
    (await site.owner(chance)).kill()
    yield


@contextlib.asynccontextmanager
async def hosts_killed(site: Site, chance: Random) -> AsyncIterator[None]:
    """Owners and standbys: nobody waits to take over."""
    for host in await site.hosts():
        with contextlib.suppress(psutil.NoSuchProcess):
            host.kill()
    yield


@contextlib.asynccontextmanager
async def owner_stopped(site: Site, chance: Random) -> AsyncIterator[None]:
    with suspended(await site.owner(chance)):
        yield


@contextlib.asynccontextmanager
async def gateway_killed(site: Site, chance: Random) -> AsyncIterator[None]:
    """The main process; it is started again at once, on the same data and port."""
    server = chance.choice(site.servers)
    await site.do(server.kill_main)
    yield
    assert server.process is not None
    await site.do(server.process.wait)
    await site.do(server.start)


@contextlib.asynccontextmanager
async def gateway_stopped(site: Site, chance: Random) -> AsyncIterator[None]:
    server = chance.choice(site.servers)
    assert server.process is not None
    with suspended(psutil.Process(server.process.pid)):
        yield


@contextlib.asynccontextmanager
async def raylet_killed(site: Site, chance: Random) -> AsyncIterator[None]:
    """It takes the hosts along, a moment later: that is when messages stop, and from when recovery counts."""
    server = chance.choice(site.servers)
    hosts = await site.do(server.hosts)
    for process in await site.ray(server, "raylet"):
        process.kill()
    await site.do(lambda: psutil.wait_procs(hosts, timeout=UNTIL_FELT_S))
    yield


# -- several servers


@contextlib.asynccontextmanager
async def server_killed(site: Site, chance: Random) -> AsyncIterator[None]:
    """A server with everything that is its own, as when its machine loses its power; then it is started again."""
    server = chance.choice(site.servers)
    await site.do(server.kill)
    yield
    await site.do(server.start)


@contextlib.asynccontextmanager
async def servers_restarted(site: Site, chance: Random) -> AsyncIterator[None]:
    """One after the other, in good order, as for an upgrade."""
    yield
    for server in site.servers:
        assert [] == await site.do(server.stop), "what a server has started ends with it"
        await site.do(server.start)


@contextlib.asynccontextmanager
async def slot_moved(site: Site, chance: Random) -> AsyncIterator[None]:
    await site.move(chance)
    yield


# -- the database and Redis


@contextlib.asynccontextmanager
async def database_stopped(site: Site, chance: Random) -> AsyncIterator[None]:
    """PostgreSQL's immediate stop."""
    await site.do(site.postgres.stop)
    yield
    await site.do(site.postgres.start)


@contextlib.asynccontextmanager
async def postmaster_killed(site: Site, chance: Random) -> AsyncIterator[None]:
    orphans = psutil.Process(site.postgres.process.pid).children() if site.postgres.process else []
    await site.do(site.postgres.kill)
    yield
    await site.do(lambda: psutil.wait_procs(orphans, timeout=UNTIL_FELT_S))  # they hold the data folder until they notice
    await site.do(site.postgres.start)


@contextlib.asynccontextmanager
async def backend_killed(site: Site, chance: Random) -> AsyncIterator[None]:
    """Whereupon PostgreSQL ends all others and recovers."""
    chance.choice(await site.do(site.backends)).kill()
    yield


@contextlib.asynccontextmanager
async def cut_before_commit(site: Site, chance: Random) -> AsyncIterator[None]:
    await _cut(site, passed=False)
    yield


@contextlib.asynccontextmanager
async def cut_after_commit(site: Site, chance: Random) -> AsyncIterator[None]:
    """The database has it; whoever asked for it does not know."""
    await _cut(site, passed=True)
    yield


async def _cut(site: Site, *, passed: bool) -> None:
    with site.to_database.cutting(Cut(b"COMMIT", passed=passed)) as cut:
        await asyncio.wait_for(cut.wait(), UNTIL_FELT_S)


@contextlib.asynccontextmanager
async def database_reset(site: Site, chance: Random) -> AsyncIterator[None]:
    site.to_database.reset()
    yield


@contextlib.asynccontextmanager
async def database_unreachable(site: Site, chance: Random) -> AsyncIterator[None]:
    with site.to_database.black_hole():
        yield


@contextlib.asynccontextmanager
async def database_slow(site: Site, chance: Random) -> AsyncIterator[None]:
    with site.to_database.slow(chance.uniform(0.01, MOST_LATENCY_S)):
        yield


@contextlib.asynccontextmanager
async def redis_stopped(site: Site, chance: Random) -> AsyncIterator[None]:
    await site.do(site.redis.kill)
    yield
    await site.do(site.redis.start)


@contextlib.asynccontextmanager
async def redis_unreachable(site: Site, chance: Random) -> AsyncIterator[None]:
    with site.to_redis.black_hole():
        yield


@contextlib.asynccontextmanager
async def disk_full(site: Site, chance: Random) -> AsyncIterator[None]:
    with full(site.server, site.disk):
        yield


# -- the lines of clients


@contextlib.asynccontextmanager
async def clients_reset(site: Site, chance: Random) -> AsyncIterator[None]:
    for clients in site.clients:
        clients.reset()
    yield


@contextlib.asynccontextmanager
async def clients_half_open(site: Site, chance: Random) -> AsyncIterator[None]:
    """One side of each line is gone, and the other is not told."""
    gone = chance.choice(SIDES)
    for clients in site.clients:
        clients.half_open(gone)
    yield


@contextlib.asynccontextmanager
async def clients_unreachable(site: Site, chance: Random) -> AsyncIterator[None]:
    with contextlib.ExitStack() as broken:
        for clients in site.clients:
            broken.enter_context(clients.black_hole())
        yield


@contextlib.asynccontextmanager
async def clients_cut(site: Site, chance: Random) -> AsyncIterator[None]:
    """Lines that break in the middle of a frame, after so many bytes."""
    with contextlib.ExitStack() as broken:
        for clients in site.clients:
            broken.enter_context(clients.cutting(Cut(after=chance.randrange(1, MOST_BYTES), times=4)))
        yield


@contextlib.asynccontextmanager
async def clients_slow(site: Site, chance: Random) -> AsyncIterator[None]:
    with contextlib.ExitStack() as broken:
        for clients in site.clients:
            broken.enter_context(clients.slow(chance.uniform(0.01, MOST_LATENCY_S)))
        yield


@contextlib.asynccontextmanager
async def readers_stop(site: Site, chance: Random) -> AsyncIterator[None]:
    """They keep their sockets and read nothing; nobody else is to notice."""
    with site.readers.black_hole():
        yield


# -- the clock


@contextlib.asynccontextmanager
async def clock_jumps(site: Site, chance: Random) -> AsyncIterator[None]:
    """Of all processes of the server, forward or back; the healing is a jump too."""
    site.set_clock(chance.choice((-1, 1)) * chance.uniform(1, MOST_JUMP_S))
    try:
        yield
    finally:
        site.set_clock(0)


ON_POSTGRESQL: tuple[Database, ...] = ("postgresql",)

FAULTS: tuple[Fault, ...] = (
    Fault("a host is killed", owner_killed, weight=5),
    Fault("all hosts are killed", hosts_killed),
    Fault("a host is stopped", owner_stopped, lasts_s=(5, 30)),
    Fault("a host pauses", owner_stopped, lasts_s=(0.3, 2), counts_from="healing"),
    Fault("the main process is killed", gateway_killed),
    Fault("the main process pauses", gateway_stopped, lasts_s=(0.5, 8), counts_from="healing"),
    Fault("the raylet is killed", raylet_killed),
    Fault("a server is killed", server_killed, weight=2, databases=ON_POSTGRESQL, servers=2, counts_from="healing"),
    Fault("servers are restarted in turn", servers_restarted, databases=ON_POSTGRESQL, servers=2, counts_from="healing"),
    Fault("a slot is moved", slot_moved, weight=4, databases=ON_POSTGRESQL, servers=2, planned=True, back_s=MOVED_S),
    Fault("PostgreSQL is stopped", database_stopped, databases=ON_POSTGRESQL, lasts_s=(0, 6), counts_from="healing"),
    Fault("the postmaster is killed", postmaster_killed, databases=ON_POSTGRESQL, counts_from="healing"),
    Fault("a backend is killed", backend_killed, databases=ON_POSTGRESQL),
    Fault("the line breaks before COMMIT", cut_before_commit, weight=2, databases=ON_POSTGRESQL),
    Fault("the line breaks after COMMIT", cut_after_commit, weight=2, databases=ON_POSTGRESQL),
    Fault("the database's lines break", database_reset, databases=ON_POSTGRESQL),
    Fault("the database is unreachable", database_unreachable, databases=ON_POSTGRESQL, lasts_s=(1, 8), counts_from="healing"),
    Fault("the database is slow", database_slow, databases=ON_POSTGRESQL, lasts_s=(2, 5)),
    Fault("Redis is killed", redis_stopped, databases=ON_POSTGRESQL, lasts_s=(0.5, 5)),
    Fault("Redis is unreachable", redis_unreachable, databases=ON_POSTGRESQL, lasts_s=(1, 5)),
    Fault("the disk is full", disk_full, databases=("sqlite",), lasts_s=(1, 5), counts_from="healing"),
    Fault("clients' lines break", clients_reset),
    Fault("clients' lines are half open", clients_half_open),
    Fault("clients are unreachable", clients_unreachable, lasts_s=(0.5, 8), counts_from="healing"),
    Fault("clients' lines break in a frame", clients_cut, lasts_s=(3, 3)),
    Fault("clients' lines are slow", clients_slow, lasts_s=(2, 5)),
    Fault("readers stop reading", readers_stop, lasts_s=(3, 15)),
    Fault("the clock jumps", clock_jumps, lasts_s=(1, 5)),
)
