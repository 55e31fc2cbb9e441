"""The pages that are lists: the start, categories, sections. And the ways to the right language."""

from __future__ import annotations

from aiohttp import web

from domain.help.contents import Heading
from domain.help.model import Kind
from gateway.help_pages.asking import ROOM, Asked, Elsewhere, not_found
from gateway.help_pages.sites import PLACES, ROOT, wished

HOME_ARTICLES = 4
"""Of each topic, on the start page."""
PROMOTED, POPULAR = 6, 6


async def start(request: web.Request) -> web.Response:
    """`/hc`: to the reader's own language."""
    site = await request.app[ROOM].sites.of_request(request)
    answer = Elsewhere(site.link(site.locale(*wished(request)))).answer()
    answer.headers["Vary"] = "Accept-Language"
    return answer


async def without_locale(request: web.Request) -> web.Response:
    """`/hc/articles/…`: the same in the reader's own language."""
    site = await request.app[ROOM].sites.of_request(request)
    rest = request.rel_url.raw_path.removeprefix(ROOT + "/")
    answer = Elsewhere(site.link(site.locale(*wished(request)), rest)).answer()
    answer.headers["Vary"] = "Accept-Language"
    return answer


async def moved(request: web.Request) -> web.Response:
    """`/help` and what lies below: where the help centre was once said to be."""
    rest = request.rel_url.raw_path.removeprefix("/help")
    query = request.rel_url.raw_query_string
    return Elsewhere(ROOT + rest.rstrip("/") + (f"?{query}" if query else ""), for_good=True).answer()


async def home(request: web.Request) -> web.Response:
    asked = await Asked.by(request)
    tops = [(one, asked.contents.articles_below(one)) for one in asked.contents.tops]
    return asked.page(
        "home.html",
        [(locale, asked.site.link(locale)) for locale in asked.site.locales],
        asked.link(),
        indexed=True,
        tops=[(one, lines[:HOME_ARTICLES], len(lines)) for one, lines in tops],
        promoted=asked.contents.promoted(PROMOTED),
        popular=asked.contents.popular(POPULAR),
    )


async def category(request: web.Request) -> web.Response:
    asked = await Asked.by(request)
    found = await _heading(asked, "category")
    return await _listed(asked, found, "categories", [found])


async def section(request: web.Request) -> web.Response:
    asked = await Asked.by(request)
    found = await _heading(asked, "section")
    return await _listed(asked, found, "sections", asked.contents.trail(found.id))


async def _heading(asked: Asked, kind: Kind) -> Heading:
    """What the address names. Raises Refused, and `Elsewhere` where it has moved: by a new title, or with its company."""
    number, pages = asked.number(), PLACES[kind]
    found = _in(asked, kind, number)
    if found is not None:
        settled(asked, pages, found.slug)
        return found
    brought = await asked.room.rooms.contents.by_source(kind, asked.site.app_id, f"zendesk:{kind}:{number}")
    again = None if brought is None else _in(asked, kind, brought)
    if again is None:
        raise not_found()
    raise Elsewhere(asked.link(pages, again.slug), for_good=True)


def _in(asked: Asked, kind: Kind, number: int) -> Heading | None:
    return asked.contents.category(number) if kind == "category" else asked.contents.section(number)


def settled(asked: Asked, pages: str, slug: str) -> None:
    """Raises `Elsewhere` unless the address is as it is written now."""
    if asked.request.match_info["rest"] != slug.lstrip("0123456789"):
        raise Elsewhere(asked.link(pages, slug), for_good=True)


async def _others(asked: Asked, heading: Heading, pages: str) -> list[tuple[str, str]]:
    """Where it is in each language in which there is anything in it. Without a name there, its number leads to the right address."""
    rooms, app_id = asked.room.rooms, asked.site.app_id
    words = await rooms.help.translations(heading.kind, app_id, [heading.id])
    slugs = {one.locale: one.slug for one in words if not one.draft} | {asked.locale: heading.slug}
    there = await rooms.contents.locales_in(app_id, asked.contents.numbers_in(heading))
    return [(locale, asked.site.link(locale, pages, slugs.get(locale, heading.id))) for locale in there]


async def _listed(asked: Asked, heading: Heading, pages: str, trail: list[Heading]) -> web.Response:
    tree = asked.contents
    return asked.page(
        "heading.html",
        await _others(asked, heading, pages),
        asked.link(pages, heading.slug),
        indexed=True,
        heading=heading,
        trail=trail[:-1],
        articles=tree.articles_of(heading) if heading.kind == "section" else [],
        groups=[(one, tree.articles_below(one)) for one in tree.sections_of(heading)],
        description=heading.description[:160],
    )
