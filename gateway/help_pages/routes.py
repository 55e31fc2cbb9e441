"""The addresses of the help centre: as Zendesk's look, so that links of companies that come from there go on working."""

from __future__ import annotations

import time

from aiohttp import web

from gateway.cache import Cache
from gateway.help_pages import articles, engines, pages, searching, voting
from gateway.help_pages.asking import ROOM, Room
from gateway.help_pages.files import SCRIPT, Files
from gateway.help_pages.rendering import Renderer
from gateway.help_pages.sites import ROOT, Sites
from gateway.keys import DIRECTORY, SETTINGS
from gateway.limits import Buckets
from gateway.pages.routes import BUILT
from gateway.routes import OF_ARTICLES, add_routes
from gateway.zendesk.operations import HELP_CHANGED, Rooms

RELATED_S, MAP_S = 300.0, 300.0
VOTERS, VOTERS_PER_S = 20, 1 / 360
"""New readers at one address whose votes count: at once, and in the long run."""
_LOCALE = "{locale:[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*}"
_NUMBER = "{number:[0-9]{1,20}}{rest:(?:-[^/]*)?}"
_KINDS = (("categories", pages.category), ("sections", pages.section), ("articles", articles.article))


def add_help_pages(app: web.Application, rooms: Rooms) -> None:
    """To an application that has its pages and settings."""
    settings, built = app[SETTINGS], app[BUILT].get(SCRIPT)
    files = Files(None if built is None else built.plain)
    sites = Sites(rooms, app[DIRECTORY], settings)
    renderer = Renderer(files.names, settings.search_engines)
    related: Cache[tuple[str, str, str], list[int]] = Cache(time.monotonic, RELATED_S, capacity=5_000)
    maps: Cache[tuple[str, str], str] = Cache(time.monotonic, MAP_S, capacity=16)
    app[ROOM] = Room(rooms, sites, renderer, related, maps, Buckets(rate_per_s=VOTERS_PER_S, burst=VOTERS))
    app[HELP_CHANGED] = sites.forget
    get, here = app.router.add_get, f"{ROOT}/{_LOCALE}"
    get(f"{ROOT}/files/{{name}}", files.serve)
    for root in (ROOT, ROOT + "/"):
        get(root, pages.start)
    for kind, handler in _KINDS:
        get(f"{here}/{{kind:{kind}}}/{_NUMBER}", handler)
        get(f"{ROOT}/{{kind:{kind}}}/{_NUMBER}", pages.without_locale)
    get(f"{here}/search", searching.search)
    get(f"{here}/search.json", searching.suggest)
    app.router.add_post(f"{here}/{{kind:articles}}/{_NUMBER}/vote", voting.vote)
    for root in (here, here + "/"):
        get(root, pages.home)
    get("/robots.txt", engines.robots)
    get("/sitemap.xml", engines.sitemap)
    add_routes(app, OF_ARTICLES)
    for old in ("/help", "/help/{rest:.*}"):
        get(old, pages.moved)
