"""Runs the server of a peer for the length of a block, as a process that ends with this one."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.services import Server


@contextmanager
def running(command: Sequence[str], folder: Path, port: int) -> Iterator[None]:
    """Start it, wait until it listens on `port`, and end it by SIGTERM. Raises `RuntimeError` with the end of its log."""
    server = Server(list(command), folder, port, None, signal.SIGTERM)
    server.start()
    try:
        yield
    finally:
        server.stop()
