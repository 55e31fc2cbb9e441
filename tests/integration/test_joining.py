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
from tests.people import people_of
from tests.serving import COMMAND, MARK, Serving, free_port, serving, wait_until

SEQ = 40


class Head:
    """A Ray head node: what `ray start --head` makes of a machine."""

    def __init__(self, folder: Path) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self.environment = {
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": secrets.token_hex(32),
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_worker_niceness": "0",
        }
        self._serving = Serving(folder)  # only for what it knows of processes
        self._folder = folder

    def start(self) -> None:
        host, port = self.address.split(":")
        argv = [str(COMMAND.with_name("ray")), "start", "--head", f"--node-ip-address={host}", f"--port={port}", "--num-cpus=8"]
        argv += ["--include-dashboard=false", "--object-store-memory=80000000", f"--temp-dir={self._folder}", "--block"]
        environment = {**self._serving.environment, **self.environment, MARK: self._serving.mark}
        with (self._folder / "head.log").open("wb") as log:
            self._serving.process = subprocess.Popen(argv, stdout=log, stderr=log, start_new_session=True, env=environment)
        assert wait_until(self.is_up, 60), (self._folder / "head.log").read_text()

    def is_up(self) -> bool:
        assert self._serving.process is not None and self._serving.process.poll() is None, (self._folder / "head.log").read_text()
        return "Ray runtime started" in (self._folder / "head.log").read_text()

    def hosts(self) -> list[str]:
        return [" ".join(process.cmdline()) for process in self._serving.hosts()]

    def stop(self) -> None:
        self._serving.kill()


@pytest.fixture(scope="module")
def head() -> Iterator[Head]:
    with tempfile.TemporaryDirectory(prefix="head-", ignore_cleanup_errors=True) as folder:  # short: Ray puts sockets in it
        made = Head(Path(folder))
        try:
            made.start()
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="module")
def joined(head: Head, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server in the cluster, with a certificate of its own."""
    folder = tmp_path_factory.mktemp("joined")
    chain, secret = certificate(folder)
    environment = {**head.environment, "CAUSERIE_TLS_CERTIFICATE": str(chain), "CAUSERIE_TLS_KEY": str(secret)}
    tls = ssl.create_default_context(cafile=chain)
    with serving(folder, environment=environment, arguments=["--ray-address", head.address], tls=tls) as server:
        yield server


async def test_a_server_joins_the_cluster_and_speaks_tls(head: Head, joined: Serving) -> None:
    assert joined.url.startswith("https://") and joined.credentials["url"] == joined.url
    async with people_of(joined, ssl=joined.tls) as people:
        await talk(people)
    assert [] == [process.name() for process in await asyncio.to_thread(joined.processes) if process.name() in ("raylet", "gcs_server")]
    assert 2 <= len(await asyncio.to_thread(head.hosts)), "its hosts run in the cluster"


async def test_a_program_beside_a_server_takes_nothing_from_it(head: Head, joined: Serving) -> None:
    """Two processes of one installation find the same hosts."""
    async with people_of(joined, ssl=joined.tls) as people:
        conversation = await talk(people)
        before = await asyncio.to_thread(joined.owners)
        journal = f"sqlite:///{joined.data / 'causerie.db'}"
        events = await _run_program(head, [head.address, journal, "00" * 32, people.app.id, conversation, "6", "guest"])
        assert list(range(1, 7)) == [event["seq"] for event in events]
        assert before == await asyncio.to_thread(joined.owners)


async def test_a_server_that_ends_takes_its_hosts_along(head: Head, joined: Serving) -> None:
    """And leaves the cluster, which is not its own."""
    assert [] == await asyncio.to_thread(joined.stop)
    assert await asyncio.to_thread(wait_until, lambda: not head.hosts(), 20)
    assert head.is_up()


async def test_a_program_in_the_cluster_speaks_and_reads(head: Head, tmp_path: Path) -> None:
    """`async for event in conversation.stream(after)`, with nothing but Ray and the database."""
    arguments = [head.address, f"sqlite:///{tmp_path / 'causerie.db'}", secrets.token_hex(32), "a" * 24, "c" * 24, str(SEQ)]
    events = await _run_program(head, arguments)
    assert list(range(1, SEQ + 1)) == [event["seq"] for event in events]
    texts = [event["event"]["payload"]["message"]["content"]["text"] for event in events[1:]]
    assert [f"{n}" for n in range(2, SEQ + 1)] == texts
    again = await _run_program(head, arguments)
    assert events == again, "another life of the program reads the same"


async def _run_program(head: Head, arguments: list[str]) -> list[dict[str, object]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.program", *arguments,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **head.environment}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        out, errors = await asyncio.wait_for(process.communicate(), 120)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    assert 0 == process.returncode, errors.decode()[-3000:]
    return [json.loads(line) for line in out.decode().splitlines() if line.startswith("{")]
