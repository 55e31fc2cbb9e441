"""An article's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web

from domain.help.contents import Line
from domain.help.model import Article, Audience, Translation
from domain.help.outline import shaped
from domain.help.reading import is_open, nearest
from gateway.help_pages import visitors
from gateway.help_pages.asking import Asked, Elsewhere, not_found
from gateway.help_pages.pages import settled
from gateway.zendesk.operations import instant

RELATED = 5
BESIDE = 12
"""Articles of the same section that are listed beside one."""
DESCRIPTION = 160


class Read(msgspec.Struct, frozen=True):
    """An article that everybody may read, in one language, and in which others it is."""

    article: Article
    words: Translation
    every: tuple[Translation, ...]

    @property
    def votes(self) -> tuple[int, int]:
        """(those that found it good, all)."""
        return (self.article.vote_count + self.article.vote_sum) // 2, self.article.vote_count


async def article(request: web.Request) -> web.Response:
    asked = await Asked.by(request)
    read = await readable(asked, asked.number())
    settled(asked, "articles", read.words.slug)
    own, body = asked.contents.line(read.article.id), shaped(read.words.body)
    beside = [one for one in asked.contents.lines if own is not None and one.section_id == own.section_id]
    return asked.page(
        "article.html",
        [(one.locale, asked.site.link(one.locale, "articles", one.slug)) for one in read.every],
        asked.link("articles", read.words.slug),
        indexed=True,
        article=read.article,
        article_slug=read.words.slug,
        linked_data=_linked_data(asked, read),
        title=read.words.title,
        edited_ms=read.words.updated_ms,
        body=body.html,
        entries=body.entries,
        trail=asked.contents.trail(read.article.section_id),
        beside=_around(beside, read.article.id),
        related=await _related(asked, read),
        vote=await visitors.vote_of(asked, read.article.id),
        votes=read.votes,
        description=" ".join(read.words.text.split())[:DESCRIPTION],
    )


async def readable(asked: Asked, number: int) -> Read:
    """What a number names, if everybody may read it. Raises Refused, and `Elsewhere`: it is in another language, or came from Zendesk."""
    help_centre, app_id = asked.room.rooms.help, asked.site.app_id
    found: Article | None = (await help_centre.get("article", app_id, [number])).get(number)
    if found is None:
        brought = await asked.room.rooms.contents.by_source("article", app_id, f"zendesk:article:{number}")
        if brought is None:
            raise not_found()
        raise Elsewhere((await readable_link(asked, brought)), for_good=True)
    words = await _published(asked, found)
    here = words.get(asked.locale)
    if here is None:
        raise Elsewhere(_link(asked, words))
    return Read(found, here, tuple(words.values()))


async def readable_link(asked: Asked, number: int) -> str:
    """An article's address, in the nearest language. Raises Refused."""
    found = (await asked.room.rooms.help.get("article", asked.site.app_id, [number])).get(number)
    if found is None:
        raise not_found()
    return _link(asked, await _published(asked, found))


async def _published(asked: Asked, article: Article) -> dict[str, Translation]:
    """Its published words by language. Raises Refused, without telling whether there are others."""
    every = await asked.room.rooms.help.translations("article", asked.site.app_id, [article.id])
    words = {one.locale: one for one in every if not one.draft}
    if not words or not is_open(article, Audience.EVERYONE):
        raise not_found()
    return words


def _link(asked: Asked, words: dict[str, Translation]) -> str:
    locale = nearest(list(words), [asked.locale], asked.site.centre.default_locale)
    return asked.site.link(locale, "articles", words[locale].slug)


def _linked_data(asked: Asked, read: Read) -> dict[str, Any]:
    """What search engines read of an article. Source: schema.org, Article."""
    return {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": read.words.title,
        "inLanguage": read.words.locale,
        "datePublished": instant(read.words.created_ms),
        "dateModified": instant(read.words.updated_ms),
        "publisher": {"@type": "Organization", "name": asked.site.look.name},
    }


def _around(lines: Sequence[Line], number: int) -> list[Line]:
    """At most so many, with this one among them."""
    at = next((place for place, one in enumerate(lines) if one.id == number), 0)
    first = max(0, min(at - BESIDE // 2, len(lines) - BESIDE))
    return list(lines[first : first + BESIDE])


async def _related(asked: Asked, read: Read) -> list[Line]:
    """What a search for the title finds beside it; asked again after a while, since the page may be read a thousand times until then."""
    app_id, title = asked.site.app_id, read.words.title

    async def find() -> list[int]:
        found = await asked.room.rooms.search.find(app_id, title, asked.locale, limit=RELATED + 1, exact=True)
        return [one.article_id for one in found.hits if one.article_id != read.article.id][:RELATED]

    numbers = await asked.room.related.get((app_id, asked.locale, title), find)
    return [line for line in map(asked.contents.line, numbers) if line is not None]
