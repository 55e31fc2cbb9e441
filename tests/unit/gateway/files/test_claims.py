"""What a message is told of its files, and which of them are ours."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain.attachments import Attachment
from domain.directory import App, AppSettings
from gateway.files.claims import claimed, keys_of

APP, TALK, HOSTS = App("a" * 24, "App"), "d" * 24, {"chat.example"}
ONE = Attachment(APP.id, "b" * 24, "c" * 32, "cat.png", "image/png", 7, "public", "key:x", 0)
OURS = "https://chat.example" + ONE.path
CARD = {"title": "One", "actions": [{"type": "postback", "text": "Take", "payload": "1"}]}


class Rows:
    """Knows one attachment, and notes who claims it."""

    def __init__(self) -> None:
        self.claims: list[tuple[Any, ...]] = []

    async def claim(self, app_id: str, key: str, user_id: str | None, conversation_id: str, expires_ms: int | None) -> Attachment | None:
        self.claims.append((app_id, key, user_id, conversation_id, expires_ms))
        return ONE if (app_id, key) == (ONE.app_id, ONE.key) else None


class StoreTwin:
    def __init__(self) -> None:
        self.rows = Rows()


async def told(content: dict[str, Any], app: App = APP, user_id: str | None = None) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    store = StoreTwin()
    after = await claimed(store, msgspec.json.encode(content), app, TALK, HOSTS, 1_000, user_id)  # type: ignore[arg-type]
    return msgspec.json.decode(after), store.rows.claims


@pytest.mark.parametrize("kind", ["image", "file"])
async def test_a_message_is_told_what_its_file_is(kind: str) -> None:
    content = {"type": kind, "mediaUrl": OURS, "altText": "A cat"}
    after, claims = await told(content, user_id="u")
    assert content | {"mediaType": "image/png", "mediaSize": 7, "attachmentId": ONE.id} == after
    assert [(APP.id, ONE.key, "u", TALK, None)] == claims


async def test_where_messages_go_after_a_while_the_file_is_told_when() -> None:
    app = App(APP.id, "App", AppSettings(conversation_retention_seconds=60))
    assert 61_000 == (await told({"type": "file", "mediaUrl": OURS}, app))[1][0][-1]


async def test_the_cards_of_a_carousel_claim_each_file_once() -> None:
    content = {"type": "carousel", "items": [{**CARD, "mediaUrl": OURS}, {**CARD, "mediaUrl": OURS}, CARD]}
    after, claims = await told(content)
    assert (content, 1) == (after, len(claims))


@pytest.mark.parametrize(
    "content",
    [
        {"type": "text", "text": "see https://chat.example/attachments/ please"},
        {"type": "image", "mediaUrl": OURS.replace("chat.example", "evil.example")},
        {"type": "image", "mediaUrl": OURS.replace("a" * 24, "e" * 24)},
        {"type": "file", "mediaUrl": "https://chat.example/attachments/x"},
        {"type": "location", "coordinates": {"lat": 1.0, "long": 2.0}},
    ],
)
async def test_other_messages_stay_as_they_are(content: dict[str, Any]) -> None:
    assert (content, []) == await told(content)


def test_the_files_of_a_message_are_found_again() -> None:
    carousel = {"type": "carousel", "items": [{**CARD, "mediaUrl": OURS}, {**CARD, "mediaUrl": "https://example.org/attachments/x.png"}]}
    for content in (carousel, {"type": "image", "mediaUrl": OURS}):
        assert [ONE.key] == keys_of(msgspec.json.encode(content), APP.id, HOSTS)
    assert [] == keys_of(msgspec.json.encode(carousel), "e" * 24, HOSTS)
