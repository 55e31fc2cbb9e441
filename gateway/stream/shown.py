"""The frames to clients as types. They are put together as bytes elsewhere; asyncapi.yaml is made of these, and tests hold frames to it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from msgspec import Meta

from domain.assignment.state import Stage
from domain.conversation.events import Status
from domain.metadata import Metadata
from domain.ticket.model import SessionState, TicketRef
from gateway.described import Id, Instant
from gateway.stream.frames import MAX_HISTORY, ClientId, Topic
from storage.sql.routing import MAX_AGENTS_SHOWN, MAX_OWN

#: What was told, or null where there is nothing to see for this subscriber. Its place counts all the same.
Event = Annotated[Any, Meta(extra_json_schema={"anyOf": [{"$ref": "#/components/schemas/Event"}, {"type": "null"}]})]
RoutingEvent = Annotated[Any, Meta(extra_json_schema={"$ref": "#/components/schemas/RoutingEvent"})]
Code = Annotated[str, Meta(pattern="^[a-z_]+$", description="See errors.md.")]
Seq = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]


class WelcomeUser(TypedDict):
    id: Id
    externalId: str | None
    authenticated: bool


class WelcomeAgent(TypedDict):
    """A program's id is that of its key."""

    id: str
    displayName: str


class Welcome(TypedDict):
    """The token is valid."""

    type: Literal["welcome"]
    now: Instant
    user: NotRequired[WelcomeUser]
    agent: NotRequired[WelcomeAgent]


class SwitchboardIntegration(TypedDict):
    """A member of the switchboard that has control of the conversation, or to which it was offered."""

    id: Id
    name: str
    integrationId: NotRequired[str]
    integrationType: NotRequired[str]


class Participant(TypedDict):
    userId: str
    userExternalId: str | None


class Summary(TypedDict):
    """A conversation as a list shows it."""

    id: Id
    type: Literal["personal", "sdkGroup"]
    displayName: str | None
    metadata: Metadata | None
    seq: Seq
    status: Status
    activeSwitchboardIntegration: SwitchboardIntegration | None
    pendingSwitchboardIntegration: SwitchboardIntegration | None
    unread: Count
    lastUpdatedAt: Instant | None
    ticket: TicketRef | None
    session: SessionState
    participants: list[Participant]


class Subscribed(TypedDict):
    """The topic is followed; its events come behind this. Of the inbox with the newest conversations."""

    type: Literal["subscribed"]
    topic: Topic
    after: Count
    position: NotRequired[Count]
    conversations: NotRequired[list[Summary]]


class EventFrame(TypedDict):
    """Something was committed, or (`seq` is null) somebody types. `position` is that on the inbox."""

    type: Literal["event"]
    topic: Topic
    conversation: Id
    seq: Seq | None
    position: NotRequired[Seq]
    event: Event


class Line(TypedDict):
    """How much waits, is offered and is assigned in a queue; the standard one (0) by group. `oldestMs`: since when the oldest waits."""

    queue: Count
    group: int | None
    waiting: Count
    offered: Count
    assigned: Count
    handing: Count
    oldestMs: NotRequired[int]


class AgentPresence(TypedDict):
    id: Id
    status: str
    reason: str
    sinceMs: int
    connected: bool


class Work(TypedDict):
    """What this agent has, or is asked to take until `untilMs`."""

    ticketId: Id
    stage: Stage
    queue: int
    group: NotRequired[int]
    channel: str
    conversationId: NotRequired[Id]
    agentId: NotRequired[Id]
    offerId: NotRequired[Id]
    untilMs: int
    priority: int
    dueMs: int
    eligibleMs: int
    sinceMs: int
    active: bool


class RoutingFrame(TypedDict):
    """On the inbox, the app's routing as it is; what follows it comes behind this. For agents and programs."""

    type: Literal["routing"]
    topic: Literal["inbox"]
    position: Seq
    lines: list[Line]
    agents: Annotated[list[AgentPresence], Meta(max_length=MAX_AGENTS_SHOWN)]
    work: Annotated[list[Work], Meta(max_length=MAX_OWN)]


class Routed(TypedDict):
    """On the inbox, something was routed: positions are 1, 2, 3 and so on. For agents and programs."""

    type: Literal["routed"]
    topic: Literal["inbox"]
    position: Seq
    event: RoutingEvent


class Ack(TypedDict):
    """What was said to a conversation is committed: its place there. `seq` is 0 and `message` empty where there was nothing to change."""

    type: Literal["ack"]
    id: ClientId
    conversation: Id
    seq: Count
    message: Annotated[str, Meta(pattern="^([0-9a-f]{24})?$")]


class RoutingAck(TypedDict):
    """What was said to the routing is committed: its place there, 0 where there was nothing to change."""

    type: Literal["ack"]
    id: ClientId
    position: Count


class PageEvent(TypedDict):
    seq: Seq
    event: Event


class Page(TypedDict):
    """Older events, ascending. `more`: there are older ones."""

    type: Literal["page"]
    id: ClientId
    conversation: Id
    events: Annotated[list[PageEvent], Meta(max_length=MAX_HISTORY)]
    more: bool


class Refused(TypedDict):
    """A frame was not carried out. With `retry_after` (seconds) the same frame may be sent again."""

    type: Literal["refused"]
    id: str | None
    code: Code
    title: str
    retry_after: NotRequired[Annotated[float, Meta(ge=0)]]
    topic: NotRequired[Topic]


class Pong(TypedDict):
    """Answers ping."""

    type: Literal["pong"]


class Bye(TypedDict):
    """The server closes the socket."""

    type: Literal["bye"]
    code: Code
    reason: str


#: Every frame to a client. What was said to the routing is acked in a form of its own.
FRAMES: dict[str, Any] = {
    "welcome": Welcome,
    "subscribed": Subscribed,
    "event": EventFrame,
    "routing": RoutingFrame,
    "routed": Routed,
    "ack": Ack,
    "routingAck": RoutingAck,
    "page": Page,
    "refused": Refused,
    "pong": Pong,
    "bye": Bye,
}
#: Said by agents and programs alone, and by visitors alone; heard by agents and programs alone.
OF_AGENTS = ("control", "status", "availability", "accept", "decline", "transfer", "viewing")
OF_VISITORS = ("postback", "visit")
HEARD_BY_AGENTS = ("routing", "routed", "routingAck")
