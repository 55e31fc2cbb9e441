"""The API of the running server, each test in an app of its own; skipped where the API's contract is not at hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, encode_basic_auth

from tests import contract_schemas
from tests.people import People
from tests.sc_server import CONVERSATIONS, USERS, ScServer


class Away(ScServer):
    """The same calls, each checked against the contract, over to a server of which nothing else can be reached."""

    def __init__(self, people: People, http: ClientSession) -> None:
        self.people, self._url, self.http = people, people.url, http  # type: ignore[assignment]
        self.owner = {"Authorization": people.owner["Authorization"]}
        self.called = set()

    @property
    def url(self) -> str:
        return self._url

    async def settle(self) -> None:
        """Move into a new app."""
        app = await self.people.new_app()
        self.app_id, self.key = app.id, {"Authorization": encode_basic_auth(app.key_id, app.secret)}
        self.credentials = _Credentials(app.key_id, app.secret)  # type: ignore[assignment]


class _Credentials:
    def __init__(self, key_id: str, secret: str) -> None:
        self.key_id, self.secret = key_id, secret


@pytest.fixture(autouse=True)
def _with_the_contract() -> None:
    if not contract_schemas.SPECIFICATION.exists():
        pytest.skip(contract_schemas.MISSING)


@pytest.fixture
async def server(people: People) -> AsyncIterator[ScServer]:
    async with ClientSession(people.url) as http:
        away = Away(people, http)
        await away.settle()
        yield away


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
