"""What conditions may ask of a ticket: the table of fields. The reference is made of it, and so is the check of what people write.

Source of the names: Zendesk's "Conditions reference". What it has and is not here (organisations, forms) is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from domain.desk.model import Desk, Happening, TicketField
from domain.hours import is_open
from domain.ticket.commands import By, Comment
from domain.ticket.model import Ticket

#: Where conditions stand. Only triggers know what has just happened; only automations wait for time.
Place = Literal["trigger", "automation", "view", "sla", "queue", "skill"]
#: What is compared, which decides the operators.
Kind = Literal["choice", "rank", "reference", "person", "words", "tags", "number", "truth", "date", "hours"]

EVERYWHERE: frozenset[Place] = frozenset({"trigger", "automation", "view", "sla", "queue", "skill"})
TRIGGERS: frozenset[Place] = frozenset({"trigger"})
LIVE: frozenset[Place] = frozenset({"trigger", "queue", "skill"})
TIMED: frozenset[Place] = frozenset({"automation"})

STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
TYPES = ("question", "incident", "problem", "task")
SESSIONS = ("none", "active", "inactive", "ended")
SCORES = ("unoffered", "offered", "bad", "good")
CUSTOM = "custom_fields_"
_CUSTOM_ONCE = "ticket_fields_"
"""How older rules name them."""

HOUR_MS = 3_600_000


def number_in(given: object) -> int | None:
    """The number of a thing, given as an integer or as text. None: it is none that anything could have."""
    text = str(given) if isinstance(given, int | str) and not isinstance(given, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class Facts(msgspec.Struct, frozen=True):
    """What is known when conditions are tried. `before` is None for a new ticket, and where nothing has just happened."""

    desk: Desk
    after: Ticket
    before: Ticket | None = None
    by: By = By()
    now_ms: int = 0
    comment: Comment | None = None
    event: Happening | None = None


Read = Callable[[Facts, Ticket], Any]


class Field(msgspec.Struct, frozen=True):
    """A field of conditions. `read` gives its value in a ticket: that after the change, or, to know what changed, before it."""

    name: str
    kind: Kind
    words: str
    read: Read
    places: frozenset[Place] = EVERYWHERE
    values: tuple[str, ...] = ()
    changes: bool = False
    """Triggers may ask whether it has just changed."""


def _ticket(name: str) -> Read:
    return lambda facts, ticket: getattr(ticket, name)


def _metric(name: str) -> Read:
    return lambda facts, ticket: getattr(ticket.metrics, name)


def _said(facts: Facts, ticket: Ticket) -> str:
    return facts.comment.body if facts.comment is not None else ""


def _is_public(facts: Facts, ticket: Ticket) -> bool | None:
    return None if facts.comment is None else facts.comment.public


def _role(facts: Facts, ticket: Ticket) -> str:
    if facts.by.kind == "agent":
        agent = facts.desk.agents.get(facts.by.id)
        return "admin" if agent is not None and agent.role == "admin" else "agent"
    return {"user": "end_user", "key": "program"}.get(facts.by.kind, "system")


def _update(facts: Facts, ticket: Ticket) -> str:
    return "Create" if facts.before is None else "Change"


def _is_open(facts: Facts, ticket: Ticket) -> bool:
    schedule = facts.desk.schedule(facts.desk.routing.schedule)
    return schedule is None or is_open(schedule, facts.now_ms)


def _entered(status: str) -> Read:
    """Since when it has a status; 0 if it has another."""
    return lambda facts, ticket: (ticket.metrics.status_ms or ticket.created_ms) if ticket.status == status else 0


def _next_breach(facts: Facts, ticket: Ticket) -> int:
    return min((level.due_ms for level in ticket.levels.metrics if level.due_ms), default=0)


def _last_breach(facts: Facts, ticket: Ticket) -> int:
    return max((level.breached_ms for level in ticket.levels.metrics), default=0)


def _when_task(facts: Facts, ticket: Ticket) -> int:
    return ticket.due_ms


_OF_TICKETS = (
    Field("status", "rank", "The ticket's status.", _ticket("status"), values=STATUSES, changes=True),
    Field("priority", "rank", 'Its priority; `""` is none.', _ticket("priority"), values=PRIORITIES, changes=True),
    Field("type", "choice", 'Its type; `""` is none.', _ticket("type"), values=TYPES, changes=True),
    Field("group_id", "reference", 'The number of its group; `""` is none.', _ticket("group_id"), changes=True),
    Field(
        "assignee_id",
        "person",
        'Who works on it: a number, `current_user`, `requester_id`; `""` is nobody.',
        _ticket("assignee_id"),
        changes=True,
    ),
    Field("requester_id", "person", "Who asks: a number, `current_user`, `assignee_id`.", _ticket("requester_id"), changes=True),
    Field("current_tags", "tags", "Its tags.", _ticket("tags"), changes=True),
    Field("via_id", "choice", "From where it came: `api`, `web`, `email`, `messaging`, ...", _ticket("channel")),
    Field("subject_includes_word", "words", "Its subject.", _ticket("subject"), changes=True),
    Field("description_includes_word", "words", "Its first words.", _ticket("description")),
    Field("external_id", "words", "Its id in another system.", _ticket("external_id"), changes=True),
    Field("brand_id", "choice", "Its brand.", _ticket("brand_id"), changes=True),
    Field("session_state", "choice", "How the conversation behind it stands.", _ticket("session"), values=SESSIONS, changes=True),
    Field(
        "satisfaction_score", "rank", "What the customer thinks.", lambda facts, ticket: ticket.rating.score, values=SCORES, changes=True
    ),
    Field("satisfaction_reason", "words", "Why.", lambda facts, ticket: ticket.rating.reason, changes=True),
    Field("ticket_due_date", "date", "When the task is due.", _ticket("due_ms"), changes=True),
    Field("reopens", "number", "How often it was opened again.", _metric("reopens")),
    Field("replies", "number", "How often agents have answered in public.", _metric("replies")),
    Field("agent_stations", "number", "How many agents had it.", _metric("assignee_stations")),
    Field("group_stations", "number", "How many groups had it.", _metric("group_stations")),
)
_OF_EVENTS = (
    Field("update_type", "choice", "Whether it was made or changed.", _update, TRIGGERS, ("Create", "Change")),
    Field(
        "current_via_id",
        "choice",
        "From where the change came: `api`, `messaging`, `rule`, ...",
        lambda facts, ticket: facts.by.via,
        TRIGGERS,
    ),
    Field("role", "choice", "Who has changed it.", _role, TRIGGERS, ("end_user", "agent", "admin", "program", "system")),
    Field(
        "current_user",
        "person",
        "Who has changed it: a number, `assignee_id`, `requester_id`.",
        lambda facts, ticket: facts.by.id,
        TRIGGERS,
    ),
    Field(
        "comment_is_public", "truth", "Whether what was said is for the customer too. Neither, if nothing was said.", _is_public, TRIGGERS
    ),
    Field("comment_includes_word", "words", "What was said.", _said, TRIGGERS),
    Field("in_business_hours", "truth", "Whether it is open now, by the routing's schedule or else the first.", _is_open, LIVE),
)
_OF_TIME = (
    Field("NEW", "hours", "Since it was made.", _ticket("created_ms"), TIMED),
    Field("OPEN", "hours", "Since it is open.", _entered("open"), TIMED),
    Field("PENDING", "hours", "Since it waits for the customer.", _entered("pending"), TIMED),
    Field("HOLD", "hours", "Since it is on hold.", _entered("hold"), TIMED),
    Field("SOLVED", "hours", "Since it is solved.", _entered("solved"), TIMED),
    Field("CLOSED", "hours", "Since it is closed.", _entered("closed"), TIMED),
    Field("assigned_at", "hours", "Since somebody has it.", _metric("assigned_ms"), TIMED),
    Field("updated_at", "hours", "Since it was last changed.", _ticket("updated_ms"), TIMED),
    Field("requester_updated_at", "hours", "Since the requester last said something or changed it.", _metric("requester_ms"), TIMED),
    Field("assignee_updated_at", "hours", "Since its assignee did.", _metric("assignee_ms"), TIMED),
    Field("due_date", "hours", "Since it was due.", _when_task, TIMED),
    Field("until_due_date", "hours", "Until it is due.", _when_task, TIMED),
    Field("sla_breach_at", "hours", "Since a service level was last missed.", _last_breach, TIMED),
    Field("until_sla_next_breach_at", "hours", "Until the next service level is missed.", _next_breach, TIMED),
)
FIELDS: dict[str, Field] = {field.name: field for field in (*_OF_TICKETS, *_OF_EVENTS, *_OF_TIME)}

_CUSTOM_KINDS: dict[str, Kind] = {
    "text": "words", "textarea": "words", "regexp": "words", "checkbox": "truth", "date": "date", "integer": "number", "decimal": "number",
    "tagger": "choice", "multiselect": "tags",
}  # fmt: skip


def field_of(name: str, custom: dict[int, TicketField]) -> Field | None:
    """The field of that name, also one of the app's own: `custom_fields_<number>`. None: there is none."""
    if not name.startswith((CUSTOM, _CUSTOM_ONCE)):
        return FIELDS.get(name)
    number = name.removeprefix(CUSTOM).removeprefix(_CUSTOM_ONCE)
    one = custom.get(number_in(number) or 0)
    if one is None:
        return None
    kind = _CUSTOM_KINDS[one.type]
    values = tuple(one.options) if kind in ("choice", "tags") else ()
    return Field(CUSTOM + number, kind, one.name, _custom(number, kind), EVERYWHERE, values, changes=True)


def _custom(number: str, kind: Kind) -> Read:
    """Values that an app's field holds; dates are kept as text, as they were given."""

    def read(facts: Facts, ticket: Ticket) -> Any:
        value = ticket.fields.get(number)
        if kind == "tags":
            return tuple(value) if isinstance(value, list | tuple) else ()
        return value is True or value == "true" if kind == "truth" else value

    return read
