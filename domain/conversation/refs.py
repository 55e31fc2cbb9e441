"""Whom and what events name: conversations, people, members of the switchboard, pages. In the wire form of the specification's objects."""

from __future__ import annotations

from typing import Literal

import msgspec

Metadata = dict[str, str | int | float | bool]
ConversationType = Literal["personal", "sdkGroup"]


class Wire(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A part of an event, as it is written."""


class MemberRef(Wire, frozen=True):
    """A switchboard integration, as a conversation names those that have control of it or were offered it."""

    id: str
    name: str
    integration_id: str | None = None
    integration_type: str | None = None


class ConversationRef(Wire, frozen=True):
    """The specification's truncated conversation, as every event names it."""

    id: str
    type: ConversationType
    metadata: Metadata | None = None
    active_switchboard_integration: MemberRef | None = None
    pending_switchboard_integration: MemberRef | None = None


class ConversationDetails(Wire, frozen=True):
    """The conversation with what an update may change."""

    id: str
    type: ConversationType
    metadata: Metadata | None = None
    is_default: bool = False
    display_name: str | None = None
    description: str | None = None
    icon_url: str | None = None
    active_switchboard_integration: MemberRef | None = None
    pending_switchboard_integration: MemberRef | None = None


class UserRef(Wire, frozen=True):
    """The specification's truncated user."""

    id: str
    external_id: str | None = None
    authenticated: bool | None = None


class ParticipantRef(Wire, frozen=True):
    """A user's place in a conversation."""

    id: str
    user_id: str
    user_external_id: str | None = None
    client_id: str | None = None


class Source(Wire, frozen=True):
    """Where a message or an activity came from: `type` is `api`, `web`, `agent`, or the name of a channel."""

    type: str
    integration_id: str | None = None
    original_message_id: str | None = None
    original_message_timestamp: str | None = None


class PageRef(Wire, frozen=True):
    """A page of the business's own: its address without query and fragment, and what it is called."""

    url: str
    title: str | None = None
