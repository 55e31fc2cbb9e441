"""The stream's frames as bytes and values. One JSON object a line; lines end with a newline and hold none.

Event frames are put together around the event's stored JSON, which is never decoded here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from actors.answers import Answer
from actors.conversation import is_internal
from actors.stream import Delivered
from domain.conversation import events as ev
from domain.decode import decode
from domain.errors import Invalid, Refused, Unavailable
from domain.message_post import Destination, Reference
from domain.metadata import Metadata
from gateway.counts import COUNTS
from storage.redaction import STUB_BYTES

MAX_LINE_BYTES = 100_000
MAX_MESSAGE_BYTES = 1_000_000
MAX_HISTORY = 100
MAX_PAGE_BYTES = 1_000_000
"""Of a page of history. Where events are large it has fewer of them."""

ClientId = Annotated[str, Meta(min_length=1, max_length=128)]
RowId = Annotated[str, Meta(pattern=r"^[0-9a-f]{24}\Z")]
Topic = Annotated[str, Meta(pattern=r"^(inbox|conversation:[0-9a-f]{24})\Z")]
References = Annotated[tuple[Reference, ...], Meta(min_length=1, max_length=10)]
ControlAction = Literal["pass", "offer", "accept", "release"]
Member = Annotated[str, Meta(min_length=1, max_length=128)]
_STATUSES = "online, away, transfers_only, offline, or the number of a custom status."
ActivityName = Literal["conversation:read", "conversation:delivered", "typing:start", "typing:stop"]


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """Says who it is. The first frame of every client."""

    token: Annotated[str, Meta(max_length=512)]


class Subscribe(msgspec.Struct, frozen=True, tag="subscribe"):
    """Follows a topic. A second one replaces the first."""

    topic: Topic
    after: Annotated[int, Meta(ge=0, description="The last seq that the client has.")] = 0


class Unsubscribe(msgspec.Struct, frozen=True, tag="unsubscribe"):
    """Stops following a topic."""

    topic: Topic


class Message(msgspec.Struct, frozen=True, tag="message"):
    """Posts a message. The same id again gets the first ack."""

    id: ClientId
    content: msgspec.Raw
    conversation: Annotated[RowId | None, Meta(description="Without it a visitor's default conversation.")] = None
    metadata: Metadata | None = None
    destination: Annotated[Destination | None, Meta(description="Agents and programs only.")] = None
    references: Annotated[References | None, Meta(description="Agents and programs only.")] = None
    internal: Annotated[bool, Meta(description="A note. Agents and programs only.")] = False


class Postback(msgspec.Struct, frozen=True, tag="postback"):
    """A visitor presses a button of a message: by its place, its payload or its text."""

    id: ClientId
    conversation: RowId
    message: RowId
    action: str | int


class Control(msgspec.Struct, frozen=True, tag="control"):
    """An agent or a program moves control of a conversation."""

    id: ClientId
    conversation: RowId
    action: ControlAction
    to: Annotated[Member | None, Meta(description="Of pass and offer: next, or an id, a name or a type.")] = None
    metadata: Metadata | None = None


class Status(msgspec.Struct, frozen=True, tag="status"):
    """An agent or a program says how far a conversation is."""

    id: ClientId
    conversation: RowId
    status: ev.Status


class Session(msgspec.Struct, frozen=True, tag="session"):
    """The customer (where the app has endSessionEnabled) or an agent says that a conversation is over."""

    id: ClientId
    conversation: RowId
    action: Literal["end"]


class Availability(msgspec.Struct, frozen=True, tag="availability"):
    """An agent says what they are to new work; who supervises, what another is."""

    id: ClientId
    status: Annotated[str, Meta(min_length=1, max_length=20, description=_STATUSES)]
    agent: RowId | None = None


class Accept(msgspec.Struct, frozen=True, tag="accept"):
    """An agent takes the work that was offered."""

    id: ClientId
    ticket: RowId


class Decline(msgspec.Struct, frozen=True, tag="decline"):
    """An agent does not take the work that was offered."""

    id: ClientId
    ticket: RowId


class Transfer(msgspec.Struct, frozen=True, tag="transfer"):
    """Hands work over to an agent, a group or a queue; with none of them, back to its queue. Whoever names themselves takes it."""

    id: ClientId
    ticket: RowId
    agent: RowId | None = None
    group: Annotated[int, Meta(ge=1)] | None = None
    queue: Annotated[Annotated[int, Meta(ge=0)] | None, Meta(description="0 is the standard one.")] = None


#: What is said to the app's routing.
OfRouting = Availability | Accept | Decline | Transfer


class ActivityType(msgspec.Struct, frozen=True):
    type: ActivityName


class Activity(msgspec.Struct, frozen=True, tag="activity"):
    """Typing; or that all that is there is read, or has arrived on the client's device."""

    conversation: RowId
    activity: ActivityType | ActivityName


class Visit(msgspec.Struct, frozen=True, tag="visit"):
    """A visitor has a page before them. Of its address, which has a host and begins with `http`, query and fragment are not kept."""

    conversation: RowId
    url: Annotated[str, Meta(min_length=1, max_length=2048)]
    title: Annotated[str, Meta(max_length=256)] = ""


class Viewing(msgspec.Struct, frozen=True, tag="viewing"):
    """An agent has a conversation open, or no longer. Said again every 20 s while it is so."""

    conversation: RowId
    on: bool


class History(msgspec.Struct, frozen=True, tag="history"):
    """Asks for a page of older events."""

    id: ClientId
    conversation: RowId
    before: Annotated[Annotated[int, Meta(ge=1)] | None, Meta(description="Without it the newest events.")] = None
    limit: Annotated[int, Meta(ge=1, le=MAX_HISTORY)] = MAX_HISTORY


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """Asks for a pong."""


Frame = (
    Hello
    | Subscribe
    | Unsubscribe
    | Message
    | Postback
    | Control
    | Status
    | Session
    | Activity
    | Visit
    | Viewing
    | History
    | Ping
    | OfRouting
)

_decoder: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)
_encode = msgspec.json.Encoder().encode


class _OnlyId(msgspec.Struct):
    id: str | None = None


_only_id = msgspec.json.Decoder(_OnlyId)


def parse(line: bytes) -> Frame:
    """A frame from a client. Raises `Invalid`."""
    if len(line) > MAX_LINE_BYTES:
        raise Invalid("", f"a frame has at most {MAX_LINE_BYTES} bytes")
    return decode(_decoder, line, "")


def id_in(line: bytes) -> str | None:
    """The `id` of a frame that is refused as a whole, if there is one to name."""
    try:
        found = _only_id.decode(line).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found[:128] if found is not None else None


def line(**fields: Any) -> bytes:
    """Any frame to a client."""
    return _encode(fields)


def ack(identifier: str, conversation: str, answer: Answer) -> bytes:
    """`ack {id, conversation, seq, message}`; `message` is the message's id. Both are empty where nothing had to change."""
    return b'{"type":"ack","id":%b,"conversation":"%b","seq":%d,"message":"%b"}' % (
        _encode(identifier),
        conversation.encode(),
        answer.seq,
        answer.id.encode(),
    )


def refused(identifier: str | None, error: Refused | Unavailable, **more: Any) -> bytes:
    """`refused {id, code, title, retry_after?}`: with `retry_after` (seconds) the same frame may be sent again."""
    COUNTS.refusals[error.code] += 1
    fields: dict[str, Any] = {"type": "refused", "id": identifier, "code": error.code, "title": error.title, **more}
    if isinstance(error, Unavailable):
        fields["retry_after"] = round(error.retry_after_s, 3)
    return _encode(fields)


def event_json(body: bytes, internal: bool) -> bytes:
    """The event as a subscriber may see it: null for what was redacted, and for customers what is internal."""
    return b"null" if len(body) <= STUB_BYTES or (not internal and is_internal(body)) else body


def event(delivered: Delivered, internal: bool) -> bytes:
    """An `event` frame, put together once for all sockets with the same rights. `internal`: may see internal events."""
    view = "internal" if internal else "customer"
    made = delivered.frames.get(view)
    if made is None:
        identifier = delivered.actor.id.encode()
        seq = b"%d" % delivered.seq if delivered.seq else b"null"
        made = b'{"type":"event","topic":"conversation:%b","conversation":"%b","seq":%b,"event":%b}' % (
            identifier,
            identifier,
            seq,
            event_json(delivered.body, internal),
        )
        delivered.frames[view] = made
    return made
