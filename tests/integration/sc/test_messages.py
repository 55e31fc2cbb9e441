"""Messages and activities."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sc_server import APP, BUSINESS, CONVERSATION, MESSAGES, USERS, ScServer, code, text

CONTENTS: list[dict[str, Any]] = [
    {"type": "text", "text": "hello", "actions": [{"type": "reply", "text": "Yes", "payload": "YES"}]},
    {"type": "text", "markdownText": "**hello**"},
    {"type": "image", "mediaUrl": "https://example.org/i.png", "altText": "An image"},
    {"type": "file", "mediaUrl": "https://example.org/f.pdf"},
    {"type": "location", "coordinates": {"lat": 45.5, "long": -73.6}},
    {
        "type": "carousel",
        "items": [{"title": "One", "actions": [{"type": "link", "text": "Go", "uri": "https://example.org"}]}],
    },
    {"type": "list", "items": [{"title": "One", "actions": [{"type": "postback", "text": "Take", "payload": "1"}]}]},
    {"type": "form", "fields": [{"type": "text", "name": "who", "label": "Name"}]},
]


class TestMessages:
    @pytest.mark.parametrize("content", CONTENTS, ids=[f"{n}-{one['type']}" for n, one in enumerate(CONTENTS)])
    async def test_each_type_is_posted_and_listed(self, server: ScServer, conversation: str, content: dict[str, Any]) -> None:
        status, answer = await server.call("POST", MESSAGES, {"author": BUSINESS, "content": content}, conversationId=conversation)
        assert 201 == status
        assert content["type"] == answer["messages"][0]["content"]["type"]
        _, listed = await server.call("GET", MESSAGES, conversationId=conversation)
        assert answer["messages"] == listed["messages"]

    async def test_the_author_is_who_they_are_and_not_who_they_say(self, server: ScServer, ada: dict[str, Any], conversation: str) -> None:
        author = {"type": "user", "userExternalId": "ada", "displayName": "The Queen"}
        _, answer = await server.call("POST", MESSAGES, text("bonjour", author, metadata={"k": 1}), conversationId=conversation)
        message = answer["messages"][0]
        assert {"type": "user", "userId": ada["id"], "displayName": "Ada Lovelace"} == message["author"]
        assert ({"k": 1}, {"type": "api"}) == (message["metadata"], message["source"])

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"content": {"type": "text", "text": "x"}}, 400),
            ({"author": BUSINESS}, 400),
            (text("x" * 4097), 400),
            ({"author": BUSINESS, "content": {"type": "nope"}}, 400),
            ({"author": BUSINESS, "content": {"type": "formResponse", "fields": []}}, 400),
            (text("x", {"type": "user", "userId": "0" * 24}), 404),
            (text("x", {"type": "user"}), 400),
            (text("x", metadata={"a": "x" * 5000}), 400),
            (text("x", destination={"integrationId": "0" * 24}), 404),
            (text("x", destination={"integrationType": "none"}, override={"line": {"payload": {"a": 1}}}), 201),
        ],
    )
    async def test_limits(self, server: ScServer, conversation: str, body: Any, status: int) -> None:
        assert status == (await server.call("POST", MESSAGES, body, conversationId=conversation))[0]

    @pytest.mark.parametrize("identifier", ["0" * 24, "nope", "..%2f..%2fetc"])
    async def test_there_is_no_such_conversation(self, server: ScServer, identifier: str) -> None:
        for method, body in (("GET", None), ("POST", text("x")), ("DELETE", None)):
            assert (404, "conversation_not_found") == code(await server.call(method, MESSAGES, body, conversationId=identifier))

    async def test_somebody_who_takes_no_part_does_not_speak(self, server: ScServer, conversation: str) -> None:
        await server.call("POST", USERS, {"externalId": "bob"})
        author = {"type": "user", "userExternalId": "bob"}
        assert (403, "forbidden") == code(await server.call("POST", MESSAGES, text("x", author), conversationId=conversation))

    async def test_card_numbers_are_masked_before_anything_is_written(self, server: ScServer, conversation: str) -> None:
        _, answer = await server.call("POST", MESSAGES, text("4111 1111 1111 1111"), conversationId=conversation)
        assert "XXXX XXXX XXXX 1111" == answer["messages"][0]["content"]["text"]
        assert b"4111" not in b"".join(row.body for row in await server.router.journal.read(1, 0, 100))

    async def test_pages_go_back_from_the_end(self, server: ScServer, conversation: str) -> None:
        for n in range(205):
            await server.call("POST", MESSAGES, text(f"{n}"), conversationId=conversation)
        pages: list[list[int]] = []
        params: dict[str, str] = {}
        while True:
            _, answer = await server.call("GET", MESSAGES, params=params, conversationId=conversation)
            pages.append([int(one["content"]["text"]) for one in answer["messages"]])
            if not answer["meta"]["hasMore"]:
                break
            params = {"page[before]": answer["meta"]["beforeCursor"]}
        assert [list(range(105, 205)), list(range(5, 105)), list(range(5))] == pages
        params = {"page[after]": answer["meta"]["afterCursor"]}
        _, answer = await server.call("GET", MESSAGES, params=params, conversationId=conversation)
        assert list(range(5, 105)) == [int(one["content"]["text"]) for one in answer["messages"]]
        assert (400, "bad_request") == code(
            await server.call("GET", MESSAGES, params={"page[after]": "0" * 24}, conversationId=conversation)
        )

    async def test_one_is_deleted_and_then_all(self, server: ScServer, conversation: str) -> None:
        made = [(await server.call("POST", MESSAGES, text(f"secret {n}"), conversationId=conversation))[1]["messages"][0] for n in range(3)]
        one = MESSAGES + "/{messageId}"
        assert (200, {}) == await server.call("DELETE", one, conversationId=conversation, messageId=made[1]["id"])
        for gone in (made[1]["id"], "0" * 24, "nope"):
            assert (404, "message_not_found") == code(await server.call("DELETE", one, conversationId=conversation, messageId=gone))
        _, answer = await server.call("GET", MESSAGES, conversationId=conversation)
        assert [made[0], made[2]] == answer["messages"]
        assert (200, {}) == await server.call("DELETE", MESSAGES, conversationId=conversation)
        _, answer = await server.call("GET", MESSAGES, conversationId=conversation)
        assert [] == answer["messages"]
        assert b"secret" not in b"".join(row.body for row in await server.router.journal.read(1, 0, 100))

    async def test_an_app_may_limit_the_number(self, server: ScServer, conversation: str) -> None:
        await server.call("PATCH", APP, {"settings": {"conversationRetentionSeconds": 60}})
        url = f"/sc/v2/apps/{server.app_id}"
        async with server.http.patch(url, json={"settings": {"messageLimit": 1}}, headers=server.key) as response:
            assert 200 == response.status
        statuses = [(await server.call("POST", MESSAGES, text("x"), conversationId=conversation))[0] for _ in range(2)]
        assert [201, 423] == statuses

    async def test_activities(self, server: ScServer, conversation: str) -> None:
        path = CONVERSATION + "/activity"
        for kind in ("typing:start", "typing:stop", "conversation:read"):
            assert (200, {}) == await server.call("POST", path, {"author": BUSINESS, "type": kind}, conversationId=conversation)
        typing = {"author": {"type": "user", "userExternalId": "ada"}, "type": "typing:start"}
        assert 400 == (await server.call("POST", path, typing, conversationId=conversation))[0]
