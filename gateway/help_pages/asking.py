"""One request for a page: whose help centre, in which language, of what. And the two ways on: a page, or another address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from domain.errors import Refused
from domain.help.contents import Contents
from domain.help.model import checked_locale
from gateway.cache import Cache
from gateway.help_pages import texts
from gateway.help_pages.rendering import Renderer
from gateway.help_pages.sites import Site, Sites
from gateway.limits import Buckets
from gateway.zendesk.operations import Rooms


@dataclass(frozen=True, slots=True)
class Room:
    """What the pages are made with."""

    rooms: Rooms
    sites: Sites
    renderer: Renderer
    related: Cache[tuple[str, str, str], list[int]]
    """Articles that are like one, by app, language and title."""
    maps: Cache[tuple[str, str], str]
    """What search engines are told of all pages, by whose they are and where."""
    voters: Buckets
    """New readers who vote, by address: one person has few browsers, and a program has as many as it likes."""


ROOM = web.AppKey("help_pages", Room)


@dataclass(frozen=True, slots=True)
class Asked:
    """`locale` is one in which the help centre has something; what else an address says is led there by `Elsewhere`."""

    request: web.Request
    room: Room
    site: Site
    locale: str
    contents: Contents

    @classmethod
    async def by(cls, request: web.Request) -> Asked:
        """Raises Refused (`not_found`) and `Elsewhere`."""
        room = request.app[ROOM]
        site = await room.sites.of_request(request)
        given = checked_locale(request.match_info["locale"])
        locale = site.locale(given)
        if locale != given and not texts.is_known(given, site.locales):
            raise not_found()
        if locale != request.match_info["locale"]:
            _, _, rest = request.rel_url.raw_path.removeprefix("/hc/").partition("/")
            raise Elsewhere(site.link(locale, *([rest] if rest else []), **_query(request)))
        return cls(request, room, site, locale, await room.sites.contents(site, locale))

    def number(self) -> int:
        """That of what the address names. Raises Refused: no database holds such a number."""
        number = int(self.request.match_info["number"])
        if number >= 2**63:
            raise not_found()
        return number

    def link(self, *path: object, **query: object) -> str:
        return self.site.link(self.locale, *path, **query)

    def page(self, template: str, others: Sequence[tuple[str, str]], canonical: str, **told: Any) -> web.Response:
        """`others`: languages with the address of the same page in each; `canonical`: the page's own address here."""
        base = self.room.sites.base_of(self.site, self.request)
        beside = [locale for locale, _ in others]
        named = [(locale, base, link, texts.name_of(locale, beside)) for locale, link in others]
        told = {"contents": self.contents, "link": self.link, "canonical": base + canonical, "base": base, "others": named, **told}
        return self.room.renderer.page(self.request, template, self.site, self.locale, **told)


class Elsewhere(Exception):
    """What was asked for has another address. `for_good`: links should be changed."""

    def __init__(self, link: str, for_good: bool = False) -> None:
        super().__init__(link)
        self.link, self.for_good = link, for_good

    def answer(self) -> web.Response:
        return web.Response(status=301 if self.for_good else 302, headers={"Location": self.link, "Cache-Control": "no-cache"})


def not_found() -> Refused:
    return Refused("not_found", "Not found")


def _query(request: web.Request) -> dict[str, str]:
    return {name: value for name, value in request.query.items() if name in ("query", "page")}
