"""What an integration of each type may be told: the web widget's looks and rules, a program's webhook. Pure.

Source: API contract, schemas `integration`, `web`, `custom`, `webhook`, `prechatCapture`, `integrationUpdateBase`. Where it names no
limit, the limit is ours. Null means unset, wherever it stands.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from domain import forms
from domain.decode import ImageUrl, convert
from domain.errors import Invalid, Refused

#: Types of the contract. What stands for a member of the switchboard alone (`zd:agentWorkspace`) is none of them, and not listed.
TYPES = frozenset(
    {"android", "apple", "custom", "instagram", "ios", "line", "mailgun", "messagebird", "messenger", "telegram", "twilio", "twitter"}
    | {"unity", "viber", "web", "whatsapp"}
)
TRIGGERS = frozenset(
    {"client:add", "client:remove", "client:update", "passthrough:messaging", "user:merge", "user:remove", "user:update"}
    | {f"conversation:{what}" for what in ("create", "join", "leave", "message", "postback", "read", "referral", "remove", "typing")}
    | {f"conversation:message:delivery:{what}" for what in ("channel", "failure", "user")}
    | {f"switchboard:{what}Control" for what in ("accept", "offer", "pass", "release")}
    | {f"switchboard:{what}Control:failure" for what in ("accept", "offer", "pass")}
)

MAX_INTEGRATIONS_PER_APP = 100
MAX_WEBHOOKS_PER_APP = 10
MAX_ORIGINS = 100
MAX_ORDER = 100

Color = Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{3}(?:[0-9A-Fa-f]{3})?\Z")]
Pixels = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,3}(?:px)?\Z")]
#: As RFC 6454 serialises it, and browsers send it: scheme and host in lower case, no path.
WebOrigin = Annotated[str, Meta(max_length=300, pattern=r"^https?://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?\Z")]
Identifier = Annotated[str, Meta(pattern=r"^[0-9a-f]{24}\Z")]
BusinessName = Annotated[str, Meta(max_length=255)]
Triggers = Annotated[tuple[str, ...], Meta(min_length=1, max_length=len(TRIGGERS))]


class ChannelSettings(Struct, frozen=True, rename="camel"):
    """What every channel has. `default_responder_id` is the member of the switchboard that comes first for whoever comes by it."""

    default_responder_id: Identifier | None = None
    show_ai_disclaimer: bool = msgspec.field(default=True, name="showAIDisclaimer")


class PrechatCapture(Struct, frozen=True, rename="camel", omit_defaults=True):
    """A form that the widget shows before the first message. Without `fields`, it asks for name and e-mail address."""

    enabled: bool = False
    enable_email_linking: bool = False
    avatar_url: ImageUrl | None = None
    fields: Annotated[tuple[forms.FormField, ...], Meta(min_length=1, max_length=forms.MAX_FIELDS)] | None = None


class WebSettings(ChannelSettings, frozen=True, rename="camel"):
    """The widget. `origin_whitelist`: the pages that may show it; None: those that the server's settings allow."""

    brand_color: Color = "65758e"
    fixed_intro_pane: bool = False
    conversation_color: Color = "0099ff"
    action_color: Color = "0099ff"
    display_style: Literal["button", "tab"] = "button"
    button_icon_url: ImageUrl | None = None
    button_width: Pixels = "58"
    button_height: Pixels = "58"
    integration_order: Annotated[tuple[Identifier, ...], Meta(max_length=MAX_ORDER)] | None = None
    business_name: BusinessName | None = None
    business_icon_url: ImageUrl | None = None
    background_image_url: ImageUrl | None = None
    origin_whitelist: Annotated[tuple[WebOrigin, ...], Meta(min_length=1, max_length=MAX_ORIGINS)] | None = None
    prechat_capture: PrechatCapture | None = None
    can_user_see_conversation_list: bool = True
    can_user_create_more_conversations: bool = True
    attachments_enabled: bool = True


class Webhook(Struct, frozen=True, rename="camel"):
    """Where a program wants to be told of what. `secret` goes with each call, so that the program knows who calls."""

    id: str
    secret: str
    target: ImageUrl
    triggers: Triggers
    include_full_user: bool = False
    include_full_source: bool = False
    version: str = "v2"

    def __repr__(self) -> str:
        return f"Webhook({self.id!r})"


class CustomSettings(Struct, frozen=True, rename="camel"):
    """A program."""

    webhooks: tuple[Webhook, ...] = ()


Settings = ChannelSettings | WebSettings | CustomSettings
_Settings = TypeVar("_Settings", bound=Struct)

#: What an integration's settings are, by its type. The other types have those of every channel.
SETTINGS: dict[str, type[Settings]] = {"web": WebSettings, "custom": CustomSettings}


class WebhookPost(Struct, frozen=True, rename="camel"):
    """A webhook as a request names it. Its id and its secret are drawn by the server."""

    target: ImageUrl
    triggers: Triggers
    include_full_user: bool | None = None
    include_full_source: bool | None = None


def settings_of(kind: str) -> Settings:
    """Those of a new integration that was told nothing."""
    return SETTINGS.get(kind, ChannelSettings)()


def check_type(kind: object) -> str:
    """The type, if integrations of it can be made and changed by the API. Raises Refused."""
    if not isinstance(kind, str) or kind not in TYPES:
        raise Refused("bad_request", "Invalid integration type")
    if kind not in SETTINGS:
        raise Refused("not_implemented", f"Integrations of the type {kind} are not available yet")
    return kind


def changed(old: _Settings, given: dict[str, Any]) -> _Settings:
    """The settings after what a request says, field by field: what is absent stays, null unsets, unknown names are passed over.

    A nested object is replaced as a whole. Raises Invalid with the field's path.
    """
    fields = {field.encode_name for field in msgspec.structs.fields(old)}
    told = {name: value for name, value in given.items() if name in fields}
    merged = {**msgspec.to_builtins(old), **told}
    new = convert({name: value for name, value in merged.items() if value is not None}, type(old), "")
    if isinstance(new, WebSettings) and new.prechat_capture is not None:
        forms.check_fields(new.prechat_capture.fields or (), "prechatCapture.fields")
    return new


def web_changed(old: WebSettings, given: dict[str, Any]) -> WebSettings:
    """As `changed`, for the words in which clients say them: origins in any case, and the avatar `undefined`, which the official
    clients send for none."""
    told, prechat, origins = dict(given), given.get("prechatCapture"), given.get("originWhitelist")
    if isinstance(prechat, dict) and prechat.get("avatarUrl") == "undefined":
        told["prechatCapture"] = {name: value for name, value in prechat.items() if name != "avatarUrl"}
    if isinstance(origins, list):
        told["originWhitelist"] = [one.lower() if isinstance(one, str) else one for one in origins]
    return changed(old, told)


def webhooks_posted(given: object) -> tuple[WebhookPost, ...]:
    """The webhooks with which a program is made: one. Raises Invalid."""
    if given is None:
        raise Invalid("webhooks", "is required")
    posted = convert(given, tuple[WebhookPost, ...], "webhooks")
    if len(posted) != 1:
        raise Invalid("webhooks", "must have one item")
    for i, one in enumerate(posted):
        check_triggers(one.triggers, f"webhooks[{i}].triggers")
    return posted


def check_triggers(triggers: tuple[str, ...], prefix: str) -> None:
    """Raises Invalid: one that the contract does not name."""
    for i, one in enumerate(triggers):
        if one not in TRIGGERS:
            raise Invalid(f"{prefix}[{i}]", "is not a trigger")


def check_integration_count(count: int, webhooks: int) -> None:
    """Whether an app may have one more, which brings the app's webhooks to `webhooks`. Raises Refused."""
    if count >= MAX_INTEGRATIONS_PER_APP:
        raise Refused("bad_request", f"An app has at most {MAX_INTEGRATIONS_PER_APP} integrations")
    if webhooks > MAX_WEBHOOKS_PER_APP:
        raise Refused("bad_request", f"An app has at most {MAX_WEBHOOKS_PER_APP} webhooks")
