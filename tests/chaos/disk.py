"""A small disk for a server, so that it can be full without the machine's being so."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.serving import Serving, is_alive

DISK_MB = 512
"""Room for more than an hour: 12 minutes filled 96."""


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """The folder; a mount point if this is root and the machine lets it."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)], check=False, capture_output=True
    ).returncode == 0  # fmt: skip
    try:
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


@contextlib.contextmanager
def full(server: Serving, disk: Path) -> Iterator[None]:
    """No room on the server's disk; where it has no disk of its own, no file of its may grow."""
    with _filled(disk) if disk.is_mount() else _limited(server):
        yield


@contextlib.contextmanager
def _filled(disk: Path) -> Iterator[None]:
    filler = disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            for size in (1 << 16, 256):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(bytes(size))
        yield
    finally:
        filler.unlink()


@contextlib.contextmanager
def _limited(server: Serving) -> Iterator[None]:
    limited = [process for process in server.processes() if is_alive(process)]
    size = max(file.stat().st_size for file in server.data.iterdir())
    for process in limited:
        process.rlimit(psutil.RLIMIT_FSIZE, (size, psutil.RLIM_INFINITY))
    try:
        yield
    finally:
        for process in limited:
            with contextlib.suppress(psutil.Error):
                process.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
