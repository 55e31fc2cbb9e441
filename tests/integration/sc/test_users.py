"""Users."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sc_server import CONVERSATION, CONVERSATIONS, USER, USERS, ScServer, code


class TestUsers:
    async def test_the_life_of_a_user(self, server: ScServer) -> None:
        profile = {"givenName": "Ada", "surname": "L", "email": "a@b.org", "avatarUrl": "https://b.org/a.png", "locale": "fr-CA"}
        body = {
            "externalId": "a/b c",
            "signedUpAt": "2025-02-03T19:10:08.152Z",
            "toBeRetained": True,
            "profile": profile,
            "metadata": {"k": 1},
        }
        status, answer = await server.call("POST", USERS, body)
        user = answer["user"]
        assert (201, body) == (status, {name: user[name] for name in body})
        assert (409, "conflict") == code(await server.call("POST", USERS, {"externalId": "a/b c"}))
        for name in (user["id"], "a%2Fb%20c"):
            assert (200, {"user": user}) == await server.call("GET", USER, userIdOrExternalId=name)
        changes = {"profile": {"surname": None, "locale": "de"}, "metadata": {"k": None, "l": False}, "toBeRetained": False}
        status, answer = await server.call("PATCH", USER, changes, userIdOrExternalId=user["id"])
        left = {name: value for name, value in profile.items() if name != "surname"} | {"locale": "de"}
        assert (200, left, {"l": False}) == (status, answer["user"]["profile"], answer["user"]["metadata"])
        status, answer = await server.call("DELETE", USER + "/personalinformation", userIdOrExternalId=user["id"])
        assert (200, {}, {}, "a/b c") == (status, answer["user"]["profile"], answer["user"]["metadata"], answer["user"]["externalId"])
        assert (200, {}) == await server.call("DELETE", USER, userIdOrExternalId=user["id"])
        assert (404, "user_not_found") == code(await server.call("GET", USER, userIdOrExternalId=user["id"]))

    async def test_users_are_listed_by_their_address(self, server: ScServer) -> None:
        assert (200, {"users": []}) == await server.call("GET", USERS, params={"filter[identities.email]": "a@b.org"})
        assert (400, "bad_request") == code(await server.call("GET", USERS))

    @pytest.mark.parametrize(
        "body",
        [
            {"externalId": "x" * 1025},
            {"externalId": ""},
            {"externalId": 7},
            {"externalId": "a\0b"},
            {"profile": {"givenName": "x" * 129}},
            {"profile": {"email": "nobody"}},
            {"profile": {"avatarUrl": "javascript:alert(1)"}},
            {"profile": {"locale": "not a locale"}},
            {"metadata": {"a": "x" * 4097}},
            {"metadata": {"a": {"b": 1}}},
            {"metadata": [1]},
            {"signedUpAt": "yesterday"},
            [],
            "x",
        ],
    )
    async def test_what_breaks_a_limit_is_refused(self, server: ScServer, body: Any) -> None:
        assert (400, "bad_request") == code(await server.call("POST", USERS, body))

    async def test_a_deleted_user_takes_personal_conversations_along_and_leaves_the_others(
        self, server: ScServer, ada: dict[str, Any], conversation: str
    ) -> None:
        group = {"type": "sdkGroup", "participants": [{"userId": ada["id"], "subscribeSDKClient": False}]}
        _, made = await server.call("POST", CONVERSATIONS, group)
        await server.call("DELETE", USER, userIdOrExternalId="ada")
        assert 404 == (await server.call("GET", CONVERSATION, conversationId=conversation))[0]
        status, answer = await server.call("GET", CONVERSATION + "/participants", conversationId=made["conversation"]["id"])
        assert (200, []) == (status, answer["participants"])
