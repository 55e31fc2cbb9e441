"""What a conversation may be told, and what it answers. Everything from outside (ids, users, settings) arrives in here."""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.conversation.events import (
    Activity,
    Author,
    ConversationType,
    Metadata,
    Responder,
    Source,
    Status,
    UserRef,
)


class _Command(msgspec.Struct, frozen=True, array_like=True, tag=True, tag_field="command"):
    pass


class Member(msgspec.Struct, frozen=True, array_like=True):
    """A user who takes part; `participant_id` is fresh, `client_id` the client through which they write."""

    participant_id: str
    user_id: str
    external_id: str | None = None
    authenticated: bool | None = None
    client_id: str | None = None

    def user(self) -> UserRef:
        return UserRef(self.user_id, self.external_id, self.authenticated)


class CreateConversation(_Command, frozen=True):
    """Come into being. Refused (`conflict`) when the conversation exists."""

    type: ConversationType
    members: tuple[Member, ...]
    source: Source
    reason: str = "none"
    is_default: bool = False
    display_name: str | None = None
    description: str | None = None
    icon_url: str | None = None
    metadata: Metadata | None = None


class PostMessage(_Command, frozen=True):
    """Add a message, or with `internal` a note that customers never see.

    `content`, `quoted`, `references`, `destination` and `override` are validated JSON. With `create` the conversation comes
    into being in the same turn if it does not exist. `limit` is the app's greatest number of messages (None: none).
    `epoch`, when given, must be the responder's: a late answer of a responder that lost control is refused.
    """

    author: Author
    content: bytes
    source: Source
    metadata: Metadata | None = None
    internal: bool = False
    create: CreateConversation | None = None
    limit: int | None = None
    quoted: bytes | None = None
    references: bytes | None = None
    destination: bytes | None = None
    override: bytes | None = None
    retention_s: int | None = None
    epoch: int | None = None


class SendPostback(_Command, frozen=True):
    """A participant presses a button of a message that was shown to them."""

    user_id: str
    message_id: str
    payload: str
    source: Source
    metadata: Metadata | None = None


class Act(_Command, frozen=True):
    """Typing (never stored) or reading (stored when it changes something)."""

    activity: Activity


class JoinConversation(_Command, frozen=True):
    """A user becomes a participant. `sdkGroup` only."""

    member: Member


class LeaveConversation(_Command, frozen=True):
    """A participant goes, named by user or by participant id. `sdkGroup` only."""

    user_id: str | None = None
    participant_id: str | None = None


class MoveConversation(_Command, frozen=True):
    """An anonymous participant turned out to be a known person, who takes their place."""

    user_id: str
    member: Member


class UpdateConversation(_Command, frozen=True):
    """Change what is named; `None` clears, an absent field stays. `metadata` is merged by key, a null value removes."""

    changes: dict[str, str | None]
    metadata: dict[str, str | int | float | bool | None] | None = None


class DeleteMessage(_Command, frozen=True):
    """Redact one message. The gateway looked it up: all fields are the message's own."""

    message_id: str
    seq: int
    received_ms: int
    author: Author
    source: Source
    internal: bool = False
    silent: bool = False


class DeleteMessages(_Command, frozen=True):
    """Redact all messages so far."""


class RemoveConversation(_Command, frozen=True):
    """Leave a tombstone. The default conversation is refused unless `with_user` (its user is being deleted)."""

    with_user: bool = False


class ChangeResponder(_Command, frozen=True):
    """Hand the conversation to a bot, an agent, a program or nobody. `epoch`, when given, must be the current one."""

    responder: Responder
    epoch: int | None = None


class ChangeStatus(_Command, frozen=True):
    status: Status


class Expire(_Command, frozen=True):
    """The retention timer rang: forget the messages if the conversation has been silent for `retention_s`."""

    retention_s: int


Command = (
    CreateConversation
    | PostMessage
    | SendPostback
    | Act
    | JoinConversation
    | LeaveConversation
    | MoveConversation
    | UpdateConversation
    | DeleteMessage
    | DeleteMessages
    | RemoveConversation
    | ChangeResponder
    | ChangeStatus
    | Expire
)

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Command).decode

Read = Literal["conversation:read"]
