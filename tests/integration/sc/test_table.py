"""Every operation of the contract has its place, and those who may not call it learn nothing."""

from __future__ import annotations

import time
from typing import Any

import jwt
from aiohttp import encode_basic_auth

from gateway.sc.routes import OPERATIONS
from gateway.sc.unbuilt import UNBUILT
from tests import contract_schemas
from tests.sc_server import APP, CONVERSATION, MESSAGES, USER, ScServer, code, text


class TestTheTable:
    def test_every_operation_of_the_contract_is_here_once_with_its_scopes(self) -> None:
        ours = [(one.method, one.path, one.scopes) for one in OPERATIONS] + list(UNBUILT)
        assert len(ours) == len({(method, path) for method, path, _ in ours})
        theirs = contract_schemas.operations()
        assert set(theirs) == {(method, path) for method, path, _ in ours}
        for method, path, scopes in ours:
            security = theirs[method, path]["security"]
            if security and scopes is not None:
                assert {scope for one in security for given in one.values() for scope in given} == set(scopes), (method, path)

    async def test_what_is_not_built_says_so_to_those_who_might(self, server: ScServer) -> None:
        names = dict.fromkeys(("conversationId", "integrationId", "keyId", "webhookId", "switchboardId", "clientId", "deviceId"), "0" * 24)
        names |= {"switchboardIntegrationId": "0" * 24, "userIdOrExternalId": "x", "zendeskId": "1"}
        for method, path, scopes in UNBUILT:
            url = "/sc" + path.format_map({"appId": server.app_id, **names})
            async with server.http.request(method, url, headers=server.key, json={}) as response:
                expected = 501 if scopes is None or "app" in scopes else 403
                assert expected == response.status, path
                assert {"code", "title"} == set((await response.json())["errors"][0])
            async with server.http.request(method, url) as response:
                assert (501 if scopes is None else 401) == response.status, path


class TestWhoMay:
    async def test_scopes(self, server: ScServer) -> None:
        for method, path in (("POST", "/v2/apps"), ("GET", "/v2/apps"), ("DELETE", APP), ("GET", APP + "/keys")):
            assert (403, "forbidden") == code(await server.call(method, path, {} if method == "POST" else None))

    async def test_another_apps_key_learns_nothing(self, server: ScServer, conversation: str) -> None:
        _, made = await server.call("POST", "/v2/apps", {"displayName": "Other"}, auth=server.owner)
        other = made["app"]["id"]
        _, made = await server.call("POST", APP + "/keys", {"displayName": "k"}, auth=server.owner, appId=other)
        stranger = {"Authorization": encode_basic_auth(made["key"]["id"], made["key"]["secret"])}
        mine = await server.call("GET", CONVERSATION, auth=stranger, conversationId=conversation)
        nobodys = await server.call("GET", CONVERSATION, auth=stranger, appId="0" * 24, conversationId=conversation)
        assert (403, "forbidden") == code(mine)
        assert mine == nobodys
        through = await server.call("GET", CONVERSATION, auth=stranger, appId=other, conversationId=conversation)
        assert (404, "conversation_not_found") == code(through)
        assert (404, "user_not_found") == code(await server.call("GET", USER, auth=stranger, appId=other, userIdOrExternalId="ada"))
        author = {"type": "user", "userExternalId": "ada"}
        refused = await server.call("POST", MESSAGES, text("x", author), auth=stranger, appId=other, conversationId=conversation)
        assert (404, "user_not_found") == code(refused)

    async def test_a_jwt_works_as_its_key(self, server: ScServer, ada: dict[str, Any]) -> None:
        c = server.credentials
        url = f"/sc/v2/apps/{server.app_id}/users/ada"
        for claims, status in (({"scope": "app"}, 200), ({"scope": "account"}, 401), ({"scope": "app", "exp": time.time() - 1}, 401)):
            token = jwt.encode(claims, c.secret, algorithm="HS256", headers={"kid": c.key_id})
            async with server.http.get(url, headers={"Authorization": f"Bearer {token}"}) as response:
                assert status == response.status
