"""The Support API of each test, over a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.sql.database import open_database
from tests import support_server
from tests.support_server import SupportServer


@pytest.fixture
async def server(sqlite_path: Path, tmp_path: Path) -> AsyncIterator[SupportServer]:
    database = open_database(sqlite_path)
    made = await support_server.start(database, tmp_path / "files")
    yield made
    await made.http.close()
    await database.close()
