"""Starts a server for one measurement, on a free port and an empty data folder, and ends it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

START_S = 120.0


class Running(msgspec.Struct, frozen=True):
    """A server that is ready. `credentials` is what `credentials.json` holds."""

    url: str
    credentials: dict[str, Any]


@contextmanager
def running() -> Iterator[Running]:
    """A server without rate limits; all other settings come from the environment."""
    with tempfile.TemporaryDirectory(prefix="causerie-bench-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        argv = [str(Path(sys.executable).parent / "causerie"), "serve", "--port", str(port), "--data", folder]
        environment = {**os.environ, "CAUSERIE_RATE_LIMITS": "off", "CAUSERIE_LOG_LEVEL": "warning"}
        process = subprocess.Popen(argv, env=environment)
        try:
            _wait(f"http://127.0.0.1:{port}", process)
            credentials = json.loads((Path(folder) / "credentials.json").read_text())
            yield Running(f"http://127.0.0.1:{port}", credentials)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=2):
            return
        time.sleep(0.1)
    raise RuntimeError("the server was not ready in time")
