"""The items of a carousel or a list: cards and rows with their own buttons. Pure.

Source: API contract, schemas `item` and `carouselMessage.displaySettings`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, structs

from domain import plain
from domain.actions import Action, ItemAction
from domain.decode import ImageUrl
from domain.metadata import Metadata, check_size

MAX_ITEMS = 10
MAX_ITEM_ACTIONS = 3

_Short = Annotated[str, Meta(max_length=128)]


class Item(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    """One card of a carousel, one row of a list."""

    title: Annotated[str, Meta(min_length=1, max_length=128)]
    actions: Annotated[tuple[ItemAction, ...], Meta(min_length=1, max_length=MAX_ITEM_ACTIONS)]
    description: _Short | None = None
    media_url: ImageUrl | None = None
    media_type: _Short | None = None
    alt_text: _Short | None = None
    size: Literal["compact", "large"] | None = None
    metadata: Metadata | None = None


Items = Annotated[tuple[Item, ...], Meta(min_length=1, max_length=MAX_ITEMS)]


class DisplaySettings(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """How a carousel shows its images; horizontal if nothing is said."""

    image_aspect_ratio: Literal["horizontal", "square"] | None = None


def check_items(items: tuple[Item, ...], path: str) -> None:
    """The rule of an item that its type cannot express: 4 kB of metadata. Raises Invalid."""
    for i, item in enumerate(items):
        if item.metadata is not None:
            check_size(item.metadata, f"{path}[{i}].metadata")


def with_alt_texts(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The same items; an image without an alternative text has its file's name as one."""
    return tuple(_with_alt_text(item) for item in items)


def items_text(items: tuple[Item, ...], actions: tuple[Action, ...] = ()) -> str:
    """The items as numbered paragraphs, without images, then the links of the message itself."""
    paragraphs = []
    for number, item in enumerate(items, start=1):
        lines = [f"{number}. {item.title}"]
        if item.description:
            lines.append(item.description)
        paragraphs.append("\n".join(lines + plain.links_text(item.actions)))
    if links := plain.links_text(actions):
        paragraphs.append("\n".join(links))
    return "\n\n".join(paragraphs)


def _with_alt_text(item: Item) -> Item:
    if item.media_url is None or item.alt_text is not None:
        return item
    return structs.replace(item, alt_text=plain.file_name(item.media_url) or None)
