"""A Ray cluster over three machines, a server beside each worker: the head dies and comes back, and a machine is cut off, under load."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import asyncpg
import pytest
import pytest_asyncio

from tests import stream_client as stream
from tests.chaos.load import Load
from tests.chaos.proxy import Proxy
from tests.chaos.site import SLOTS
from tests.history import Acked, Said
from tests.machines import Forbidden, Machine, Network, network
from tests.people import eventually
from tests.ray_nodes import RayCluster
from tests.services import Missing, Postgres, Server
from tests.serving import Serving

pytestmark = [pytest.mark.postgresql, pytest.mark.redis, pytest.mark.asyncio(loop_scope="module")]

NAMES = ("head", "one", "two")
DATABASE = "machines"
SLOT_COUNT, STANDBYS = "4", 1
#: A little slower than elsewhere: beside the load a whole cluster starts on this machine.
PAUSE_S = 0.15
TAKEN_OVER_S = 5.0
"""When a host died whose machine is there."""
CUT_OFF_S = 15.0
"""When its machine is silent: three seconds are silence, and then a successor is found."""
WHOLE_S = 60.0


@pytest.fixture(scope="module")
def machines() -> Iterator[Network]:
    """Where none can be made, the tests are skipped; where only the program for it is missing, they fail with CI=true."""
    try:
        with network(NAMES) as made:
            yield made
    except Forbidden as forbidden:
        pytest.skip(f"no machines can be made of namespaces here: {forbidden}")
    except Missing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@dataclass
class Installation:
    """`servers` are those beside the workers, on `machines`."""

    cluster: RayCluster
    servers: list[Serving]
    machines: list[Machine]
    database: str

    async def owners(self) -> dict[str, str]:
        """By slot, the machine of its owner."""
        connection = await asyncpg.connect(self.database)
        try:
            return {row["slot"]: _machine(row["owner"]) for row in await connection.fetch(SLOTS)}
        finally:
            await connection.close()

    async def whole(self) -> bool:
        """Each server is ready, has all its host processes, and owns something."""
        return set(NAMES[1:]) == set((await self.owners()).values()) and all([await asyncio.to_thread(_whole, one) for one in self.servers])


def _machine(owner: str) -> str:
    return owner.partition(" ")[2].partition("/")[0]


def _whole(server: Serving) -> bool:
    page = server.get("/metrics").body.decode()
    found = re.findall(r'^causerie_host_processes\{kind="conversation"\} (\S+)', page, re.MULTILINE)
    return server.is_ready() and found == [str(1.0 + STANDBYS)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def installation(
    machines: Network, postgres: Postgres, redis: Server, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Installation]:
    """The head keeps its books in Redis. What the machines need from this one they get by proxies: it listens on loopback."""
    head, *workers = machines.machines
    await _create_database(postgres)
    async with AsyncExitStack() as stack:
        to_postgres, to_redis = [
            await stack.enter_async_context(Proxy(service.port, address=machines.address)) for service in (postgres, redis)
        ]
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="head-", ignore_cleanup_errors=True))
        cluster = RayCluster(Path(folder), 0, head, redis=f"{machines.address}:{to_redis.port}")
        stack.push_async_callback(asyncio.to_thread, cluster.stop)
        await asyncio.to_thread(cluster.head.start)
        environment = {
            **cluster.environment,
            "CAUSERIE_DATABASE_URL": f"postgresql://causerie@{machines.address}:{to_postgres.port}/{DATABASE}",
            "CAUSERIE_CONVERSATION_SLOTS": SLOT_COUNT,
            "CAUSERIE_STANDBY_HOSTS": str(STANDBYS),
        }
        made = Installation(cluster, [], workers, postgres.url(DATABASE))
        for worker in workers:
            await asyncio.to_thread(cluster.add_worker, machine=worker)
            server = Serving(
                tmp_path_factory.mktemp(worker.name), environment=environment, arguments=["--ray-address", cluster.address], machine=worker
            )
            stack.push_async_callback(asyncio.to_thread, server.kill)
            await asyncio.to_thread(server.start)
            made.servers.append(server)
        await eventually(made.whole, WHOLE_S, 0.5)
        yield made


async def _create_database(postgres: Postgres) -> None:
    connection = await asyncpg.connect(postgres.url())
    try:
        await connection.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await connection.close()


@pytest.mark.parametrize("away_s", [0.0, pytest.param(75.0, marks=pytest.mark.long, id="for longer than Ray would wait by itself")])
async def test_the_head_dies_and_comes_back(installation: Installation, away_s: float) -> None:
    """Messages need no head. A host that dies meanwhile has its successor at once, and is started again when the head is back."""
    cluster, servers = installation.cluster, installation.servers
    async with Load(servers[0], seed=21, pause_s=PAUSE_S, doors=[server.url for server in servers]) as load:
        await load.goes_on()
        (gcs,) = await asyncio.to_thread(cluster.head.called, "gcs_server")
        gcs.kill()
        await load.goes_on()
        await asyncio.to_thread(cluster.head.stop)
        assert await load.watch().served(TAKEN_OVER_S)
        for worker in cluster.workers:
            host = (await asyncio.to_thread(worker.actors, "ConversationHost"))[0]
            host.kill()
            assert await load.watch().served(TAKEN_OVER_S)
            assert not await installation.whole(), "there is nobody to start it again"
        await asyncio.sleep(away_s)  # the fault itself
        await load.goes_on()
        await asyncio.to_thread(cluster.head.start)
        await eventually(installation.whole, WHOLE_S, 0.5)
        await load.goes_on()
        assert [] == await load.judged()


async def test_a_machine_is_cut_off(installation: Installation) -> None:
    """The others take its conversations over, and what it still says to the database when it is back comes to nothing."""
    (server, lost), machine = installation.servers, installation.machines[1]
    connector = aiohttp.TCPConnector(limit=0, socket_factory=machine.opened)
    async with Load(server, seed=22, pause_s=PAUSE_S) as load, aiohttp.ClientSession(connector=connector) as inside:
        name = f"{load.name}inside"
        visitor = await stream.visitor(inside, lost.url, server.credentials["web_integration_id"], name, load.chronicle)
        outside, _ = load.conversations(), await load.joins(visitor)

        def told(kind: type[Said | Acked]) -> set[str]:
            return {one.id for one in load.chronicle.records if isinstance(one, kind) and one.sender == name}

        async def taken_over() -> bool:
            return machine.name not in (await installation.owners()).values()

        await load.goes_on()
        with machine.unplugged():
            said, watch = told(Said), load.chronicle.watch(outside)
            await eventually(taken_over, CUT_OFF_S)
            assert await watch.served(CUT_OFF_S)
            before = told(Acked)
            assert before <= said, "who is shut in with the lost hosts is told of what was stored before at most"
        assert before
        await eventually(installation.whole, WHOLE_S, 0.5)
        await load.goes_on()
        assert [] == await load.judged()
        assert before < told(Acked)
