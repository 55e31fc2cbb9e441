"""What search engines are told: `/robots.txt` and the map of all pages. By the setting, which by default says no."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from aiohttp import web

from domain.help.model import slugged
from gateway.help_pages.asking import ROOM, Room, not_found
from gateway.help_pages.sites import Site
from gateway.keys import SETTINGS
from gateway.zendesk.operations import instant

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


async def robots(request: web.Request) -> web.Response:
    """Nothing of this server is for search engines, but for its help centre where the setting says so."""
    lines, room = ["User-agent: *", "Disallow: /"], request.app[ROOM]
    if request.app[SETTINGS].search_engines:
        site = await room.sites.of_request(request)
        lines += ["Allow: /hc", "Disallow: /hc/*/search", "", f"Sitemap: {room.sites.base_of(site, request)}/sitemap.xml"]
    return web.Response(text="\n".join(lines) + "\n", headers={"Cache-Control": "max-age=3600"})


async def sitemap(request: web.Request) -> web.Response:
    """Each page in each language, with the others that it is in."""
    room = request.app[ROOM]
    if not request.app[SETTINGS].search_engines:
        raise not_found()
    site = await room.sites.of_request(request)
    base = room.sites.base_of(site, request)
    text = await room.maps.get((site.app_id + site.link(), base), lambda: _map(room, site, base))
    response = web.Response(text=text, content_type="application/xml", headers={"Cache-Control": "max-age=3600"})
    response.enable_compression()
    return response


async def _map(room: Room, site: Site, base: str) -> str:
    """Written beside the event loop: of a large help centre it is a megabyte or two."""
    return await asyncio.to_thread(_written, site, base, await room.rooms.contents.dates(site.app_id))


def _written(site: Site, base: str, dates: list[tuple[int, str, str, int]]) -> str:
    pages = [_entries(base, [(locale, site.link(locale), None) for locale in site.locales])]
    for _, words in groupby(dates, key=lambda one: one[0]):
        pages.append(_entries(base, [(locale, _address(site, number, locale, title), at_ms) for number, locale, title, at_ms in words]))
    return _HEAD + "".join(pages) + "</urlset>\n"


def _address(site: Site, number: int, locale: str, title: str) -> str:
    return site.link(locale, "articles", slugged(number, title))


def _entries(base: str, forms: Iterable[tuple[str, str, int | None]]) -> str:
    """One page in its languages."""
    listed = list(forms)
    alternate = '<xhtml:link rel="alternate" hreflang={} href={}/>'
    others = "".join(alternate.format(quoteattr(locale), quoteattr(base + link)) for locale, link, _ in listed)
    found = []
    for _, link, at_ms in listed:
        changed = "" if at_ms is None else f"<lastmod>{instant(at_ms)}</lastmod>"
        found.append(f"<url><loc>{escape(base + link)}</loc>{changed}{others if len(listed) > 1 else ''}</url>\n")
    return "".join(found)
