"""One server for the whole floor. Its data are on a small file system of their own where this may be mounted, so that it can be full."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Serving, serving

DISK_MB = 48


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder; a mount point if this is root and the machine lets it."""
    folder = tmp_path_factory.mktemp("disk")
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)], check=False, capture_output=True
    ).returncode == 0  # fmt: skip
    yield folder
    if mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="session")
def served(disk: Path) -> Iterator[Serving]:
    with serving(disk) as server:
        yield server
