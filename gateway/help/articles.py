"""Operations on articles. Source: Zendesk's Help Center API, Articles. Deleting one archives it: nobody finds it any more."""

from __future__ import annotations

from aiohttp import web
from msgspec import UNSET
from msgspec.structs import replace

from domain.errors import Invalid
from domain.help.model import Article, Audience, checked_labels
from gateway.help import showing
from gateway.help.bodies import ArticleBody, article_body, audience_of, given
from gateway.help.structure import first_words
from gateway.zendesk.operations import Call, not_found, nothing


async def list_articles(call: Call) -> web.Response:
    return await showing.listed(call, "article", showing.wanted(call, labels=_labels(call)))


async def list_articles_of_section(call: Call) -> web.Response:
    section = await showing.readable(call, "section", call.number())
    return await showing.listed(call, "article", showing.wanted(call, sections=(section.id,), labels=_labels(call)))


async def list_articles_of_category(call: Call) -> web.Response:
    category = await showing.readable(call, "category", call.number())
    return await showing.listed(call, "article", showing.wanted(call, categories=(category.id,), labels=_labels(call)))


async def list_articles_of_user(call: Call) -> web.Response:
    author = await call.services.rooms.numbers.id_of("account", call.number())
    if author is None:
        raise not_found()
    return await showing.listed(call, "article", showing.wanted(call, author_id=author))


async def list_changed_articles(call: Call) -> web.Response:
    """Those that were changed at or after `start_time`, in seconds of Unix time."""
    given_time = call.request.query.get("start_time", "")
    if not (given_time.isascii() and given_time.isdigit() and len(given_time) <= 11):
        raise Invalid("start_time", "must be a Unix time in seconds")
    return await showing.listed(call, "article", showing.wanted(call, since_ms=int(given_time) * 1000), order="updated_at")


async def show_article(call: Call) -> web.Response:
    return await showing.one(call, "article", await showing.readable(call, "article", call.number()))


async def create_article(call: Call) -> web.Response:
    body, now_ms = article_body(call.body), call.now_ms()
    words = first_words(call, body, body.translations)
    article = Article(
        call.app.id,
        0,
        call.number(),
        words[0].locale,
        author_id=await _author(call, body, call.caller.author_id),
        audience=audience_of(body.user_segment_id, Audience.EVERYONE),
        labels=checked_labels(given(body.label_names, [])),
        position=given(body.position, 0),
        promoted=given(body.promoted, False),
        comments_disabled=given(body.comments_disabled, False),
        created_ms=now_ms,
        updated_ms=now_ms,
        edited_ms=now_ms,
    )
    made, _ = await call.help.add(article, words)
    return await showing.one(call, "article", made, 201)


async def update_article(call: Call) -> web.Response:
    """All but its words, which are changed by its translations."""
    body = article_body(call.body)
    author = await _author(call, body, None)

    def change(before: Article) -> Article:
        if before.archived_ms is not None:
            raise not_found()
        return replace(
            before,
            section_id=given(body.section_id, before.section_id),
            author_id=author or before.author_id,
            audience=audience_of(body.user_segment_id, before.audience),
            labels=checked_labels(given(body.label_names, before.labels)),
            position=given(body.position, before.position),
            promoted=given(body.promoted, before.promoted),
            comments_disabled=given(body.comments_disabled, before.comments_disabled),
            updated_ms=call.now_ms(),
        )

    value = await call.help.change("article", call.app.id, call.number(), change)
    if value is None:
        raise not_found()
    return await showing.one(call, "article", value)


async def archive_article(call: Call) -> web.Response:
    def change(before: Article) -> Article:
        if before.archived_ms is not None:
            raise not_found()
        return replace(before, archived_ms=call.now_ms())

    if await call.help.change("article", call.app.id, call.number(), change) is None:
        raise not_found()
    return nothing()


def _labels(call: Call) -> tuple[str, ...]:
    return tuple(name.strip() for name in call.request.query.get("label_names", "").split(",") if name.strip())


async def _author(call: Call, body: ArticleBody, otherwise: str | None) -> str | None:
    """The account that `author_id` names. Raises Invalid."""
    if body.author_id is UNSET or body.author_id is None:
        return otherwise
    found = await call.services.rooms.numbers.id_of("account", body.author_id)
    if found is None:
        raise Invalid("author_id", "is nobody who writes here")
    return found
