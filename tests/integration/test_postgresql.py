"""On PostgreSQL and Redis, with two hosts: the feed, and a database that dies under load and comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from storage.redis.feed import RedisFeed
from tests import services
from tests.chaos.load import Load
from tests.people import eventually, people_of
from tests.serving import Serving
from tests.stream_client import basic_auth, text_of

pytestmark = [pytest.mark.serves, pytest.mark.postgresql, pytest.mark.redis]


@pytest.fixture
async def server(tmp_path: Path, postgres_empty_url: str, redis_url: str) -> AsyncIterator[Serving]:
    environment = {"CAUSERIE_DATABASE_URL": postgres_empty_url, "CAUSERIE_REDIS_URL": redis_url, "CAUSERIE_CONVERSATION_HOSTS": "2"}
    made = Serving(tmp_path, environment=environment)
    await asyncio.to_thread(made.start)
    try:
        yield made
    finally:
        await asyncio.to_thread(made.kill)


async def test_the_feed_and_a_database_that_goes_and_comes(server: Serving, postgres: services.Postgres, redis_url: str) -> None:
    """One server for both: its start is what takes long."""
    await _committed_events_are_on_the_feed(server, redis_url)
    async with Load(server, visitors=8, seed=7) as load:
        await load.goes_on()
        await asyncio.to_thread(postgres.stop)
        try:
            await _says_so(server)
        finally:
            postgres.start()  # not in a thread: it ends with the thread that started it
        await load.goes_on(timeout_s=45)
        await eventually(lambda: asyncio.to_thread(server.is_ready), 20)
        assert [] == await load.judged()


async def _committed_events_are_on_the_feed(server: Serving, redis_url: str) -> None:
    async with people_of(server) as people:
        feed = RedisFeed(redis_url)
        try:
            await people.with_switchboard(False)
            visitor, conversation = await people.talking("one")
            await visitor.say("two", conversation)

            async def both() -> list[tuple[int, str | None]]:
                read = [event for _, event in await feed.read(people.app.id, "", 100, 0.0) if event.actor == conversation]
                return [(event.seq, text_of(json.loads(event.body))) for event in read] if len(read) == 3 else []

            assert [(1, None), (2, "one"), (3, "two")] == await eventually(both)
        finally:
            await feed.close()


async def _says_so(server: Serving) -> None:
    """`/readyz` 503 with the part that is missing; requests 503 with Retry-After; `/healthz` 200, since the process is well."""
    c = server.credentials

    async def not_ready() -> bool:
        answer = await asyncio.to_thread(server.get, "/readyz", 15.0)
        return answer.status == 503 and "database" in answer.body.decode()

    await eventually(not_ready, 20)
    assert 200 == (await asyncio.to_thread(server.get, "/healthz")).status
    async with aiohttp.ClientSession(headers=basic_auth(c["key_id"], c["secret"])) as http:
        for method, path, body in (
            ("POST", "/users", {}),
            ("GET", f"/users/{'0' * 24}", None),
            ("POST", "/conversations", {"type": "sdkGroup"}),
        ):
            async with http.request(method, f"{server.url}/sc/v2/apps/{c['app_id']}{path}", json=body) as answer:
                assert (503, True) == (answer.status, "Retry-After" in answer.headers), path
                assert {"code", "title"} == set((await answer.json())["errors"][0])
        async with http.post(f"{server.url}/messaging/v1/sessions", json={"integrationId": c["web_integration_id"]}) as answer:
            assert 503 == answer.status
