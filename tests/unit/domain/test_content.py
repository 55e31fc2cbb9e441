"""The rules of content: what each of the nine types keeps and is given, who may send it, and how it is read."""

from __future__ import annotations

import contextlib
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import content as model
from domain.content import Origin, TextContent, content_type, encode_content, find_action, load_content, parse_content, plain_text
from domain.errors import Invalid
from tests.contents import (
    ALL,
    ANSWER,
    BUY,
    CAROUSEL,
    FIELD,
    FILE,
    FORM,
    IMAGE,
    ITEM,
    LINK,
    LIST,
    LOCATION,
    OPTION,
    POSTBACK,
    REPLY,
    RESPONSE,
    SELECT,
    TEMPLATE,
    TEXT,
    URL,
    WEBVIEW,
    Json,
    canonical,
    origin_of,
    parse,
    refused,
    with_item,
)

# --- the nine types ---


@pytest.mark.parametrize("content", ALL, ids=lambda content: str(content["type"]))
def test_each_type_is_read_and_keeps_what_was_given(content: Json) -> None:
    """Every type has its struct, and its canonical JSON contains all that the caller gave."""
    found = parse(content)
    assert content_type(found) == content["type"]
    if content not in (FORM, RESPONSE):  # their fields get defaults
        assert canonical(content).items() >= content.items()


def test_plain_text_is_stored_as_given() -> None:
    """Nothing is added to words."""
    assert parse_content(b' {"text" : "h\\u00e9", "type":"text"} ', "api") == (
        TextContent(text="hé"),
        '{"type":"text","text":"hé"}'.encode(),
    )


def test_carousel_and_list_get_a_fallback_text() -> None:
    """Channels without carousels show titles, descriptions and links, but neither images nor postbacks."""
    items = [ITEM | {"description": "Hot", "mediaUrl": URL, "actions": [LINK, POSTBACK, WEBVIEW]}, {"title": "Ramen", "actions": [BUY]}]
    expected = "1. Tacos\nHot\nDocs: https://example.org\nSee: https://example.org/f\n\n2. Ramen"
    assert canonical(CAROUSEL | {"items": items, "text": "forged"})["text"] == expected
    assert canonical(LIST | {"items": items, "actions": [LINK]})["text"] == expected + "\n\nDocs: https://example.org"


@pytest.mark.parametrize("content", [FILE, IMAGE])
def test_media_get_their_file_name_as_alternative_text(content: Json) -> None:
    """The alternative text is the file's name unless there is one."""
    assert canonical(content)["altText"] == "a cat.png"
    assert canonical(content | {"altText": "A cat"})["altText"] == "A cat"
    assert "altText" not in canonical(content | {"mediaUrl": "https://example.org"})
    assert canonical(content | {"mediaUrl": "https://example.org/a%00b%ff"})["altText"] == "ab\ufffd"


def test_an_item_with_an_image_gets_an_alternative_text() -> None:
    """As for images; an item without an image has none."""
    assert canonical(with_item(mediaUrl=URL))["items"][0]["altText"] == "a cat.png"
    assert "altText" not in canonical(CAROUSEL)["items"][0]


def test_a_form_is_not_submitted_and_its_text_fields_have_sizes() -> None:
    """The defaults of a form are written out."""
    found = canonical(FORM | {"submitted": True, "fields": [FIELD, SELECT, {"type": "email", "name": "e", "label": "E", "minSize": 7}]})
    assert found["submitted"] is False
    assert found["fields"] == [FIELD | {"minSize": 1, "maxSize": 128}, SELECT, {"type": "email", "name": "e", "label": "E"}]


def test_a_form_response_gets_its_fallback() -> None:
    """One line per answer; the labels of the chosen options stand for a choice."""
    answers = [
        ANSWER,
        {"type": "email", "name": "e", "label": "Mail", "email": "a@b"},
        {"type": "select", "name": "s", "label": "S", "select": [OPTION, {"name": "p", "label": "P"}]},
    ]
    assert canonical(RESPONSE | {"fields": answers, "textFallback": "forged"})["textFallback"] == "Name: Ann\nMail: a@b\nS: O, P"


def test_a_form_response_names_its_form_only_to_the_server() -> None:
    """The form's message id can be read from the struct and is in no JSON."""
    content, stored = parse_content(msgspec.json.encode(RESPONSE | {"fields": [ANSWER | {"quotedMessageId": "m1"}]}), "client")
    assert model.quoted_message_id(content) == "m1"
    assert b"m1" not in stored
    assert [model.quoted_message_id(parse(other)) for other in (RESPONSE, TEXT)] == [None, None]


def test_a_location_gets_a_fallback_with_a_map() -> None:
    """Never in scientific notation."""
    content = LOCATION | {"coordinates": {"lat": 0.00001, "long": -10}, "location": {"name": "Isle", "address": "Sea"}}
    assert canonical(content)["text"] == "Isle\nSea\nhttps://maps.google.com/maps?q=0.00001,-10"


@pytest.mark.parametrize(
    ("given", "text"), [("<p>a &amp; <b>b</b></p><script>x</script>c", "a & b\nc"), ("1 < 2", "1 < 2"), ("a<br>b", "a\nb")]
)
def test_html_gets_a_plain_text(given: str, text: str) -> None:
    """Where there is no text, the HTML's is it."""
    assert canonical({"type": "text", "htmlText": given}) == {"type": "text", "text": text, "htmlText": given}


def test_a_given_text_is_not_replaced_by_that_of_the_html() -> None:
    """The caller's own fallback wins."""
    assert canonical(TEXT | {"htmlText": "<b>x</b>"})["text"] == "Hello!"


def test_markdown_is_kept_as_html() -> None:
    """The contract: converted to htmlText upon reception, and never given back. HTML inside stays text."""
    kept = canonical({"type": "text", "markdownText": "**a** <b>c</b>"})
    assert kept == {"type": "text", "text": "a <b>c</b>", "htmlText": "<p><strong>a</strong> &lt;b&gt;c&lt;/b&gt;</p>"}


def test_markdown_gets_a_plain_text() -> None:
    """Marks are dropped and links keep their words."""
    assert canonical({"type": "text", "markdownText": "# Hi\n**a** [b](https://c) `d`"})["text"] == "Hi\na b d"


@pytest.mark.parametrize("content", [FILE, IMAGE])
def test_read_only_media_fields_are_dropped(content: Json) -> None:
    """Only the server knows what a file is made of."""
    assert canonical(content | {"mediaType": "x/y", "mediaSize": 5}).keys() == content.keys() | {"altText"}


def test_stored_content_keeps_what_the_server_set() -> None:
    """Loading is not parsing: nothing is dropped."""
    stored = b'{"type":"file","mediaUrl":"https://a/b","altText":"b","mediaType":"x/y","mediaSize":5}'
    assert encode_content(load_content(stored)) == stored


def test_unknown_keys_and_nulls_are_dropped() -> None:
    """A newer caller, or one whose serialiser writes nulls, is not punished."""
    assert canonical(TEXT | {"shoeSize": 44, "actions": [LINK | {"uri2": 1, "default": None}], "payload": None}) == TEXT | {
        "actions": [LINK]
    }


# --- who may send what ---


@pytest.mark.parametrize("content", ALL, ids=lambda content: str(content["type"]))
def test_who_may_send_which_type(content: Json) -> None:
    """Answers to forms come from visitors only; what asks something of a visitor comes from the API only."""
    for origin, allowed in (("api", content is not RESPONSE), ("client", content["type"] in model.CLIENT_TYPES)):
        if allowed:
            parse(content, "api" if origin == "api" else "client")
        else:
            assert refused(content, "api" if origin == "api" else "client").field == "content.type"


def test_a_visitor_echoes_the_payload_of_a_reply() -> None:
    """The payload is what the pressed button carried."""
    assert canonical(TEXT | {"payload": "YES"}, "client") == TEXT | {"payload": "YES"}


@pytest.mark.parametrize("content", [TEXT, IMAGE | {"altText": "x"}])
def test_what_steers_the_screen_is_dropped_from_visitors(content: Json) -> None:
    """Buttons and the blocking of the input are the business's."""
    assert canonical(content | {"blockChatInput": True, "actions": [REPLY]}, "client") == content
    assert canonical(content | {"blockChatInput": True, "actions": [REPLY]}, "api") == content | {
        "blockChatInput": True,
        "actions": [REPLY],
    }
    assert refused({"type": "text", "actions": [REPLY]}, "client").field == "content.text"


# --- reading a content ---


def test_an_action_is_found_by_place_payload_or_text() -> None:
    """Places count from 0; a payload comes before a text, and only postbacks and replies have payloads that count."""
    content = parse(TEXT | {"actions": [LINK | {"text": "YES"}, REPLY, POSTBACK]})
    assert isinstance(content, TextContent)
    first, second, third = content.actions
    assert [find_action(content, i) for i in (-1, 0, 1, 2, 3)] == [None, first, second, third, None]
    assert [find_action(content, word) for word in ("YES", "BUY", "Buy it", "no")] == [second, third, third, None]


def test_actions_of_items_follow_those_of_the_message() -> None:
    """The message's own, then each item's, in order."""
    texts = iter("abcde")
    content = parse(LIST | {"items": [ITEM | {"actions": [LINK | {"text": next(texts)}]} for _ in range(3)], "actions": [POSTBACK]})
    found = [find_action(content, i) for i in range(5)]
    assert [action and action.text for action in found] == ["Buy it", "a", "b", "c", None]
    assert find_action(parse(LOCATION), 0) is None


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (TEXT | {"text": "two\n lines"}, "two lines"),
        ({"type": "text", "actions": [REPLY, LINK]}, "Yes / Docs"),
        ({"type": "text", "htmlText": "<p>a</p><p>b</p>"}, "a b"),
        (CAROUSEL | {"items": [ITEM, ITEM | {"title": "Ramen"}]}, "Tacos, Ramen"),
        (LIST, "Tacos"),
        (FILE, "file: a cat.png"),
        (FILE | {"text": "See"}, "See (file: a cat.png)"),
        (FILE | {"mediaUrl": "https://a"}, "file: https://a"),
        (IMAGE | {"altText": "A cat"}, "image: A cat"),
        (FORM, "form: Name"),
        (FORM | {"text": "Who?"}, "Who?"),
        (RESPONSE, "Name: Ann"),
        (LOCATION, "location: 45.5, -73.25"),
        (LOCATION | {"location": {"name": "Isle"}}, "location: Isle"),
        (TEMPLATE, "template: hello"),
    ],
)
def test_every_content_has_a_line_for_people(content: Json, line: str) -> None:
    """A preview is one line."""
    assert plain_text(parse(content)) == line


# --- the law of the canonical form ---

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
URLS = st.sampled_from([URL, "http://a", "https://пример.рф/кот?x=y", "https://a/b/"])
METADATA = st.dictionaries(
    WORDS, WORDS | st.integers(-(2**63) + 1, 2**63 - 1) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False), max_size=3
)


def record(required: dict[str, st.SearchStrategy[Any]], optional: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(required, optional=optional)


def typed(
    tag: str, required: dict[str, st.SearchStrategy[Any]] | None = None, optional: dict[str, st.SearchStrategy[Any]] | None = None
) -> st.SearchStrategy[Json]:
    return record({"type": st.just(tag)} | (required or {}), optional or {})


ITEM_ACTIONS = (
    typed("buy", {"text": WORDS, "amount": st.integers(0, 2**53 - 1)}, {"currency": st.just("cad"), "metadata": METADATA})
    | typed("link", {"text": WORDS, "uri": URLS}, {"default": st.booleans(), "metadata": METADATA})
    | typed("postback", {"text": WORDS, "payload": WORDS}, {"metadata": METADATA})
    | typed("webview", {"text": WORDS, "uri": URLS, "fallback": URLS}, {"size": st.just("full"), "openOnReceive": st.just(False)})
)
ANY_ACTIONS = (
    ITEM_ACTIONS | typed("reply", {"text": WORDS, "payload": WORDS}, {"iconUrl": URLS}) | typed("locationRequest", {"text": WORDS})
)
CARDS = record(
    {"title": WORDS, "actions": st.lists(ITEM_ACTIONS, min_size=1, max_size=3)},
    {"description": WORDS, "mediaUrl": URLS, "altText": WORDS, "size": st.just("large"), "metadata": METADATA},
)
NAMED = {"name": WORDS, "label": WORDS}
CHOICES = st.lists(record(NAMED, {}), min_size=1, max_size=3, unique_by=lambda option: str(option["name"]))
FIELDS = (
    typed("text", NAMED, {"minSize": st.integers(1, 9), "maxSize": st.integers(9, 256), "placeholder": WORDS})
    | typed("email", NAMED, {"email": st.just("a@b.c")})
    | typed("select", NAMED | {"options": CHOICES})
)
ANSWERS = (
    typed("text", NAMED | {"text": WORDS})
    | typed("email", NAMED | {"email": st.just("a@b.c")})
    | typed("select", NAMED | {"select": CHOICES})
)
BLOCK = {"blockChatInput": st.booleans()}
RICH = {"text": WORDS, "htmlText": WORDS} | BLOCK
CONTENTS = st.one_of(
    typed("text", {"text": WORDS}, BLOCK | {"htmlText": WORDS, "actions": st.lists(ANY_ACTIONS, max_size=4), "payload": WORDS}),
    typed("text", {"markdownText": WORDS}, BLOCK),
    typed("carousel", {"items": st.lists(CARDS, min_size=1, max_size=3)}, BLOCK),
    typed("list", {"items": st.lists(CARDS, min_size=1, max_size=3)}, {"actions": st.lists(ITEM_ACTIONS, min_size=1, max_size=3)}),
    typed("file", {"mediaUrl": URLS}, RICH | {"altText": WORDS, "mediaSize": st.integers(), "mediaType": WORDS}),
    typed("image", {"mediaUrl": URLS}, RICH | {"actions": st.lists(ANY_ACTIONS, max_size=4)}),
    typed(
        "form", {"fields": st.lists(FIELDS, min_size=1, max_size=4, unique_by=lambda field: str(field["name"]))}, {"text": WORDS} | BLOCK
    ),
    typed("formResponse", {"fields": st.lists(ANSWERS, min_size=1, max_size=4, unique_by=lambda field: str(field["name"]))}),
    typed(
        "location",
        {"coordinates": record({"lat": st.floats(-90, 90), "long": st.floats(-180, 180)}, {})},
        {"location": record({}, {"name": WORDS, "address": WORDS})},
    ),
    typed("template", {"template": st.dictionaries(WORDS, st.lists(METADATA, max_size=2), max_size=2)}),
)


@settings(max_examples=150, deadline=None)
@given(CONTENTS)
def test_the_canonical_form_is_a_fixed_point(content: Json) -> None:
    """Canonical JSON, parsed again or loaded from the store, is an equal value and the same bytes; and it always has a preview."""
    origin = origin_of(content)
    first, stored = parse_content(msgspec.json.encode(content), origin)
    assert parse_content(stored, origin) == (first, stored)
    assert load_content(stored) == first
    assert encode_content(first) == stored
    assert "\n" not in plain_text(first)


KEYS = st.sampled_from(["type", "text", "items", "actions", "fields", "template"]) | st.sampled_from(["x", ""])
VALUES = st.none() | st.booleans() | st.floats() | WORDS | st.sampled_from([str(content["type"]) for content in ALL])
TREES = st.recursive(VALUES, lambda node: st.dictionaries(KEYS, node, max_size=4) | st.lists(node, max_size=3), max_leaves=10)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | TREES.map(msgspec.json.encode), st.sampled_from(["api", "client"]))
def test_any_bytes_are_read_or_refused(raw: bytes, origin: Origin) -> None:
    """Nothing a caller sends raises anything but Invalid."""
    with contextlib.suppress(Invalid):
        parse_content(raw, origin)
