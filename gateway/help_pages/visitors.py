"""Readers who vote: known by a cookie that is set when they first do, and by nothing else. Whether a form that came is of our own pages."""

from __future__ import annotations

import re
import secrets
from hashlib import blake2b

from aiohttp import hdrs, web

from domain.errors import Refused
from gateway.help_pages.asking import Asked
from gateway.help_pages.sites import ROOT
from gateway.limits import ADDRESS, LIMITS
from gateway.origins import allowed, base_url, own_hosts

COOKIE = "causerie_reader"
KEPT_S = 365 * 86_400
_READER = re.compile(r"[A-Za-z0-9_-]{22}\Z")


def check_form(request: web.Request) -> None:
    """Raises Refused unless a page of ours has sent this: browsers say so themselves, and pages cannot make them lie.

    The form gives no right to anything, so that there is nothing more to steal than a vote.
    """
    origin = request.headers.get(hdrs.ORIGIN)
    if (
        origin is None
        or not allowed(origin, (), own_hosts(request))
        or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"
    ):
        raise Refused("forbidden", "This form is not from here")


def reader_of(request: web.Request) -> str | None:
    """The name under which somebody votes, who has voted before. It does not tell the cookie."""
    given = request.cookies.get(COOKIE, "")
    return _named(given) if _READER.match(given) else None


def new_reader(asked: Asked) -> tuple[str, str]:
    """(name, cookie) of somebody who votes for the first time. Raises Unavailable: there were many of them at one address."""
    limits = asked.request.app[LIMITS]
    limits.check(asked.room.voters, asked.request[ADDRESS])
    cookie = secrets.token_urlsafe(16)
    return _named(cookie), cookie


def remember(asked: Asked, response: web.Response, cookie: str) -> None:
    secure = base_url(asked.request).startswith("https:")
    response.set_cookie(COOKIE, cookie, max_age=KEPT_S, path=ROOT, httponly=True, samesite="Lax", secure=secure)


async def vote_of(asked: Asked, article_id: int) -> int | None:
    """How this reader has voted: 1, -1, or None."""
    reader = reader_of(asked.request)
    return None if reader is None else await asked.room.rooms.contents.vote_of(asked.site.app_id, article_id, reader)


def _named(cookie: str) -> str:
    return "reader:" + blake2b(cookie.encode(), digest_size=16).hexdigest()
