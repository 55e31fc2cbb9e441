"""What a ticket tells. Each event is an audit: by whom and by what way, what each field was and is, and what was said.

The wire form is that of conversations: `{"id", "createdAt", "type", "payload"}`. Customers never see these.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, get_args

import msgspec

from domain import envelope
from domain.desk.model import Levels, Metric, Notice
from domain.switchboard import Member
from domain.ticket.model import SessionState, Ticket


class _Wire(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    pass


class Who(_Wire, frozen=True):
    """Whose doing it was. `rule`: what fired, as `trigger:7`."""

    kind: Literal["agent", "user", "key", "system"] = "system"
    id: str = ""
    via: str = "api"
    rule: str | None = None


class Changed(_Wire, frozen=True):
    """A field of `Ticket`, or `custom_fields.<number>`, as it was and as it is."""

    field: str
    value: Any = None
    previous: Any = None


class Said(_Wire, frozen=True):
    """A comment. `spoken`: it is a message in the conversation too. `was_public`: the customer was told, before it was made private.
    `at_ms`: when it was said, if elsewhere and before."""

    body: str
    public: bool = True
    html: str | None = None
    author_id: str | None = None
    uploads: tuple[str, ...] = ()
    spoken: bool = False
    was_public: bool = False
    at_ms: int = 0


class Wish(_Wire, frozen=True):
    """What the ticket last asked of the routing: nothing, an agent, or that one's time. With what it waits."""

    kind: Literal["nothing", "queue", "agent"] = "nothing"
    agent_id: str | None = None
    queue: int = 0
    group: int | None = None
    priority: int = 1
    due_ms: int = 0
    skills: tuple[int, ...] = ()


class TimerSet(_Wire, frozen=True):
    """A timer that now waits; one without `due_ms` waits no more."""

    name: str
    key: str = ""
    due_ms: int = 0


class Merging(_Wire, frozen=True):
    """With which other ticket."""

    id: str
    number: int


class _Audit(_Wire, frozen=True):
    """What every event may tell. `cause` names the rules by which it came, itself last.

    What follows `cause` is for the ticket's own memory: `heard` (seq of the conversation's event that it took notice of), service
    levels, keys of timed rules that have fired, timers, and what it asked of the routing, with which epoch. `notices` were sent out.
    """

    by: Who = Who()
    changes: tuple[Changed, ...] = ()
    comment: Said | None = None
    cause: tuple[str, ...] = ()
    heard: int = 0
    levels: Levels | None = None
    rung: str = ""
    timers: tuple[TimerSet, ...] = ()
    wish: Wish | None = None
    epoch: int = 0
    lane: Literal["messaging", "support"] | None = None
    notices: tuple[Notice, ...] = ()


class Created(_Audit, frozen=True):
    """`changes` hold what was given. `waiting_ms`: since when the customer waits. `made_ms`, `solved_ms`: of a ticket that was elsewhere
    before."""

    type: ClassVar[str] = "ticket:create"
    number: int = 0
    agents: Member | None = None
    locale: str | None = None
    waiting_ms: int = 0
    made_ms: int = 0
    solved_ms: int = 0


class Updated(_Audit, frozen=True):
    type: ClassVar[str] = "ticket:update"


class Opened(_Audit, frozen=True):
    """The agents have the conversation again."""

    type: ClassVar[str] = "ticket:open"
    agents: Member | None = None
    waiting_ms: int = 0


class WordHeard(_Audit, frozen=True):
    """The word has changed sides in the conversation."""

    type: ClassVar[str] = "ticket:hear"
    who: Literal["customer", "agent"] = "customer"
    at_ms: int = 0


class SessionTold(_Audit, frozen=True):
    type: ClassVar[str] = "ticket:session"
    session: SessionState = "active"


class Routed(_Audit, frozen=True):
    """The routing has found an agent, or has put it back into the queue. `how` or why."""

    type: ClassVar[str] = "ticket:route"
    how: str = "automatic"


class Rated(_Audit, frozen=True):
    type: ClassVar[str] = "ticket:rate"


class Surveyed(_Audit, frozen=True):
    """The customer was asked how it was, on a scale of 1 to `of`."""

    type: ClassVar[str] = "ticket:survey"
    of: int = 5


class Breached(_Audit, frozen=True):
    """A service level was not kept."""

    type: ClassVar[str] = "ticket:breach"
    policy: int = 0
    metric: Metric = "first_reply_time"
    due_ms: int = 0


class MergeBegun(_Audit, frozen=True):
    type: ClassVar[str] = "ticket:merge:begin"
    into: Merging = Merging("", 0)


class Merged(_Audit, frozen=True):
    """Another ticket has taken this one in."""

    type: ClassVar[str] = "ticket:merge"
    into: int = 0


class MergeFailed(_Audit, frozen=True):
    type: ClassVar[str] = "ticket:merge:failure"
    code: str = ""


class TookIn(_Audit, frozen=True):
    """This ticket has taken another one in."""

    type: ClassVar[str] = "ticket:absorb"
    number: int = 0


class SpeechFailed(_Audit, frozen=True):
    """The conversation would not have what was said on the ticket."""

    type: ClassVar[str] = "ticket:comment:failure"
    code: str = ""


class Deleted(_Audit, frozen=True):
    type: ClassVar[str] = "ticket:delete"


class Restored(_Audit, frozen=True):
    type: ClassVar[str] = "ticket:restore"


class Erased(_Audit, frozen=True):
    """For good: nothing is left but the number, which nobody gets again."""

    type: ClassVar[str] = "ticket:erase"
    number: int = 0


class Redacted(_Audit, frozen=True):
    """Of earlier comments (`seqs`) something was taken out, or they were made `private`."""

    type: ClassVar[str] = "ticket:comment:redact"
    seqs: tuple[int, ...] = ()
    private: bool = False


class Forgotten(_Audit, frozen=True):
    """What was said is gone. Everything that is left, since older events that held words are cut."""

    type: ClassVar[str] = "ticket:forget"
    ticket: Ticket = Ticket("", "")
    agents: Member | None = None
    locale: str | None = None
    merging: Merging | None = None


Event = (
    Created
    | Updated
    | Opened
    | WordHeard
    | SessionTold
    | Routed
    | Rated
    | Surveyed
    | Breached
    | MergeBegun
    | Merged
    | MergeFailed
    | TookIn
    | SpeechFailed
    | Deleted
    | Restored
    | Erased
    | Redacted
    | Forgotten
)


class Old(msgspec.Struct, frozen=True):
    """An event as it lies in the journal, with its id and its instant."""

    id: str
    at_ms: int
    event: Event


STORED: dict[str, type[Event]] = {kind.type: kind for kind in get_args(Event)}

_reader: envelope.Reader[Event] = envelope.Reader(STORED)
encode = envelope.encode
VERSION = _reader.version
decode = _reader.decode


def is_personal(event: Event) -> bool:
    """Whether it holds what people said: deletion cuts it."""
    words = ("subject", "description", "rating")
    said = event.comment is not None or bool(event.notices)
    return said or any(change.field in words or _is_written(change) for change in event.changes)


def _is_written(change: Changed) -> bool:
    """Whether it is a field of the app's own with words in it: a customer may have written them."""
    return change.field.startswith("custom_fields.") and (isinstance(change.value, str) or isinstance(change.previous, str))
