"""Conversations and participants."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sc_server import CONVERSATION, CONVERSATIONS, MESSAGES, USERS, ScServer, code, text


class TestConversations:
    async def test_the_first_personal_one_is_the_default(self, server: ScServer, ada: dict[str, Any]) -> None:
        body = {"type": "personal", "participants": [{"userExternalId": "ada"}], "displayName": "D", "metadata": {"k": 1}}
        made = [(await server.call("POST", CONVERSATIONS, body))[1]["conversation"] for _ in range(2)]
        user = await server.directory.get_user(server.app_id, ada["id"])
        assert user is not None
        assert [True, False] == [one["isDefault"] for one in made]
        assert user.default_conversation_id == made[0]["id"]
        assert (200, {"conversation": made[0]}) == await server.call("GET", CONVERSATION, conversationId=made[0]["id"])

    async def test_an_app_may_allow_one_only(self, server: ScServer) -> None:
        off = {"displayName": "One", "settings": {"multiConvoEnabled": False}}
        app = (await server.call("POST", "/v2/apps", off, auth=server.owner))[1]["app"]["id"]
        await server.call("POST", USERS, {"externalId": "x"}, auth=server.owner, appId=app)
        body = {"type": "personal", "participants": [{"userExternalId": "x"}]}
        statuses = [(await server.call("POST", CONVERSATIONS, body, auth=server.owner, appId=app))[0] for _ in range(2)]
        assert [201, 409] == statuses

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({}, 400),
            ({"type": "nope"}, 400),
            ({"type": "personal"}, 400),
            ({"type": "personal", "participants": [{}]}, 400),
            ({"type": "personal", "participants": [{"userId": "a", "userExternalId": "b"}]}, 400),
            ({"type": "personal", "participants": [{"userId": "0" * 24}]}, 404),
            ({"type": "personal", "participants": [{"userExternalId": "nobody"}]}, 404),
            ({"type": "sdkGroup", "participants": [{"userExternalId": "ada"}] * 11}, 400),
            ({"type": "sdkGroup", "participants": [{"userExternalId": "ada"}] * 2}, 400),
            ({"type": "sdkGroup", "displayName": "x" * 101}, 400),
            ({"type": "sdkGroup", "iconUrl": "x"}, 400),
        ],
    )
    async def test_what_is_no_conversation_is_refused(self, server: ScServer, ada: dict[str, Any], body: Any, status: int) -> None:
        assert status == (await server.call("POST", CONVERSATIONS, body))[0]

    async def test_a_change_and_its_limits(self, server: ScServer, conversation: str) -> None:
        changes = {"displayName": "New", "description": "About", "iconUrl": "https://e.org/i.png", "metadata": {"a": 1, "b": 2}}
        status, answer = await server.call("PATCH", CONVERSATION, changes, conversationId=conversation)
        assert (200, changes) == (status, {name: answer["conversation"][name] for name in changes})
        status, answer = await server.call(
            "PATCH", CONVERSATION, {"description": None, "metadata": {"a": None}}, conversationId=conversation
        )
        assert ("New", {"b": 2}) == (answer["conversation"]["displayName"], answer["conversation"]["metadata"])
        assert "description" not in answer["conversation"]
        status, answer = await server.call("PATCH", CONVERSATION, {"metadata": None}, conversationId=conversation)
        assert "metadata" not in answer["conversation"]
        for bad in ({"metadata": {"a": [1]}}, {"metadata": 7}, {"displayName": ""}):
            assert 400 == (await server.call("PATCH", CONVERSATION, bad, conversationId=conversation))[0]
        assert 404 == (await server.call("PATCH", CONVERSATION, {}, conversationId="0" * 24))[0]

    async def test_the_default_one_is_not_deleted_another_is(self, server: ScServer, conversation: str) -> None:
        assert (400, "bad_request") == code(await server.call("DELETE", CONVERSATION, conversationId=conversation))
        _, made = await server.call("POST", CONVERSATIONS, {"type": "sdkGroup"})
        identifier = made["conversation"]["id"]
        assert (200, {}) == await server.call("DELETE", CONVERSATION, conversationId=identifier)
        for method in ("GET", "DELETE"):
            assert (404, "conversation_not_found") == code(await server.call(method, CONVERSATION, conversationId=identifier))
        assert 404 == (await server.call("GET", MESSAGES, conversationId=identifier))[0]

    async def test_those_of_a_user_are_listed_and_paged(self, server: ScServer, ada: dict[str, Any]) -> None:
        made = [
            (await server.call("POST", CONVERSATIONS, {"type": "sdkGroup", "participants": [{"userId": ada["id"]}]}))[1]["conversation"]
            for _ in range(5)
        ]
        params = {"filter[userExternalId]": "ada", "page[size]": "2"}
        seen = []
        while True:
            status, answer = await server.call("GET", CONVERSATIONS, params=params)
            assert 200 == status
            seen += answer["conversations"]
            if not answer["meta"]["hasMore"]:
                break
            params["page[after]"] = answer["meta"]["afterCursor"]
        assert made == seen
        for bad in ({}, {"filter[userId]": ada["id"], "filter[userExternalId]": "ada"}):
            assert 400 == (await server.call("GET", CONVERSATIONS, params=bad))[0]
        assert 404 == (await server.call("GET", CONVERSATIONS, params={"filter[userId]": "0" * 24}))[0]

    async def test_participants_join_leave_and_read(self, server: ScServer, ada: dict[str, Any]) -> None:
        await server.call("POST", USERS, {"externalId": "bob"})
        identifier = (await server.call("POST", CONVERSATIONS, {"type": "sdkGroup"}))[1]["conversation"]["id"]
        join, leave, listed = CONVERSATION + "/join", CONVERSATION + "/leave", CONVERSATION + "/participants"
        for name in ("ada", "bob"):
            status, answer = await server.call(
                "POST", join, {"userExternalId": name, "subscribeSDKClient": False}, conversationId=identifier
            )
            assert (201, name) == (status, answer["participant"]["userExternalId"])
        assert (409, "conflict") == code(await server.call("POST", join, {"userId": ada["id"]}, conversationId=identifier))
        await server.call("POST", MESSAGES, text("hello"), conversationId=identifier)
        read = {"author": {"type": "user", "userExternalId": "ada"}, "type": "conversation:read"}
        assert (200, {}) == await server.call("POST", CONVERSATION + "/activity", read, conversationId=identifier)
        _, answer = await server.call("GET", listed, conversationId=identifier)
        assert [("ada", 0, True), ("bob", 1, False)] == [
            (one["userExternalId"], one["unreadCount"], "lastRead" in one) for one in answer["participants"]
        ]
        _, first = await server.call("GET", listed, params={"page[size]": "1"}, conversationId=identifier)
        _, second = await server.call("GET", listed, params={"page[after]": first["meta"]["afterCursor"]}, conversationId=identifier)
        assert answer["participants"] == first["participants"] + second["participants"]
        assert (200, {}) == await server.call("POST", leave, {"participantId": answer["participants"][1]["id"]}, conversationId=identifier)
        again = await server.call("POST", leave, {"userExternalId": "bob"}, conversationId=identifier)
        assert 404 == again[0]
        assert 400 == (await server.call("POST", leave, {}, conversationId=identifier))[0]

    async def test_nobody_joins_a_personal_one(self, server: ScServer, conversation: str) -> None:
        await server.call("POST", USERS, {"externalId": "bob"})
        assert 400 == (await server.call("POST", CONVERSATION + "/join", {"userExternalId": "bob"}, conversationId=conversation))[0]
