"""One server for the floor's single faults. Its data are on a small file system of their own where this may be mounted, so that it can
be full."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.disk import small_disk
from tests.serving import Serving, serving
from tests.shop import OUTWARD


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with small_disk(tmp_path_factory.mktemp("disk")) as folder:
        yield folder


@pytest.fixture(scope="session")
def served(disk: Path) -> Iterator[Serving]:
    with serving(disk, environment=OUTWARD) as server:
        yield server
