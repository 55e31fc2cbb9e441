"""Text that databases do not take: everywhere it can come in, it is refused or not found, and never a bug."""

from __future__ import annotations

from collections.abc import AsyncIterator

import jwt
import pytest
from yarl import URL

from storage.sql.database import open_database
from tests import sc_server
from tests.sc_server import ScServer

PATHS = ["%00", "%FF", "%ED%A0%80", "%F0%9F%90%BB", "a" * 3000, "%2e%2e%2f", "'%3B--", "%25", "+", "%0A"]


@pytest.fixture
async def on_postgresql(postgres_url: str) -> AsyncIterator[ScServer]:
    database = open_database(postgres_url)
    made = await sc_server.start(database)
    yield made
    await made.http.close()
    await database.close()


@pytest.fixture(params=["server", pytest.param("on_postgresql", marks=pytest.mark.postgresql)])
def each(request: pytest.FixtureRequest) -> ScServer:
    found: ScServer = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("odd", PATHS)
async def test_in_paths(each: ScServer, odd: str) -> None:
    app = f"/{each.app_id}"
    for path in (f"/{odd}", f"{app}/keys/{odd}", f"{app}/users/{odd}", f"{app}/conversations/{odd}", f"{app}/conversations/{odd}/messages"):
        url = URL(f"{each.url}/sc/v2/apps{path}", encoded=True)
        async with each.http.session.get(url, headers=each.owner) as response:
            assert response.status in (400, 404), path


@pytest.mark.parametrize("odd", PATHS)
async def test_in_filters_and_cursors(each: ScServer, odd: str) -> None:
    app = f"/{each.app_id}"
    for query in (
        f"filter[userId]={odd}",
        f"filter[userExternalId]={odd}",
        f"page[after]={odd}&filter[userId]=x",
        f"page={odd}",
        f"filter={odd}",
    ):
        url = URL(f"{each.url}/sc/v2/apps{app}/conversations?{query}", encoded=True)
        async with each.http.session.get(url, headers=each.owner) as response:
            assert response.status in (400, 404), query
    url = URL(f"{each.url}/sc/v2/apps{app}/users?filter[identities.email]={odd}", encoded=True)
    async with each.http.session.get(url, headers=each.owner) as response:
        assert response.status in (200, 400)


@pytest.mark.parametrize("text", [r"\u0000", r"\ud800", r"\ud83d\udc3b"])
async def test_in_bodies(each: ScServer, text: str) -> None:
    fine = text == r"\ud83d\udc3b"
    for name in ("externalId", "brandId"):
        body = '{"%s": "%s"}' % (name, text)  # noqa: UP031
        async with each.http.post(f"/sc/v2/apps/{each.app_id}/users", data=body, headers=each.key) as response:
            assert (201 if fine else 400) == response.status, name
    for body in ('{"profile": {"givenName": "%s"}}', '{"metadata": {"a": "%s"}}', '{"metadata": {"%s": 1}}'):
        async with each.http.post(f"/sc/v2/apps/{each.app_id}/users", data=body % text, headers=each.key) as response:
            assert (201 if fine else 400) == response.status, body


@pytest.mark.parametrize("name", ["\0", "\ud800", "é", "x" * 5000])
async def test_in_tokens(each: ScServer, name: str) -> None:
    token = jwt.encode({"scope": "app"}, "s" * 32, algorithm="HS256", headers={"kid": name})
    async with each.http.get(f"/sc/v2/apps/{each.app_id}", headers={"Authorization": f"Bearer {token}"}) as response:
        assert 401 == response.status
