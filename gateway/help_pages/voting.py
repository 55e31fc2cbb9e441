"""Whether an article was helpful: a form that needs no script, and the same for the script, which stays on the page."""

from __future__ import annotations

from typing import Literal
from urllib.parse import parse_qs

import msgspec
from aiohttp import hdrs, web

from domain.errors import Invalid
from domain.help.model import Vote
from gateway.bodies import read_body
from gateway.help_pages import visitors
from gateway.help_pages.articles import readable
from gateway.help_pages.asking import Asked, not_found
from gateway.keys import ROUTER

MAX_FORM_BYTES = 200
_VALUES: dict[str, Literal[-1, 1]] = {"up": 1, "down": -1}


async def vote(request: web.Request) -> web.Response:
    """The last vote of a reader counts. Back to the article, or what was counted for who asks for JSON."""
    visitors.check_form(request)
    asked = await Asked.by(request)
    value = _VALUES.get((parse_qs((await read_body(request, MAX_FORM_BYTES)).decode("ascii", "replace")).get("value") or [""])[0])
    if value is None:
        raise Invalid("value", "must be up or down")
    read = await readable(asked, asked.number())
    name, cookie = visitors.reader_of(request), None
    if name is None:
        name, cookie = visitors.new_reader(asked)
    now_ms = request.app[ROUTER].now_ms()
    given = Vote(asked.site.app_id, 0, read.article.id, name, value, now_ms, now_ms)
    if await asked.room.rooms.help.vote(given) is None:
        raise not_found()
    response = await _answer(asked, read.words.slug)
    if cookie is not None:
        visitors.remember(asked, response, cookie)
    return response


async def _answer(asked: Asked, slug: str) -> web.Response:
    if "application/json" not in asked.request.headers.get(hdrs.ACCEPT, ""):
        return web.Response(status=303, headers={"Location": asked.link("articles", slug) + "#hc-vote"})
    good, every = (await readable(asked, asked.number())).votes
    return web.Response(body=msgspec.json.encode({"up": good, "all": every}), content_type="application/json")
