"""Which web pages may open streams and sessions: the `Origin` of browsers against the app's allow-list. Programs send none."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from domain.errors import Refused
from gateway.keys import SETTINGS
from gateway.lookups import Lookups


async def check_origin(request: web.Request, lookups: Lookups) -> None:
    """Raise `Refused` (`forbidden`) for a page that may not. Allowed: no origin, our own, and those of the settings ("*": any)."""
    origin = request.headers.get("Origin")
    if origin is None or allowed(origin, request.app[SETTINGS].allowed_origins, own_hosts(request)):
        return
    raise Refused("forbidden", "This page may not connect")


def own_hosts(request: web.Request) -> set[str]:
    """The hosts under which this server is reached."""
    public_url = request.app[SETTINGS].public_url
    return {request.host, *([urlsplit(public_url).netloc] if public_url else [])}


def allowed(origin: str, listed: tuple[str, ...], own: set[str]) -> bool:
    """Whether an origin is listed or is one of our own hosts. `null`, as sandboxed pages send it, never is our own."""
    if "*" in listed or origin in listed:
        return True
    return urlsplit(origin).netloc in own
