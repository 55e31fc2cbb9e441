"""A message's files: those that are ours are noted as used, and what we know of them goes into the message.

Source: API contract, schemas `fileMessage`, `imageMessage` (`mediaType`, `mediaSize`, `attachmentId`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from domain.attachments import Attachment
from domain.content import CarouselContent, Content, FileContent, ImageContent, ListContent, encode_content, load_content
from domain.directory import App
from gateway.files.links import MARK, place_of
from gateway.files.store import Store


async def claimed(
    store: Store, content: bytes, app: App, conversation_id: str, hosts: Collection[str], now_ms: int, user_id: str | None = None
) -> bytes:
    """The content of a message of this conversation, told what its files are. `user_id`: the visitor who sends it.

    The message may still be refused: its files then stay as long as the conversation.
    """
    if MARK not in content:
        return content
    retention_ms = app.settings.conversation_retention_seconds * 1000
    expires_ms = now_ms + retention_ms if retention_ms else None
    found: dict[str, Attachment] = {}
    read = load_content(content)
    for url in dict.fromkeys(media_of(read)):
        place = place_of(url, hosts)
        if place is not None and place[0] == app.id:
            one = await store.rows.claim(app.id, place[1], user_id, conversation_id, expires_ms)
            if one is not None:
                found[url] = one
    if isinstance(read, FileContent | ImageContent) and (own := found.get(read.media_url)) is not None:
        return encode_content(replace(read, media_type=own.media_type, media_size=own.size, attachment_id=own.id))
    return content


def keys_of(content: bytes, app_id: str, hosts: Collection[str]) -> list[str]:
    """The keys of a message's files that are ours."""
    if MARK not in content:
        return []
    places = (place_of(url, hosts) for url in media_of(load_content(content)))
    return [place[1] for place in places if place is not None and place[0] == app_id]


def media_of(content: Content) -> Iterator[str]:
    """The addresses of everything that is shown with a message."""
    match content:
        case FileContent() | ImageContent():
            yield content.media_url
        case CarouselContent() | ListContent():
            yield from (item.media_url for item in content.items if item.media_url is not None)
        case _:
            return
