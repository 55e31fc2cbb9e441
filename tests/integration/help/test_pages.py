"""The help centre as readers see it, over real tables: what is published is there, in their language, and nothing else is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain.help.model import HelpCentre
from domain.help.sources import from_zendesk
from storage.sql.help_import import import_sources
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
