"""The API of each test, over a directory of its own; skipped where the API's contract is not at hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from storage.sql.database import open_database
from tests import contract_schemas, sc_server
from tests.sc_server import CONVERSATIONS, USERS, ScServer


@pytest.fixture(autouse=True)
def _with_the_contract() -> None:
    if not contract_schemas.SPECIFICATION.exists():
        pytest.skip(contract_schemas.MISSING)


@pytest.fixture
async def server(sqlite_path: Path) -> AsyncIterator[ScServer]:
    database = open_database(sqlite_path)
    made = await sc_server.start(database, folder=sqlite_path.parent / "attachments")
    yield made
    await made.http.close()
    await database.close()


@pytest.fixture
async def ada(server: ScServer) -> dict[str, Any]:
    """A user."""
    status, answer = await server.call("POST", USERS, {"externalId": "ada", "profile": {"givenName": "Ada", "surname": "Lovelace"}})
    assert 201 == status
    user: dict[str, Any] = answer["user"]
    return user


@pytest.fixture
async def conversation(server: ScServer, ada: dict[str, Any]) -> str:
    """Her default conversation's id."""
    status, answer = await server.call("POST", CONVERSATIONS, {"type": "personal", "participants": [{"userId": ada["id"]}]})
    assert 201 == status
    identifier: str = answer["conversation"]["id"]
    return identifier
