"""The help centre's API of each test, over a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.sql.database import open_database
from tests import help_server
from tests.help_server import HelpServer


@pytest.fixture
async def server(sqlite_path: Path) -> AsyncIterator[HelpServer]:
    database = open_database(sqlite_path)
    made = await help_server.start(database)
    yield made
    await made.http.close()
    await database.close()


@pytest.fixture
async def section(server: HelpServer) -> int:
    """A section's id."""
    category = await server.made("/en-us/categories", name="Shop", description="All of it")
    return int((await server.made(f"/categories/{category['id']}/sections", name="Delivery", locale="en-us"))["id"])
