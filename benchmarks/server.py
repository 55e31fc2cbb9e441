"""Starts a server for one measurement, on a free port and an empty data folder, and ends it."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import psutil
import uvloop

START_S = 120.0
STOP_S = 30.0
REST_S, REST_CORES = 60.0, 0.1
"""A server that takes less than this share of a core is at rest."""


class Running(msgspec.Struct, frozen=True):
    """A server that is ready. `credentials` is what `credentials.json` holds, `ready_s` how long it took to start."""

    url: str
    credentials: dict[str, Any]
    pid: int
    ready_s: float
    database_url: str | None


@contextmanager
def running(database_url: str | None = None, folder: Path | None = None, **settings: object) -> Iterator[Running]:
    """A server without rate limits, at rest: what starts behind the first host, after it is ready, is there. Other settings come from the
    environment, or are given by their names in lower case.

    With `database_url`, from `database()`, it gets an empty database there, without it SQLite in `folder` or in one of its own.
    """
    with ExitStack() as stack:
        data = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="causerie-bench-")))
        url = stack.enter_context(_empty_database(database_url)) if database_url else None
        port, begun = _free_port(), time.monotonic()
        argv = [str(Path(sys.executable).parent / "causerie"), "serve", "--port", str(port), "--data", str(data)]
        process = subprocess.Popen(argv, env=_environment({**settings, "database_url": url}))
        try:
            _wait(f"http://127.0.0.1:{port}", process)
            ready_s = time.monotonic() - begun
            _rest(process.pid)
            credentials = json.loads((data / "credentials.json").read_text())
            yield Running(f"http://127.0.0.1:{port}", credentials, process.pid, ready_s, url)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_S)


@contextmanager
def database(postgresql: bool) -> Iterator[str | None]:
    """The address of a database server: CAUSERIE_DATABASE_URL, one of its own if `postgresql`, else None, which is SQLite."""
    given = os.environ.get("CAUSERIE_DATABASE_URL")
    if given or not postgresql:
        yield given
        return
    from tests.services import start_postgres  # the server's own defaults: fsync is on

    server = start_postgres()
    try:
        yield server.url()
    finally:
        server.remove()


@contextmanager
def _empty_database(url: str) -> Iterator[str]:
    name = f"causerie_bench_{secrets.token_hex(4)}"
    uvloop.run(_execute(url, f"CREATE DATABASE {name}"))
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        uvloop.run(_execute(url, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


def _environment(settings: dict[str, object]) -> dict[str, str]:
    given = {f"CAUSERIE_{name.upper()}": str(value) for name, value in settings.items() if value is not None}
    return {**os.environ, "CAUSERIE_RATE_LIMITS": "off", "CAUSERIE_LOG_LEVEL": "warning", **given}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=2):
            return
        time.sleep(0.1)
    raise RuntimeError("the server was not ready in time")


def _rest(pid: int) -> None:
    """Wait until a server does nothing any more. On a machine where it never does, that is what is measured."""
    until, server = time.monotonic() + REST_S, psutil.Process(pid)
    before = _spent(server)
    while time.monotonic() < until:
        time.sleep(1.0)
        now = _spent(server)
        if now - before < REST_CORES:
            return
        before = now


def _spent(server: psutil.Process) -> float:
    """Seconds of processor time of a process and all below it."""
    total = 0.0
    for one in (server, *server.children(recursive=True)):
        with suppress(psutil.Error):
            times = one.cpu_times()
            total += times.user + times.system
    return total
