"""Drafts, versions and what is live, over HTTP."""

from __future__ import annotations

from typing import Any

from gateway.bot.routes import PREFIX
from tests.bot_server import Answer, BotServer, flow


def code(answer: Answer) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer[0], answer[1]["errors"][0]["code"]


async def made(server: BotServer, identifier: str = "hello", **fields: Any) -> dict[str, Any]:
    status, answer = await server.call("POST", "/flows", {"flow": flow(identifier, **fields)})
    assert 201 == status, answer
    shown: dict[str, Any] = answer["flow"]
    return shown


async def live(server: BotServer, identifier: str = "hello", **fields: Any) -> Answer:
    await made(server, identifier, **fields)
    return await server.call("POST", f"/flows/{identifier}/publish", {"note": "first"})


class TestDrafts:
    async def test_a_draft_is_made_read_changed_and_deleted(self, server: BotServer) -> None:
        shown = await made(server)
        assert (1, None, None, "Hello") == tuple(shown[name] for name in ("revision", "live_version", "last_version", "name"))
        assert shown["updated_by"].startswith("key:app_")
        assert flow() == shown["draft"]
        body = {"flow": flow(words="Good day"), "revision": 1}
        status, answer = await server.call("PUT", "/flows/hello", body)
        assert (200, 2) == (status, answer["flow"]["revision"])
        assert (200, answer) == await server.call("GET", "/flows/hello")
        assert (200, {}) == await server.call("DELETE", "/flows/hello")
        assert (404, "flow_not_found") == code(await server.call("GET", "/flows/hello"))

    async def test_of_two_who_change_one_draft_the_second_hears_of_it(self, server: BotServer) -> None:
        await made(server)
        status, answer = await server.call("PUT", "/flows/hello", {"flow": flow()}, headers={"If-Match": '"1"'})
        assert (200, 2) == (status, answer["flow"]["revision"])
        assert (409, "conflict") == code(await server.call("PUT", "/flows/hello", {"flow": flow(), "revision": 1}))
        assert (400, "bad_request") == code(await server.call("PUT", "/flows/hello", {"flow": flow()}))
        assert (400, "bad_request") == code(await server.call("PUT", "/flows/hello", {"flow": flow(), "revision": 2**40}))

    async def test_an_id_is_taken_once_and_stays(self, server: BotServer) -> None:
        await made(server)
        assert (409, "conflict") == code(await server.call("POST", "/flows", {"flow": flow()}))
        assert (400, "bad_request") == code(await server.call("PUT", "/flows/hello", {"flow": flow("other"), "revision": 1}))

    async def test_what_is_no_flow_is_refused_with_its_place(self, server: BotServer) -> None:
        for broken in ({"flow": {"id": "x"}}, {"flow": flow("no space")}, {"flow": flow(start=7)}, {}):
            assert (400, "bad_request") == code(await server.call("POST", "/flows", broken))
        _, answer = await server.call("POST", "/flows", {"flow": flow(start=7)})
        assert "flow.start" in answer["errors"][0]["title"]

    async def test_lists_are_paged(self, server: BotServer) -> None:
        for name in ("a", "b", "c"):
            await made(server, name)
        status, answer = await server.call("GET", "/flows", params={"page[size]": "2"})
        assert 200 == status
        assert ["a", "b"] == [one["id"] for one in answer["flows"]]
        assert {"has_more": True, "after_cursor": "b"} == answer["meta"]
        assert "draft" not in answer["flows"][0]
        path = answer["links"]["next"].partition(PREFIX)[2]
        _, answer = await server.call("GET", path)
        assert (["c"], {"has_more": False}, {"next": None}) == ([one["id"] for one in answer["flows"]], answer["meta"], answer["links"])
        assert (400, "bad_request") == code(await server.call("GET", "/flows", params={"page[size]": "0"}))

    async def test_a_repeat_with_one_key_makes_one_flow(self, server: BotServer) -> None:
        options: dict[str, Any] = {"headers": {"Idempotency-Key": "k"}}
        first = await server.call("POST", "/flows", {"flow": flow()}, **options)
        assert 201 == first[0]
        assert first == await server.call("POST", "/flows", {"flow": flow()}, **options)

    async def test_the_schema_is_told(self, server: BotServer) -> None:
        status, answer = await server.call("GET", "/schema")
        assert (200, True) == (status, "$schema" in answer)


class TestPublishing:
    async def test_the_first_flow_is_live_and_where_the_bot_begins(self, server: BotServer) -> None:
        status, answer = await live(server)
        assert (201, {"number": 1}) == (status, answer["release"])
        version = answer["version"]
        assert (1, True, "first", flow()) == (version["version"], version["live"], version["note"], version["flow"])
        assert version["created_by"].startswith("key:app_")
        _, settings = await server.call("GET", "/settings")
        assert ({"flow": "hello"}, 1) == (settings["entry"], settings["live_release"])
        release = await server.bots.load_release(server.app.id, 1)
        assert release is not None
        assert 1 == release.flows["hello"].version

    async def test_versions_are_listed_newest_first_and_rolled_back_to(self, server: BotServer) -> None:
        await live(server)
        await server.call("PUT", "/flows/hello", {"flow": flow(words="Good day"), "revision": 1})
        await server.call("POST", "/flows/hello/publish", {"note": "second", "revision": 2})
        _, answer = await server.call("GET", "/flows/hello/versions")
        assert [(2, True), (1, False)] == [(one["version"], one["live"]) for one in answer["versions"]]
        status, answer = await server.call("POST", "/flows/hello/rollback", {"version": 1, "note": "oops"})
        assert (201, 1, {"number": 3}) == (status, answer["version"]["version"], answer["release"])
        _, answer = await server.call("GET", "/flows/hello")
        assert (1, 2, flow(words="Good day")) == tuple(answer["flow"][name] for name in ("live_version", "last_version", "draft"))
        _, answer = await server.call("GET", "/releases")
        assert [(3, True, {"hello": 1}), (2, False, {"hello": 2}), (1, False, {"hello": 1})] == [
            (one["number"], one["live"], one["flows"]) for one in answer["releases"]
        ]
        assert (404, "flow_not_found") == code(await server.call("POST", "/flows/hello/rollback", {"version": 9}))
        for path in ("x", "9" * 20, "-1"):
            assert (404, "flow_not_found") == code(await server.call("GET", f"/flows/hello/versions/{path}"))
        for path in ("/flows/no%00thing", "/flows/%FF", "/flows/" + "x" * 100):
            assert (404, "flow_not_found") == code(await server.call("GET", path))

    async def test_a_draft_that_was_changed_since_is_not_published(self, server: BotServer) -> None:
        await made(server)
        assert (409, "conflict") == code(await server.call("POST", "/flows/hello/publish", {"revision": 2}))

    async def test_unpublishing_the_last_flow_leaves_no_bot(self, server: BotServer) -> None:
        await live(server)
        assert (409, "conflict") == code(await server.call("DELETE", "/flows/hello"))
        assert (200, {"release": {"number": None}}) == await server.call("POST", "/flows/hello/unpublish")
        assert None is await server.bots.live_release(server.app.id)
        assert (409, "conflict") == code(await server.call("POST", "/flows/hello/unpublish"))
        assert (200, {}) == await server.call("DELETE", "/flows/hello")

    async def test_the_flow_where_the_bot_begins_is_not_taken_away_from_the_others(self, server: BotServer) -> None:
        await live(server)
        await live(server, "bye")
        answer = await server.call("POST", "/flows/hello/unpublish")
        assert (422, "flow_invalid") == code(answer)
        assert [("", "unknown_flow")] == [(one["flow"], one["code"]) for one in answer[1]["problems"]]
        _, settings = await server.call("GET", "/settings")
        body = {"settings": {}, "entry": {"flow": "bye"}, "revision": settings["revision"]}
        assert 200 == (await server.call("PUT", "/settings", body))[0]
        assert 200 == (await server.call("POST", "/flows/hello/unpublish"))[0]

    async def test_two_that_lead_to_each_other_go_live_together(self, server: BotServer) -> None:
        for here, there in (("hello", "bye"), ("bye", "hello")):
            options = [{"name": "go", "label": {"en": "Go"}}]
            steps = [
                {"type": "options", "id": "say", "text": {"en": "?"}, "options": options, "exits": {"go": "on"}},
                {"type": "link", "id": "on", "flow": there},
            ]
            await made(server, here, steps=steps)
        answer = await server.call("POST", "/flows/hello/publish")
        assert (422, "flow_invalid") == code(answer)
        assert [("hello", "on", "unknown_flow")] == [(one["flow"], one["step"], one["code"]) for one in answer[1]["problems"]]
        assert not (await server.call("POST", "/flows/hello/validate"))[1]["valid"]
        assert (await server.call("POST", "/flows/hello/validate", {"with": ["bye"]}))[1]["valid"]
        assert (404, "flow_not_found") == code(await server.call("POST", "/flows/hello/publish", {"with": ["gone"]}))
        assert 201 == (await server.call("POST", "/flows/hello/publish", {"with": ["bye"], "note": "both"}))[0]
        _, answer = await server.call("GET", "/releases")
        assert [{"hello": 1, "bye": 1}] == [one["flows"] for one in answer["releases"]]
        assert (422, "flow_invalid") == code(await server.call("POST", "/flows/bye/unpublish"))
        assert (200, {"release": {"number": None}}) == await server.call("POST", "/flows/bye/unpublish", {"with": ["hello"]})

    async def test_errors_stand_in_the_way_with_their_steps_and_warnings_do_not(self, server: BotServer) -> None:
        call = {"type": "call", "id": "say", "url": "https://example.com/", "headers": {"X": "{{secret.KEY}}"}}
        await made(server, steps=[{**call, "exits": {"ok": "end"}}, {"type": "end", "id": "end"}])
        _, answer = await server.call("POST", "/flows/hello/validate")
        expected = {("say", "missing_exit", "error"), ("say", "unknown_secret", "warning")}
        assert (False, expected) == (answer["valid"], {(one["step"], one["code"], one["level"]) for one in answer["problems"]})
        assert (422, "flow_invalid") == code(await server.call("POST", "/flows/hello/publish"))
        mended = flow(steps=[{**call, "exits": {"ok": "end", "failed": "end"}}, {"type": "end", "id": "end"}])
        assert (await server.call("POST", "/flows/hello/validate", {"flow": mended}))[1]["valid"]
        await server.call("PUT", "/flows/hello", {"flow": mended, "revision": 1})
        assert 201 == (await server.call("POST", "/flows/hello/publish"))[0]


class TestSettings:
    async def test_they_are_kept_before_anything_is_live(self, server: BotServer) -> None:
        body = {"settings": {"bot_name": "Ada", "languages": ["fr"]}, "revision": 0}
        status, answer = await server.call("PUT", "/settings", body)
        assert (200, None, {"bot_name": "Ada", "languages": ["fr"]}) == (status, answer["live_release"], answer["settings"])
        assert (409, "conflict") == code(await server.call("PUT", "/settings", body))

    async def test_they_are_live_at_once_by_a_new_release(self, server: BotServer) -> None:
        await live(server)
        body = {"settings": {"bot_name": "Ada"}, "entry": {"flow": "hello", "channels": {"web": "hello"}}, "revision": 1}
        status, answer = await server.call("PUT", "/settings", body)
        assert (200, 2) == (status, answer["live_release"])
        release = await server.bots.load_release(server.app.id, 2)
        assert release is not None
        assert ("Ada", {"web": "hello"}) == (release.settings.bot_name, release.entry.channels)

    async def test_what_is_not_live_is_no_entry(self, server: BotServer) -> None:
        await live(server)
        body = {"settings": {}, "entry": {"flow": "hello", "channels": {"web": "gone"}}, "revision": 1}
        assert (422, "flow_invalid") == code(await server.call("PUT", "/settings", body))
        assert (400, "bad_request") == code(await server.call("PUT", "/settings", {"settings": {}, "revision": 1}))
        assert (400, "bad_request") == code(await server.call("PUT", "/settings", {"settings": {"threshold": 7}, "revision": 1}))


class TestComparing:
    async def test_two_states_are_compared_step_by_step(self, server: BotServer) -> None:
        await live(server)
        changed = flow(words="Good day")
        changed["steps"].append({"type": "end", "id": "other"})
        changed["steps"][1]["position"] = [1, 2]
        await server.call("PUT", "/flows/hello", {"flow": changed, "revision": 1})
        status, answer = await server.call("GET", "/flows/hello/compare", params={"from": "1", "to": "draft"})
        found = answer["comparison"]
        assert (200, False) == (status, found["identical"])
        assert (["other"], [], {"say": ["text.en"]}, []) == tuple(found[name] for name in ("added", "removed", "changed", "flow"))
        _, answer = await server.call("GET", "/flows/hello/compare", params={"from": "1", "to": "live"})
        assert answer["comparison"]["identical"]
        for query in ({"from": "x"}, {"to": "-1"}):
            assert (400, "bad_request") == code(await server.call("GET", "/flows/hello/compare", params=query))


class TestCounts:
    async def test_each_step_of_a_version_is_counted(self, server: BotServer) -> None:
        await live(server)
        server.counted[server.app.id, "flow:hello:1"] = {"say:entered": 3, "say:left": 2, "end:entered": 2, "gone:left": 9}
        status, answer = await server.call("GET", "/flows/hello/counts")
        assert (200, 1) == (status, answer["counts"]["version"])
        assert [("say", 3, 2, 0), ("end", 2, 0, 0)] == [
            (one["id"], one["entered"], one["left"], one["dropped"]) for one in answer["counts"]["steps"]
        ]


class TestTemplates:
    async def test_a_template_becomes_a_draft(self, server: BotServer) -> None:
        status, answer = await server.call("POST", "/templates/order-status/copy", {"id": "mine", "name": "Mine", "linked": False})
        assert (201, "mine", "Mine") == (status, answer["flow"]["draft"]["id"], answer["flow"]["name"])
        assert ["mine"] == [one["id"] for one in (await server.call("GET", "/flows"))[1]["flows"]]
        assert (404, "flow_not_found") == code(await server.call("POST", "/templates/none/copy", {}))
        _, answer = await server.call("GET", "/templates/order-status")
        assert "order-status" == answer["template"]["flow"]["id"]

    async def test_all_that_came_along_goes_live_in_two_languages(self, server: BotServer) -> None:
        _, templates = await server.call("GET", "/templates")
        names = [one["template"] for one in templates["templates"]]
        assert {"greeting", "handover", "opening-hours", "order-status", "solved"} <= set(names)
        assert all({"en", "fr"} == set(one["languages"]) for one in templates["templates"])
        assert 201 == (await server.call("POST", "/templates/greeting/copy", {}))[0]
        copied = [one["id"] for one in (await server.call("GET", "/flows"))[1]["flows"]]
        assert 200 == (await server.call("PUT", "/settings", {"settings": templates["settings"], "revision": 0}))[0]
        status, answer = await server.call("POST", "/flows/greeting/publish", {"with": copied})
        assert 201 == status, answer
        for locale in ("en", "fr"):
            _, answer = await server.call("POST", "/previews", {"flow": "greeting", "version": "live", "locale": locale})
            assert [] != answer["preview"]["messages"]
            assert "bot" == answer["preview"]["control"]


class TestSecrets:
    async def test_a_value_never_comes_back(self, server: BotServer) -> None:
        status, answer = await server.call("PUT", "/secrets/API_KEY", {"value": "hush"})
        assert (200, "API_KEY") == (status, answer["secret"]["name"])
        assert {"API_KEY": "hush"} == await server.bots.secrets(server.app.id)
        told = [answer, (await server.call("GET", "/secrets"))[1], (await server.call("PUT", "/secrets/API_KEY", {"value": 7}))[1]]
        assert "hush" not in str(told)
        assert (200, {}) == await server.call("DELETE", "/secrets/API_KEY")
        assert (404, "secret_not_found") == code(await server.call("DELETE", "/secrets/API_KEY"))

    async def test_what_is_no_header_is_no_secret(self, server: BotServer) -> None:
        for path, value in (("/secrets/1", "x"), ("/secrets/A", "a\nb"), ("/secrets/A", ""), ("/secrets/A", "x" * 5_000)):
            assert (400, "bad_request") == code(await server.call("PUT", path, {"value": value}))
