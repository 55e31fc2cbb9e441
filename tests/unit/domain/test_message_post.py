"""The rules of the two request bodies."""

from __future__ import annotations

import msgspec
import pytest

from domain.content import TextContent
from domain.errors import Invalid
from domain.message_post import (
    ActivityPost,
    ApplePayload,
    Destination,
    MessagePost,
    NativePayload,
    Override,
    parse_activity_post,
    parse_message_post,
)

BUSINESS = {"type": "business"}
USER = {"type": "user", "userId": "u1"}
TEXT = {"type": "text", "text": "Hello!"}
TEMPLATE = {"type": "template", "template": {"name": "hello_world"}}


def post(**fields: object) -> MessagePost:
    return parse_message_post(msgspec.json.encode({"author": BUSINESS, "content": TEXT} | fields))


def refused_field(**fields: object) -> str:
    with pytest.raises(Invalid) as refused:
        post(**fields)
    return refused.value.field


def test_the_smallest_post() -> None:
    """An author and a content are enough."""
    expected = MessagePost(
        author=post().author, content=TextContent(text="Hello!"), content_json=b'{"type":"text","text":"Hello!"}', metadata={}
    )
    assert post() == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"a":NaN}',
        b'{"author":\xff}',
        b"\x00",
        b'{"author":{"type":"business"},"content":{}} {}',
        b'{"x":"\\ud800"}',
        b'{"author":{"type":"business"},"content":{"type":"text","text":"\xff"}}'[:-2],
    ],
)
def test_malformed_json_is_refused_without_a_field(raw: bytes) -> None:
    """What is not JSON has no fields."""
    with pytest.raises(Invalid) as refused:
        parse_message_post(raw)
    assert refused.value.field == ""


@pytest.mark.parametrize("raw", [b"[]", b"null", b'"x"', b"1"])
def test_a_body_is_an_object(raw: bytes) -> None:
    """JSON of another kind is refused as a whole."""
    with pytest.raises(Invalid) as refused:
        parse_message_post(raw)
    assert refused.value.field == ""


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b'{"content":{"type":"text","text":"a"}}', "author"),
        (b'{"author":{"type":"business"}}', "content"),
        (b'{"author":{"type":"business"},"content":null}', "content"),
        (b'{"author":null,"content":{"type":"text","text":"a"}}', "author"),
        (b'{"author":{"type":"business"},"content":{"type":"text","text":"\\u0000"}}', "content.text"),
        (b'{"author":{"type":"business"},"content":{"type":"text","text":"\xff"}}', "content"),
    ],
)
def test_both_parts_are_required(raw: bytes, field: str) -> None:
    """A missing or broken part is named."""
    with pytest.raises(Invalid) as refused:
        parse_message_post(raw)
    assert refused.value.field == field


def test_a_bottomless_body_is_refused() -> None:
    """Nesting is refused and never crashes the reader."""
    with pytest.raises(Invalid):
        parse_message_post(b'{"x":' * 40_000 + b"1" + b"}" * 40_000)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"author": {"type": "user"}}, "author.userId"),
        ({"content": {"type": "text"}}, "content.text"),
        ({"content": {"type": "formResponse", "fields": [{"type": "text", "name": "a", "label": "A", "text": "x"}]}}, "content.type"),
        ({"metadata": {"a": []}}, "metadata"),
        ({"metadata": {"a": None}}, "metadata"),
        ({"metadata": {"a": "\0"}}, "metadata.a"),
        ({"metadata": {"a": "x" * 4096}}, "metadata"),
        ({"destination": {}}, "destination"),
        ({"destination": {"integrationId": "a", "integrationType": "line"}}, "destination"),
        ({"destination": {"integrationId": ""}}, "destination.integrationId"),
        ({"destination": {"integrationType": 5}}, "destination.integrationType"),
        ({"author": USER, "destination": {"integrationType": "line"}}, "destination"),
        ({"author": USER, "references": [{"uri": "https://a"}]}, "references"),
        ({"references": []}, "references"),
        ({"references": [{"uri": "https://a"}] * 11}, "references"),
        ({"references": [{"title": "x"}]}, "references[0].uri"),
        ({"references": [{"uri": "nowhere"}]}, "references[0].uri"),
        ({"references": [{"uri": "https://a", "title": ""}]}, "references[0].title"),
        ({"references": [{"uri": "https://a", "title": "x" * 129}]}, "references[0].title"),
        ({"references": [{"uri": "https://a", "description": "x" * 257}]}, "references[0].description"),
        ({"override": {}}, "override"),
        ({"override": {"fax": {"payload": {}}}}, "override"),
        ({"override": {"line": {}}}, "override.line.payload"),
        ({"override": {"line": {"payload": "x"}}}, "override.line.payload"),
        ({"override": {"apple": {"payload": {}, "withCapabilities": ["FLY"]}}}, "override.apple.withCapabilities[0]"),
        ({"schema": "line"}, "schema"),
        ({"schema": "whatsapp"}, "content.type"),
        ({"content": TEMPLATE}, "schema"),
    ],
)
def test_broken_rules_are_refused_at_their_field(fields: dict[str, object], field: str) -> None:
    """Each rule names the field that broke it."""
    assert refused_field(**fields) == field


def test_an_override_is_bounded_in_depth() -> None:
    """A native payload is carried unread, but not bottomless."""
    deep: dict[str, object] = {}
    for _ in range(31):
        deep = {"a": deep}
    assert post(override={"messenger": {"payload": deep}}).override is not None
    assert refused_field(override={"messenger": {"payload": {"a": deep}}}) == "override.messenger.payload"


def test_everything_a_post_may_have() -> None:
    """All parts arrive, at their limits."""
    full = post(
        destination={"integrationType": "whatsapp"},
        metadata={"a": 1, "b": True, "c": "x", "d": 0.5},
        references=[{"uri": "https://a", "title": "x" * 128, "description": "y" * 256}] * 10,
        override={"apple": {"payload": {"a": [1]}, "withCapabilities": ["LIST"]}, "whatsapp": {"payload": {}}},
        content=TEMPLATE,
        schema="whatsapp",
    )
    assert full.destination == Destination(integration_type="whatsapp")
    assert (full.metadata, len(full.references), full.schema) == ({"a": 1, "b": True, "c": "x", "d": 0.5}, 10, "whatsapp")
    assert full.override == Override(
        apple=ApplePayload(payload={"a": [1]}, with_capabilities=("LIST",)), whatsapp=NativePayload(payload={})
    )


def test_a_silent_message() -> None:
    """The integration type `none` delivers to nobody."""
    assert Destination(integration_type="none").is_silent
    assert not Destination(integration_id="none").is_silent
    assert post(destination={"integrationType": "none"}).destination == Destination(integration_type="none")


def test_nulls_are_as_if_absent() -> None:
    """A caller whose serialiser writes nulls is not punished."""
    assert post(destination=None, metadata=None, references=None, override=None, schema=None) == post()


def activity(author: object, kind: object) -> ActivityPost:
    return parse_activity_post(msgspec.json.encode({"author": author, "type": kind}))


@pytest.mark.parametrize("kind", ["conversation:read", "typing:start", "typing:stop"])
def test_the_business_may_do_every_activity(kind: str) -> None:
    """All three activities are open to the business."""
    assert activity(BUSINESS, kind).type == kind


def test_a_user_may_only_read() -> None:
    """The API takes no typing from users."""
    assert activity(USER, "conversation:read").author.user_id == "u1"
    for kind in ("typing:start", "typing:stop"):
        with pytest.raises(Invalid) as refused:
            activity(USER, kind)
        assert refused.value.field == "type"


@pytest.mark.parametrize(
    ("author", "kind", "field"),
    [
        (BUSINESS, "dance", "type"),
        (BUSINESS, None, "type"),
        ({"type": "user"}, "conversation:read", "author.userId"),
        (None, "typing:start", "author"),
    ],
)
def test_a_broken_activity_is_refused_at_its_field(author: object, kind: object, field: str) -> None:
    """Activities follow the rules of authors and of their own list."""
    with pytest.raises(Invalid) as refused:
        activity(author, kind)
    assert refused.value.field == field
