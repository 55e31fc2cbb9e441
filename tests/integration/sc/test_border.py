"""Repeats, floods, and what is no request at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.errors import Unavailable
from gateway.keys import Settings
from storage.sql.database import open_database
from tests import sc_server
from tests.sc_server import APP, CONVERSATIONS, MESSAGES, USERS, ScServer, code, text


class TestOnce:
    async def test_a_message_is_posted_once(self, server: ScServer, conversation: str) -> None:
        headers = {"Idempotency-Key": "k-1"}
        posts = [server.call("POST", MESSAGES, text("x"), conversationId=conversation, headers=headers) for _ in range(10)]
        answers = await asyncio.gather(*posts)
        assert [answers[0]] * 10 == answers
        other = await server.call("POST", MESSAGES, text("y"), conversationId=conversation, headers=headers)
        assert (409, "id_reused") == code(other)
        assert 1 == len((await server.call("GET", MESSAGES, conversationId=conversation))[1]["messages"])

    async def test_a_user_is_made_once(self, server: ScServer) -> None:
        headers = {"Idempotency-Key": "k-1"}
        answers = await asyncio.gather(*(server.call("POST", USERS, {"profile": {"givenName": "A"}}, headers=headers) for _ in range(10)))
        assert (201, [answers[0]] * 10) == (answers[0][0], answers)
        assert (409, "id_reused") == code(await server.call("POST", USERS, {}, headers=headers))
        assert 201 == (await server.call("POST", CONVERSATIONS, {"type": "sdkGroup"}, headers=headers))[0], "another path, another scope"
        assert 400 == (await server.call("POST", USERS, {}, headers={"Idempotency-Key": "x" * 256}))[0]


class TestTheBorder:
    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"{", 400),
            (b"", 400),
            (b"\xff", 400),
            (b'{"type":"sdkGroup","displayName":"' + b"x" * 100_000 + b'"}', 413),
            (b"[" * 90_000, 400),
        ],
    )
    async def test_bad_bodies(self, server: ScServer, body: bytes, status: int) -> None:
        url = f"/sc/v2/apps/{server.app_id}/conversations"

        async def chunked() -> AsyncIterator[bytes]:
            for at in range(0, len(body), 10_000):
                yield body[at : at + 10_000]

        for data in (body, chunked()):
            async with server.http.post(url, data=data, headers={**server.key, "Content-Type": "application/json"}) as response:
                assert status == response.status
                assert {"code", "title"} == set((await response.json())["errors"][0])

    async def test_unknown_routes_and_methods(self, server: ScServer) -> None:
        for method, path, status in (("GET", "/sc/v2/nope", 404), ("GET", "/nope", 404), ("PUT", f"/sc/v2/apps/{server.app_id}", 405)):
            async with server.http.request(method, path, headers=server.key) as response:
                assert status == response.status
                assert {"code", "title"} == set((await response.json())["errors"][0])

    async def test_a_host_that_is_not_there_may_be_asked_again(self, server: ScServer, conversation: str) -> None:
        server.router.refuse_next = Unavailable("unavailable", "The host is starting", 2.5)
        url = f"/sc/v2/apps/{server.app_id}/conversations/{conversation}/messages"
        async with server.http.post(url, json=text("x"), headers=server.key) as response:
            assert (503, "3") == (response.status, response.headers["Retry-After"])

    async def test_a_flood_meets_429(self, sqlite_path: Path) -> None:
        """Within a moment: on a busy machine so many requests might take so long that nobody would call them a flood."""
        database = open_database(sqlite_path)
        server = await sc_server.start(database, Settings(public_url="https://chat.example.org"), clock=lambda: 0.0)
        try:
            statuses: list[int] = []
            for _ in range(20):
                statuses = [status for status, _ in await asyncio.gather(*(server.call("GET", APP) for _ in range(100)))]
                if 429 in statuses:
                    break
            assert 429 in statuses
            async with server.http.get(f"/sc/v2/apps/{server.app_id}", headers=server.key) as response:
                assert 429 != response.status or "Retry-After" in response.headers
        finally:
            await server.http.close()
            await database.close()
