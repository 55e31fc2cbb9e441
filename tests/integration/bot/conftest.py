"""The API of bots for each test, over a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.sql.database import open_database
from tests import bot_server
from tests.bot_server import BotServer


@pytest.fixture
async def server(sqlite_path: Path) -> AsyncIterator[BotServer]:
    database = open_database(sqlite_path)
    made = await bot_server.start(database)
    yield made
    await made.http.close()
    await database.close()
