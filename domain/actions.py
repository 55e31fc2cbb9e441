"""The six actions (buttons) of a message, as they are on the wire: what each may hold. Where each may stand, `domain.content` says.

Source: API contract, schemas `buy`, `link`, `locationRequest`, `postback`, `reply`, `webview`. It bounds neither texts nor payloads nor
their number: those limits are ours, and are meant never to be met by an honest caller.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from domain.decode import Currency, ImageUrl, Uri
from domain.errors import Invalid
from domain.metadata import Metadata, check_size

MAX_ACTION_TEXT = 1024
MAX_PAYLOAD = 4096
MAX_ACTIONS = 50
MAX_AMOUNT = 2**53 - 1  # the largest integer that every JSON reader keeps exactly

ActionText = Annotated[str, Meta(max_length=MAX_ACTION_TEXT)]
Payload = Annotated[str, Meta(max_length=MAX_PAYLOAD)]


class MessengerOptions(Struct, frozen=True, omit_defaults=True):
    """Passed to Facebook Messenger as is, hence the snake case on the wire."""

    messenger_extensions: bool | None = None
    webview_share_button: Literal["hide"] | None = None


class ExtraChannelOptions(Struct, frozen=True, omit_defaults=True):
    messenger: MessengerOptions | None = None


class _Action(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type"):
    """`text` is what the button shows. It may be empty, though some channels cannot show that."""

    text: ActionText
    metadata: Metadata | None = None


class Buy(_Action, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="buy"):
    """Asks for a payment of `amount`, in the smallest unit of the currency (cents)."""

    amount: Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
    currency: Currency | None = None


class Link(_Action, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="link"):
    """Opens a URI outside the conversation. `default`: it is also what a tap on the whole item does, on Messenger."""

    uri: Uri
    default: bool | None = None
    extra_channel_options: ExtraChannelOptions | None = None


class LocationRequest(_Action, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="locationRequest"):
    """Asks the visitor to share a location."""


class Postback(_Action, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="postback"):
    """Sends `payload` to the business without a message in the conversation."""

    payload: Payload


class Reply(_Action, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="reply"):
    """Posts a message in the visitor's name with the button's text and `payload`."""

    payload: Payload
    icon_url: ImageUrl | None = None


class Webview(_Action, frozen=True, omit_defaults=True, rename="camel", kw_only=True, tag_field="type", tag="webview"):
    """Opens `uri` inside the conversation, or `fallback` where the channel cannot."""

    uri: Uri
    fallback: Uri
    default: bool | None = None
    extra_channel_options: ExtraChannelOptions | None = None
    size: Literal["compact", "tall", "full"] | None = None
    open_on_receive: bool | None = None


Action = Buy | Link | LocationRequest | Postback | Reply | Webview
#: What may stand under an item or a list: the answers of a visitor (reply, locationRequest) belong to the message as a whole.
ItemAction = Buy | Link | Postback | Webview

Actions = Annotated[tuple[Action, ...], Meta(max_length=MAX_ACTIONS)]


def check_action(action: Action, path: str) -> None:
    """The rule of an action that its type cannot express: 4 kB of metadata. Raises Invalid."""
    if action.metadata is not None:
        check_size(action.metadata, f"{path}.metadata")


def check_one_opens_itself(actions: list[tuple[str, Action]]) -> None:
    """Only one webview of a message may open by itself; `actions` are all of the message's, with their paths. Raises Invalid."""
    openers = [path for path, action in actions if isinstance(action, Webview) and action.open_on_receive]
    if len(openers) > 1:
        raise Invalid(f"{openers[1]}.openOnReceive", "may be true for only one action of a message")
