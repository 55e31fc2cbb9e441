"""What a conversation tells. Each event is the payload of the specification's webhook event of the same type.

What the specification has no type for is `causerie:<noun>:<verb>`. Fields beyond the specification's are those that replay needs.
The wire form is `{"id", "createdAt", "type", "payload"}`; it is encoded once, stored, and sent on as it is.
"""

from __future__ import annotations

from typing import ClassVar, Literal, get_args

import msgspec
from msgspec import UNSET, UnsetType

from domain import envelope
from domain.conversation.refs import ConversationDetails as ConversationDetails
from domain.conversation.refs import ConversationRef as ConversationRef
from domain.conversation.refs import ConversationType as ConversationType
from domain.conversation.refs import MemberRef as MemberRef
from domain.conversation.refs import Metadata as Metadata
from domain.conversation.refs import PageRef as PageRef
from domain.conversation.refs import ParticipantRef as ParticipantRef
from domain.conversation.refs import Source as Source
from domain.conversation.refs import UserRef as UserRef
from domain.conversation.refs import Wire
from domain.switchboard import HandBack
from domain.ticket.model import SessionState, TicketRef

#: JSON as it is, or nothing. Not `Raw | None`: msgspec reads that as null and nothing else.
RawOrUnset = msgspec.Raw | UnsetType
Status = Literal["new", "open", "pending", "hold", "solved", "closed"]


class Author(Wire, frozen=True):
    """Who wrote. `user_id` for users only; `agent_id` names the account behind a business message."""

    type: Literal["user", "business"]
    subtypes: tuple[str, ...] | None = None
    user_id: str | None = None
    display_name: str | None = None
    avatar_url: str | None = None
    agent_id: str | None = None


class SystemActivity(Wire, frozen=True):
    """What a message tells that the system wrote, and nobody said."""

    type: Literal["ticket:closed", "ticket:transfer:email", "conversation:endedByUser"]


class Message(Wire, frozen=True):
    """The specification's message. `content`, `quoted_message` and `references` are JSON that was validated at the border."""

    id: str
    received: str
    author: Author
    content: msgspec.Raw
    source: Source
    quoted_message: RawOrUnset = UNSET
    metadata: Metadata | None = None
    deleted: bool | None = None
    references: RawOrUnset = UNSET
    destination: RawOrUnset = UNSET
    override: RawOrUnset = UNSET
    activity: SystemActivity | None = None


class Activity(Wire, frozen=True):
    """Typing or reading."""

    type: Literal["conversation:read", "typing:start", "typing:stop"]
    author: Author
    source: Source | None = None


class Postback(Wire, frozen=True):
    """A pressed button: its payload, and the message that offered it."""

    payload: str
    metadata: Metadata | None = None
    message_id: str | None = None


class Failure(Wire, frozen=True):
    """Why control did not change hands."""

    code: str
    message: str


class MessageRef(Wire, frozen=True):
    """A message by its id alone; `internal` for a note, which is not counted among the messages."""

    id: str
    internal: bool = False


class ConversationCreated(Wire, frozen=True):
    type: ClassVar[str] = "conversation:create"
    conversation: ConversationDetails
    creation_reason: str
    source: Source
    participants: tuple[ParticipantRef, ...] = ()
    user: UserRef | None = None


class MessagePosted(Wire, frozen=True):
    type: ClassVar[str] = "conversation:message"
    conversation: ConversationRef
    message: Message


class NotePosted(Wire, frozen=True):
    """An internal note: agents see it, customers see only that a seq was used."""

    type: ClassVar[str] = "causerie:note:create"
    conversation: ConversationRef
    message: Message


class MessageDeleted(Wire, frozen=True):
    type: ClassVar[str] = "causerie:message:delete"
    conversation: ConversationRef
    message: MessageRef


class MessagesDeleted(Wire, frozen=True):
    type: ClassVar[str] = "causerie:messages:delete"
    conversation: ConversationRef
    reason: str = "request"


class ConversationRead(Wire, frozen=True):
    type: ClassVar[str] = "conversation:read"
    conversation: ConversationRef
    activity: Activity


class DeliveredTo(Wire, frozen=True):
    """Where a message went: the type of a channel, as in `Source`, and the integration."""

    type: str
    integration_id: str | None = None


class MessageDelivered(Wire, frozen=True):
    """A client of the user's has all that the business has written; `message` is the newest of it."""

    type: ClassVar[str] = "conversation:message:delivery:user"
    conversation: ConversationRef
    user: UserRef
    message: MessageRef
    destination: DeliveredTo
    is_final_event: bool


class MessageReceived(Wire, frozen=True):
    """A client of the business's has all that the customer has written; `message` is the newest of it."""

    type: ClassVar[str] = "causerie:message:delivery:business"
    conversation: ConversationRef
    message: MessageRef


class PageVisited(Wire, frozen=True):
    """The customer has turned to another page that shows the widget. Never for customers."""

    type: ClassVar[str] = "causerie:page:visit"
    conversation: ConversationRef
    user: UserRef
    page: PageRef


class PostbackSent(Wire, frozen=True):
    type: ClassVar[str] = "conversation:postback"
    conversation: ConversationRef
    postback: Postback
    user: UserRef
    source: Source


class ParticipantJoined(Wire, frozen=True):
    type: ClassVar[str] = "conversation:join"
    conversation: ConversationRef
    user: UserRef
    participant: ParticipantRef


class ParticipantLeft(Wire, frozen=True):
    type: ClassVar[str] = "conversation:leave"
    conversation: ConversationRef
    user: UserRef
    participant: ParticipantRef


class ParticipantReplaced(Wire, frozen=True):
    """A known person took the place of an anonymous one who turned out to be them."""

    type: ClassVar[str] = "causerie:participant:replace"
    conversation: ConversationRef
    discarded: UserRef
    user: UserRef
    participant: ParticipantRef


class ConversationUpdated(Wire, frozen=True):
    type: ClassVar[str] = "causerie:conversation:update"
    conversation: ConversationDetails


class ConversationRemoved(Wire, frozen=True):
    type: ClassVar[str] = "conversation:remove"
    conversation: ConversationRef


class ControlPassed(Wire, frozen=True):
    """`conversation` is as it is now: its active member has just got control. `reason` is there when nobody asked for it."""

    type: ClassVar[str] = "switchboard:passControl"
    conversation: ConversationRef
    metadata: Metadata | None = None
    reason: str | None = None


class PassFailed(Wire, frozen=True):
    type: ClassVar[str] = "switchboard:passControl:failure"
    conversation: ConversationRef
    error: Failure
    metadata: Metadata | None = None


class ControlOffered(Wire, frozen=True):
    type: ClassVar[str] = "switchboard:offerControl"
    conversation: ConversationRef
    metadata: Metadata | None = None


class OfferFailed(Wire, frozen=True):
    type: ClassVar[str] = "switchboard:offerControl:failure"
    conversation: ConversationRef
    error: Failure
    metadata: Metadata | None = None


class ControlAccepted(Wire, frozen=True):
    type: ClassVar[str] = "switchboard:acceptControl"
    conversation: ConversationRef
    metadata: Metadata | None = None


class AcceptFailed(Wire, frozen=True):
    type: ClassVar[str] = "switchboard:acceptControl:failure"
    conversation: ConversationRef
    error: Failure
    metadata: Metadata | None = None


class ControlReleased(Wire, frozen=True):
    """Nobody has control now. `reason` is there when nobody asked for it."""

    type: ClassVar[str] = "switchboard:releaseControl"
    conversation: ConversationRef
    metadata: Metadata | None = None
    reason: str | None = None


class ResponderAssigned(Wire, frozen=True):
    """The customer did something while nobody had control, and the first member got it."""

    type: ClassVar[str] = "causerie:responder:change"
    conversation: ConversationRef


class StatusChanged(Wire, frozen=True):
    type: ClassVar[str] = "causerie:status:change"
    conversation: ConversationRef
    status: Status


class TicketOpened(Wire, frozen=True):
    """The agents have the conversation: a new ticket, or the one that there is, again. `followup_of`: the number of the one before.

    `waiting_ms`: since when the customer waits (Unix milliseconds, 0 if not). `idle_s` and `hand_back` are the app's when it opens.
    """

    type: ClassVar[str] = "causerie:ticket:open"
    conversation: ConversationRef
    ticket: TicketRef
    waiting_ms: int = 0
    agent_id: str | None = None
    followup_of: int | None = None
    hand_back: HandBack = "solved"
    idle_s: int = 600


class TicketChanged(Wire, frozen=True):
    """What the ticket says of itself. `heard`: the seq of the last event here that it took notice of."""

    type: ClassVar[str] = "causerie:ticket:change"
    conversation: ConversationRef
    ticket: TicketRef
    heard: int = 0


class SessionChanged(Wire, frozen=True):
    """The customer is here, or has not been heard of for a while."""

    type: ClassVar[str] = "causerie:session:change"
    conversation: ConversationRef
    session: SessionState


class SessionEnded(Wire, frozen=True):
    """`by` whom; customers see this one."""

    type: ClassVar[str] = "causerie:session:end"
    conversation: ConversationRef
    by: Literal["user", "agent"]


class SurveyAsked(Wire, frozen=True):
    """The message before this asked the customer for a score of 1 to `of`. What is said to their answers goes along."""

    type: ClassVar[str] = "causerie:survey:ask"
    conversation: ConversationRef
    ticket_id: str
    of: int
    why: str
    thanks: str


class SurveyAnswered(Wire, frozen=True):
    """A message was the answer: a score, or, with `comment`, the comment on it, which is that message's text."""

    type: ClassVar[str] = "causerie:survey:answer"
    conversation: ConversationRef
    ticket_id: str
    score: int
    of: int
    comment: bool = False


class QueueMoved(Wire, frozen=True):
    """Ephemeral: how many wait before the customer, and for how long, by estimate (None: nobody knows)."""

    type: ClassVar[str] = "causerie:queue:position"
    conversation: ConversationRef
    position: int
    wait_seconds: int | None = None


class TypingChanged(Wire, frozen=True):
    """Ephemeral: goes through the stream, is never stored, has no seq."""

    type: ClassVar[str] = "conversation:typing"
    conversation: ConversationRef
    activity: Activity


class AgentRef(Wire, frozen=True):
    """An agent, as others see them."""

    id: str
    display_name: str | None = None


class ViewingChanged(Wire, frozen=True):
    """Ephemeral, and never for customers: an agent has the conversation open, or no longer."""

    type: ClassVar[str] = "causerie:viewing"
    conversation: ConversationRef
    agent: AgentRef
    on: bool


Event = (
    ConversationCreated
    | MessagePosted
    | NotePosted
    | MessageDeleted
    | MessagesDeleted
    | ConversationRead
    | MessageDelivered
    | MessageReceived
    | PageVisited
    | PostbackSent
    | ParticipantJoined
    | ParticipantLeft
    | ParticipantReplaced
    | ConversationUpdated
    | ConversationRemoved
    | ControlPassed
    | PassFailed
    | ControlOffered
    | OfferFailed
    | ControlAccepted
    | AcceptFailed
    | ControlReleased
    | ResponderAssigned
    | StatusChanged
    | TicketOpened
    | TicketChanged
    | SessionChanged
    | SessionEnded
    | SurveyAsked
    | SurveyAnswered
)

#: What goes through the stream and is never stored.
Whisper = TypingChanged | QueueMoved | ViewingChanged

STORED: dict[str, type[Event]] = {kind.type: kind for kind in get_args(Event)}

#: How the events of control differ in what they change: these tell how it is from now on, and failures tell that it is as it was.
CONTROL = (ControlPassed, ControlOffered, ControlAccepted, ControlReleased, ResponderAssigned)
FAILURES = (PassFailed, OfferFailed, AcceptFailed)

#: Types that a customer never sees: on their streams the seq is there and the event is null.
TICKETS = (TicketOpened, TicketChanged, SessionChanged, SurveyAsked, SurveyAnswered)
INTERNAL = frozenset({NotePosted.type, PageVisited.type, *(kind.type for kind in (*CONTROL, *FAILURES, *TICKETS))})


#: The destination of a message that is kept and delivered to nobody.
SILENT = msgspec.Raw(b'{"integrationType":"none"}')


class _To(msgspec.Struct, rename="camel"):
    integration_type: str | None = None


_to = msgspec.json.Decoder(_To)


def is_silent(message: Message) -> bool:
    """Whether the message leaves nobody with something to read."""
    return message.destination is not UNSET and _to.decode(message.destination).integration_type == "none"


def is_said_by_people(author: Author) -> bool:
    """Whether a business message is somebody's word: not a program's, and not the system's."""
    return author.subtypes is None or not ("bot" in author.subtypes or "activity" in author.subtypes)


#: Events that hold what people wrote, and where they were: deletion cuts them.
PERSONAL = (MessagePosted, NotePosted, PostbackSent, PageVisited)


_reader: envelope.Reader[Event] = envelope.Reader(STORED)
encode = envelope.encode
VERSION = _reader.version
decode = _reader.decode
