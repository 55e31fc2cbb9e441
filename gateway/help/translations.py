"""Operations on the words of articles, sections and categories. Source: Zendesk's Help Center API, Translations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from msgspec.structs import replace

from domain.errors import Invalid, Refused
from domain.help.model import Article, Kind, Translation, checked_locale
from gateway.help import showing
from gateway.help.bodies import WordsBody, given, said, translation_body
from gateway.zendesk.operations import Call, answer, not_found, nothing

Handle = Callable[[Call], Awaitable[web.Response]]


def list_of(kind: Kind) -> Handle:
    async def list_translations(call: Call) -> web.Response:
        value = await _there(call, kind)
        of = await showing.views(call, kind, [value])
        query = call.request.query
        found = [one for one in of.every_words(value) if showing.may_read(call, one)]
        wanted = {checked_locale(each) for each in query.get("locales", "").split(",") if each}
        found = [one for one in found if not wanted or one.locale in wanted]
        for name in ("outdated", "draft"):
            if query.get(name) in ("true", "false"):
                found = [one for one in found if getattr(one, name) == (query[name] == "true")]
        around = {"count": len(found), "next_page": None, "page": 1, "page_count": 1, "per_page": 100, "previous_page": None}
        return answer({"translations": [of.translation(one) for one in found], **around})

    return list_translations


def missing_of(kind: Kind) -> Handle:
    async def list_missing(call: Call) -> web.Response:
        """The languages of the help centre in which nothing is said yet."""
        value = await _there(call, kind)
        spoken = {one.locale for one in await call.help.translations(kind, call.app.id, [value.id])}
        every = {*await call.help.locales(call.app.id), call.centre.default_locale}
        return answer({"locales": sorted(every - spoken)})

    return list_missing


def show_of(kind: Kind) -> Handle:
    async def show_translation(call: Call) -> web.Response:
        value = await _there(call, kind)
        of = await showing.views(call, kind, [value])
        for one in of.every_words(value):
            if one.locale == call.locale and showing.may_read(call, one):
                return answer({"translation": of.translation(one)})
        raise not_found()

    return show_translation


def create_of(kind: Kind) -> Handle:
    async def create_translation(call: Call) -> web.Response:
        body = translation_body(call.body)
        locale = checked_locale(given(body.locale, ""), "translation.locale")

        def change(before: Translation | None) -> Translation:
            if before is not None:
                raise Refused("bad_request", f"There is a translation in {locale} already")
            return _said(call, body, Translation(call.app.id, 0, kind, 0, locale, ""))

        return await _put(call, kind, locale, change, 201)

    return create_translation


def update_of(kind: Kind) -> Handle:
    async def update_translation(call: Call) -> web.Response:
        body = translation_body(call.body)

        def change(before: Translation | None) -> Translation:
            if before is None:
                raise not_found()
            return _said(call, body, before)

        return await _put(call, kind, call.locale or "", change, 200)

    return update_translation


async def delete_translation(call: Call) -> web.Response:
    found = await call.help.translation(call.app.id, call.number())
    if found is None:
        raise not_found()
    await call.help.delete_translation(call.app.id, found)
    return nothing()


async def list_locales(call: Call) -> web.Response:
    locales = {*await call.help.locales(call.app.id), call.centre.default_locale}
    return answer({"locales": sorted(locales), "default_locale": call.centre.default_locale})


async def _there(call: Call, kind: Kind) -> Article:
    """What the path names, whatever language it has words in. Raises Refused."""
    value = (await call.help.get(kind, call.app.id, [call.number()])).get(call.number())
    hidden = isinstance(value, Article) and (value.archived_ms is not None or value.audience > call.audience)
    if value is None or hidden:
        raise not_found()
    return value  # type: ignore[no-any-return]


async def _put(call: Call, kind: Kind, locale: str, change: Callable[[Translation | None], Translation], status: int) -> web.Response:
    made = await call.help.put_translation(kind, call.app.id, call.number(), locale, change)
    if made is None:
        raise not_found()
    if kind == "article":
        await call.help.change(kind, call.app.id, call.number(), lambda article: replace(article, edited_ms=made.updated_ms))
    of = await showing.views(call, kind, [])
    named = [each for each in (made.created_by, made.updated_by) if each]
    of = type(of)(call, [made], await call.services.rooms.numbers.of("account", named))
    return answer({"translation": of.translation(made)}, status)


def _said(call: Call, body: WordsBody, before: Translation) -> Translation:
    try:
        return said(body, before, call.now_ms(), call.caller.author_id)
    except Invalid as error:
        raise Invalid(f"translation.{error.field}", error.title.removeprefix(f"{error.field}: ")) from None
