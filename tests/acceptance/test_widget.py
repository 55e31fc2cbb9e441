"""The widget's integration as its pages and visitors meet it: what it may know, which pages may show it, and its end."""

from __future__ import annotations

from typing import Any

from tests import stream_client as stream
from tests.people import People

SHOP, EVIL = "https://shop.example", "https://evil.example"


async def new_web(people: People, **fields: Any) -> str:
    made = await people.made("/integrations", {"type": "web", **fields})
    identifier: str = made["id"]
    return identifier


def config_url(people: People, integration: str) -> str:
    return f"{people.url}/messaging/v1/integrations/{integration}/config"


class TestConfig:
    async def test_it_tells_looks_and_switches_and_is_kept_by_browsers(self, people: People) -> None:
        looks = {"brandColor": "abc", "businessName": "Kent Shop", "canUserCreateMoreConversations": False}
        web = await new_web(people, displayName="Internal", originWhitelist=[SHOP], **looks)
        async with people.http.get(config_url(people, web), headers={"Origin": SHOP}) as answer:
            told = await answer.json()
            assert (200, "public, max-age=60", SHOP) == (
                answer.status,
                answer.headers["Cache-Control"],
                answer.headers["Access-Control-Allow-Origin"],
            )
            tag = answer.headers["ETag"]
        assert {"id": web, "type": "web"} == told["integration"]
        assert looks.items() <= told["settings"].items()
        assert (True, 52_428_800) == (told["settings"]["attachmentsEnabled"], told["settings"]["attachmentMaxBytes"])
        assert not {"displayName", "originWhitelist", "defaultResponderId"} & set(told["settings"])
        async with people.http.get(config_url(people, web), headers={"If-None-Match": tag}) as answer:
            assert 304 == answer.status
        assert 200 == (await people.call("PATCH", f"/integrations/{web}", {"brandColor": "def"}))[0]
        async with people.http.get(config_url(people, web), headers={"If-None-Match": tag}) as answer:
            assert "def" == (await answer.json())["settings"]["brandColor"]

    async def test_there_is_none_of_what_visitors_cannot_come_by(self, people: People) -> None:
        hook = {"target": "https://example.org", "triggers": ["user:merge"]}
        _, board = await people.call("GET", "/switchboards")
        path = f"/switchboards/{board['switchboards'][0]['id']}/switchboardIntegrations"
        _, members = await people.call("GET", path)
        for identifier in (members["switchboardIntegrations"][0]["integrationId"], "0" * 24, "x"):
            async with people.http.get(config_url(people, identifier)) as answer:
                assert 404 == answer.status
        program = await people.made("/integrations", {"type": "custom", "webhooks": [hook]})
        async with people.http.get(config_url(people, program["id"])) as answer:
            assert "secret" not in await answer.text()
        await people.call("DELETE", f"/integrations/{program['id']}")


class TestPages:
    async def test_the_listed_ones_may_and_no_others(self, people: People) -> None:
        web = await new_web(people, originWhitelist=[SHOP])
        sessions = f"{people.url}/messaging/v1/sessions"
        async with people.http.options(sessions, headers={"Origin": SHOP, "Access-Control-Request-Method": "POST"}) as answer:
            assert (204, SHOP) == (answer.status, answer.headers["Access-Control-Allow-Origin"])
        tokens = {}
        for origin, status in ((SHOP, 201), (people.url, 201), (EVIL, 403)):
            async with people.http.post(sessions, json={"integrationId": web}, headers={"Origin": origin}) as answer:
                assert status == answer.status, origin
                tokens[origin] = (await answer.json()).get("token")
            async with people.http.get(config_url(people, web), headers={"Origin": origin}) as answer:
                assert (200 if status == 201 else 403) == answer.status, origin
        await (await people.open(stream.MESSAGING, tokens[SHOP], {"Origin": SHOP})).take("welcome")
        told = await (await people.open(stream.MESSAGING, tokens[SHOP], {"Origin": EVIL})).take("bye")
        assert "forbidden" == told["code"]
        listing = f"{people.url}/messaging/v1/conversations"
        for origin, status in ((SHOP, 200), (EVIL, 403)):
            auth = {"Authorization": f"Bearer {tokens[SHOP]}", "Origin": origin}
            async with people.http.get(listing, headers=auth) as answer:
                assert status == answer.status

    async def test_a_page_reads_why_its_token_is_refused(self, people: People) -> None:
        auth = {"Authorization": "Bearer visitor_gone", "Origin": SHOP}
        async with people.http.get(f"{people.url}/messaging/v1/conversations", headers=auth) as answer:
            assert (401, SHOP) == (answer.status, answer.headers["Access-Control-Allow-Origin"])


class TestTheEnd:
    async def test_with_the_integration_its_visitors_are_out(self, people: People) -> None:
        web = await new_web(people)
        session = await stream.visitor_session(people.http, people.url, web)
        visitor = await people.welcome(stream.MESSAGING, session["token"])
        await visitor.say("hello")
        assert 200 == (await people.call("DELETE", f"/integrations/{web}"))[0]
        assert "unauthorized" == (await visitor.take("bye"))["code"]
        late = await people.open(stream.MESSAGING, session["token"])
        assert "unauthorized" == (await late.take("bye"))["code"]
        async with people.http.post(f"{people.url}/messaging/v1/sessions", json={"integrationId": web}) as answer:
            assert 404 == answer.status

    async def test_one_conversation_each_where_the_integration_says_so(self, people: People) -> None:
        web = await new_web(people, canUserCreateMoreConversations=False)
        session = await stream.visitor_session(people.http, people.url, web)
        auth, url = {"Authorization": f"Bearer {session['token']}"}, f"{people.url}/messaging/v1/conversations"
        for status in (201, 403):
            async with people.http.post(url, json={}, headers=auth) as answer:
                assert status == answer.status
