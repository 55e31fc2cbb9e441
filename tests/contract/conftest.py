"""What the suites of ports share: each database in turn, migrated and empty."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.ports import Database
from storage.sql.database import open_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    opened = open_database(request.getfixturevalue("sqlite_path" if request.param == "sqlite" else "postgres_url"))
    yield opened
    await opened.close()
