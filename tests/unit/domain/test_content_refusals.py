"""What is refused as content, how it is said, and what hostile callers send."""

from __future__ import annotations

import contextlib

import pytest

from domain.content import TextContent, parse_content
from domain.errors import Invalid
from tests.contents import FILE, ITEM, TEMPLATE, TEXT, Json, canonical, parse, refused, with_item

# --- what is refused, and how it is said ---


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"type": "carousel", "items": [ITEM, ITEM | {"title": "x" * 129}]}, "content.items[1].title: expected str of length <= 128"),
        ({"type": "list", "items": [{"title": "x"}]}, "content.items[0].actions: is required"),
        ({"type": "hologram"}, "content.type: invalid value 'hologram'"),
        ({"text": "x"}, "content.type: is required"),
        ({"type": 5}, "content.type: expected str"),
        (TEXT | {"text": 5}, "content.text: expected str | null, got int"),
        (FILE | {"mediaUrl": "x"}, "content.mediaUrl: must be an absolute http or https URL"),
        (with_item(metadata={"a": []}), "content.items[0].metadata: expected bool | int | float | str, got array"),
    ],
)
def test_refusals_are_readable(content: Json, message: str) -> None:
    """The path and the problem, in words."""
    assert refused(content).title == message


def test_the_prefix_begins_the_path() -> None:
    """The caller says where the content stands; an empty prefix leaves no dot."""
    assert refused({"type": "file"}, prefix="messages[3].content").field == "messages[3].content.mediaUrl"
    assert refused({"type": "file"}, prefix="").field == "mediaUrl"


def test_a_refusal_quotes_no_novel() -> None:
    """A caller's value in the message is cut."""
    assert len(refused({"type": "x" * 90_000}).title) < 300


BROKEN_TEXTS = [
    b"NaN",
    b'"a"x',
    b'"a\x00"',
    b'"a\n"',
    b'"\xff"',
    b'"\xed\xa0\x80"',
    b'"\\ud800"',
    b'"\\udc00 and more"',
    b'"\\ud800\\u0041 and more"',
    b'"a",',
]
BROKEN = [b"", b"{", b"[]", b"null", b'"text"', b"\xef\xbb\xbf{}", *(b'{"type":"text","text":' + text + b"}" for text in BROKEN_TEXTS)]


@pytest.mark.parametrize("raw", BROKEN)
def test_what_is_no_json_object_is_refused_as_a_whole(raw: bytes) -> None:
    """Broken JSON, broken UTF-8, lone surrogates, raw control characters, and JSON that is no object."""
    assert refused(raw).field == "content"


@pytest.mark.parametrize("number", [b"1e400", b"-1e400", b"9" * 5000, b"Infinity", b'"45"'])
def test_numbers_out_of_all_range_are_refused(number: bytes) -> None:
    """A number that no double holds is not a coordinate, nor anything else."""
    refused(b'{"type":"location","coordinates":{"lat":' + number + b',"long":0}}')
    refused(b'{"type":"text","text":"a","actions":[{"type":"buy","text":"x","amount":' + number + b"}]}")


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (TEXT | {"text": "a\0b"}, "text"),
        (with_item(title="\0"), "items[0].title"),
        (with_item(metadata={"k": "\0"}), "items[0].metadata.k"),
        (TEMPLATE | {"template": {"a": [{"b\0": 1}]}}, "template.a[0]"),
    ],
)
def test_the_null_character_is_refused_where_it_is(content: Json, field: str) -> None:
    """PostgreSQL cannot store U+0000."""
    assert refused(content).field == f"content.{field}"


@pytest.mark.parametrize("unread", [b"9" * 5000, b'"\xff"'])
def test_the_search_for_the_null_character_survives_what_was_skipped(unread: bytes) -> None:
    """A key that is dropped may hold what no reader can read; the search for U+0000 reads it all the same."""
    assert refused(b'{"type":"text","text":"a\\u0000","x":' + unread + b"}").field == "content"


def test_a_backslash_before_u0000_is_only_text() -> None:
    """Six harmless characters are not mistaken for the null character."""
    assert canonical(TEXT | {"text": "\\u0000"}) == TEXT | {"text": "\\u0000"}


def test_other_control_characters_are_text() -> None:
    """Escaped control characters are the caller's business."""
    assert canonical(TEXT | {"text": "a\n\t\x07\x7f\u202e"}) == TEXT | {"text": "a\n\t\x07\x7f\u202e"}


@pytest.mark.parametrize(("opening", "closing"), [(b'{"a":', b"}"), (b"[", b"]")])
def test_bottomless_nesting_is_refused(opening: bytes, closing: bytes) -> None:
    """Under an unknown key as under an opaque one, at any depth."""
    for depth in (40, 2_000, 40_000):
        nest = opening * depth + b"1" + closing * depth
        assert refused(b'{"type":"template","template":{"x":' + nest + b"}}").field.startswith("content")
    refused(b'{"type":"text","text":"a","x":' + opening * 40_000 + closing * 40_000 + b"}")


def test_of_repeated_keys_the_last_counts_but_a_type_is_said_once() -> None:
    """As in every JSON reader; a second, other type is an attempt to be read in two ways."""
    assert parse_content(b'{"type":"text","text":"a","text":"b"}', "api")[0] == TextContent(text="b")
    assert refused(b'{"type":"text","text":"a","type":"form"}').field == "content.type"


def test_hostile_markup_costs_its_length() -> None:
    """No pattern of ours backtracks; this would take minutes if one did."""
    for text in ("<" * 4096, "<script" * 585, "<!--" * 1024, "[" * 4096, "[a](" * 1024, "*" * 4096, "&" * 4096, "\n " * 2048, "`" * 4096):
        parse({"type": "text", "htmlText": text})
        with contextlib.suppress(Invalid):  # as HTML some are too long, which is found out in no time either
            parse({"type": "text", "markdownText": text})
    refused(FILE | {"mediaUrl": "https://" + "a" * 4087 + " "})
