"""The help centre as readers see it, over real tables: what is published is there, in their language, and nothing else is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from domain.directory import App
from domain.help.model import HelpCentre
from domain.help.sources import from_zendesk
from gateway.keys import Settings
from storage.sql.database import open_database
from storage.sql.help_import import import_sources
from tests import help_server
from tests.help_server import HelpServer

NASTY = '"><script>alert(1)</script>{{7*191}}'


class Page:
    """An answer, as a browser has it."""

    def __init__(self, status: int, text: str, headers: Any) -> None:
        self.status, self.text, self.headers = status, text, headers

    def links(self, part: str) -> list[str]:
        return re.findall(rf'href="([^"]*{part}[^"]*)"', self.text)


async def page(server: HelpServer, path: str, method: str = "GET", data: Any = None, **headers: str) -> Page:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with server.http.request(method, path, headers=sent, data=data, allow_redirects=False) as response:
        return Page(response.status, await response.text(), response.headers)


async def article(server: HelpServer, section: int, title: str = "Late parcels", **fields: Any) -> dict[str, Any]:
    given = {"title": title, "body": "<p>Wait for a day.</p>", "locale": "en-us", **fields}
    return await server.made(f"/sections/{section}/articles", **given)


def path_of(made: dict[str, Any]) -> str:
    return "/hc/" + str(made["html_url"]).partition("/hc/")[2]


async def test_from_the_start_to_an_article(server: HelpServer, section: int) -> None:
    made = await article(server, section, promoted=True)
    home = await page(server, "/hc/en-us")
    assert 200 == home.status
    assert path_of(made) in home.links("/articles/")
    (listed,) = {*home.links("/sections/")}
    assert path_of(made) in (await page(server, listed)).links("/articles/")
    read = await page(server, path_of(made))
    assert (200, True, True) == (read.status, "<h1" in read.text, "<p>Wait for a day.</p>" in read.text)
    assert "default-src 'none'" in read.headers["Content-Security-Policy"]


async def test_the_start_is_in_the_readers_language(server: HelpServer, section: int) -> None:
    made = await article(server, section)
    await server.made(f"/articles/{made['id']}/translations", locale="fr", title="Colis en retard", body="<p>Attendez.</p>")
    for asked, locale in (
        ("fr-CA,en;q=0.8", "fr"),
        ("de, en;q=0.5", "en-us"),
        ("", "en-us"),
        ("x;q=y,,*", "en-us"),
        ("fr;q=0,en", "en-us"),
    ):
        answer = await page(server, "/hc", Accept_Language=asked)
        assert (302, f"/hc/{locale}") == (answer.status, answer.headers["Location"]), asked
    french = await page(server, f"/hc/fr/articles/{made['id']}-colis-en-retard")
    assert (200, True, True) == (french.status, 'lang="fr"' in french.text, "Mis à jour le" in french.text)
    assert path_of(made) in french.links("/en-us/articles/")


@pytest.mark.parametrize("fields", [{"user_segment_id": 1}, {"user_segment_id": 2}, {"draft": True}])
async def test_what_is_not_for_everybody_is_nowhere(server: HelpServer, section: int, fields: dict[str, Any]) -> None:
    hidden = await article(server, section, "Secret tariffs", **fields)
    assert 404 == (await page(server, path_of(hidden))).status
    await article(server, section, "Open tariffs")
    for path in (
        "/hc/en-us",
        f"/hc/en-us/sections/{section}-delivery",
        "/hc/en-us/search?query=secret",
        "/hc/en-us/search.json?query=secret",
    ):
        answer = await page(server, path)
        assert (200, False) == (answer.status, "Secret tariffs" in answer.text), path
    assert 404 == (await page(server, path_of(hidden))).status


async def test_words_of_people_stay_text(server: HelpServer, section: int) -> None:
    made = await article(server, section, NASTY, body=f"<p>{NASTY}</p><a href='javascript:x()'>a</a><h2>{NASTY}</h2>")
    for path in ("/hc/en-us", path_of(made), f"/hc/en-us/search?query={NASTY}", "/hc/en-us/search?query=alert", "/hc/" + NASTY):
        answer = await page(server, path)
        assert ("<script>alert" in answer.text, "javascript:" in answer.text, "1337" in answer.text) == (False, False, False), path


async def test_a_help_centre_that_is_not_public_is_not_there(server: HelpServer, section: int) -> None:
    made = await article(server, section)
    await server.rooms.help.save_centre(HelpCentre(server.app_id, is_public=False))
    for path in ("/hc", "/hc/en-us", path_of(made), "/hc/en-us/search?query=late", f"/hc/en-us?app_id={server.app_id}"):
        answer = await page(server, path)
        assert (404, True, False) == (answer.status, "<h1>" in answer.text, "Late parcels" in answer.text), path


async def test_old_addresses_lead_on(server: HelpServer, section: int) -> None:
    gift = {"id": 360001, "title": "Gift cards", "body": "x", "locale": "en-us", "section_id": 7}
    export = {"articles": [gift], "sections": [{"id": 7, "name": "Shop"}]}
    await import_sources(server.rooms.help, server.app_id, from_zendesk(export, "en-us"), 1)
    moved = await page(server, "/hc/en-us/articles/360001-gift-cards-old-title")
    assert (301, True) == (moved.status, moved.headers["Location"].endswith("-gift-cards"))
    assert 200 == (await page(server, moved.headers["Location"])).status
    number = moved.headers["Location"].rpartition("/")[2]
    for path, status in ((f"/hc/articles/{number}", 302), (f"/hc/EN-US/articles/{number}", 302), (f"/help/en-us/articles/{number}", 301)):
        answer = await page(server, path, Accept_Language="en")
        assert (status, moved.headers["Location"]) == (answer.status, answer.headers["Location"])
    section_moved = await page(server, "/hc/en-us/sections/7-whatever")
    assert 301 == section_moved.status


class TestVotes:
    async def voted(self, server: HelpServer, path: str, value: str, **headers: str) -> Page:
        return await page(server, f"{path}/vote", "POST", {"value": value}, **{"Origin": server.url, **headers})

    async def test_a_reader_votes_once_without_a_script(self, server: HelpServer, section: int) -> None:
        made = await article(server, section)
        path = path_of(made)
        first = await self.voted(server, path, "up")
        assert (303, f"{path}#hc-vote") == (first.status, first.headers["Location"])
        assert {"HttpOnly", "SameSite=Lax", "Path=/hc"} <= set(first.headers["Set-Cookie"].split("; "))
        again = await page(server, path)
        assert ("1 of 1 person found this helpful" in again.text, 'aria-pressed="true"' in again.text) == (True, True)
        await self.voted(server, path, "down")
        assert "0 of 1 person" in (await page(server, path)).text, "the last vote counts"
        server.http.session.cookie_jar.clear()
        other = await page(server, path)
        assert ('aria-pressed="true"' in other.text, "Set-Cookie" in other.headers) == (False, False), "who only reads gets no cookie"
        told = await self.voted(server, path, "up", Accept="application/json")
        assert (200, '{"up":1,"all":2}') == (told.status, told.text)

    @pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}])
    async def test_a_form_of_another_page_is_refused(self, server: HelpServer, section: int, headers: dict[str, str]) -> None:
        path = path_of(await article(server, section))
        answer = await self.voted(server, path, "up", **headers)
        assert (403, True, False) == (answer.status, "<h1>" in answer.text, "Set-Cookie" in answer.headers)
        assert 403 == (await page(server, f"{path}/vote", "POST", {"value": "up"})).status, "nobody says from where"

    async def test_what_is_no_vote_is_refused(self, server: HelpServer, section: int) -> None:
        path = path_of(await article(server, section))
        assert 400 == (await self.voted(server, path, "sideways")).status
        assert 413 == (await self.voted(server, path, "x" * 1_000)).status
        hidden = await article(server, section, "Secret", user_segment_id=2)
        assert 404 == (await self.voted(server, path_of(hidden), "up")).status
        assert 405 == (await page(server, path, "POST", {}, Origin=server.url)).status


class TestSeveralApps:
    async def other(self, server: HelpServer, public: bool = True) -> tuple[str, int]:
        """An app beside the first, and an article of its help centre."""
        app_id = "f" * 24
        await server.directory.create_app(App(app_id, "Other"))
        gift = {"id": 1, "title": "Gift cards", "body": "x", "locale": "fr", "section_id": 7}
        export = {"articles": [gift], "sections": [{"id": 7, "name": "Shop"}]}
        await import_sources(server.rooms.help, app_id, from_zendesk(export, "fr"), 1)
        await server.rooms.help.save_centre(HelpCentre(app_id, "Another", "fr", is_public=public))
        numbers = await server.rooms.help.by_source("article", app_id)
        return app_id, numbers["zendesk:article:1"]

    async def test_an_address_leads_to_its_own_app(self, server: HelpServer, section: int) -> None:
        await article(server, section)
        app_id, number = await self.other(server)
        assert "/hc/en-us" == (await page(server, "/hc")).headers["Location"], "the first app's"
        assert f"/hc/fr?app_id={app_id}" == (await page(server, f"/hc?app_id={app_id}")).headers["Location"]
        read = await page(server, f"/hc/fr/articles/{number}-gift-cards")
        assert (200, True) == (read.status, "Gift cards" in read.text)
        assert all(f"app_id={app_id}" in link for link in read.links("/hc/fr")), "and so does every link on it"
        assert f"/hc/fr/articles/{number}-gift-cards" not in (await page(server, "/hc/en-us/search?query=gift")).text

    async def test_one_that_is_not_public_is_not_there(self, server: HelpServer, section: int) -> None:
        await article(server, section)
        app_id, number = await self.other(server, public=False)
        for path in (f"/hc/fr/articles/{number}-gift-cards", f"/hc/fr?app_id={app_id}"):
            answer = await page(server, path)
            assert (404, False) == (answer.status, "Gift cards" in answer.text), path

    async def test_a_host_may_be_one_apps(self, sqlite_path: Path) -> None:
        database = open_database(sqlite_path)
        server = await help_server.start(database, Settings(rate_limits=False, help_centre_hosts=(("help.example", "f" * 24),)))
        await self.other(server)
        home = await page(server, "/hc/fr", Host="help.example")
        assert (200, False, ["http://help.example/hc/fr"]) == (home.status, "app_id" in home.text, home.links("//help.example/hc/fr"))
        await server.http.close()
        await database.close()


class TestSearchEngines:
    async def test_by_default_they_are_told_to_stay_away(self, server: HelpServer, section: int) -> None:
        made = await article(server, section)
        assert "User-agent: *\nDisallow: /\n" == (await page(server, "/robots.txt")).text
        assert 404 == (await page(server, "/sitemap.xml")).status
        assert '<meta name="robots" content="noindex">' in (await page(server, path_of(made))).text

    async def test_by_setting_they_find_each_page_in_each_language(self, sqlite_path: Path) -> None:
        database = open_database(sqlite_path)
        server = await help_server.start(database, Settings("https://chat.example", rate_limits=False, search_engines=True))
        category = await server.made("/en-us/categories", name="Shop")
        section = (await server.made(f"/categories/{category['id']}/sections", name="Delivery", locale="en-us"))["id"]
        made = await article(server, section, "A & B")
        await server.made(f"/articles/{made['id']}/translations", locale="fr", title="A et B", body="x")
        await article(server, section, "Secret", user_segment_id=2)
        assert "Sitemap: https://chat.example/sitemap.xml" in (await page(server, "/robots.txt")).text
        tree = ElementTree.fromstring((await page(server, "/sitemap.xml")).text)
        found = [one.text for one in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
        ends = [f"en-us/articles/{made['id']}-a-b", f"fr/articles/{made['id']}-a-et-b"]
        assert [f"https://chat.example/hc/{end}" for end in ("en-us", "fr", *ends)] == found
        read = await page(server, path_of(made))
        assert "noindex" not in read.text
        assert f"https://chat.example/hc/{ends[1]}" in read.links("https://chat.example")
        data = json.loads(read.text.partition('application/ld+json">')[2].partition("</script>")[0])
        assert ("Article", "A & B") == (data["@type"], data["headline"])
        assert "noindex" in (await page(server, "/hc/en-us/search?query=a")).text
        await server.http.close()
        await database.close()


class TestFailures:
    async def test_they_are_pages_in_the_readers_language(self, server: HelpServer, section: int) -> None:
        await article(server, section)
        for path in ("/hc/en-us/articles/99999", "/hc/en-us/nowhere", "/hc/tlh", "/hc/en-us/articles/99999999999999999999", "/hc/files/x"):
            answer = await page(server, path)
            assert (404, True) == (answer.status, "This page is not here" in answer.text), path

    async def test_what_has_not_changed_is_not_sent_again(self, server: HelpServer, section: int) -> None:
        path = path_of(await article(server, section))
        first = await page(server, path)
        assert 304 == (await page(server, path, If_None_Match=first.headers["ETag"])).status
        sheet = first.links("help-.*css")[0]
        assert "immutable" in (await page(server, sheet)).headers["Cache-Control"]


class TestInsideTheWidget:
    async def asked(self, server: HelpServer, path: str, **query: str) -> tuple[int, Any]:
        (integration,) = await server.directory.list_integrations(server.app_id)
        address = f"/messaging/v1/integrations/{integration.id}/{path}"
        async with server.http.get(address, params=query, headers={"Origin": server.url}) as answer:
            return answer.status, await answer.json()

    async def test_articles_are_found_and_read(self, server: HelpServer, section: int) -> None:
        made = await article(server, section, promoted=True)
        await article(server, section, "Secret parcels", user_segment_id=1)
        for query in ("", "late parcel"):
            _, answer = await self.asked(server, "articles", query=query, locale="en-GB")
            assert [str(made["id"])] == [one["id"] for one in answer["results"]], query
        status, answer = await self.asked(server, f"articles/{made['id']}", locale="fr")
        assert (200, "Late parcels", made["html_url"]) == (status, answer["article"]["title"], answer["article"]["url"])
        assert f"{server.url}/hc" == (await self.asked(server, "config"))[1]["settings"]["helpCentreUrl"]

    async def test_what_is_not_for_everybody_is_not_there(self, server: HelpServer, section: int) -> None:
        hidden = await article(server, section, user_segment_id=1)
        assert 404 == (await self.asked(server, f"articles/{hidden['id']}"))[0]
        assert None is (await self.asked(server, "config"))[1]["settings"]["helpCentreUrl"], "there is nothing to read"

    async def test_nor_is_a_help_centre_that_is_not_public(self, server: HelpServer, section: int) -> None:
        made = await article(server, section)
        await server.rooms.help.save_centre(HelpCentre(server.app_id, is_public=False))
        for path in ("articles", f"articles/{made['id']}"):
            assert 404 == (await self.asked(server, path))[0], path
        assert None is (await self.asked(server, "config"))[1]["settings"]["helpCentreUrl"]


async def test_a_section_is_in_the_languages_of_its_articles(server: HelpServer, section: int) -> None:
    await article(server, section)
    await article(server, section, "Cartes cadeaux", locale="fr")
    await article(server, section, "Geheim", locale="de", user_segment_id=1)
    listed = await page(server, f"/hc/en-us/sections/{section}-delivery")
    assert {f"/hc/en-us/sections/{section}-delivery", f"/hc/fr/sections/{section}"} == {
        one for one in listed.links(f"/sections/{section}") if one.startswith("/")
    }
    french = await page(server, f"/hc/fr/sections/{section}")
    assert (301, f"/hc/fr/sections/{section}-delivery") == (french.status, french.headers["Location"])
    german = await page(server, f"/hc/de/sections/{section}")
    assert (302, f"/hc/en-us/sections/{section}") == (german.status, german.headers["Location"]), "there is nothing in German"
