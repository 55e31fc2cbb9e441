"""The rules of content: nine types, six actions, each limit at its edge, and what hostile callers send."""

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
from domain.forms import check_answers_fit

Json = dict[str, Any]

URL = "https://example.org/a%20cat.png"
LINK: Json = {"type": "link", "text": "Docs", "uri": "https://example.org"}
REPLY: Json = {"type": "reply", "text": "Yes", "payload": "YES"}
POSTBACK: Json = {"type": "postback", "text": "Buy it", "payload": "BUY"}
BUY: Json = {"type": "buy", "text": "Pay", "amount": 999}
WEBVIEW: Json = {"type": "webview", "text": "See", "uri": "https://example.org/w", "fallback": "https://example.org/f"}
LOCATE: Json = {"type": "locationRequest", "text": "Where?"}
ACTIONS = [LINK, REPLY, POSTBACK, BUY, WEBVIEW, LOCATE]
ITEM: Json = {"title": "Tacos", "actions": [LINK]}
FIELD: Json = {"type": "text", "name": "n", "label": "Name"}
ANSWER: Json = {"type": "text", "name": "n", "label": "Name", "text": "Ann"}
OPTION: Json = {"name": "o", "label": "O"}
SELECT: Json = {"type": "select", "name": "s", "label": "S", "options": [OPTION]}

TEXT: Json = {"type": "text", "text": "Hello!"}
CAROUSEL: Json = {"type": "carousel", "items": [ITEM]}
LIST: Json = {"type": "list", "items": [ITEM]}
FILE: Json = {"type": "file", "mediaUrl": URL}
IMAGE: Json = {"type": "image", "mediaUrl": URL}
FORM: Json = {"type": "form", "fields": [FIELD]}
RESPONSE: Json = {"type": "formResponse", "fields": [ANSWER]}
LOCATION: Json = {"type": "location", "coordinates": {"lat": 45.5, "long": -73.25}}
TEMPLATE: Json = {"type": "template", "template": {"name": "hello"}}
ALL = [TEXT, CAROUSEL, LIST, FILE, FORM, RESPONSE, IMAGE, LOCATION, TEMPLATE]


def origin_of(content: Json) -> Origin:
    return "client" if content.get("type") == "formResponse" else "api"


def parse(content: Json, origin: Origin | None = None) -> model.Content:
    return parse_content(msgspec.json.encode(content), origin or origin_of(content))[0]


def canonical(content: Json, origin: Origin | None = None) -> Json:
    found: Json = msgspec.json.decode(parse_content(msgspec.json.encode(content), origin or origin_of(content))[1])
    return found


def refused(content: Json | bytes, origin: Origin | None = None, prefix: str = "content") -> Invalid:
    raw = content if isinstance(content, bytes) else msgspec.json.encode(content)
    with pytest.raises(Invalid) as caught:
        parse_content(raw, origin or (origin_of(content) if isinstance(content, dict) else "api"), prefix)
    return caught.value


def with_action(action: Json) -> Json:
    return TEXT | {"actions": [action]}


def with_item(**fields: object) -> Json:
    return CAROUSEL | {"items": [ITEM | fields]}


def with_field(field: Json, **more: object) -> Json:
    return FORM | {"fields": [field | more]}


def form_of(count: int) -> Json:
    return FORM | {"fields": [FIELD | {"name": str(i)} for i in range(count)]}


def at_place(lat: float, long: float) -> Json:
    return LOCATION | {"coordinates": {"lat": lat, "long": long}}


def with_aspect(ratio: str) -> Json:
    return CAROUSEL | {"displaySettings": {"imageAspectRatio": ratio}}


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


# --- limits, each at its edge ---


@pytest.mark.parametrize(
    ("at", "over", "field"),
    [
        (TEXT | {"text": "é" * 4096}, TEXT | {"text": "é" * 4097}, "text"),
        ({"type": "text", "htmlText": "x" * 4096}, {"type": "text", "htmlText": "x" * 4097}, "htmlText"),
        ({"type": "text", "markdownText": "x" * 4089}, {"type": "text", "markdownText": "x" * 4090}, "markdownText"),
        (TEXT | {"payload": "x" * 4096}, TEXT | {"payload": "x" * 4097}, "payload"),
        (TEXT | {"actions": [LINK] * 50}, TEXT | {"actions": [LINK] * 51}, "actions"),
        (IMAGE | {"actions": [LINK] * 50}, IMAGE | {"actions": [LINK] * 51}, "actions"),
        (CAROUSEL | {"items": [ITEM] * 10}, CAROUSEL | {"items": [ITEM] * 11}, "items"),
        (CAROUSEL, CAROUSEL | {"items": []}, "items"),
        (LIST | {"items": [ITEM] * 10}, LIST | {"items": [ITEM] * 11}, "items"),
        (LIST, LIST | {"items": []}, "items"),
        (LIST | {"actions": [LINK] * 10}, LIST | {"actions": [LINK] * 11}, "actions"),
        (LIST, LIST | {"actions": []}, "actions"),
        (with_item(title="x" * 128), with_item(title="x" * 129), "items[0].title"),
        (with_item(title="x"), with_item(title=""), "items[0].title"),
        (with_item(description="x" * 128), with_item(description="x" * 129), "items[0].description"),
        (with_item(altText="x" * 128), with_item(altText="x" * 129), "items[0].altText"),
        (with_item(mediaType="x" * 128), with_item(mediaType="x" * 129), "items[0].mediaType"),
        (with_item(mediaUrl="https://a/" + "x" * 2038), with_item(mediaUrl="https://a/" + "x" * 2039), "items[0].mediaUrl"),
        (with_item(actions=[LINK] * 3), with_item(actions=[LINK] * 4), "items[0].actions"),
        (with_item(actions=[LINK]), with_item(actions=[]), "items[0].actions"),
        (with_item(metadata={"k": "x" * 4088}), with_item(metadata={"k": "x" * 4089}), "items[0].metadata"),
        (with_item(size="compact"), with_item(size="huge"), "items[0].size"),
        (FILE | {"altText": "x" * 128}, FILE | {"altText": "x" * 129}, "altText"),
        (FILE | {"mediaUrl": "https://a/" + "x" * 4086}, FILE | {"mediaUrl": "https://a/" + "x" * 4087}, "mediaUrl"),
        (FILE | {"text": "x" * 4096}, FILE | {"text": "x" * 4097}, "text"),
        (IMAGE | {"altText": "x" * 128}, IMAGE | {"altText": "x" * 129}, "altText"),
        (IMAGE | {"htmlText": "x" * 4096}, IMAGE | {"htmlText": "x" * 4097}, "htmlText"),
        (form_of(20), form_of(21), "fields"),
        (FORM, FORM | {"fields": []}, "fields"),
        (with_field(FIELD, name="x" * 128), with_field(FIELD, name="x" * 129), "fields[0].name"),
        (with_field(FIELD, label="x"), with_field(FIELD, label=""), "fields[0].label"),
        (with_field(FIELD, label="x" * 128), with_field(FIELD, label="x" * 129), "fields[0].label"),
        (with_field(FIELD, placeholder="x" * 128), with_field(FIELD, placeholder="x" * 129), "fields[0].placeholder"),
        (with_field(FIELD, minSize=1), with_field(FIELD, minSize=0), "fields[0].minSize"),
        (with_field(FIELD, minSize=256, maxSize=256), with_field(FIELD, minSize=256, maxSize=257), "fields[0].maxSize"),
        (with_field(FIELD, minSize=5, maxSize=5), with_field(FIELD, minSize=6, maxSize=5), "fields[0].minSize"),
        (with_field(FIELD, minSize=128), with_field(FIELD, minSize=129), "fields[0].minSize"),
        (with_field(FIELD, format="decimal"), with_field(FIELD, format="hex"), "fields[0].format"),
        (with_field(FIELD, format="decimal", text="-1.5"), with_field(FIELD, format="integer", text="-1.5"), "fields[0].text"),
        (
            with_field(SELECT, options=[{"name": str(i), "label": "x"} for i in range(200)]),
            with_field(SELECT, options=[{"name": str(i), "label": "x"} for i in range(201)]),
            "fields[0].options",
        ),
        (with_field(SELECT), with_field(SELECT, options=[]), "fields[0].options"),
        (with_field(SELECT), with_field(SELECT, options=[OPTION, OPTION]), "fields[0].options[1].name"),
        (with_field(SELECT), with_field(SELECT, options=[{"name": "o"}]), "fields[0].options[0].label"),
        (RESPONSE | {"fields": [ANSWER | {"text": "x" * 256}]}, RESPONSE | {"fields": [ANSWER | {"text": "x" * 257}]}, "fields[0].text"),
        (RESPONSE, RESPONSE | {"fields": []}, "fields"),
        (at_place(90, 180), at_place(90.01, 180), "coordinates.lat"),
        (at_place(-90, -180), at_place(-90, -180.01), "coordinates.long"),
        (LOCATION | {"location": {"name": "x" * 1024}}, LOCATION | {"location": {"name": "x" * 1025}}, "location.name"),
        (with_aspect("square"), with_aspect("round"), "displaySettings.imageAspectRatio"),
        (with_action(BUY | {"amount": 2**53 - 1}), with_action(BUY | {"amount": 2**53}), "actions[0].amount"),
        (with_action(BUY | {"amount": 0}), with_action(BUY | {"amount": -1}), "actions[0].amount"),
        (with_action(BUY | {"currency": "cad"}), with_action(BUY | {"currency": "CAD"}), "actions[0].currency"),
        (with_action(BUY | {"currency": "cad"}), with_action(BUY | {"currency": "cad\n"}), "actions[0].currency"),
        (with_action(REPLY | {"text": "x" * 1024}), with_action(REPLY | {"text": "x" * 1025}), "actions[0].text"),
        (with_action(REPLY | {"payload": "x" * 4096}), with_action(REPLY | {"payload": "x" * 4097}), "actions[0].payload"),
        (with_action(REPLY | {"iconUrl": "http://a/b"}), with_action(REPLY | {"iconUrl": "b.png"}), "actions[0].iconUrl"),
        (with_action(LINK | {"uri": "https://a/" + "x" * 2038}), with_action(LINK | {"uri": "https://a/" + "x" * 2039}), "actions[0].uri"),
        (with_action(WEBVIEW | {"size": "tall"}), with_action(WEBVIEW | {"size": "wide"}), "actions[0].size"),
        (with_action(LINK | {"metadata": {"k": "x" * 4088}}), with_action(LINK | {"metadata": {"k": "x" * 4089}}), "actions[0].metadata"),
    ],
)  # fmt: skip
def test_limits(at: Json, over: Json, field: str) -> None:
    """What is at a limit passes; one more is refused, and the field that broke it is named."""
    parse(at)
    assert refused(over).field == f"content.{field}"


@pytest.mark.parametrize(
    ("content", "required"),
    [
        (CAROUSEL, ["items"]),
        (LIST, ["items"]),
        (FILE, ["mediaUrl"]),
        (IMAGE, ["mediaUrl"]),
        (FORM, ["fields"]),
        (RESPONSE, ["fields"]),
        (LOCATION, ["coordinates"]),
        (TEMPLATE, ["template"]),
    ],
)
def test_required_fields(content: Json, required: list[str]) -> None:
    """A field that the contract requires cannot be left out, nor be null."""
    for key in [*required, "type"]:
        assert refused({k: v for k, v in content.items() if k != key}, origin_of(content)).field == f"content.{key}"
        assert refused(content | {key: None}, origin_of(content)).field == f"content.{key}"


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: str(action["type"]))
def test_each_action_is_kept_and_needs_its_fields(action: Json) -> None:
    """All six actions stand under a text; each lacks nothing it was given, and may lack nothing it needs."""
    full = action | {"metadata": {"a": 1}}
    assert canonical(with_action(full))["actions"] == [full]
    for key in action:
        assert refused(with_action({k: v for k, v in action.items() if k != key})).field == f"content.actions[0].{key}"


def test_optional_parts_of_actions_are_kept() -> None:
    """Everything the contract names is carried, Messenger's snake case included."""
    extra = {"messenger": {"messenger_extensions": True, "webview_share_button": "hide"}}
    actions = [LINK | {"default": True, "extraChannelOptions": extra}, WEBVIEW | {"openOnReceive": True, "size": "full", "default": False}]
    assert canonical(TEXT | {"actions": actions})["actions"] == actions


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: str(action["type"]))
def test_items_and_lists_take_a_subset_of_actions(action: Json) -> None:
    """A reply and a request for a location belong to a whole message."""
    for content, field in ((with_item(actions=[action]), "items[0].actions[0].type"), (LIST | {"actions": [action]}, "actions[0].type")):
        if action["type"] in ("reply", "locationRequest"):
            assert refused(content).field == f"content.{field}"
        else:
            parse(content)


def test_one_webview_opens_itself() -> None:
    """At most one of a message's webviews, wherever they stand, has openOnReceive."""
    opener = WEBVIEW | {"openOnReceive": True}
    parse(TEXT | {"actions": [opener, WEBVIEW, WEBVIEW | {"openOnReceive": False}]})
    assert refused(TEXT | {"actions": [opener, WEBVIEW, opener]}).field == "content.actions[2].openOnReceive"
    assert refused(CAROUSEL | {"items": [ITEM | {"actions": [opener]}] * 2}).field == "content.items[1].actions[0].openOnReceive"


# --- rules between fields ---


@pytest.mark.parametrize(
    "extra", [{}, {"text": ""}, {"text": None}, {"actions": []}, {"htmlText": ""}, {"payload": "x"}, {"blockChatInput": True}]
)
def test_a_text_says_something(extra: Json) -> None:
    """One of text, htmlText, markdownText and actions is needed."""
    assert refused({"type": "text"} | extra).field == "content.text"


@pytest.mark.parametrize("extra", [{"text": " "}, {"htmlText": "<b>"}, {"markdownText": "*"}, {"actions": [REPLY]}])
def test_any_of_the_four_is_enough(extra: Json) -> None:
    """Each of them alone makes a message."""
    parse({"type": "text"} | extra)


@pytest.mark.parametrize("content", [TEXT, FILE, IMAGE])
def test_html_or_markdown_but_not_both(content: Json) -> None:
    """There is one rich text."""
    assert refused(content | {"htmlText": "a", "markdownText": "b"}).field == "content.markdownText"


def test_names_of_fields_are_unique() -> None:
    """In a form as in its response."""
    assert refused(FORM | {"fields": [FIELD, SELECT, SELECT | {"name": "n"}]}).field == "content.fields[2].name"
    assert refused(RESPONSE | {"fields": [ANSWER, ANSWER]}).field == "content.fields[1].name"


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"type": "text", "name": "a", "label": "A"}, "text"),
        ({"type": "text", "name": "a", "label": "A", "text": ""}, "text"),
        ({"type": "text", "name": "a", "label": "A", "text": "1.5", "format": "integer"}, "text"),
        ({"type": "text", "name": "a", "label": "A", "text": "١", "format": "integer"}, "text"),
        ({"type": "email", "name": "a", "label": "A"}, "email"),
        ({"type": "email", "name": "a", "label": "A", "email": "nobody"}, "email"),
        ({"type": "email", "name": "a", "label": "A", "email": "a@b\n"}, "email"),
        ({"type": "email", "name": "a", "label": "A", "email": "a@" + "b" * 127}, "email"),
        ({"type": "select", "name": "a", "label": "A"}, "select"),
        ({"type": "select", "name": "a", "label": "A", "select": []}, "select"),
        ({"type": "select", "name": "a", "label": "A", "select": ["o"]}, "select[0]"),
        ({"type": "date", "name": "a", "label": "A"}, "type"),
        ({"type": "text", "label": "A", "text": "x"}, "name"),
        ({"type": "text", "name": "a", "text": "x"}, "label"),
    ],
)
def test_an_answer_has_the_value_of_its_kind(answer: Json, field: str) -> None:
    """A response needs, for each field, the one value that the field's type calls for."""
    assert refused(RESPONSE | {"fields": [answer]}).field == f"content.fields[0].{field}"


def test_a_response_answers_one_form() -> None:
    """The fields of a response cannot name two forms."""
    answers = [ANSWER | {"quotedMessageId": "m1"}, ANSWER | {"name": "o", "quotedMessageId": "m2"}]
    assert refused(RESPONSE | {"fields": answers}).field == "content.fields"


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (ANSWER, None),
        (ANSWER | {"text": "A"}, "text"),
        (ANSWER | {"text": "Anne!"}, "text"),
        (ANSWER | {"name": "q"}, "name"),
        (ANSWER | {"name": "i", "text": "12"}, None),
        (ANSWER | {"name": "i", "text": "twelve"}, "text"),
        ({"type": "email", "name": "n", "label": "N", "email": "a@b"}, "type"),
        ({"type": "email", "name": "e", "label": "N", "email": "a@b"}, None),
        ({"type": "select", "name": "s", "label": "S", "select": [OPTION]}, None),
        ({"type": "select", "name": "s", "label": "S", "select": [OPTION | {"name": "p"}]}, "select"),
    ],
)
def test_answers_fit_their_form(answer: Json, field: str | None) -> None:
    """An answer is to a question that was asked, of its kind, within its sizes, among its options."""
    email = {"type": "email", "name": "e", "label": "E"}
    form = parse(FORM | {"fields": [FIELD | {"minSize": 2, "maxSize": 4}, FIELD | {"name": "i", "format": "integer"}, email, SELECT]})
    response = parse(RESPONSE | {"fields": [answer]})
    assert isinstance(form, model.FormContent)
    assert isinstance(response, model.FormResponseContent)
    if field is None:
        check_answers_fit(form.fields, response.fields)
    else:
        with pytest.raises(Invalid) as caught:
            check_answers_fit(form.fields, response.fields)
        assert caught.value.field == f"content.fields[0].{field}"


BAD_URLS = [
    "",
    "cat.png",
    "/cat.png",
    "//a/cat.png",
    "ftp://a/b",
    "javascript:alert(1)",
    "https://",
    "https:///a",
    "https://a/ b",
    "https://a\n",
    'https://a/"x',
    "https://a/<x",
]


@pytest.mark.parametrize("url", BAD_URLS)
def test_media_are_at_absolute_http_urls(url: str) -> None:
    """A media URL is absolute, http or https, and has nothing that breaks out of an attribute."""
    for content, field in ((FILE | {"mediaUrl": url}, "mediaUrl"), (with_item(mediaUrl=url), "items[0].mediaUrl")):
        assert refused(content).field == f"content.{field}"


@pytest.mark.parametrize("url", ["http://a", "HTTPS://a.example:8080/x?y=z#w", "https://пример.рф/кот"])
def test_ordinary_urls_pass(url: str) -> None:
    """Upper case, ports, queries and international names are ordinary."""
    parse(IMAGE | {"mediaUrl": url})


DANGEROUS = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:x",
    "vbscript:x",
    "data:text/html,x",
    "file:///etc/passwd",
    "docs",
    "",
    " https://a",
]


@pytest.mark.parametrize("uri", DANGEROUS)
def test_buttons_open_nothing_dangerous(uri: str) -> None:
    """No button runs code in the reader's page or reads his disk."""
    assert refused(with_action(LINK | {"uri": uri})).field == "content.actions[0].uri"
    assert refused(with_action(WEBVIEW | {"fallback": uri})).field == "content.actions[0].fallback"


@pytest.mark.parametrize("uri", ["tel:+15145550000", "mailto:a@b.c", "myapp://cart/5", "https://a"])
def test_buttons_open_other_schemes(uri: str) -> None:
    """Telephones, mail and apps are what buttons are for."""
    parse(with_action(LINK | {"uri": uri}))


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
