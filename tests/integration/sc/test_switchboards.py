"""Switchboards, their integrations, and control of a conversation by the API."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import encode_basic_auth

from domain.conversation import events as ev
from domain.directory import ApiKey, Integration
from tests.sc_server import APP, CONVERSATION, CONVERSATIONS, MESSAGES, Headers, ScServer, code, text

BOARDS = APP + "/switchboards"
BOARD = BOARDS + "/{switchboardId}"
MEMBERS = BOARD + "/switchboardIntegrations"
MEMBER = MEMBERS + "/{switchboardIntegrationId}"
UNKNOWN = "0" * 24


async def new_board(server: ScServer) -> str:
    status, answer = await server.call("POST", BOARDS, {})
    assert (201, False) == (status, answer["switchboard"]["enabled"])
    identifier: str = answer["switchboard"]["id"]
    return identifier


async def new_member(server: ScServer, board: str, name: str, **fields: Any) -> dict[str, Any]:
    body = {"name": name, **({} if "integrationId" in fields else {"integrationType": f"type:{name}"}), **fields}
    status, answer = await server.call("POST", MEMBERS, body, switchboardId=board)
    assert 201 == status, answer
    made: dict[str, Any] = answer["switchboardIntegration"]
    return made


@pytest.fixture
async def board(server: ScServer) -> str:
    return await enabled_board(server)


async def enabled_board(server: ScServer) -> str:
    """With `bot`, which comes first and passes to `people`."""
    board = await new_board(server)
    people = await new_member(server, board, "people", integrationType="zd:agentWorkspace")
    bot = await new_member(server, board, "bot", nextSwitchboardIntegrationId=people["id"])
    changes = {"enabled": True, "defaultSwitchboardIntegrationId": bot["id"]}
    status, answer = await server.call("PATCH", BOARD, changes, switchboardId=board)
    assert (200, changes | {"id": board}) == (status, answer["switchboard"])
    return board


class TestSwitchboards:
    async def test_an_app_has_none_until_it_asks_for_one(self, server: ScServer) -> None:
        assert (200, {"switchboards": []}) == await server.call("GET", BOARDS)
        board = await new_board(server)
        assert (200, {"switchboards": [{"id": board, "enabled": False}]}) == await server.call("GET", BOARDS)
        again = await server.call("POST", BOARDS, {})
        assert (400, "bad_request", "Only one switchboard can be created per app") == (*code(again), again[1]["errors"][0]["title"])
        assert (200, {}) == await server.call("DELETE", BOARD, switchboardId=board)
        assert (200, {"switchboards": []}) == await server.call("GET", BOARDS)

    async def test_what_is_not_there(self, server: ScServer, board: str) -> None:
        for method, body in (("PATCH", {}), ("DELETE", None)):
            assert (404, "switchboard_not_found") == code(await server.call(method, BOARD, body, switchboardId=UNKNOWN))
        for method, body in (("POST", {"name": "x", "integrationType": "y"}), ("GET", None)):
            assert (404, "switchboard_not_found") == code(await server.call(method, MEMBERS, body, switchboardId=UNKNOWN))
        for method, body in (("PATCH", {}), ("DELETE", None)):
            gone = {"switchboardId": board, "switchboardIntegrationId": UNKNOWN}
            assert (404, "switchboard_integration_not_found") == code(await server.call(method, MEMBER, body, **gone))

    async def test_one_without_a_default_is_not_enabled(self, server: ScServer) -> None:
        board = await new_board(server)
        for changes in ({"enabled": True}, {"defaultSwitchboardIntegrationId": UNKNOWN}):
            refused = await server.call("PATCH", BOARD, changes, switchboardId=board)
            assert (404, "switchboard_integration_not_found") == code(refused)

    async def test_members(self, server: ScServer) -> None:
        board = await new_board(server)
        custom = Integration(server.app_id, server.router.new_id(), "custom")
        await server.directory.create_integration(custom)
        one = await new_member(server, board, "one", integrationId=custom.id, messageHistoryCount=5, deliverStandbyEvents=False)
        assert (custom.id, "custom", 5, False) == tuple(
            one[name] for name in ("integrationId", "integrationType", "messageHistoryCount", "deliverStandbyEvents")
        )
        two = await new_member(server, board, "two", nextSwitchboardIntegrationId=one["id"])
        listed = await server.call("GET", MEMBERS, switchboardId=board)
        assert (200, sorted([one, two], key=lambda each: each["id"])) == (listed[0], listed[1]["switchboardIntegrations"])
        here = {"switchboardId": board, "switchboardIntegrationId": two["id"]}
        changes = {"name": "three", "nextSwitchboardIntegrationId": None, "messageHistoryCount": None, "integrationId": custom.id}
        status, answer = await server.call("PATCH", MEMBER, changes, **here)
        after = answer["switchboardIntegration"]
        assert (200, "three", custom.id, False) == (status, after["name"], after["integrationId"], "nextSwitchboardIntegrationId" in after)
        assert (200, {}) == await server.call("DELETE", MEMBER, **here)
        assert 404 == (await server.call("DELETE", MEMBER, **here))[0]

    async def test_how_long_a_program_may_be_silent_is_ours(self, server: ScServer) -> None:
        """So it is shown only where it was set: the contract has no such field."""
        board, url = await new_board(server), "/sc" + MEMBERS
        body = {"name": "one", "integrationType": "acme", "patienceSeconds": 20}
        address = url.format_map({"appId": server.app_id, "switchboardId": board})
        async with server.http.post(address, json=body, headers=server.key) as answer:
            assert (201, 20) == (answer.status, (await answer.json())["switchboardIntegration"]["patienceSeconds"])

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"name": "x"},
            {"name": "x", "integrationType": "y", "integrationId": UNKNOWN},
            {"name": "a b", "integrationType": "y"},
            {"name": "é", "integrationType": "y"},
            {"name": "x" * 129, "integrationType": "y"},
            {"name": "", "integrationType": "y"},
            {"name": "x", "integrationType": "y z"},
            {"name": "x", "integrationType": "y", "messageHistoryCount": 0},
            {"name": "x", "integrationType": "y", "messageHistoryCount": 11},
            {"name": "x", "integrationType": "y", "patienceSeconds": 0},
            {"name": "x", "integrationType": "y", "deliverStandbyEvents": "no"},
        ],
    )
    async def test_what_is_no_member_is_refused(self, server: ScServer, board: str, body: dict[str, Any]) -> None:
        assert (400, "bad_request") == code(await server.call("POST", MEMBERS, body, switchboardId=board))

    async def test_members_that_cannot_be(self, server: ScServer, board: str) -> None:
        again = await server.call("POST", MEMBERS, {"name": "bot", "integrationType": "y"}, switchboardId=board)
        assert (409, "conflict") == code(again)
        stranger = await server.call("POST", MEMBERS, {"name": "x", "integrationId": UNKNOWN}, switchboardId=board)
        assert (404, "integration_not_found") == code(stranger)
        nowhere = {"name": "x", "integrationType": "y", "nextSwitchboardIntegrationId": UNKNOWN}
        assert (404, "switchboard_integration_not_found") == code(await server.call("POST", MEMBERS, nowhere, switchboardId=board))
        for n in range(8):
            await new_member(server, board, f"m{n}")
        many = await server.call("POST", MEMBERS, {"name": "x", "integrationType": "y"}, switchboardId=board)
        assert (400, "too_many_switchboard_integrations") == code(many)

    async def test_what_is_referred_to_is_not_deleted(self, server: ScServer, board: str) -> None:
        """Source: API contract, DeleteSwitchboardIntegration."""
        _, listed = await server.call("GET", MEMBERS, switchboardId=board)
        for one in listed["switchboardIntegrations"]:
            refused = await server.call("DELETE", MEMBER, switchboardId=board, switchboardIntegrationId=one["id"])
            assert (400, "bad_request") == code(refused), one["name"]

    async def test_a_program_may_not_change_it(self, server: ScServer, board: str) -> None:
        program = await program_of(server, Integration(server.app_id, server.router.new_id(), "custom"))
        assert (403, "forbidden") == code(await server.call("GET", BOARDS, auth=program))
        assert (403, "forbidden") == code(await server.call("DELETE", BOARD, auth=program, switchboardId=board))


async def program_of(server: ScServer, one: Integration) -> Headers:
    """The key of an integration."""
    await server.directory.create_integration(one)
    key = ApiKey(f"int_{server.router.new_id()}", "s3cret", "Program", "integration", server.app_id, one.id)
    await server.directory.create_key(key)
    return Headers(Authorization=encode_basic_auth(key.id, key.secret))


class Talk:
    """A conversation, and who has control of it."""

    def __init__(self, server: ScServer, identifier: str) -> None:
        self.server, self.id = server, identifier

    async def now(self) -> tuple[str | None, str | None]:
        """(active, pending)."""
        status, answer = await self.server.call("GET", CONVERSATION, conversationId=self.id)
        assert 200 == status
        found = (answer["conversation"].get(f"{name}SwitchboardIntegration", {}).get("name") for name in ("active", "pending"))
        return next(found), next(found)

    async def control(self, action: str, to: str | None = None, **options: Any) -> tuple[int, Any]:
        body = options.pop("body", {} if to is None else {"switchboardIntegration": to})
        return await self.server.call("POST", f"{CONVERSATION}/{action}Control", body, conversationId=self.id, **options)

    async def events(self) -> list[ev.Event]:
        found = await self.server.router.journal.find(self.server_actor)
        rows = await self.server.router.journal.read(found or 0, 0, 100)
        return [event for row in rows if isinstance(event := ev.decode(row.body)[1], ev.Event)]

    @property
    def server_actor(self) -> Any:
        from storage.ports import ActorId

        return ActorId("conversation", self.server.app_id, self.id)


@pytest.fixture
async def talk(server: ScServer, ada: dict[str, Any], board: str) -> Talk:
    body = {"type": "personal", "participants": [{"userId": ada["id"]}]}
    _, answer = await server.call("POST", CONVERSATIONS, body)
    assert "bot" == answer["conversation"]["activeSwitchboardIntegration"]["name"]
    return Talk(server, answer["conversation"]["id"])


class TestControl:
    async def test_it_is_passed_offered_accepted_and_released(self, talk: Talk) -> None:
        assert (200, {}) == await talk.control("pass", "next")
        assert ("people", None) == await talk.now()
        assert (200, {}) == await talk.control("offer", "bot", body={"switchboardIntegration": "bot", "metadata": {"why": "asked"}})
        assert ("people", "bot") == await talk.now()
        assert (200, {}) == await talk.control("accept")
        assert ("bot", None) == await talk.now()
        assert (200, {}) == await talk.control("release", body={"metadata": {"a": 1}})
        assert (None, None) == await talk.now()
        types = [event.type.partition(":")[2] for event in await talk.events()]
        assert ["create", "passControl", "offerControl", "acceptControl", "releaseControl"] == types

    async def test_a_body_is_not_needed_to_release(self, talk: Talk, server: ScServer) -> None:
        """Source: API contract, `requestBody.required: false`."""
        url = f"/sc/v2/apps/{server.app_id}/conversations/{talk.id}/releaseControl"
        async with server.http.post(url, headers=server.key) as answer:
            assert (200, {}) == (answer.status, await answer.json())

    @pytest.mark.parametrize(
        ("action", "to", "expected"),
        [
            ("pass", "nobody", "switchboard_invalid_target"),
            ("offer", "nobody", "switchboard_invalid_target"),
            ("offer", "bot", "switchboard_invalid_target"),
            ("accept", None, "switchboard_invalid_action"),
        ],
    )
    async def test_what_fails_is_refused_and_told(self, talk: Talk, action: str, to: str | None, expected: str) -> None:
        assert (400, expected) == code(await talk.control(action, to))
        (told,) = (event for event in await talk.events() if isinstance(event, ev.FAILURES))
        assert (f"switchboard:{action}Control:failure", expected) == (told.type, told.error.code)

    @pytest.mark.parametrize(
        "body",
        [{}, {"switchboardIntegration": ""}, {"switchboardIntegration": 7}, {"switchboardIntegration": "bot", "metadata": {"a": []}}],
    )
    async def test_what_is_no_request_is_refused_and_not_told(self, talk: Talk, body: dict[str, Any]) -> None:
        for action in ("pass", "offer"):
            assert (400, "bad_request") == code(await talk.control(action, body=body))
        big = {"switchboardIntegration": "people", "metadata": {"a": "x" * 4096}}
        assert (400, "bad_request") == code(await talk.control("pass", body=big))
        assert 1 == len(await talk.events())

    async def test_a_program_has_the_rights_of_its_member(self, talk: Talk, server: ScServer, board: str) -> None:
        one, stranger = (Integration(server.app_id, server.router.new_id(), "custom") for _ in range(2))
        program, nobody = await program_of(server, one), await program_of(server, stranger)
        await new_member(server, board, "program", integrationId=one.id)
        for who in (program, nobody):
            assert (403, "forbidden") == code(await talk.control("release", auth=who))
        await talk.control("offer", "people")
        assert (403, "forbidden") == code(await talk.control("accept", auth=program))
        await talk.control("offer", "program")
        assert (403, "forbidden") == code(await talk.control("accept", auth=nobody))
        assert (200, {}) == await talk.control("accept", auth=program)
        said = await server.call("POST", MESSAGES, text("I am here"), auth=program, conversationId=talk.id)
        assert 201 == said[0]
        assert (200, {}) == await talk.control("pass", "people", auth=program)
        late = await server.call("POST", MESSAGES, text("still here"), auth=program, conversationId=talk.id)
        assert (409, "not_in_control") == code(late)
        assert 201 == (await server.call("POST", MESSAGES, text("a push"), auth=nobody, conversationId=talk.id))[0]

    async def test_a_program_that_had_been_silent_is_forgiven_when_it_speaks(self, talk: Talk, server: ScServer, board: str) -> None:
        one = Integration(server.app_id, server.router.new_id(), "custom")
        program = await program_of(server, one)
        member = await new_member(server, board, "program", integrationId=one.id)
        await server.directory.switchboards.silent(server.app_id, member["id"], 0)
        await talk.control("pass", "program")
        await server.call("POST", MESSAGES, text("here"), auth=program, conversationId=talk.id)
        found = await server.directory.switchboards.of_app(server.app_id)
        assert found is not None and [0] == [one.silences for one in found.members if one.name == "program"]

    async def test_the_customer_wakes_the_first_member(self, talk: Talk, server: ScServer) -> None:
        await talk.control("release")
        author = {"type": "user", "userExternalId": "ada"}
        assert 201 == (await server.call("POST", MESSAGES, text("hello?", author), conversationId=talk.id))[0]
        assert ("bot", None) == await talk.now()

    async def test_without_an_enabled_switchboard_there_is_no_control(self, talk: Talk, server: ScServer, board: str) -> None:
        await server.call("PATCH", BOARD, {"enabled": False}, switchboardId=board)
        for action, to in (("pass", "people"), ("offer", "people"), ("accept", None), ("release", None)):
            assert (400, "switchboard_invalid_action") == code(await talk.control(action, to))
            missing = Talk(server, UNKNOWN)
            assert (404, "conversation_not_found") == code(await missing.control(action, to))

    async def test_of_no_conversation(self, server: ScServer, board: str) -> None:
        for action, to in (("pass", "people"), ("offer", "people"), ("accept", None), ("release", None)):
            assert (404, "conversation_not_found") == code(await Talk(server, UNKNOWN).control(action, to))
            assert (404, "conversation_not_found") == code(await Talk(server, "x").control(action, to))

    async def test_the_policy_is_a_setting_of_the_app(self, server: ScServer) -> None:
        """Ours: shown to those who changed it."""
        url = f"/sc/v2/apps/{server.app_id}"
        for settings, status in (
            ({"handBack": "closed", "handBackIdleSeconds": 600}, 200),
            ({"handBack": "sometimes"}, 400),
            ({"handBackIdleSeconds": 0}, 400),
        ):
            async with server.http.patch(url, json={"settings": settings}, headers=server.key) as answer:
                told = await answer.json()
                assert status == answer.status
                if status == 200:
                    assert settings == {name: told["app"]["settings"][name] for name in settings}
