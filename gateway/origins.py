"""Which web pages may open streams and sessions: the `Origin` of browsers against an allow-list. Programs send none.

A web integration may list its pages; otherwise, and for agents, the settings' list counts. That is checked here, and not left to browsers:
what is under `/messaging/v1` any page may ask for and read the answer of (CORS), refusals included. No answer depends on cookies.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import hdrs, web

from domain.directory import Integration
from domain.errors import Refused
from domain.integrations import WebSettings
from gateway.keys import SETTINGS
from gateway.lookups import Lookups

PREFLIGHT_S = 600

_VISITORS = "/messaging/v1/"


async def check_origin(request: web.Request, lookups: Lookups) -> None:
    """Raise `Refused` (`forbidden`) for a page that may not. Allowed: no origin, our own, and those of the settings ("*": any)."""
    _check(request, request.app[SETTINGS].allowed_origins)


async def check_visitor_origin(request: web.Request, integration: Integration | None) -> None:
    """The same for visitors who come by an integration: where it lists its pages, those count, and not the settings'."""
    settings = integration.settings if integration is not None else None
    listed = settings.origin_whitelist if isinstance(settings, WebSettings) else None
    _check(request, request.app[SETTINGS].allowed_origins if listed is None else listed)


def _check(request: web.Request, listed: tuple[str, ...]) -> None:
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and not allowed(origin, listed, own_hosts(request)):
        raise Refused("forbidden", "This page may not connect")


def base_url(request: web.Request) -> str:
    """How clients reach this server: as it was configured, or else as the request says."""
    public = request.app[SETTINGS].public_url
    return public.rstrip("/") if public else f"{request.scheme}://{request.host}"


def own_hosts(request: web.Request) -> set[str]:
    """The hosts under which this server is reached."""
    public_url = request.app[SETTINGS].public_url
    return {request.host, *([urlsplit(public_url).netloc] if public_url else [])}


def allowed(origin: str, listed: tuple[str, ...], own: set[str]) -> bool:
    """Whether an origin is listed or is one of our own hosts. `null`, as sandboxed pages send it, never is our own."""
    if "*" in listed or origin in listed:
        return True
    return urlsplit(origin).netloc in own


async def tell_page(request: web.Request, response: web.StreamResponse) -> None:
    """An `on_response_prepare` hook: pages may read the answer."""
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and request.path.startswith(_VISITORS):
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = "Retry-After, ETag"
        response.headers[hdrs.VARY] = hdrs.ORIGIN


async def preflight(request: web.Request) -> web.Response:
    """Browsers ask before they send. It is the request itself that is checked, since only that says for which integration it is."""
    headers = {
        hdrs.ACCESS_CONTROL_ALLOW_METHODS: "GET, POST, DELETE",
        hdrs.ACCESS_CONTROL_ALLOW_HEADERS: "Authorization, Content-Type, If-None-Match, Range",
        hdrs.ACCESS_CONTROL_MAX_AGE: str(PREFLIGHT_S),
    }
    return web.Response(status=204, headers=headers)
