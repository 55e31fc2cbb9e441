"""Apps and their keys."""

from __future__ import annotations

from typing import Any

from aiohttp import encode_basic_auth

from tests import contract_schemas
from tests.sc_server import APP, USER, ScServer, code


class TestAppsAndKeys:
    async def test_the_life_of_an_app(self, server: ScServer) -> None:
        owner = server.owner
        body = {"displayName": "Boutique", "settings": {"maskCreditCardNumbers": False}, "metadata": {"a": 1}}
        status, answer = await server.call("POST", "/v2/apps", body, auth=owner)
        app = answer["app"]
        assert (201, "Boutique", False, {"a": 1}) == (status, app["displayName"], app["settings"]["maskCreditCardNumbers"], app["metadata"])
        changes = {"displayName": "B", "settings": {"conversationRetentionSeconds": 60}, "metadata": {"a": None, "b": True}}
        status, answer = await server.call("PATCH", APP, changes, auth=owner, appId=app["id"])
        changed = answer["app"]
        assert (200, "B", {"b": True}) == (status, changed["displayName"], changed["metadata"])
        assert {**app["settings"], "conversationRetentionSeconds": 60} == changed["settings"]
        assert 200 == (await server.call("GET", APP, auth=owner, appId=app["id"]))[0]
        assert (200, {}) == await server.call("DELETE", APP, auth=owner, appId=app["id"])
        assert (404, "app_not_found") == code(await server.call("GET", APP, auth=owner, appId=app["id"]))

    async def test_apps_are_paged(self, server: ScServer) -> None:
        for n in range(4):
            await server.call("POST", "/v2/apps", {"displayName": f"App {n}"}, auth=server.owner)
        url, seen = "/v2/apps?page[size]=2", []
        while url:
            async with server.http.get("/sc" + url if url.startswith("/v2") else url, headers=server.owner) as response:
                answer = await response.json()
            contract_schemas.check("GET", "/v2/apps", 200, answer)
            seen += [app["displayName"] for app in answer["apps"]]
            url = answer["links"].get("next", "").replace(server.url, "")
        assert ["Causerie", "App 0", "App 1", "App 2", "App 3"] == seen

    async def test_several_conversations_are_not_switched_off_again(self, server: ScServer) -> None:
        off = {"settings": {"multiConvoEnabled": False}}
        assert (400, "bad_request") == code(await server.call("PATCH", APP, off))

    async def test_the_life_of_a_key(self, server: ScServer, ada: dict[str, Any]) -> None:
        owner, keys, one = server.owner, APP + "/keys", APP + "/keys/{keyId}"
        status, answer = await server.call("POST", keys, {"displayName": "Bot"}, auth=owner)
        key = answer["key"]
        mine = {"Authorization": encode_basic_auth(key["id"], key["secret"])}
        assert (201, True) == (status, key["id"].startswith("app_"))
        assert (200, {"key": key}) == await server.call("GET", one, auth=owner, keyId=key["id"])
        assert 2 == len((await server.call("GET", keys, auth=owner))[1]["keys"])
        assert 200 == (await server.call("GET", USER, auth=mine, userIdOrExternalId="ada"))[0]
        assert (200, {}) == await server.call("DELETE", one, auth=owner, keyId=key["id"])
        assert 401 == (await server.call("GET", USER, auth=mine, userIdOrExternalId="ada"))[0]
        assert (404, "key_not_found") == code(await server.call("GET", one, auth=owner, keyId=key["id"]))

    async def test_an_app_has_ten_keys(self, server: ScServer) -> None:
        made = [await server.call("POST", APP + "/keys", {"displayName": f"{n}"}, auth=server.owner) for n in range(10)]
        assert [201] * 9 + [400] == [status for status, _ in made]

    async def test_the_token_tells_its_app(self, server: ScServer) -> None:
        status, answer = await server.call("GET", "/v2/tokenInfo")
        assert (200, server.app_id, True) == (status, answer["app"]["id"], bool(answer["app"]["subdomain"]))
