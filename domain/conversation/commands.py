"""What a conversation may be told, and what it answers. Everything from outside (ids, users, settings) arrives in here."""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.bot.effects import Said
from domain.conversation.events import (
    Activity,
    Author,
    ConversationType,
    Metadata,
    PageRef,
    Source,
    Status,
    UserRef,
)
from domain.switchboard import BOT_TYPE, Switchboard
from domain.switchboard import Member as SwitchboardMember
from domain.ticket.model import TicketRef


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
    """Come into being. Refused (`conflict`) when the conversation exists. With a `switchboard`, its first member has control."""

    type: ConversationType
    members: tuple[Member, ...]
    source: Source
    reason: str = "none"
    is_default: bool = False
    display_name: str | None = None
    description: str | None = None
    icon_url: str | None = None
    metadata: Metadata | None = None
    switchboard: Switchboard | None = None


class PostMessage(_Command, frozen=True):
    """Add a message, or with `internal` a note that customers never see.

    `content`, `quoted`, `references`, `destination` and `override` are validated JSON. With `create` the conversation comes
    into being in the same turn if it does not exist. `limit` is the app's greatest number of messages (None: none).
    `epoch`, when given, must be that of the control: a late answer of a member that lost it is refused (`not_in_control`).
    `switchboard` is the app's, None without an enabled one. `responder` is the member that a program writes as, who must have
    control; a person who writes for the agents `takes` it.
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
    switchboard: Switchboard | None = None
    responder: str | None = None
    takes: bool = False


class Respond(_Command, frozen=True):
    """What a bot says in one turn, all or nothing, and what becomes of the control. The answer is its first event.

    Refused (`not_in_control`) unless `epoch` is that of the control. `then`: `stay`; `next`, to `heir` with `metadata`
    (without an heir, control is released); `release`; or `solve`: the conversation is solved, and control released.
    `limit` and `retention_s` are those of `PostMessage`.
    """

    epoch: int
    author: Author
    messages: tuple[Said, ...] = ()
    then: Literal["stay", "next", "release", "solve"] = "stay"
    metadata: Metadata | None = None
    heir: SwitchboardMember | None = None
    source: Source = Source(BOT_TYPE)
    limit: int | None = None
    retention_s: int | None = None
    switchboard: Switchboard | None = None


class SendPostback(_Command, frozen=True):
    """A participant presses a button of a message that was shown to them."""

    user_id: str
    message_id: str
    payload: str
    source: Source
    metadata: Metadata | None = None
    switchboard: Switchboard | None = None


class Act(_Command, frozen=True):
    """Typing (never stored) or reading (stored when it changes something)."""

    activity: Activity


class Deliver(_Command, frozen=True):
    """A client of the author's side has all that the other side has written (stored when it is unread, and has just arrived)."""

    author: Author
    source: Source


class VisitPage(_Command, frozen=True):
    """A participant has a page before them. Stored when it is another one than before."""

    user_id: str
    page: PageRef


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


class PassControl(_Command, frozen=True):
    """Give control to another member at once. `to` is its id, name or integration type, or `next`.

    `asker`, here and below, is the member as which a program asks, "" for a program that is none; None for the app itself.
    """

    switchboard: Switchboard
    to: str
    metadata: Metadata | None = None
    reason: str | None = None
    asker: str | None = None


class OfferControl(_Command, frozen=True):
    """Offer control to another member, named as in `PassControl`. An earlier offer is void."""

    switchboard: Switchboard
    to: str
    metadata: Metadata | None = None
    asker: str | None = None


class AcceptControl(_Command, frozen=True):
    """Take the control that was offered. Refused (`forbidden`) to a program to which it was not."""

    switchboard: Switchboard
    metadata: Metadata | None = None
    asker: str | None = None


class ReleaseControl(_Command, frozen=True):
    """Nobody has control, until the customer does something. Refused (`forbidden`) to a program that has not got it."""

    switchboard: Switchboard
    metadata: Metadata | None = None
    reason: str | None = None
    asker: str | None = None


class ChangeStatus(_Command, frozen=True):
    """With a `switchboard`, its policy may release control. `agent_id`: the account that wants it."""

    status: Status
    switchboard: Switchboard | None = None
    agent_id: str | None = None


class EndSession(_Command, frozen=True):
    """The customer or an agent says that this is over. Control goes back, unless that is never so in the app."""

    by: Literal["user", "agent"]
    id: str
    switchboard: Switchboard | None = None


class RestSession(_Command, frozen=True):
    """The timer of the session rang: it is inactive if the customer has been silent for so long."""


class ReadWords(_Command, frozen=True):
    """The timer of what was said rang: somebody who keeps the words of tickets is to read it."""


class NoteTicket(_Command, frozen=True):
    """The conversation's ticket says how it is. A word older than what is known changes nothing.

    `heard`: the seq of the conversation's last event that it took notice of.
    """

    ticket: TicketRef
    heard: int = 0


class TellPosition(_Command, frozen=True):
    """The routing says where in the queue the customer is, and how long it may take (0: nobody knows). Ephemeral."""

    position: int
    wait_s: int = 0


class ShowViewing(_Command, frozen=True):
    """An agent has the conversation open, or no longer. Ephemeral."""

    agent_id: str
    name: str
    on: bool


class AskRating(_Command, frozen=True):
    """Ask the customer, by the message `content`, what they think of it on a scale of 1 to `of`. `why` and `thanks` answer them."""

    ticket_id: str
    of: int
    content: bytes
    why: str
    thanks: str


class ReclaimControl(_Command, frozen=True):
    """The timer of the idle rang: release control if nothing was said for `idle_s` and the first member has not got it."""

    idle_s: int
    first: str


class LosePatience(_Command, frozen=True):
    """The timer of a program's patience rang: the next member gets control if the customer still waits since `since_ms`."""

    epoch: int
    since_ms: int
    switchboard: Switchboard


class CountSilence(_Command, frozen=True):
    """The directory has counted that a member let a customer wait: settles that effect, and changes nothing."""

    member_id: str


class Expire(_Command, frozen=True):
    """The retention timer rang: forget the messages if the conversation has been silent for `retention_s`."""

    retention_s: int


Command = (
    CreateConversation
    | PostMessage
    | SendPostback
    | Act
    | Deliver
    | VisitPage
    | JoinConversation
    | LeaveConversation
    | MoveConversation
    | UpdateConversation
    | DeleteMessage
    | DeleteMessages
    | RemoveConversation
    | Respond
    | PassControl
    | OfferControl
    | AcceptControl
    | ReleaseControl
    | ChangeStatus
    | ReclaimControl
    | LosePatience
    | CountSilence
    | Expire
    | EndSession
    | RestSession
    | ReadWords
    | NoteTicket
    | TellPosition
    | AskRating
    | ShowViewing
)

NO_SWITCHBOARD = Switchboard("", ())

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Command).decode

Read = Literal["conversation:read"]


def switchboard_of(command: Command) -> Switchboard | None:
    """The snapshot that a command carries."""
    return getattr(command, "switchboard", None)


def bare(command: Command) -> Command:
    """The command without its snapshot: what a repeat is known by. The switchboard may have changed between the two."""
    if isinstance(command, PassControl | OfferControl | AcceptControl | ReleaseControl):
        return msgspec.structs.replace(command, switchboard=NO_SWITCHBOARD)
    return command if switchboard_of(command) is None else msgspec.structs.replace(command, switchboard=None)
