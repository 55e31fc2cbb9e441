"""Several Ray nodes on this machine: gateways and hosts on each, a node that dies, one that comes, and a server that restarts."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.certificates import certificate
from tests.chaos.load import Load
from tests.people import eventually
from tests.ray_nodes import RayCluster, RayNode
from tests.serving import NO_STANDBY, Serving

pytestmark = [pytest.mark.serves, pytest.mark.postgresql]

SLOTS = "6"
#: Ray notices that a node is gone by its broken connections, or after some missed heartbeats.
NODE_LOST_S = 40.0


@pytest.fixture
def cluster() -> Iterator[RayCluster]:
    """A head without work, and two workers."""
    with tempfile.TemporaryDirectory(prefix="head-", ignore_cleanup_errors=True) as folder:  # short: Ray puts sockets in it
        made = RayCluster(Path(folder), head_cpus=0)
        try:
            made.head.start()
            for _ in range(2):  # one after the other: of two that come to one machine at once, one hangs for a minute
                made.add_worker()
            yield made
        finally:
            made.stop()


@pytest.fixture
def server(cluster: RayCluster, tmp_path: Path, postgres_empty_url: str) -> Iterator[Serving]:
    """One on the head, which places gateways and hosts on every worker: for those of a lost node the other's hosts stand by. Links between
    nodes speak TLS."""
    chain, key = certificate(tmp_path)
    environment = {
        **cluster.environment,
        **NO_STANDBY,
        "CAUSERIE_DATABASE_URL": postgres_empty_url,
        "CAUSERIE_CONVERSATION_SLOTS": SLOTS,
        "CAUSERIE_NODES": "all",
        "CAUSERIE_LINK_CERTIFICATE": str(chain),
        "CAUSERIE_LINK_KEY": str(key),
    }
    made = Serving(tmp_path, environment=environment, arguments=["--ray-address", cluster.address])
    made.start()
    try:
        yield made
    except BaseException:
        print(made.tail())
        raise
    finally:
        made.kill()


async def everywhere(nodes: list[RayNode]) -> None:
    """Wait until each node has a gateway and hosts."""

    async def placed() -> bool:
        return await asyncio.to_thread(lambda: all(node.actors("Gateway") and node.actors("ConversationHost") for node in nodes))

    await eventually(placed, 60, 0.2)


async def test_nodes_come_and_go_while_people_talk(cluster: RayCluster, server: Serving) -> None:
    await everywhere(cluster.workers)
    assert [] == await asyncio.to_thread(cluster.head.actors, "ConversationHost"), "the head has no work"
    async with Load(server, visitors=6, seed=3) as load:
        await load.goes_on()
        await asyncio.to_thread(cluster.workers[0].stop)
        await load.goes_on(timeout_s=NODE_LOST_S)
        added = await asyncio.to_thread(cluster.add_worker)
        await everywhere([added, cluster.workers[1]])
        await load.goes_on()
        assert [] == await load.judged()
