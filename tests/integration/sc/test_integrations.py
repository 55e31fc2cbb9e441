"""Integrations and their keys by the API."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import encode_basic_auth

from tests.integration.sc.test_switchboards import MEMBER, enabled_board, new_member
from tests.sc_server import APP, CONVERSATIONS, ScServer, code

INTEGRATIONS = APP + "/integrations"
INTEGRATION = INTEGRATIONS + "/{integrationId}"
KEYS = INTEGRATION + "/keys"
KEY = KEYS + "/{keyId}"
UNKNOWN = "0" * 24

HOOK = {"target": "https://example.org/hook", "triggers": ["conversation:message"], "includeFullUser": True}
LOOKS = {
    "brandColor": "aabbcc",
    "displayStyle": "tab",
    "businessName": "Kent Shop",
    "businessIconUrl": "https://example.org/i.png",
    "originWhitelist": ["https://example.org"],
    "integrationOrder": ["a" * 24],
    "canUserSeeConversationList": False,
    "prechatCapture": {"enabled": True, "fields": [{"type": "email", "name": "mail", "label": "E-mail"}]},
}


async def new_web(server: ScServer, **fields: Any) -> dict[str, Any]:
    status, answer = await server.call("POST", INTEGRATIONS, {"type": "web", **fields})
    assert 201 == status, answer
    made: dict[str, Any] = answer["integration"]
    return made


async def new_program(server: ScServer, **fields: Any) -> dict[str, Any]:
    status, answer = await server.call("POST", INTEGRATIONS, {"type": "custom", "webhooks": [HOOK], **fields})
    assert 201 == status, answer
    made: dict[str, Any] = answer["integration"]
    return made


class TestIntegrations:
    async def test_a_widget_is_made_shown_changed_and_deleted(self, server: ScServer) -> None:
        made = await new_web(server, displayName="Shop", **LOOKS)
        assert {**LOOKS, "displayName": "Shop", "status": "active", "type": "web"}.items() <= made.items()
        usual = {"conversationColor": "0099ff", "buttonWidth": "58", "fixedIntroPane": False, "attachmentsEnabled": True}
        assert usual.items() <= made.items()
        assert (200, {"integration": made}) == await server.call("GET", INTEGRATION, integrationId=made["id"])
        changes = {"displayName": None, "originWhitelist": None, "brandColor": "fff", "showAIDisclaimer": False}
        status, answer = await server.call("PATCH", INTEGRATION, changes, integrationId=made["id"])
        after = answer["integration"]
        assert (200, "fff", False, "Kent Shop") == (status, after["brandColor"], after["showAIDisclaimer"], after["businessName"])
        assert {"displayName", "originWhitelist"} == set(made) - set(after)
        assert (200, {"integration": after}) == await server.call("GET", INTEGRATION, integrationId=made["id"])
        assert (200, {}) == await server.call("DELETE", INTEGRATION, integrationId=made["id"])
        for method, body in (("GET", None), ("PATCH", {}), ("DELETE", None)):
            assert (404, "integration_not_found") == code(await server.call(method, INTEGRATION, body, integrationId=made["id"]))

    async def test_they_are_listed_by_type_and_paged(self, server: ScServer) -> None:
        _, before = await server.call("GET", INTEGRATIONS)
        made = [await new_web(server), await new_program(server), await new_web(server)]
        webs = sorted(one["id"] for one in (*before["integrations"], made[0], made[2]) if one["type"] == "web")
        status, answer = await server.call("GET", INTEGRATIONS, params={"filter[types]": "web"})
        assert (200, webs) == (status, [one["id"] for one in answer["integrations"]])
        _, answer = await server.call("GET", INTEGRATIONS, params={"filter[types]": "custom,line"})
        assert [made[1]] == answer["integrations"]
        _, first = await server.call("GET", INTEGRATIONS, params={"page[size]": "1"})
        assert (1, True) == (len(first["integrations"]), first["meta"]["hasMore"])
        _, rest = await server.call("GET", INTEGRATIONS, params={"page[after]": first["meta"]["afterCursor"]})
        assert len(before["integrations"]) + 2 == len(rest["integrations"])
        for params in ({"filter[types]": "web,fax"}, {"page[size]": "0"}, {"page[after]": "x"}):
            assert (400, "bad_request") == code(await server.call("GET", INTEGRATIONS, params=params))

    async def test_who_answers_in_the_apps_name_only_is_not_among_them(self, server: ScServer) -> None:
        await enabled_board(server)
        _, listed = await server.call("GET", INTEGRATIONS)
        assert {"web"} >= {one["type"] for one in listed["integrations"]}

    async def test_the_first_responder_is_the_switchboards_or_its_own(self, server: ScServer, ada: dict[str, Any]) -> None:
        web = await new_web(server)
        assert "defaultResponder" not in web
        assert (404, "switchboard_integration_not_found") == code(
            await server.call("PATCH", INTEGRATION, {"defaultResponderId": UNKNOWN}, integrationId=web["id"])
        )
        board = await enabled_board(server)
        people = await new_member(server, board, "others")
        _, shown = await server.call("GET", INTEGRATION, integrationId=web["id"])
        assert ("bot", True) == tuple(shown["integration"]["defaultResponder"][name] for name in ("name", "inherited"))
        changes = {"defaultResponderId": people["id"]}
        _, shown = await server.call("PATCH", INTEGRATION, changes, integrationId=web["id"])
        assert ("others", False) == tuple(shown["integration"]["defaultResponder"][name] for name in ("name", "inherited"))
        assert people["integrationId"] == shown["integration"]["defaultResponder"]["integrationId"]
        body = {"type": "personal", "participants": [{"userId": ada["id"]}]}
        _, begun = await server.call("POST", CONVERSATIONS, body)
        assert "bot" == begun["conversation"]["activeSwitchboardIntegration"]["name"], "who comes by another way is not concerned"
        gone = {"switchboardId": board, "switchboardIntegrationId": people["id"]}
        assert (200, {}) == await server.call("DELETE", MEMBER, **gone)
        _, shown = await server.call("GET", INTEGRATION, integrationId=web["id"])
        assert ("bot", True) == tuple(shown["integration"]["defaultResponder"][name] for name in ("name", "inherited"))

    async def test_a_program_has_a_webhook_with_a_secret_of_ours(self, server: ScServer) -> None:
        made = await new_program(server, displayName="Program")
        (hook,) = made["webhooks"]
        assert HOOK.items() <= hook.items()
        assert ("v2", True, False) == (hook["version"], len(hook["secret"]) > 30, hook["includeFullSource"])
        changes = {"displayName": "P", "webhooks": [{**HOOK, "target": "https://evil.example"}]}
        _, answer = await server.call("PATCH", INTEGRATION, changes, integrationId=made["id"])
        assert {**made, "displayName": "P"} == answer["integration"], "webhooks have operations of their own"

    async def test_a_program_that_is_a_member_is_not_deleted(self, server: ScServer) -> None:
        made, board = await new_program(server), await enabled_board(server)
        member = await new_member(server, board, "program", integrationId=made["id"])
        assert (400, "bad_request") == code(await server.call("DELETE", INTEGRATION, integrationId=made["id"]))
        gone = {"switchboardId": board, "switchboardIntegrationId": member["id"]}
        assert (200, {}) == await server.call("DELETE", MEMBER, **gone)
        assert (200, {}) == await server.call("DELETE", INTEGRATION, integrationId=made["id"])

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({}, 400),
            ({"type": "fax"}, 400),
            ({"type": "zd:agentWorkspace"}, 400),
            ({"type": "line"}, 501),
            ({"type": "whatsapp", "deploymentId": "x"}, 501),
            ({"type": "web", "displayName": "x" * 101}, 400),
            ({"type": "web", "brandColor": "red"}, 400),
            ({"type": "web", "originWhitelist": ["example.org"]}, 400),
            ({"type": "custom"}, 400),
            ({"type": "custom", "webhooks": [{"target": "x", "triggers": ["conversation:message"]}]}, 400),
            ([], 400),
        ],
    )
    async def test_what_is_no_integration_is_refused(self, server: ScServer, body: Any, status: int) -> None:
        assert status == (await server.call("POST", INTEGRATIONS, body))[0]

    async def test_another_apps_are_not_found(self, server: ScServer) -> None:
        made = await new_web(server)
        _, other = await server.call("POST", "/v2/apps", {"displayName": "Other"}, auth=server.owner)
        there = {"auth": server.owner, "appId": other["app"]["id"], "integrationId": made["id"]}
        for method, path, body in (
            ("GET", INTEGRATION, None),
            ("PATCH", INTEGRATION, {}),
            ("DELETE", INTEGRATION, None),
            ("GET", KEYS, None),
        ):
            assert (404, "integration_not_found") == code(await server.call(method, path, body, **there))
        assert 200 == (await server.call("GET", INTEGRATION, integrationId=made["id"]))[0]


class TestKeysOfPrograms:
    async def test_they_work_until_they_are_deleted(self, server: ScServer) -> None:
        program = await new_program(server)
        here = {"integrationId": program["id"]}
        status, answer = await server.call("POST", KEYS, {"displayName": "k"}, **here)
        key = answer["key"]
        assert (201, "int_") == (status, key["id"][:4])
        assert (200, {"keys": [key]}) == await server.call("GET", KEYS, **here)
        assert (200, {"key": key}) == await server.call("GET", KEY, **here, keyId=key["id"])
        theirs = {"Authorization": encode_basic_auth(key["id"], key["secret"])}
        body = {"type": "sdkGroup", "participants": []}
        assert 201 == (await server.call("POST", CONVERSATIONS, body, auth=theirs))[0]
        assert (403, "forbidden") == code(await server.call("GET", KEYS, auth=theirs, **here))
        assert (200, {}) == await server.call("DELETE", KEY, **here, keyId=key["id"])
        assert (404, "key_not_found") == code(await server.call("DELETE", KEY, **here, keyId=key["id"]))
        assert (401, "unauthorized") == code(await server.call("POST", CONVERSATIONS, body, auth=theirs))

    async def test_they_go_with_the_program(self, server: ScServer) -> None:
        program = await new_program(server)
        _, answer = await server.call("POST", KEYS, {"displayName": "k"}, integrationId=program["id"])
        theirs = {"Authorization": encode_basic_auth(answer["key"]["id"], answer["key"]["secret"])}
        assert 200 == (await server.call("GET", "/v2/tokenInfo", auth=theirs))[0]
        await server.call("DELETE", INTEGRATION, integrationId=program["id"])
        assert (401, "unauthorized") == code(await server.call("GET", "/v2/tokenInfo", auth=theirs))

    async def test_a_program_has_ten_and_no_more(self, server: ScServer) -> None:
        program = await new_program(server)
        for n in range(10):
            assert 201 == (await server.call("POST", KEYS, {"displayName": f"k{n}"}, integrationId=program["id"]))[0]
        refused = await server.call("POST", KEYS, {"displayName": "one more"}, integrationId=program["id"])
        assert (400, "bad_request") == code(refused)

    async def test_a_widget_has_none(self, server: ScServer) -> None:
        web = await new_web(server)
        for method, body in (("GET", None), ("POST", {"displayName": "k"})):
            refused = await server.call(method, KEYS, body, integrationId=web["id"])
            assert (400, "bad_request", "API keys are available only for custom integrations") == (
                *code(refused),
                refused[1]["errors"][0]["title"],
            )

    async def test_another_programs_key_is_not_found(self, server: ScServer) -> None:
        one, two = await new_program(server), await new_program(server)
        _, answer = await server.call("POST", KEYS, {"displayName": "k"}, integrationId=one["id"])
        there = {"integrationId": two["id"], "keyId": answer["key"]["id"]}
        for method in ("GET", "DELETE"):
            assert (404, "key_not_found") == code(await server.call(method, KEY, **there))
