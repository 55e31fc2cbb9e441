"""The limits of content, each at its edge, and the rules between its fields."""

from __future__ import annotations

import pytest

from domain import content as model
from domain.errors import Invalid
from domain.forms import check_answers_fit
from tests.contents import (
    ACTIONS,
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
    REPLY,
    RESPONSE,
    SELECT,
    TEMPLATE,
    TEXT,
    WEBVIEW,
    Json,
    at_place,
    canonical,
    form_of,
    origin_of,
    parse,
    refused,
    with_action,
    with_aspect,
    with_field,
    with_item,
)

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
