"""Operations on categories and sections. Source: Zendesk's Help Center API, Categories, Sections."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from msgspec import UNSET
from msgspec.structs import replace

from domain.errors import Invalid
from domain.help.model import Category, Section, Translation, checked_locale
from gateway.help import showing
from gateway.help.bodies import SectionBody, WordsBody, category_body, given, said, section_body
from gateway.zendesk.operations import Call, not_found, nothing


async def list_categories(call: Call) -> web.Response:
    return await showing.listed(call, "category", showing.wanted(call))


async def show_category(call: Call) -> web.Response:
    return await showing.one(call, "category", await showing.readable(call, "category", call.number()))


async def create_category(call: Call) -> web.Response:
    body, now_ms = category_body(call.body), call.now_ms()
    words = first_words(call, body, body.translations)
    category = Category(call.app.id, 0, words[0].locale, given(body.position, 0), now_ms, now_ms)
    made, _ = await call.help.add(category, words)
    return await showing.one(call, "category", made, 201)


async def update_category(call: Call) -> web.Response:
    """What is said of a category in a language is changed by its translations."""
    body = category_body(call.body)

    def change(before: Category) -> Category:
        return replace(before, position=given(body.position, before.position), updated_ms=call.now_ms())

    return await _changed(call, "category", change)


async def delete_category(call: Call) -> web.Response:
    if not await call.help.remove("category", call.app.id, call.number()):
        raise not_found()
    return nothing()


async def list_sections(call: Call) -> web.Response:
    return await showing.listed(call, "section", showing.wanted(call))


async def list_sections_of_category(call: Call) -> web.Response:
    category = await showing.readable(call, "category", call.number())
    return await showing.listed(call, "section", showing.wanted(call, categories=(category.id,)))


async def list_sections_of_section(call: Call) -> web.Response:
    section = await showing.readable(call, "section", call.number())
    return await showing.listed(call, "section", showing.wanted(call, sections=(section.id,)))


async def show_section(call: Call) -> web.Response:
    return await showing.one(call, "section", await showing.readable(call, "section", call.number()))


async def create_section(call: Call) -> web.Response:
    body, now_ms = section_body(call.body), call.now_ms()
    words = first_words(call, body, body.translations)
    section = Section(
        call.app.id,
        0,
        call.number(),
        words[0].locale,
        given(body.parent_section_id, None),
        given(body.position, 0),
        now_ms,
        now_ms,
    )
    made, _ = await call.help.add(section, words)
    return await showing.one(call, "section", made, 201)


async def update_section(call: Call) -> web.Response:
    body: SectionBody = section_body(call.body)

    def change(before: Section) -> Section:
        parent = before.parent_id if body.parent_section_id is UNSET else body.parent_section_id
        return replace(
            before,
            category_id=given(body.category_id, before.category_id),
            parent_id=parent,
            position=given(body.position, before.position),
            updated_ms=call.now_ms(),
        )

    return await _changed(call, "section", change)


async def delete_section(call: Call) -> web.Response:
    if not await call.help.remove("section", call.app.id, call.number()):
        raise not_found()
    return nothing()


async def _changed(call: Call, kind: Any, change: Any) -> web.Response:
    value = await call.help.change(kind, call.app.id, call.number(), change)
    if value is None:
        raise not_found()
    return await showing.one(call, kind, value)


def first_words(call: Call, body: WordsBody, more: list[WordsBody]) -> list[Translation]:
    """The words of something new: in the language of the address or the body, or in those of its `translations`, the first of which
    is then the source. Raises Invalid."""
    told: list[WordsBody] = list(more)
    if given(body.title, given(body.name, "")) or not told:
        told.insert(0, body)
    now_ms, author = call.now_ms(), call.caller.author_id
    words = []
    for one in told:
        locale = checked_locale(given(one.locale, call.locale or call.centre.default_locale))
        words.append(said(one, Translation(call.app.id, 0, "article", 0, locale, ""), now_ms, author))
    if len({one.locale for one in words}) != len(words):
        raise Invalid("translations", "has a locale twice")
    return words
