"""`/widget.js` and its module, `/messenger/{integrationId}` (what the widget's frame shows), `/demo`, `/workspace`, and their files."""

from __future__ import annotations

import html
import ipaddress
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from domain.directory import Integration
from domain.integrations import WebSettings
from gateway.keys import DIRECTORY, LOOKUPS, SETTINGS
from gateway.limits import ADDRESS
from gateway.origins import own_hosts
from gateway.pages import built_files, policy
from gateway.pages.built_files import ASSETS, BUILD, Built

BUILT = web.AppKey("built", Built)

#: How long a page may go on with the loader that it has. What the loader fetches has names of its own for each version.
_LOADER_CACHE = "public, max-age=300, stale-while-revalidate=86400"
_ANYWHERE = {"Cross-Origin-Resource-Policy": "cross-origin", hdrs.ACCESS_CONTROL_ALLOW_ORIGIN: "*"}
_PAGE = {"Referrer-Policy": "strict-origin-when-cross-origin", "Cross-Origin-Resource-Policy": "cross-origin"}
_OWN = {
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_KEY = b"CAUSERIE_WEB_INTEGRATION_ID"
_OWN_DEMO = b"CAUSERIE_DEMO_OWN"
_MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<h1>{title}</h1><p>{words}</p>"""


def add_pages(app: web.Application, built: Built | None = None) -> None:
    """The routes of the pages, over the files that were built."""
    app[BUILT] = built_files.read() if built is None else built
    for name in ("widget.js", "widget.mjs", "widget.d.ts"):
        app.router.add_get(f"/{name}", loader)
    app.router.add_get("/assets/{name}", asset)
    app.router.add_get("/messenger/{integrationId}", messenger)
    app.router.add_get("/demo", demo)
    for path in ("/workspace", "/workspace/{tail:.*}"):
        app.router.add_get(path, workspace)


async def loader(request: web.Request) -> web.Response:
    """A script for pages of any host."""
    return _file(request, request.path.removeprefix("/"), {**_ANYWHERE, hdrs.CACHE_CONTROL: _LOADER_CACHE})


async def asset(request: web.Request) -> web.Response:
    """A file whose name tells its content."""
    return _file(request, ASSETS + request.match_info["name"], _ANYWHERE)


async def messenger(request: web.Request) -> web.Response:
    """The document in the widget's frame, for the pages that may show this integration."""
    found = await request.app[LOOKUPS].integration(request.match_info["integrationId"])
    if found is None or found.status != "active" or found.type != "web":
        return _missing("No such integration", "There is no active web integration of this id.")
    listed = _listed(found)
    pages = request.app[SETTINGS].allowed_origins if listed is None else listed
    return _file(request, "messenger.html", {**_PAGE, hdrs.CONTENT_SECURITY_POLICY: policy.messenger(own_hosts(request), pages)})


async def demo(request: web.Request) -> web.Response:
    """A made-up shop with the widget of the first app. It tells nothing but that integration's id, which every visitor knows.

    On the machine itself it also shows the agents' page, and says where the password is: not the password, and no session. Being near
    proves nothing: other people may use the machine, and a proxy on it makes everybody look near.
    """
    if not _sees_demo(request):
        return _missing("Not here", "The sample shop is for the server's own machine. The setting CAUSERIE_DEMO opens it.")
    file, integration = request.app[BUILT].get("demo.html"), await _first_web(request)
    if file is None or integration is None:
        return _file(request, "demo.html", {})
    body = file.plain.replace(_KEY, integration.id.encode()).replace(_OWN_DEMO, b"yes" if _is_near(request) else b"no")
    headers = {**_PAGE, hdrs.CONTENT_SECURITY_POLICY: policy.demo(), hdrs.CACHE_CONTROL: "no-cache"}
    return web.Response(body=body, headers=headers, content_type="text/html", charset="utf-8")


async def workspace(request: web.Request) -> web.Response:
    """The agents' page, whatever it is to show: that is read from the address in the browser. It holds nothing of anybody's.

    On the machine itself the sample shop shows it beside the widget.
    """
    in_demo = _sees_demo(request) and _is_near(request)
    return _file(request, "workspace.html", {**_OWN, hdrs.CONTENT_SECURITY_POLICY: policy.workspace(own_hosts(request), in_demo=in_demo)})


def _file(request: web.Request, path: str, headers: dict[str, str]) -> web.Response:
    built = request.app[BUILT]
    file = built.get(path)
    if file is not None:
        return built_files.answer(request, file, headers)
    if not built:
        return _missing("The pages are not built", f"Run `{BUILD}` in the checkout, and start the server again.")
    return _missing("Not found", "There is no such file.")


def _missing(title: str, words: str) -> web.Response:
    text = _MISSING.format(title=html.escape(title), words=html.escape(words))
    headers = {hdrs.CACHE_CONTROL: "no-store", hdrs.CONTENT_SECURITY_POLICY: "default-src 'none'; frame-ancestors *"}
    return web.Response(status=404, text=text, content_type="text/html", headers=headers)


def _listed(integration: Integration) -> tuple[str, ...] | None:
    """The pages that an integration lists; None: it leaves that to the settings."""
    settings = integration.settings
    return settings.origin_whitelist if isinstance(settings, WebSettings) else None


def _sees_demo(request: web.Request) -> bool:
    wanted = request.app[SETTINGS].demo
    if wanted != "auto":
        return wanted == "on"
    return _is_near(request)


def _is_near(request: web.Request) -> bool:
    """Whether it comes from this machine, as far as one can see."""
    # Behind a proxy on this machine everybody's address is its own, so the name in the request must be the machine's, too.
    return _is_loopback(request[ADDRESS]) and _is_loopback(urlsplit(f"//{request.host}").hostname or "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _first_web(request: web.Request) -> Integration | None:
    directory = request.app[DIRECTORY]
    apps = await directory.list_apps("", "", 1)
    found = await directory.list_integrations(apps[0].id) if apps else []
    return next((one for one in found if one.type == "web" and one.status == "active"), None)
