"""The help centre inside the messenger: `/messaging/v1/integrations/{integrationId}/articles`, for pages that may show the integration.

What is there is what everybody may read. An article's HTML is shown by the messenger through its own sanitiser.
"""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from domain.help.contents import Contents, Line
from domain.help.model import Audience, Hit, Translation, checked_locale
from domain.help.reading import is_open, nearest, parts
from gateway.help_pages.asking import ROOM, Room, not_found
from gateway.help_pages.searching import SUGGESTIONS, question
from gateway.help_pages.sites import Site
from gateway.limits import ADDRESS, LIMITS
from gateway.sessions import client_integration
from gateway.zendesk.operations import instant

STARTERS = 5
"""Articles that are shown before anything is asked."""
_FRESH = {"Cache-Control": "private, max-age=60"}


async def search(request: web.Request) -> web.Response:
    """With `?query=` what it finds, otherwise some articles to begin with. `?locale=` is the reader's language."""
    room, site, locale = await _asked(request)
    tree = await room.sites.contents(site, locale)
    asked = question(request)
    if asked:
        limits = request.app[LIMITS]
        limits.check(limits.visitors, f"help:{request[ADDRESS]}")
        found = await room.rooms.search.find(site.app_id, asked, locale, limit=SUGGESTIONS)
        results = [_of_hit(hit) for hit in found.hits]
    else:
        results = [_of_line(line, locale) for line in _starters(tree)]
    return _json({"results": results})


async def article(request: web.Request) -> web.Response:
    """One article, in the language nearest to the reader's."""
    room, site, locale = await _asked(request)
    number = int(request.match_info["number"])
    found = (await room.rooms.help.get("article", site.app_id, [number])).get(number)
    every = await room.rooms.help.translations("article", site.app_id, [number])
    words = {one.locale: one for one in every if not one.draft}
    if found is None or not words or not is_open(found, Audience.EVERYONE):
        raise not_found()
    shown = words[nearest(list(words), [locale], site.centre.default_locale)]
    return _json({"article": _full(shown, room.sites.base_of(site, request) + site.link(shown.locale, "articles", shown.slug))})


async def _asked(request: web.Request) -> tuple[Room, Site, str]:
    """Whose help centre, and in which language. Raises Refused."""
    integration = await client_integration(request, request.match_info["integrationId"])
    room = request.app[ROOM]
    site = await room.sites.of_app(integration.app_id)
    if site is None:
        raise not_found()
    given = request.query.get("locale")
    return room, site, site.locale(*([checked_locale(given)] if given else []))


async def address_of(room: Room | None, request: web.Request, app_id: str) -> str | None:
    """Where an app's help centre is, if it has a public one with something to read."""
    site = None if room is None else await room.sites.of_app(app_id)
    return room.sites.base_of(site, request) + site.link() if room is not None and site is not None and site.locales else None


def _starters(tree: Contents) -> list[Line]:
    """What the authors promote, what readers liked, and then what comes first."""
    chosen = [*tree.promoted(STARTERS), *tree.popular(STARTERS), *tree.lines[:STARTERS]]
    return list({one.id: one for one in chosen}.values())[:STARTERS]


def _of_hit(hit: Hit) -> dict[str, Any]:
    return {"id": str(hit.article_id), "title": hit.title, "locale": hit.locale, "parts": parts(hit.marked)}


def _of_line(line: Line, locale: str) -> dict[str, Any]:
    return {"id": str(line.id), "title": line.title, "locale": locale, "parts": []}


def _full(words: Translation, url: str) -> dict[str, Any]:
    told = {"id": str(words.of_id), "title": words.title, "locale": words.locale, "body": words.body}
    return told | {"url": url, "updatedAt": instant(words.updated_ms)}


def _json(value: Any) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type="application/json", charset="utf-8", headers=_FRESH)
