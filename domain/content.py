"""The content of a message in the neutral model: nine types, one union, and the way in from JSON. Pure.

Every channel translates to and from these types. Limits that a type can carry are in the types; the few rules between fields are in
`_check`; what the server adds (fallback texts, defaults) is in `_complete`. HTML is carried as given: whoever displays it sanitises it.
Markdown becomes HTML on the way in and is not kept.

Source of the rules: API contract, schema `content` and those it names. Where it is silent, an unknown key is dropped and null means unset.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeVar, cast

import msgspec
from msgspec import Meta, Struct, structs

from domain import forms, markdown, plain
from domain.actions import Action, Actions, ItemAction, Payload, Postback, Reply, check_action, check_one_opens_itself
from domain.decode import JsonObject, MediaUrl, check_opaque, decode
from domain.errors import Invalid
from domain.items import DisplaySettings, Items, check_items, items_text, with_alt_texts

Origin = Literal["api", "client"]
ContentType = Literal["text", "carousel", "list", "file", "form", "formResponse", "image", "location", "template"]

MAX_TEXT = 4096
MAX_LIST_ACTIONS = 10

#: What a visitor may send. The other types ask something of him, or are answers that only the server can build.
CLIENT_TYPES: frozenset[ContentType] = frozenset({"text", "image", "file", "location", "formResponse"})

Text = Annotated[str, Meta(max_length=MAX_TEXT)]
Short = Annotated[str, Meta(max_length=128)]
PlaceText = Annotated[str, Meta(max_length=1024)]


class Coordinates(Struct, frozen=True):
    """Degrees."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    long: Annotated[float, Meta(ge=-180, le=180)]


class Place(Struct, frozen=True, omit_defaults=True):
    address: PlaceText | None = None
    name: PlaceText | None = None


class _Content(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type"):
    """`block_chat_input`: the visitor cannot type while this is the newest message."""

    block_chat_input: bool | None = None


class TextContent(_Content, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="text"):
    """`payload` is that of the reply button which the visitor pressed, if this text came from one."""

    text: Text | None = None
    html_text: Text | None = None
    markdown_text: Text | None = None
    actions: Actions = ()
    payload: Payload | None = None


class CarouselContent(_Content, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="carousel"):
    """`text` is the server's: the fallback where there are no carousels."""

    items: Items
    display_settings: DisplaySettings | None = None
    text: str | None = None


class ListContent(_Content, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="list"):
    """`text` is the server's: the fallback where there are no lists."""

    items: Items
    actions: Annotated[tuple[ItemAction, ...], Meta(min_length=1, max_length=MAX_LIST_ACTIONS)] | None = None
    text: str | None = None


class FileContent(_Content, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="file"):
    """`media_type` and `media_size` (bytes) are the server's, once it knows them."""

    media_url: MediaUrl
    alt_text: Short | None = None
    text: Text | None = None
    html_text: Text | None = None
    markdown_text: Text | None = None
    attachment_id: Short | None = None
    media_type: str | None = None
    media_size: int | float | None = None


class ImageContent(_Content, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="image"):
    """`media_type` and `media_size` (bytes) are the server's, once it knows them."""

    media_url: MediaUrl
    alt_text: Short | None = None
    text: Text | None = None
    html_text: Text | None = None
    markdown_text: Text | None = None
    actions: Actions = ()
    attachment_id: Short | None = None
    media_type: str | None = None
    media_size: int | float | None = None


class FormContent(_Content, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="form"):
    """`submitted` is the server's; it is None only before `parse_content` has completed the form."""

    fields: Annotated[tuple[forms.FormField, ...], Meta(min_length=1, max_length=forms.MAX_FIELDS)]
    text: Text | None = None
    submitted: bool | None = None


class FormResponseContent(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="formResponse"):
    """`text_fallback` is the server's."""

    fields: Annotated[tuple[forms.Answer, ...], Meta(min_length=1, max_length=forms.MAX_FIELDS)]
    text_fallback: str | None = None


class LocationContent(_Content, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="location"):
    """`text` is the server's: the fallback where there are no locations."""

    coordinates: Coordinates
    location: Place | None = None
    text: str | None = None


class TemplateContent(_Content, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="template"):
    """A native WhatsApp template, carried unread."""

    template: JsonObject


Content = (
    TextContent
    | CarouselContent
    | ListContent
    | FileContent
    | FormContent
    | FormResponseContent
    | ImageContent
    | LocationContent
    | TemplateContent
)
_Rich = TypeVar("_Rich", TextContent, FileContent, ImageContent)
_Media = TypeVar("_Media", FileContent, ImageContent)

_decoder = msgspec.json.Decoder(Content)
_encoder = msgspec.json.Encoder()


def parse_content(raw: bytes | msgspec.Raw, origin: Origin, prefix: str = "content") -> tuple[Content, bytes]:
    """The content that a caller gave as JSON, checked and completed, and its canonical compact JSON: what is stored and sent.

    What only the server may set is dropped. From a visitor ("client"), what would steer his own screen (`actions`, `blockChatInput`) is
    dropped too. The struct of a form response keeps the form's message id for `quoted_message_id`; its JSON does not have it.
    Raises Invalid, with a path that begins with `prefix`.
    """
    content = cast(Content, decode(_decoder, raw, prefix))
    if type(content) is TextContent and _is_plain(content):
        return content, _encoder.encode(content)
    _check_origin(content, origin, prefix)
    if origin == "client":
        content = _without_steering(content)
    _check(content, prefix)
    content = _complete(_without_markdown(content, prefix))
    return content, encode_content(content)


def load_content(stored: bytes) -> Content:
    """The content of a message that was stored: as `parse_content` made it, nothing dropped or added. Raises Invalid."""
    return cast(Content, decode(_decoder, stored, "content"))


def encode_content(content: Content) -> bytes:
    """The canonical compact JSON: only what is set, and nothing that is only for reading by the server."""
    if type(content) is FormResponseContent:
        content = structs.replace(content, fields=forms.without_quotes(content.fields))
    return _encoder.encode(content)


def content_type(content: Content) -> ContentType:
    return cast(ContentType, content.__struct_config__.tag)


def quoted_message_id(content: Content) -> str | None:
    """The message of the form that a response answers, if the response says so."""
    if not isinstance(content, FormResponseContent):
        return None
    return next((answer.quoted_message_id for answer in content.fields if answer.quoted_message_id), None)


def find_action(content: Content, action: str | int) -> Action | None:
    """An action by its place (from 0: the message's own, then each item's), or by its payload, or by its text; None if there is none."""
    actions = [found for _, found in _actions(content, "")]
    if isinstance(action, int):
        return actions[action] if 0 <= action < len(actions) else None
    by_payload = (found for found in actions if isinstance(found, Postback | Reply) and found.payload == action)
    by_text = (found for found in actions if found.text == action)
    return next(by_payload, None) or next(by_text, None)


def plain_text(content: Content) -> str:
    """One line for people, for lists and previews. "" only where there is nothing to say."""
    return plain.one_line(_words(content))


def _words(content: Content) -> str:
    match content:
        case TextContent():
            return _text_of(content) or " / ".join(action.text for action in content.actions)
        case CarouselContent() | ListContent():
            return ", ".join(item.title for item in content.items)
        case FileContent() | ImageContent():
            name = content.alt_text or plain.file_name(content.media_url) or content.media_url
            label = f"{content_type(content)}: {name}"
            text = _text_of(content)
            return f"{text} ({label})" if text else label
        case FormContent():
            return content.text or "form: " + ", ".join(field.label for field in content.fields)
        case FormResponseContent():
            return ", ".join(forms.answers_text(content.fields).splitlines())
        case LocationContent(location=place, coordinates=at):
            return "location: " + ((place and (place.name or place.address)) or f"{at.lat}, {at.long}")
        case TemplateContent():
            return f"template: {content.template.get('name', '')}"


def _text_of(content: TextContent | FileContent | ImageContent) -> str:
    """The words of whichever of the three texts there is."""
    if content.text:
        return content.text
    if content.html_text:
        return plain.html_to_text(content.html_text)
    return plain.markdown_to_text(content.markdown_text) if content.markdown_text else ""


def _actions(content: Content, prefix: str) -> Iterator[tuple[str, Action]]:
    """Every action with its path, in order of appearance."""
    if isinstance(content, TextContent | ImageContent | ListContent):
        for i, action in enumerate(content.actions or ()):
            yield f"{prefix}.actions[{i}]", action
    if isinstance(content, CarouselContent | ListContent):
        for i, item in enumerate(content.items):
            for j, action in enumerate(item.actions):
                yield f"{prefix}.items[{i}].actions[{j}]", action


def _is_plain(content: TextContent) -> bool:
    """Most messages are words and nothing else. They break no rule, whoever sends them, and are spared the search for one."""
    return bool(
        content.text
        and content.actions == ()
        and content.html_text is None
        and content.markdown_text is None
        and content.block_chat_input is None
    )


def _check_origin(content: Content, origin: Origin, prefix: str) -> None:
    if origin == "client":
        if content_type(content) not in CLIENT_TYPES:
            raise Invalid(f"{prefix}.type", f"{content_type(content)} cannot be sent by a visitor")
    elif isinstance(content, FormResponseContent):
        raise Invalid(f"{prefix}.type", "formResponse is the answer of a visitor to a form and cannot be posted")


def _check(content: Content, prefix: str) -> None:
    """The rules between fields, which the types cannot express."""
    match content:
        case TextContent() | FileContent() | ImageContent() if content.html_text is not None and content.markdown_text is not None:
            raise Invalid(f"{prefix}.markdownText", "cannot be given together with htmlText")
        case TextContent():
            if not (content.text or content.html_text or content.markdown_text or content.actions):
                raise Invalid(f"{prefix}.text", "is required, or one of htmlText, markdownText and actions")
        case FormContent():
            forms.check_fields(content.fields, f"{prefix}.fields")
        case FormResponseContent():
            forms.check_answers(content.fields, f"{prefix}.fields")
        case TemplateContent():
            check_opaque(content.template, f"{prefix}.template")
        case CarouselContent() | ListContent():
            check_items(content.items, f"{prefix}.items")
    if actions := list(_actions(content, prefix)):
        for path, action in actions:
            check_action(action, path)
        check_one_opens_itself(actions)


def _without_steering(content: Content) -> Content:
    if isinstance(content, TextContent | ImageContent) and content.actions:
        content = structs.replace(content, actions=())
    if not isinstance(content, FormResponseContent) and content.block_chat_input is not None:
        content = structs.replace(content, block_chat_input=None)
    return content


def _without_markdown(content: Content, prefix: str) -> Content:
    """Markdown as the HTML that it means. Raises Invalid when that outgrows the limit."""
    if not isinstance(content, TextContent | FileContent | ImageContent) or content.markdown_text is None:
        return content
    made = markdown.to_html(content.markdown_text)
    if len(made) > MAX_TEXT:
        raise Invalid(f"{prefix}.markdownText", f"is longer than {MAX_TEXT} characters as HTML")
    text = content.text or plain.markdown_to_text(content.markdown_text)[:MAX_TEXT] or None
    return structs.replace(content, markdown_text=None, html_text=made or None, text=text)


def _complete(content: Content) -> Content:
    """Puts the server's values in the server's fields, whatever the caller had put there."""
    match content:
        case TextContent():
            return _with_text(content)
        case FileContent():
            return _complete_media(content)
        case ImageContent():
            return _complete_media(content)
        case CarouselContent():
            items = with_alt_texts(content.items)
            return structs.replace(content, items=items, text=items_text(items))
        case ListContent():
            items = with_alt_texts(content.items)
            return structs.replace(content, items=items, text=items_text(items, content.actions or ()))
        case FormContent():
            return structs.replace(content, fields=forms.with_default_sizes(content.fields), submitted=False)
        case FormResponseContent():
            return structs.replace(content, text_fallback=forms.answers_text(content.fields))
        case LocationContent(location=place, coordinates=at):
            name, address = (place.name, place.address) if place else (None, None)
            return structs.replace(content, text=plain.location_text(at.lat, at.long, name, address))
        case TemplateContent():
            return content


def _with_text(content: _Rich) -> _Rich:
    """Rich text gets the plain text that goes to channels without rich text, unless the caller chose one."""
    if content.text or content.html_text is None:
        return content
    # Markdown or entities may outgrow the limit only by a little; the fallback is cut, the rich text is not.
    return structs.replace(content, text=_text_of(content)[:MAX_TEXT] or None)


def _complete_media(content: _Media) -> _Media:
    """Without an alternative text, the file's name is it. What the file is made of, only the server finds out."""
    alt_text = plain.file_name(content.media_url) or None if content.alt_text is None else content.alt_text
    return _with_text(structs.replace(content, alt_text=alt_text, media_type=None, media_size=None))
