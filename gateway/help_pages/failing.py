"""Failures of the pages as pages: a middleware inside the one of all errors. Bugs go on to the outer one."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable

from aiohttp import web

from domain.errors import HTTP_STATUS, Refused, Unavailable
from domain.language import language_of
from gateway.counts import COUNTS
from gateway.help_pages.asking import ROOM, Elsewhere
from gateway.help_pages.sites import ROOT, Site, wished
from gateway.help_pages.texts import TEXTS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def help_pages_errors_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not request.path.startswith(ROOT) or ROOM not in request.app:
        return await handler(request)
    try:
        return await handler(request)
    except Elsewhere as elsewhere:
        return elsewhere.answer()
    except Refused as error:
        return await _page(request, HTTP_STATUS[error.code], error.code)
    except Unavailable as error:
        answer = await _page(request, HTTP_STATUS[error.code], error.code)
        answer.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
        return answer
    except web.HTTPNotFound:
        return await _page(request, 404, "not_found")
    except web.HTTPMethodNotAllowed as error:
        answer = await _page(request, 405, "method_not_allowed")
        answer.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return answer


async def _page(request: web.Request, status: int, code: str) -> web.Response:
    COUNTS.refusals[code] += 1
    site = await _site(request)
    locale = _locale(request, site)
    what = "not_found" if status == 404 else "busy" if status in (429, 503) else "wrong"
    link = None if site is None else lambda *path, **query: site.link(locale, *path, **query)
    return request.app[ROOM].renderer.page(request, "failure.html", site, locale, status, what=what, link=link)


async def _site(request: web.Request) -> Site | None:
    """Whose page it would have been, if that can be known."""
    try:
        return await request.app[ROOM].sites.of_request(request)
    except (Refused, Unavailable):
        return None


def _locale(request: web.Request, site: Site | None) -> str:
    """That of the address as far as it has one, or of the browser."""
    first = request.path.removeprefix(ROOT).strip("/").partition("/")[0]
    mine = [each for each in (first, *wished(request)) if language_of(each) in TEXTS]
    return site.locale(*mine) if site is not None else (mine or ["en"])[0].lower()
