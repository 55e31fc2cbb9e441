"""What a search finds: a page of it, or the first few while somebody types."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from domain.help.model import Hit, slugged
from domain.help.reading import parts
from gateway.help_pages.asking import Asked
from gateway.limits import ADDRESS, LIMITS

MAX_QUERY = 200
"""Characters of a question; what is longer is cut."""
PAGE, MAX_PAGES = 10, 20
SUGGESTIONS = 6


async def search(request: web.Request) -> web.Response:
    asked, query = await Asked.by(request), question(request)
    number = page_number(request)
    found = await _found(asked, query, PAGE, (number - 1) * PAGE)
    count = min(found[1], PAGE * MAX_PAGES)
    return asked.page(
        "search.html",
        [(locale, asked.site.link(locale, "search", query=query)) for locale in asked.site.locales],
        asked.link("search", query=query),
        query=query,
        results=[shown(asked, hit) for hit in found[0]],
        total=count,
        number=number,
        pages=-(-count // PAGE),
    )


async def suggest(request: web.Request) -> web.Response:
    """`search.json`: for the pages' own script."""
    asked, query = await Asked.by(request), question(request)
    hits, count = await _found(asked, query, SUGGESTIONS, 0)
    body = msgspec.json.encode({"results": [shown(asked, hit) for hit in hits], "count": count})
    return web.Response(body=body, content_type="application/json", charset="utf-8", headers={"Cache-Control": "private, max-age=60"})


def question(request: web.Request) -> str:
    return " ".join(request.query.get("query", "").replace("\0", " ").split())[:MAX_QUERY]


def page_number(request: web.Request) -> int:
    given = request.query.get("page", "1")
    return min(MAX_PAGES, max(1, int(given))) if given.isascii() and given.isdigit() and len(given) < 4 else 1


def shown(asked: Asked, hit: Hit) -> dict[str, Any]:
    """`parts`: the snippet in pieces, each with whether it is a word of the question."""
    line = asked.contents.line(hit.article_id)
    trail = asked.contents.trail(line.section_id) if line is not None else []
    return {
        "title": hit.title,
        "url": asked.site.link(hit.locale, "articles", slugged(hit.article_id, hit.title)),
        "locale": hit.locale,
        "parts": parts(hit.marked),
        "trail": [one.title for one in trail],
    }


async def _found(asked: Asked, query: str, limit: int, offset: int) -> tuple[list[Hit], int]:
    """Raises Unavailable: so many questions at once are no person's."""
    if not query:
        return [], 0
    limits = asked.request.app[LIMITS]
    limits.check(limits.visitors, f"help:{asked.request[ADDRESS]}")
    found = await asked.room.rooms.search.find(asked.site.app_id, query, asked.locale, limit=limit, offset=offset)
    return found.hits, found.count
