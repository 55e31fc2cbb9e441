"""`/api/v2/help_center` as programs see it: what is written is read again, found, and shown to those for whom it is."""

from __future__ import annotations

from typing import Any

from aiohttp import encode_basic_auth

from domain.directory import App
from domain.help.model import HelpCentre
from storage.sql.bootstrap import new_key
from tests.help_server import AGENT, PASSWORD, HelpServer

NOBODY: dict[str, str] = {}
RAW = '<p onclick="x()">Leave it <b>outside</b></p><script>alert(1)</script>'


async def article(server: HelpServer, section: int, title: str = "Late parcels", **fields: Any) -> dict[str, Any]:
    given = {"title": title, "body": "<p>Wait for a day.</p>", "locale": "en-us", "label_names": ["late"], **fields}
    return await server.made(f"/sections/{section}/articles", **given)


class TestArticles:
    async def test_an_article_is_read_as_it_was_written_but_for_what_is_harmful(self, server: HelpServer, section: int) -> None:
        made = await article(server, section, body=RAW, promoted=True, position=3)
        assert "<p>Leave it <b>outside</b></p>" == made["body"]
        assert ("Late parcels", "en-us", ["late"], True, 3, section) == tuple(
            made[name] for name in ("title", "locale", "label_names", "promoted", "position", "section_id")
        )
        assert made["html_url"].endswith(f"/hc/en-us/articles/{made['id']}-late-parcels")
        assert isinstance(made["author_id"], int)
        for path in (f"/articles/{made['id']}", f"/articles/{made['id']}.json", f"/en-us/articles/{made['id']}.json"):
            assert (200, {"article": made}) == await server.call("GET", path)
        assert (200, {"article": made}) == await server.call("GET", f"/articles/{made['id']}.json", headers=NOBODY)

    async def test_all_but_the_words_is_changed_by_an_update(self, server: HelpServer, section: int) -> None:
        made = await article(server, section)
        status, answer = await server.call(
            "PUT", f"/articles/{made['id']}.json", {"article": {"promoted": True, "label_names": ["a", "b"], "title": "Other"}}
        )
        assert (200, True, ["a", "b"], "Late parcels") == (
            status,
            answer["article"]["promoted"],
            answer["article"]["label_names"],
            answer["article"]["title"],
        )

    async def test_an_archived_article_is_gone(self, server: HelpServer, section: int) -> None:
        made = await article(server, section)
        assert (204, None) == await server.call("DELETE", f"/articles/{made['id']}.json")
        assert 404 == (await server.call("GET", f"/articles/{made['id']}.json"))[0]
        assert 404 == (await server.call("DELETE", f"/articles/{made['id']}.json"))[0]
        assert [] == (await server.call("GET", "/articles.json"))[1]["articles"]
        assert 0 == (await server.call("GET", "/articles/search.json", query="parcels"))[1]["count"]

    async def test_drafts_are_for_those_who_write(self, server: HelpServer, section: int) -> None:
        made = await article(server, section, draft=True)
        assert 1 == (await server.call("GET", "/articles.json"))[1]["count"]
        assert 0 == (await server.call("GET", "/articles.json", headers=NOBODY))[1]["count"]
        assert 404 == (await server.call("GET", f"/articles/{made['id']}", headers=NOBODY))[0]
        assert 0 == (await server.call("GET", "/articles/search.json", query="parcels"))[1]["count"]
        await server.call("PUT", f"/articles/{made['id']}/translations/en-us", {"translation": {"draft": False}})
        assert 1 == (await server.call("GET", "/articles/search.json", query="parcels", headers=NOBODY))[1]["count"]

    async def test_sideloads(self, server: HelpServer, section: int) -> None:
        made = await article(server, section)
        status, answer = await server.call("GET", "/articles.json", include="users,sections,categories,translations")
        assert 200 == status
        assert [made["author_id"]] == [one["id"] for one in answer["users"]]
        assert [section] == [one["id"] for one in answer["sections"]]
        assert ["Shop"] == [one["name"] for one in answer["categories"]]
        assert ["en-us"] == [one["locale"] for one in answer["articles"][0]["translations"]]


class TestPaging:
    async def test_by_number(self, server: HelpServer, section: int) -> None:
        made = [await article(server, section, f"Article {number}") for number in range(5)]
        seen, url = [], "/articles.json?per_page=2&sort_by=title&sort_order=desc"
        while url:
            _, answer = await server.call("GET", url)
            seen += [one["id"] for one in answer["articles"]]
            assert (5, 3) == (answer["count"], answer["page_count"])
            url = answer["next_page"]
        assert [one["id"] for one in reversed(made)] == seen
        assert answer["previous_page"].endswith("page=2&per_page=2")

    async def test_by_cursor_in_both_directions(self, server: HelpServer, section: int) -> None:
        made = [(await article(server, section, f"Article {number}"))["id"] for number in range(5)]
        _, first = await server.call("GET", "/articles.json?page[size]=2")
        assert (made[:2], True) == ([one["id"] for one in first["articles"]], first["meta"]["has_more"])
        _, second = await server.call("GET", first["links"]["next"])
        assert made[2:4] == [one["id"] for one in second["articles"]]
        _, back = await server.call("GET", second["links"]["prev"])
        assert made[:2] == [one["id"] for one in back["articles"]]
        _, last = await server.call("GET", second["links"]["next"])
        assert ([made[4]], False, None) == ([one["id"] for one in last["articles"]], last["meta"]["has_more"], last["links"]["next"])

    async def test_what_is_no_page_is_refused(self, server: HelpServer) -> None:
        for query in ("page=0", "per_page=x", "page[after]=%2B", "page[size]=101", "page=999999", "sort_by=taste"):
            assert 422 == (await server.call("GET", f"/articles.json?{query}"))[0], query


class TestWhoCalls:
    async def test_every_way_in(self, server: HelpServer, section: int) -> None:
        owner = new_key(lambda: "d" * 24, "Owner", "account")
        await server.directory.create_key(owner)
        async with server.http.post("/agent/v1/sessions", json={"email": AGENT, "password": PASSWORD}) as response:
            session = await response.json()
        ways = [
            encode_basic_auth(f"{AGENT}/token", server.token),
            encode_basic_auth(f"{AGENT.upper()}/token", owner.secret),
            encode_basic_auth(AGENT, PASSWORD),
            encode_basic_auth(owner.id, owner.secret),
            f"Bearer {session['token']}",
        ]
        for way in ways:
            status, answer = await server.call("POST", f"/sections/{section}/labels-of-none", {}, headers={"Authorization": way})
            assert (404, "InvalidEndpoint") == (status, answer["error"])
            made = {"article": {"title": "By " + way[:6], "locale": "en-us", "body": ""}}
            assert 201 == (await server.call("POST", f"/sections/{section}/articles.json", made, headers={"Authorization": way}))[0]

    async def test_whoever_is_nobody_may_only_read(self, server: HelpServer, section: int) -> None:
        body = {"article": {"title": "A", "locale": "en-us"}}
        status, answer = await server.call("POST", f"/sections/{section}/articles.json", body, headers=NOBODY)
        assert (401, "Couldn't authenticate you") == (status, answer["error"])
        for wrong in (f"{AGENT}/token:{'x' * 40}", f"nobody@example.org/token:{server.token}", f"{AGENT}:wrong", "app_x:y"):
            name, _, secret = wrong.partition(":")
            headers = {"Authorization": encode_basic_auth(name, secret)}
            assert 401 == (await server.call("GET", "/articles.json", headers=headers))[0], wrong

    async def test_a_restricted_help_centre_shows_nothing_to_nobody(self, server: HelpServer, section: int) -> None:
        await article(server, section)
        await server.rooms.help.save_centre(HelpCentre(server.app_id, is_public=False))
        for path in ("/articles.json", "/articles/search.json?query=parcels", "/categories.json"):
            assert 401 == (await server.call("GET", path, headers=NOBODY))[0], path

    async def test_what_is_for_agents_is_neither_shown_nor_found_nor_counted(self, server: HelpServer, section: int) -> None:
        made = await article(server, section, "Secret tariffs", user_segment_id=2)
        assert 1 == (await server.call("GET", "/articles/search.json", query="tariffs"))[1]["count"]
        assert 0 == (await server.call("GET", "/articles/search.json", query="tariffs", headers=NOBODY))[1]["count"]
        assert 0 == (await server.call("GET", "/articles.json", headers=NOBODY))[1]["count"]
        for path in ("", "/translations", "/translations/en-us", "/votes", "/labels"):
            assert 404 == (await server.call("GET", f"/articles/{made['id']}{path}", headers=NOBODY))[0], path

    async def test_another_apps_rows_are_not_there(self, server: HelpServer, section: int) -> None:
        made = await article(server, section)
        other = new_key(lambda: "e" * 24, "Other", "app", "b" * 24)
        await server.directory.create_app(App("b" * 24, "Other"))
        await server.directory.create_key(other)
        headers = {"Authorization": encode_basic_auth(other.id, other.secret)}
        assert 404 == (await server.call("GET", f"/articles/{made['id']}.json", headers=headers))[0]
        assert 0 == (await server.call("GET", "/articles/search.json", query="parcels", headers=headers))[1]["count"]
        body = {"article": {"title": "A", "locale": "en-us"}}
        assert 422 == (await server.call("POST", f"/sections/{section}/articles.json", body, headers=headers))[0]
        status, answer = await server.call("GET", "/articles.json", headers=NOBODY)
        assert (422, "RecordInvalid") == (status, answer["error"]), "two apps, and none is named"
        assert 1 == (await server.call("GET", "/articles.json", headers=NOBODY, app_id=server.app_id))[1]["count"]


class TestErrors:
    async def test_a_record_that_is_not_valid(self, server: HelpServer, section: int) -> None:
        status, answer = await server.call("POST", f"/sections/{section}/articles.json", {"article": {"locale": "en-us"}})
        assert (422, "RecordInvalid", ["title"]) == (status, answer["error"], list(answer["details"]))
        assert 422 == (await server.call("POST", f"/sections/{section}/articles.json", {}))[0]
        assert 422 == (await server.call("POST", "/sections/999/articles.json", {"article": {"title": "A", "locale": "en-us"}}))[0]
        assert 422 == (await server.call("POST", f"/sections/{section}/articles.json", {"article": {"title": "A", "locale": "?"}}))[0]

    async def test_what_cannot_be_read_or_is_not_there(self, server: HelpServer) -> None:
        async with server.http.post("/api/v2/help_center/categories.json", data=b"{", headers=server.agent) as response:
            assert (400, "BadRequest") == (response.status, (await response.json())["error"])
        for path in ("/articles/1.json", f"/articles/{2**64}.json", "/sections/1", "/votes/1", "/nothing"):
            assert 404 == (await server.call("GET", path))[0], path
        assert (405, "MethodNotAllowed") == (lambda got: (got[0], got[1]["error"]))(await server.call("PATCH", "/articles.json"))


class TestTheRest:
    async def test_sections_lie_five_deep(self, server: HelpServer, section: int) -> None:
        _, top = await server.call("GET", f"/sections/{section}.json")
        path, parent = f"/categories/{top['section']['category_id']}/sections", section
        for depth in range(2, 6):
            parent = (await server.made(path, name=f"Depth {depth}", locale="en-us", parent_section_id=parent))["id"]
        body = {"section": {"name": "Too deep", "locale": "en-us", "parent_section_id": parent}}
        assert 422 == (await server.call("POST", path, body))[0]
        _, inside = await server.call("GET", f"/sections/{section}/sections.json")
        assert ["Depth 2"] == [one["name"] for one in inside["sections"]]
        assert 422 == (await server.call("PUT", f"/sections/{section}.json", {"section": {"parent_section_id": parent}}))[0], "in itself"

    async def test_a_deleted_category_takes_all_along(self, server: HelpServer, section: int) -> None:
        made = await article(server, section)
        _, top = await server.call("GET", f"/sections/{section}.json")
        assert 204 == (await server.call("DELETE", f"/categories/{top['section']['category_id']}.json"))[0]
        for path in (f"/sections/{section}", f"/articles/{made['id']}"):
            assert 404 == (await server.call("GET", path))[0]
        assert 0 == (await server.call("GET", "/articles/search.json", query="parcels"))[1]["count"]

    async def test_translations(self, server: HelpServer, section: int) -> None:
        made = await article(server, section)
        path = f"/articles/{made['id']}/translations"
        french = await server.made(path, locale="fr", title="Colis en retard", body="<p>Attendez.</p>")
        assert (["en-us", "fr"], 2) == (
            [one["locale"] for one in (await server.call("GET", f"{path}.json"))[1]["translations"]],
            (await server.call("GET", f"{path}.json"))[1]["count"],
        )
        assert "Colis en retard" == (await server.call("GET", f"/fr/articles/{made['id']}.json"))[1]["article"]["title"]
        assert 422 == (await server.call("POST", f"{path}.json", {"translation": {"locale": "fr", "title": "x"}}))[0], "twice"
        _, changed = await server.call("PUT", f"{path}/fr.json", {"translation": {"title": "Retards", "outdated": True}})
        assert ("Retards", True, "<p>Attendez.</p>") == tuple(changed["translation"][name] for name in ("title", "outdated", "body"))
        assert ["fr"] == (await server.call("GET", f"/articles/{made['id']}"))[1]["article"]["outdated_locales"]
        assert ["Retards"] == [
            one["title"] for one in (await server.call("GET", "/articles/search.json", query="retard", locale="fr"))[1]["results"]
        ]
        other = await article(server, section, "Alone")
        assert ["fr"] == (await server.call("GET", f"/articles/{other['id']}/translations/missing.json"))[1]["locales"]
        assert 204 == (await server.call("DELETE", f"/translations/{french['id']}.json"))[0]
        assert 404 == (await server.call("GET", f"/fr/articles/{made['id']}.json"))[0]
        _, locales = await server.call("GET", "/locales.json")
        assert {"locales": ["en-us"], "default_locale": "en-us"} == locales

    async def test_labels(self, server: HelpServer, section: int) -> None:
        made = await article(server, section)
        label = await server.made(f"/articles/{made['id']}/labels", name="snow")
        _, of_article = await server.call("GET", f"/articles/{made['id']}/labels.json")
        assert ["late", "snow"] == sorted(one["name"] for one in of_article["labels"])
        assert 1 == (await server.call("GET", "/articles/search.json", label_names="snow,ice"))[1]["count"]
        assert 1 == (await server.call("GET", "/articles/search.json", query="wait", label_names="snow"))[1]["count"]
        assert 0 == (await server.call("GET", "/articles/search.json", query="wait", label_names="ice"))[1]["count"]
        assert 204 == (await server.call("DELETE", f"/articles/{made['id']}/labels/{label['id']}.json"))[0]
        assert 0 == (await server.call("GET", "/articles/search.json", label_names="snow"))[1]["count"]

    async def test_one_has_one_vote(self, server: HelpServer, section: int) -> None:
        made = await article(server, section)
        _, up = await server.call("POST", f"/articles/{made['id']}/up.json", {})
        _, down = await server.call("POST", f"/articles/{made['id']}/down.json", {})
        assert (up["vote"]["id"], 1, -1) == (down["vote"]["id"], up["vote"]["value"], down["vote"]["value"])
        shown = (await server.call("GET", f"/articles/{made['id']}"))[1]["article"]
        assert (-1, 1) == (shown["vote_sum"], shown["vote_count"])
        assert 401 == (await server.call("POST", f"/articles/{made['id']}/up.json", {}, headers=NOBODY))[0]
        assert 204 == (await server.call("DELETE", f"/votes/{up['vote']['id']}.json"))[0]
        assert [] == (await server.call("GET", f"/articles/{made['id']}/votes.json"))[1]["votes"]

    async def test_search_marks_what_it_found(self, server: HelpServer, section: int) -> None:
        await article(server, section, "Customs", body="<p>Duties &amp; taxes are <b>paid</b> at once.</p>")
        _, found = await server.call("GET", "/articles/search.json", query="paying taxs", headers=NOBODY)
        assert ["<em>Duties</em> &amp; <em>taxes</em> are <em>paid</em> at once."] == [one["snippet"] for one in found["results"]]
        assert 422 == (await server.call("GET", "/articles/search.json"))[0]

    async def test_readiness(self, server: HelpServer, section: int) -> None:
        status, answer = await server.call("GET", "/api/v2/readiness")
        checks = {one["code"]: one["met"] for one in answer["readiness"]["checks"]}
        assert (200, True) == (status, answer["readiness"]["ready"])
        assert (True, True, True, False) == tuple(checks[name] for name in ("agent", "channel", "public_help_centre", "articles"))
        assert 401 == (await server.call("GET", "/api/v2/readiness", headers=NOBODY))[0]
