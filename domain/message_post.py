"""The bodies of two requests, "post a message" and "post an activity", from JSON to checked values. Pure.

Rules that need the conversation (does the author take part? is it personal? has the user this channel?) are its own and not here.
Source: API contract, schemas `messagePost`, `activityPost`, `messageOverride`, `destination`, `reference`.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, structs

from domain.author import Author, check_author
from domain.content import Content, TemplateContent, parse_content
from domain.decode import JsonObject, Uri, check_opaque, decode
from domain.errors import Invalid
from domain.metadata import Metadata, check_size

MAX_REFERENCES = 10

#: The integration type of a silent message: it is kept in the conversation and delivered to nobody.
SILENT = "none"

ActivityType = Literal["conversation:read", "typing:start", "typing:stop"]
Capability = Literal["LIST", "TIME", "FORM", "QUICK", "AUTH2"]
_Id = Annotated[str, Meta(min_length=1, max_length=128)]


class Destination(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Exactly one of the two: an integration, or whichever integration of a type the user has."""

    integration_id: _Id | None = None
    integration_type: _Id | None = None

    @property
    def is_silent(self) -> bool:
        return self.integration_type == SILENT


class NativePayload(Struct, frozen=True):
    """A channel's own message, carried unread."""

    payload: JsonObject


class ApplePayload(Struct, frozen=True, omit_defaults=True, rename="camel"):
    payload: JsonObject
    with_capabilities: Annotated[tuple[Capability, ...], Meta(max_length=5)] = ()


class Override(Struct, frozen=True, omit_defaults=True):
    """What replaces the content on some channels; at least one."""

    apple: ApplePayload | None = None
    line: NativePayload | None = None
    messenger: NativePayload | None = None
    whatsapp: NativePayload | None = None


class Reference(Struct, frozen=True, omit_defaults=True):
    """A source of a bot's answer."""

    uri: Uri
    title: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    description: Annotated[str, Meta(min_length=1, max_length=256)] | None = None


class MessagePost(Struct, frozen=True, kw_only=True):
    """A message that a caller of the API wants posted; `content_json` is `content` in its canonical JSON."""

    author: Author
    content: Content
    content_json: bytes
    destination: Destination | None = None
    metadata: Metadata = {}
    references: tuple[Reference, ...] = ()
    override: Override | None = None
    schema: Literal["whatsapp"] | None = None


class ActivityPost(Struct, frozen=True):
    author: Author
    type: ActivityType


class _MessageBody(Struct, frozen=True):
    author: Author
    content: msgspec.Raw
    destination: Destination | None = None
    metadata: Metadata | None = None
    references: Annotated[tuple[Reference, ...], Meta(min_length=1, max_length=MAX_REFERENCES)] | None = None
    override: Override | None = None
    schema: Literal["whatsapp"] | None = None


_message_decoder = msgspec.json.Decoder(_MessageBody)
_activity_decoder = msgspec.json.Decoder(ActivityPost)


def parse_message_post(raw: bytes) -> MessagePost:
    """The body of "post a message". Raises Invalid, with "" as the field if the body is not JSON at all."""
    body = decode(_message_decoder, raw, "")
    author = check_author(body.author)
    if author.type == "user":
        _refuse_what_is_for_business(body)
    if body.destination is not None:
        _check_destination(body.destination)
    if body.metadata:
        check_size(body.metadata, "metadata")
    if body.override is not None:
        _check_override(body.override)
    content, content_json = parse_content(body.content, "api")
    _check_schema(content, body.schema)
    return MessagePost(
        author=author,
        content=content,
        content_json=content_json,
        destination=body.destination,
        metadata=body.metadata or {},
        references=body.references or (),
        override=body.override,
        schema=body.schema,
    )


def parse_activity_post(raw: bytes) -> ActivityPost:
    """The body of "post an activity". Raises Invalid."""
    post = decode(_activity_decoder, raw, "")
    if post.author.type == "user" and post.type != "conversation:read":
        raise Invalid("type", "must be conversation:read for an author of type user")
    return structs.replace(post, author=check_author(post.author))


def _refuse_what_is_for_business(body: _MessageBody) -> None:
    if body.destination is not None:
        raise Invalid("destination", "is only for an author of type business")
    if body.references is not None:
        raise Invalid("references", "are only for an author of type business")


def _check_destination(destination: Destination) -> None:
    given = (destination.integration_id, destination.integration_type)
    if given.count(None) != 1:
        raise Invalid("destination", "must have either integrationId or integrationType")


def _check_override(override: Override) -> None:
    natives = {channel: native for channel in override.__struct_fields__ if (native := getattr(override, channel)) is not None}
    if not natives:
        raise Invalid("override", "must have one of apple, line, messenger and whatsapp")
    for channel, native in natives.items():
        check_opaque(native.payload, f"override.{channel}.payload")


def _check_schema(content: Content, schema: str | None) -> None:
    """A native template and the schema `whatsapp` go together."""
    if isinstance(content, TemplateContent) and schema is None:
        raise Invalid("schema", "must be whatsapp for a content of type template")
    if schema is not None and not isinstance(content, TemplateContent):
        raise Invalid("content.type", "must be template when schema is whatsapp")
