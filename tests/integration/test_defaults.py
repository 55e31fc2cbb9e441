"""One server on its defaults: a commit is one fsync, and a server that was killed, or whose Ray was, comes back."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests import services
from tests.integration.test_placements import BACK_S
from tests.people import People, eventually, people_of
from tests.serving import Serving, serving, wait_until
from tests.stream_client import text_of

pytestmark = [pytest.mark.serves]

MESSAGES = 50
ATTACHED_S = 10.0
CALL = re.compile(r"\b(?:fsync|fdatasync)\(")
COMMITS = re.compile(r"^causerie_host_commits_total\{.*\} (\S+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("defaults")) as made:
        yield made


@contextlib.contextmanager
def traced(process: psutil.Process, to: Path) -> Iterator[None]:
    """strace looks on at all threads of the process and writes its fsyncs to a file. Skips where this is not allowed."""
    try:
        strace = services.strace()
    except services.Missing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    argv = [strace, "-f", "-e", "trace=fsync,fdatasync", "-o", str(to), "-p", str(process.pid)]
    with (to.with_suffix(".err")).open("w+") as told, subprocess.Popen(argv, stderr=told) as tracer:
        try:
            attached = wait_until(lambda: tracer.poll() is not None or _tracers(process) == {tracer.pid}, ATTACHED_S)
            told.seek(0)
            if "not permitted" in (said := told.read()):
                pytest.skip(f"strace may not attach on this machine: {said.strip()}")
            assert attached and tracer.poll() is None, said
            yield
        finally:
            tracer.send_signal(signal.SIGTERM)  # it lets go of the process and writes what it has


def _tracers(process: psutil.Process) -> set[int]:
    """Who traces the threads of the process; 0 for nobody."""
    statuses = [(task / "status").read_text() for task in Path(f"/proc/{process.pid}/task").iterdir()]
    return {int(re.findall(r"^TracerPid:\s+(\d+)$", status, re.MULTILINE)[0]) for status in statuses}


def commits(server: Serving) -> int:
    """Of the one host that SQLite has at a time: who stands by commits nothing."""
    found = COMMITS.findall(server.get("/metrics").body.decode())
    assert found
    return sum(int(float(one)) for one in found)


async def test_a_commit_is_one_fsync(server: Serving, tmp_path: Path) -> None:
    """No more and no less, counted by strace at the host, beside what the server reports. Each was on the disk before its ack."""
    trace = tmp_path / "fsyncs"
    async with people_of(server) as people:
        await people.with_switchboard(False)  # nothing but what is said is committed: no ticket, and no line to wait in
        visitor, conversation = await people.talking()  # what only the first message needs is done
        before = await asyncio.to_thread(commits, server)
        with traced(server.owner(), trace):
            for n in range(MESSAGES):
                await visitor.say(f"message {n}", conversation)
        after = await asyncio.to_thread(commits, server)
    assert MESSAGES == after - before
    assert MESSAGES == len(CALL.findall(trace.read_text()))


async def test_the_main_process_is_killed(server: Serving) -> None:
    """Nothing that it started outlives it by more than 20 s, and a new one takes over what it left."""
    async with people_of(server) as people:
        _, conversation = await people.talking("remember me")
    await asyncio.to_thread(server.kill_main)
    assert [] == await asyncio.to_thread(server.left, 20.0)
    await asyncio.to_thread(server.start)
    async with people_of(server) as people:
        agent = await people.agent()
        await agent.subscribe(conversation)
        await agent.hears(conversation, "remember me")
        await _raylet_dies(server, people, conversation)


async def _raylet_dies(server: Serving, people: People, conversation: str) -> None:
    """`/readyz` says that Ray is gone; then Ray is started anew, and service returns by itself."""
    (raylet,) = [process for process in await asyncio.to_thread(server.processes) if process.name() == "raylet"]
    raylet.kill()

    async def says_so() -> bool:
        answer = await asyncio.to_thread(server.get, "/readyz")
        return answer.status == 503 and "ray" in answer.body.decode()

    await eventually(says_so, 15, 0.05)
    await asyncio.to_thread(server.wait_ready, 60)
    agent = await people.agent()
    seq = (await agent.insist("after", conversation, "after", BACK_S))["seq"]
    await agent.subscribe(conversation)
    assert "after" == text_of((await agent.events(conversation, 1, seq))[-1])
