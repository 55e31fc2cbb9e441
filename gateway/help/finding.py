"""Searching articles. Source: Zendesk's Help Center API, Search. In one language, or by `locale=*` in whichever."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from domain.errors import Invalid
from domain.help.model import Hit
from gateway.help import showing
from gateway.zendesk import paging
from gateway.zendesk.operations import Call, answer
from storage.sql.help_lists import Part
from storage.sql.help_search import MAX_HITS, Filters


async def search_articles(call: Call) -> web.Response:
    """By `query`, or by `label_names`, `category` and `section` alone."""
    page, query = call.page(), call.request.query
    if page.number == 0:
        raise Invalid("page", "is a number here: what is found is ordered by how well it fits")
    filters = _filters(call)
    words = query.get("query", "").strip()
    if not words and not filters.any:
        raise Invalid("query", "is required, or label_names, category or section")
    results, count = await (_found(call, words, filters, page) if words else _listed(call, filters, page))
    around = paging.around(page, call.url, query, min(count, MAX_HITS) if words else count, [], False)
    return answer({"results": results, **around})


async def _found(call: Call, words: str, filters: Filters, page: paging.Page) -> tuple[list[dict[str, Any]], int]:
    locale, exact = _locale(call)
    found = await call.services.rooms.search.find(
        call.app.id, words, locale, limit=page.size, offset=page.offset, audience=call.audience, filters=filters, exact=exact
    )
    articles = await call.help.get("article", call.app.id, [hit.article_id for hit in found.hits])
    of = await showing.views(call, "article", list(articles.values()))
    shown = [(hit, articles[hit.article_id]) for hit in found.hits if hit.article_id in articles]
    return [of.article(article, hit.locale) | _beside(hit) for hit, article in shown], found.count


async def _listed(call: Call, filters: Filters, page: paging.Page) -> tuple[list[dict[str, Any]], int]:
    wanted = showing.wanted(call, labels=filters.labels, categories=filters.categories, sections=filters.sections)
    found = await call.help.listed("article", wanted, Part(page.size, page.offset))
    shown = await showing.many(call, "article", found.values)
    return [view | {"result_type": "article", "snippet": ""} for view in shown], found.count


def _beside(hit: Hit) -> dict[str, Any]:
    return {"result_type": "article", "snippet": hit.marked, "score": hit.score}


def _locale(call: Call) -> tuple[str, bool]:
    if call.request.query.get("locale") == "*":
        return call.centre.default_locale, False
    return call.locale or call.centre.default_locale, True


def _filters(call: Call) -> Filters:
    query = call.request.query
    labels = tuple(name.strip() for name in query.get("label_names", "").split(",") if name.strip())
    return Filters(labels, _numbers(query.get("category", ""), "category"), _numbers(query.get("section", ""), "section"))


def _numbers(given: str, field: str) -> tuple[int, ...]:
    parts = [part.strip() for part in given.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        raise Invalid(field, "must be ids, with commas between them")
    return tuple(map(int, parts))
