"""A Ray cluster over three machines, a server on each worker: the head dies and comes back, and a machine is cut off, under load."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chaos.load import Load
from tests.chaos.proxy import Proxy
from tests.machines import Forbidden, Machine, Network, network
from tests.people import eventually
from tests.ray_nodes import RayCluster
from tests.services import Missing, Postgres, Server
from tests.serving import Serving

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]


@pytest.fixture
def machines() -> Iterator[Network]:
    """Where none can be made, the tests are skipped; where only the program for it is missing, they fail with CI=true."""
    try:
        with network(["head", "one", "two"]) as made:
            yield made
    except Forbidden as forbidden:
        pytest.skip(f"no machines can be made of namespaces here: {forbidden}")
    except Missing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@dataclass
class Installation:
    """A cluster whose head keeps its books in Redis, and a server beside each worker."""

    cluster: RayCluster
    servers: list[Serving]
    workers: list[Machine]


@pytest.fixture
async def installation(
    machines: Network, tmp_path: Path, postgres: Postgres, postgres_empty_url: str, redis: Server
) -> AsyncIterator[Installation]:
    head, *workers = machines.machines
    async with AsyncExitStack() as stack:
        to_postgres = await stack.enter_async_context(Proxy(postgres.port, address=machines.address))
        to_redis = await stack.enter_async_context(Proxy(redis.port, address=machines.address))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="head-", ignore_cleanup_errors=True))
        cluster = RayCluster(Path(folder), 0, head, redis=f"{machines.address}:{to_redis.port}")
        stack.push_async_callback(asyncio.to_thread, cluster.stop)
        await asyncio.to_thread(cluster.head.start)
        database = postgres_empty_url.replace(f"127.0.0.1:{postgres.port}", f"{machines.address}:{to_postgres.port}")
        environment = {
            **cluster.environment,
            "CAUSERIE_DATABASE_URL": database,
            "CAUSERIE_CONVERSATION_SLOTS": "4",
            "CAUSERIE_STANDBY_HOSTS": "1",
        }
        servers = []
        for worker in workers:
            await asyncio.to_thread(cluster.add_worker, machine=worker)
            arguments = ["--ray-address", cluster.address]
            server = Serving(tmp_path / worker.name, environment=environment, arguments=arguments, machine=worker)
            stack.push_async_callback(asyncio.to_thread, server.kill)
            await asyncio.to_thread(server.start)
            servers.append(server)
        yield Installation(cluster, servers, workers)


async def test_the_head_dies_and_comes_back(installation: Installation) -> None:
    import time

    servers, cluster = installation.servers, installation.cluster
    async with Load(servers[0], visitors=6, seed=21, pause_s=0.2, doors=[server.url for server in servers]) as load:
        await load.goes_on(20)
        T = time.time()
        say = lambda *a: print(f"{time.time() - T:6.1f}", *a, flush=True)
        import subprocess

        def state():
            r = []
            for sv in servers:
                try:
                    r.append(sv.get("/readyz").body[:150])
                except OSError as e:
                    r.append(repr(e))
                    for pr in sv.processes():
                        if "causerie" in " ".join(pr.cmdline()) and "nsenter" not in pr.cmdline()[0]:
                            print(subprocess.run(["/tmp/h/pyspy/bin/py-spy", "dump", "-p", str(pr.pid)], capture_output=True, text=True))
            return r

        say(await asyncio.to_thread(state))
        (gcs,) = await asyncio.to_thread(cluster.head.called, "gcs_server")
        gcs.kill()
        T = time.time()
        say("killed gcs", await load.goes_on())

        async def down():
            return not cluster.head.is_up()

        await eventually(down, 20)
        await asyncio.to_thread(cluster.head.stop)
        say("head gone", await load.goes_on())
        for n, node in enumerate(cluster.workers):
            for host in await asyncio.to_thread(node.actors, "ConversationHost"):
                host.kill()
                w = load.watch()
                ok = await w.served(20)
                say("killed host of", n, ok, w.took_s, await asyncio.to_thread(state))
                break
        for _ in range(4):
            w = load.watch()
            ok = await w.served(20)
            say(
                ok,
                w.took_s,
                await asyncio.to_thread(state),
                [len(await asyncio.to_thread(node.actors, "ConversationHost")) for node in cluster.workers],
            )
            await asyncio.sleep(1)
        await asyncio.to_thread(cluster.head.start)
        say("head back", await asyncio.to_thread(state))
        for _ in range(20):
            w = load.watch()
            ok = await w.served(20)
            say(
                ok,
                w.took_s,
                await asyncio.to_thread(state),
                [len(await asyncio.to_thread(node.actors, "ConversationHost")) for node in cluster.workers],
            )
            await asyncio.sleep(1)
        for server in servers:
            print(server.tail())
        assert [] == await load.judged()
