"""Messages as the bot says them: content of the neutral model that every channel can show, cut to the model's limits.

A button's payload names flow, step and option, so that a press is understood whenever it comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from domain.actions import MAX_ACTION_TEXT, Link, Reply
from domain.bot.commands import Article
from domain.bot.effects import Said
from domain.content import MAX_TEXT, CarouselContent, Content, FormContent, ImageContent, TextContent, encode_content, parse_content
from domain.decode import Uri, convert
from domain.errors import Invalid
from domain.forms import EmailField, FormField, Option, SelectField, TextField
from domain.items import MAX_ITEMS, Item
from domain.message_post import Reference

MAX_SHORT = 128
MAX_DESCRIPTION = 256
_PREFIX = "bot:"

_references = msgspec.json.Encoder()


def text(words: str, buttons: Sequence[Reply] = ()) -> Said:
    """A text with quick replies."""
    return _said(TextContent(text=words[:MAX_TEXT] or None, actions=tuple(buttons)))


def image(url: str, words: str) -> Said:
    """An image with a caption."""
    return _said(ImageContent(media_url=url, text=words[:MAX_TEXT] or None))


def button(label: str, payload: str) -> Reply:
    """A quick reply. One without a label shows its payload's last part, as a button must show something."""
    return Reply(text=label[:MAX_ACTION_TEXT] or payload.rpartition("/")[2], payload=payload)


def link(label: str, url: str) -> Link | None:
    """A button that opens an address; None for an address that cannot be opened safely."""
    return Link(text=label[:MAX_SHORT] or url[:MAX_SHORT], uri=url) if _is_uri(url) else None


def card(title: str, description: str, links: Sequence[Link], image_url: str | None = None) -> Item:
    """One card of a carousel."""
    return Item(
        title=title[:MAX_SHORT] or links[0].text, description=description[:MAX_SHORT] or None, actions=tuple(links), media_url=image_url
    )


def carousel(items: Sequence[Item]) -> Said:
    """Cards, which become numbered paragraphs with their links where a channel has no cards."""
    return _said(CarouselContent(items=tuple(items[:MAX_ITEMS])))


def article_cards(articles: Sequence[Article], label: str) -> list[Item]:
    """The articles that can be opened, as cards."""
    linked = [(one, link(label, one.url)) for one in articles]
    return [card(one.title, one.snippet, [action]) for one, action in linked if action is not None]


def form(words: str, fields: Sequence[FormField]) -> Said:
    """A form, for channels that show forms."""
    return _said(FormContent(text=words[:MAX_TEXT] or None, fields=tuple(fields)))


def form_field(kind: str, name: str, label: str, placeholder: str, sizes: tuple[int, int], choices: Sequence[tuple[str, str]]) -> FormField:
    """One field of a form. `choices` are (name, label)."""
    label, hint = label[:MAX_SHORT] or name, placeholder[:MAX_SHORT] or None
    if kind == "select":
        return SelectField(name=name, label=label, placeholder=hint, options=tuple(Option(*each) for each in choices))
    if kind == "email":
        return EmailField(name=name, label=label, placeholder=hint)
    shape = kind if kind in ("integer", "decimal") else None
    return TextField(name=name, label=label, placeholder=hint, min_size=sizes[0], max_size=sizes[1], format=shape)  # type: ignore[arg-type]


def answer(passage: str, sources: Sequence[Article]) -> Said:
    """A passage that was found, with its sources."""
    cited = [_reference(one) for one in sources if _is_uri(one.url)][:10]
    said = text(passage)
    return Said(said.content, references=_references.encode(cited) if cited else None, ai=True)


def payload(flow_id: str, step_id: str, option: str) -> str:
    return f"{_PREFIX}{flow_id}/{step_id}/{option}"


def pressed(value: str | None) -> tuple[str, str, str] | None:
    """(flow, step, option) of a button of ours; None for anything else."""
    if value is None or not value.startswith(_PREFIX):
        return None
    parts = value.removeprefix(_PREFIX).split("/", 2)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def _reference(source: Article) -> Reference:
    return Reference(uri=source.url, title=source.title[:MAX_SHORT] or None, description=source.snippet[:MAX_DESCRIPTION] or None)


def _said(content: Content) -> Said:
    return Said(parse_content(encode_content(content), "api")[1])


def _is_uri(url: str) -> bool:
    of: Any = Uri
    try:
        convert(url, of, "url")
    except Invalid:
        return False
    return True
