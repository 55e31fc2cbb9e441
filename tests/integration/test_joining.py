"""A Ray cluster that exists already: a server that joins it, speaking TLS, and a program in it that needs no server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.certificates import certificate
from tests.integration.test_placements import talk
from tests.people import eventually, people_of
from tests.ray_nodes import RayCluster
from tests.serving import Serving, serving, wait_until

pytestmark = [pytest.mark.serves]

SEQ = 40


@pytest.fixture(scope="module")
def cluster() -> Iterator[RayCluster]:
    with tempfile.TemporaryDirectory(prefix="head-", ignore_cleanup_errors=True) as folder:  # short: Ray puts sockets in it
        made = RayCluster(Path(folder))
        try:
            made.head.start()
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="module")
def joined(cluster: RayCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server in the cluster, with a certificate of its own."""
    folder = tmp_path_factory.mktemp("joined")
    chain, secret = certificate(folder)
    environment = {**cluster.environment, "CAUSERIE_TLS_CERTIFICATE": str(chain), "CAUSERIE_TLS_KEY": str(secret)}
    tls = ssl.create_default_context(cafile=chain)
    with serving(folder, environment=environment, arguments=["--ray-address", cluster.address], tls=tls) as server:
        yield server


async def test_a_server_joins_the_cluster_and_speaks_tls(cluster: RayCluster, joined: Serving) -> None:
    assert joined.url.startswith("https://") and joined.credentials["url"] == joined.url
    async with people_of(joined, ssl=joined.tls) as people:
        await talk(people)
    await hosts_of(cluster, 3)
    assert [] == [process.name() for process in await asyncio.to_thread(joined.processes) if process.name() in ("raylet", "gcs_server")]


async def hosts_of(cluster: RayCluster, count: int) -> None:
    """Wait for so many hosts on the head: those in reserve start after the others."""

    async def there() -> bool:
        return count == len(await asyncio.to_thread(cluster.head.actors, "ConversationHost"))

    await eventually(there, 30, 0.2)


async def test_a_program_beside_a_server_takes_nothing_from_it(cluster: RayCluster, joined: Serving) -> None:
    """Two processes of one installation find the same hosts."""
    async with people_of(joined, ssl=joined.tls) as people:
        conversation = await talk(people)
        before = await asyncio.to_thread(joined.owners)
        journal = f"sqlite:///{joined.data / 'causerie.db'}"
        events = await _run_program(cluster, [cluster.address, journal, "00" * 32, people.app.id, conversation, "6", "guest"])
        assert list(range(1, 7)) == [event["seq"] for event in events]
        assert before == await asyncio.to_thread(joined.owners)


async def test_a_server_that_ends_takes_its_hosts_along(cluster: RayCluster, joined: Serving) -> None:
    """And leaves the cluster, which is not its own."""
    assert [] == await asyncio.to_thread(joined.stop)
    assert await asyncio.to_thread(wait_until, lambda: not cluster.head.actors("ConversationHost"), 20)
    assert cluster.head.is_up()


async def test_a_program_in_the_cluster_speaks_and_reads(cluster: RayCluster, tmp_path: Path) -> None:
    """`async for event in conversation.stream(after)`, with nothing but Ray and the database."""
    arguments = [cluster.address, f"sqlite:///{tmp_path / 'causerie.db'}", secrets.token_hex(32), "a" * 24, "c" * 24, str(SEQ)]
    events = await _run_program(cluster, arguments)
    assert list(range(1, SEQ + 1)) == [event["seq"] for event in events]
    texts = [event["event"]["payload"]["message"]["content"]["text"] for event in events[1:]]
    assert [f"{n}" for n in range(2, SEQ + 1)] == texts
    again = await _run_program(cluster, arguments)
    assert events == again, "another life of the program reads the same"


async def _run_program(cluster: RayCluster, arguments: list[str]) -> list[dict[str, object]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.program", *arguments,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **cluster.environment}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        out, errors = await asyncio.wait_for(process.communicate(), 120)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    assert 0 == process.returncode, errors.decode()[-3000:]
    return [json.loads(line) for line in out.decode().splitlines() if line.startswith("{")]
