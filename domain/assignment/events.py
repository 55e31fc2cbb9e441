"""What an app's routing tells: who waits, who was asked, who has what. They are the audit, and what the inbox shows live.

The wire form is that of conversations: `{"id", "createdAt", "type", "payload"}`. No customer ever sees these.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import msgspec
from msgspec.structs import astuple

from domain import envelope
from domain.assignment.commands import Presence, Work

#: Why work waits: it is new, its ticket asks anew, an agent handed it over or gave it back, or its agent is no more.
Why = Literal["new", "changed", "transferred", "returned", "removed"]
#: How an offer came to nothing.
Ending = Literal["expired", "declined", "away", "removed"]
How = Literal["accepted", "automatic", "taken"]


class _Wire(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    pass


class _OfWork(_Wire, frozen=True, kw_only=True):
    """With all that is known of the work."""

    ticket_id: str
    epoch: int
    channel: str
    conversation_id: str | None = None
    queue: int = 0
    group: int | None = None
    priority: int = 1
    eligible_ms: int = 0
    due_ms: int = 0
    skills: tuple[int, ...] = ()
    active: bool = True

    @property
    def work(self) -> Work:
        return Work(
            self.ticket_id,
            self.epoch,
            self.channel,
            self.conversation_id,
            self.queue,
            self.group,
            self.priority,
            self.eligible_ms,
            self.due_ms,
            self.skills,
            self.active,
        )


class DeskNoted(_Wire, frozen=True):
    """From here on the desk of this version decides."""

    type: ClassVar[str] = "routing:desk"
    version: int


class Queued(_OfWork, frozen=True, kw_only=True):
    """Work waits. `from_agent` had it, and is not asked for it before `again_ms`; `by` handed it over."""

    type: ClassVar[str] = "routing:queued"
    why: Why = "new"
    from_agent: str | None = None
    again_ms: int = 0
    by: str | None = None


class Taken(_OfWork, frozen=True, kw_only=True):
    """The ticket was given this agent by hand."""

    type: ClassVar[str] = "routing:taken"
    agent_id: str
    from_agent: str | None = None


class Offered(_Wire, frozen=True):
    """An agent is asked. `from_agent` has the work until it is accepted. `by`: who wants to hand it over."""

    type: ClassVar[str] = "routing:offered"
    ticket_id: str
    epoch: int
    agent_id: str
    until_ms: int
    conversation_id: str | None = None
    from_agent: str | None = None
    by: str | None = None


class OfferEnded(_Wire, frozen=True):
    """It was not accepted. The agent is not asked again before `again_ms`."""

    type: ClassVar[str] = "routing:offer_ended"
    ticket_id: str
    epoch: int
    agent_id: str
    reason: Ending
    again_ms: int = 0


class Assigned(_Wire, frozen=True):
    """An agent has it. `waited_ms` is how long it waited in the queue."""

    type: ClassVar[str] = "routing:assigned"
    ticket_id: str
    epoch: int
    agent_id: str
    how: How
    group_id: int | None = None
    queue: int = 0
    conversation_id: str | None = None
    waited_ms: int = 0
    from_agent: str | None = None
    by: str | None = None


class Withdrawn(_Wire, frozen=True):
    """Nobody is needed any more. `agent_id` had it."""

    type: ClassVar[str] = "routing:withdrawn"
    ticket_id: str
    epoch: int
    agent_id: str | None = None


class ActivityChanged(_Wire, frozen=True):
    """The customer is there, or is not."""

    type: ClassVar[str] = "routing:activity"
    ticket_id: str
    active: bool


class StatusChanged(_Wire, frozen=True):
    """What an agent is, and so to each channel (`channels`, for a status of the app's own). `before` comes back when they do."""

    type: ClassVar[str] = "routing:status"
    agent_id: str
    status: str
    reason: str
    channels: dict[str, Presence] = {}
    before: str | None = None
    by: str | None = None


class AgentRemoved(_Wire, frozen=True):
    """The desk knows the agent no more."""

    type: ClassVar[str] = "routing:agent_removed"
    agent_id: str


class PresenceNoted(_Wire, frozen=True):
    """A gateway's sockets. `until_ms`: when it is given up if it says nothing (0: it has gone)."""

    type: ClassVar[str] = "routing:presence"
    gateway: str
    until_ms: int
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()


Event = (
    DeskNoted
    | Queued
    | Taken
    | Offered
    | OfferEnded
    | Assigned
    | Withdrawn
    | ActivityChanged
    | StatusChanged
    | AgentRemoved
    | PresenceNoted
)

STORED: dict[str, type[Event]] = {kind.type: kind for kind in Event.__args__}


def queued(work: Work, why: Why, from_agent: str | None = None, again_ms: int = 0, by: str | None = None) -> Queued:
    return Queued(**_of(work), why=why, from_agent=from_agent, again_ms=again_ms, by=by)


def taken(work: Work, agent_id: str, from_agent: str | None) -> Taken:
    return Taken(**_of(work), agent_id=agent_id, from_agent=from_agent)


_FIELDS = Work.__struct_fields__


def _of(work: Work) -> dict[str, Any]:
    return dict(zip(_FIELDS, astuple(work), strict=True))


_reader: envelope.Reader[Event] = envelope.Reader(STORED)
encode = envelope.encode
VERSION = _reader.version
decode = _reader.decode
