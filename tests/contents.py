"""Contents of each type, as small as they may be, and how tests read them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain import content as model
from domain.content import Origin, parse_content
from domain.errors import Invalid

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
