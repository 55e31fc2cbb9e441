"""What a ticket is, in the words of Zendesk's Support API. People are named by their ids here, things of the desk by their numbers.

One value serves the actor's state, the read table, the rules' facts and the API's view. Instants are Unix milliseconds, 0 for never.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from domain.desk.model import Levels

Status = Literal["new", "open", "pending", "hold", "solved", "closed"]
Priority = Literal["low", "normal", "high", "urgent"]
Type = Literal["problem", "incident", "question", "task"]
#: The state of the conversation behind a ticket: `none` where there is none.
SessionState = Literal["none", "active", "inactive", "ended"]
Score = Literal["unoffered", "offered", "good", "bad"]

#: From a status to those that may follow. Nothing follows `closed`: a follow-up is another ticket.
MOVES: dict[Status, frozenset[Status]] = {
    "new": frozenset({"open", "pending", "hold", "solved", "closed"}),
    "open": frozenset({"pending", "hold", "solved", "closed"}),
    "pending": frozenset({"open", "hold", "solved", "closed"}),
    "hold": frozenset({"open", "pending", "solved", "closed"}),
    "solved": frozenset({"open", "pending", "hold", "closed"}),
    "closed": frozenset(),
}


#: So many keys of rules that have fired are remembered.
MAX_RUNG = 100


#: Limits. A ticket is one value in memory, in a row and in snapshots: it must stay small.
MAX_SUBJECT = 512
MAX_COMMENT_BYTES = 65_536
MAX_TAGS, MAX_TAG = 100, 80
MAX_FOLLOWERS = 50
MAX_UPLOADS = 20
MAX_FIELDS, MAX_FIELDS_BYTES = 200, 65_536
MAX_CHANGES = 300
MAX_WORD = 255
"""Of ids and other single words from outside."""


class Rating(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the customer thinks of it."""

    score: Score = "unoffered"
    comment: str | None = None
    reason: str | None = None
    at_ms: int = 0
    points: int = 0
    of: int = 0
    """What they chose, 1 being worst and `of` best; 0 and 0 where nobody counted."""


class Metrics(msgspec.Struct, frozen=True, omit_defaults=True):
    """What reports and service levels count."""

    first_reply_ms: int = 0
    """When a person of the business first answered."""
    waiting_ms: int = 0
    """Since when the customer waits for an agent; 0 if not."""
    assigned_ms: int = 0
    first_assigned_ms: int = 0
    solved_ms: int = 0
    closed_ms: int = 0
    status_ms: int = 0
    """Since when it has its status."""
    reopens: int = 0
    replies: int = 0
    assignee_stations: int = 0
    group_stations: int = 0
    requester_ms: int = 0
    """When the requester last changed it or said something."""
    assignee_ms: int = 0
    """When its assignee did."""
    reply_ms: int = 0
    """When an agent last said something in public."""


class Ticket(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ticket as it is now. `number` is its id in the API, unique within the app."""

    app: str
    id: str
    number: int = 0
    subject: str = ""
    description: str = ""
    status: Status = "new"
    priority: Priority | None = None
    type: Type | None = None
    requester_id: str = ""
    submitter_id: str = ""
    assignee_id: str | None = None
    group_id: int | None = None
    follower_ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fields: dict[str, Any] = {}
    """Values of custom fields, by the field's number as text."""
    channel: str = "api"
    """From where it came: `api`, `web`, `messaging`."""
    conversation_id: str | None = None
    session: SessionState = "none"
    external_id: str | None = None
    brand_id: str | None = None
    problem_number: int | None = None
    followup_of: int | None = None
    """The number of the closed ticket that it goes on with."""
    merged_into: int | None = None
    due_ms: int = 0
    rating: Rating = Rating()
    metrics: Metrics = Metrics()
    levels: Levels = Levels()
    """Its service levels, as `domain.desk.rules.service_levels` last said."""
    rung: tuple[str, ...] = ()
    """The keys of timed rules that have fired, the latest `MAX_RUNG` of them: none fires twice."""
    created_ms: int = 0
    updated_ms: int = 0
    deleted: bool = False


class TicketRef(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A ticket as its conversation knows it. `revision` is the ticket's seq: what is older never undoes what is newer."""

    id: str
    number: int = 0
    status: Status = "new"
    assignee_id: str | None = None
    group_id: int | None = None
    revision: int = 0


def diagram() -> str:
    """The moves of the status as a mermaid diagram."""
    lines = ["stateDiagram-v2", "    [*] --> new"]
    lines += [f"    {here} --> {there}" for here, following in MOVES.items() for there in MOVES if there in following]
    return "\n".join([*lines, "    closed --> [*]"])
