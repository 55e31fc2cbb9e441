"""A commit is one fsync, no more and no less: counted by strace at the host of a running server, beside what the server reports."""

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
from tests.people import people_of
from tests.serving import Serving, serving, wait_until

MESSAGES = 50
ATTACHED_S = 10.0
CALL = re.compile(r"\b(?:fsync|fdatasync)\(")
COMMITS = re.compile(r"^causerie_host_commits_total\{.*\} (\S+)$", re.MULTILINE)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with serving(tmp_path) as made:
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
    found = COMMITS.findall(server.get("/metrics").body.decode())
    assert 1 == len(found), "SQLite has one host"
    return int(float(found[0]))


async def test_a_commit_is_one_fsync(server: Serving, tmp_path: Path) -> None:
    """Messages one after the other are as many commits, and each was on the disk before its ack."""
    trace = tmp_path / "fsyncs"
    async with people_of(server) as people:
        visitor, conversation = await people.talking()  # what only the first message needs is done
        before = await asyncio.to_thread(commits, server)
        with traced(server.owner(), trace):
            for n in range(MESSAGES):
                await visitor.say(f"message {n}", conversation)
        after = await asyncio.to_thread(commits, server)
    assert MESSAGES == after - before
    assert MESSAGES == len(CALL.findall(trace.read_text()))
