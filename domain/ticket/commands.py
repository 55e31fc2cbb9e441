"""What a ticket may be told: by its conversation, by the routing, and by the API."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from domain.switchboard import Member
from domain.ticket.model import SessionState, Status


class _Command(msgspec.Struct, frozen=True, array_like=True, tag=True, tag_field="command"):
    pass


class By(msgspec.Struct, frozen=True, array_like=True):
    """Who wants it: an agent, a customer, a program's key, or the system itself (a rule names itself by `rule`)."""

    kind: Literal["agent", "user", "key", "system"] = "system"
    id: str = ""
    via: str = "api"
    rule: str | None = None


class Change(msgspec.Struct, frozen=True, array_like=True):
    """A field as it is to be: a name of `Ticket`, or `custom_fields.<number>`; `additional_tags`, `remove_tags` name tags."""

    field: str
    value: Any = None


class Comment(msgspec.Struct, frozen=True, array_like=True):
    """What is said on a ticket. Where there is a conversation, a public one is a message to the customer. `uploads`: ids of attachments."""

    body: str
    public: bool = True
    html: str | None = None
    author_id: str | None = None
    uploads: tuple[str, ...] = ()


# From the API.


class Create(_Command, frozen=True):
    """Come into being. Refused (`conflict`) when the ticket exists. The answer is its first event, which tells its number."""

    by: By
    requester_id: str
    changes: tuple[Change, ...] = ()
    comment: Comment | None = None
    channel: str = "api"


class Past(msgspec.Struct, frozen=True, array_like=True):
    """What was said elsewhere, and when."""

    comment: Comment
    at_ms: int = 0


class Import(_Command, frozen=True):
    """Come into being with a past. Refused (`conflict`) when the ticket exists."""

    by: By
    requester_id: str
    changes: tuple[Change, ...]
    comments: tuple[Past, ...]
    channel: str = "api"
    created_ms: int = 0
    solved_ms: int = 0


class Update(_Command, frozen=True):
    """Change fields, and say something. `unless_after_ms`: refused (`conflict`) if it was updated since (`safe_update`)."""

    by: By
    changes: tuple[Change, ...] = ()
    comment: Comment | None = None
    unless_after_ms: int | None = None


class Merge(_Command, frozen=True):
    """Close this ticket and go on in another. The other is told by an effect, and this one is closed when that has taken it in.

    The answer tells that it was begun; `ticket:merge`, or `ticket:merge:failure`, how it ended.
    """

    by: By
    into_id: str
    into_number: int
    comment: Comment | None = None
    into_comment: Comment | None = None


class Absorb(_Command, frozen=True):
    """Another ticket was merged into this one."""

    by: By
    ticket_id: str
    number: int
    requester_id: str
    comment: Comment | None = None


class Absorbed(_Command, frozen=True):
    """The other ticket has taken this one in: it is closed."""

    by: By
    number: int


class Spurned(_Command, frozen=True):
    """The other ticket would not take this one in (code of the refusal): it goes on."""

    code: str


class Undelivered(_Command, frozen=True):
    """The conversation refused what was said on the ticket (code of the refusal)."""

    code: str


class Delete(_Command, frozen=True):
    """Out of sight; or, with `forever`, without a word of what was in it."""

    by: By
    forever: bool = False


class Redact(_Command, frozen=True):
    """Take `texts` and `uploads` out of the comment of an earlier event, or make it `private`."""

    by: By
    seq: int
    texts: tuple[str, ...] = ()
    uploads: tuple[str, ...] = ()
    private: bool = False


class ForgetPerson(_Command, frozen=True):
    """Somebody is not to be known any more. `seqs`: what they said on a ticket that is another's."""

    user_id: str
    seqs: tuple[int, ...] = ()


class Restore(_Command, frozen=True):
    by: By


# From the conversation. `seq` is that of the conversation's event, so that an older word never undoes a newer one.


class Open(_Command, frozen=True):
    """The agents have the conversation: come into being, or open again. `agent_id` is who took it, `waiting_ms` since when one waits."""

    conversation_id: str
    seq: int
    requester_id: str
    integration_id: str | None = None
    channel: str = "web"
    subject: str = ""
    metadata: dict[str, str | int | float | bool] = {}
    """That of the control: `dataCapture.ticketField.<number>`, `dataCapture.systemField.<name>`, `tags`; the rest is kept beside."""
    agent_id: str | None = None
    waiting_ms: int = 0
    locale: str | None = None
    agents: Member | None = None
    """The switchboard's member that the people are: who writes to the customer on the ticket takes control for it."""
    followup_of: int | None = None
    """The number of the closed ticket that was the conversation's before."""


class Heard(_Command, frozen=True):
    """The word has changed sides: the customer waits since `at_ms`, or an agent has answered."""

    seq: int
    who: Literal["customer", "agent"]
    at_ms: int
    agent_id: str | None = None


class Follow(_Command, frozen=True):
    """The conversation was given a status."""

    seq: int
    status: Status
    by: By


class TellSession(_Command, frozen=True):
    """The conversation became active, inactive, or was ended (`by` whom)."""

    seq: int
    session: SessionState
    by: Literal["system", "user", "agent"] = "system"


class Recognise(_Command, frozen=True):
    """The customer, who was anonymous, turned out to be a known person."""

    seq: int
    user_id: str
    known_as: str


class Rate(_Command, frozen=True):
    """The customer has answered the survey."""

    score: int
    of: int
    """The scale: 1 is worst, `of` best."""
    reason: str | None = None
    comment: str | None = None


class Forget(_Command, frozen=True):
    """What was said in the conversation was deleted."""


# From the routing. `epoch` is that of the ticket's request, so that an answer to an older one is known.


class Assigned(_Command, frozen=True):
    epoch: int
    agent_id: str
    group_id: int | None = None
    how: Literal["accepted", "automatic", "taken"] = "automatic"


class Unassigned(_Command, frozen=True):
    """It is in the queue again."""

    epoch: int
    reason: str


class Unrouted(_Command, frozen=True):
    """The routing would not have what the ticket asked of it (code of the refusal), such as when it has all the work that it takes."""

    code: str


# From itself, by timers.


class Ring(_Command, frozen=True):
    """A timer has rung: `close`, or one of a rule or a service level, which `key` names."""

    name: str
    key: str = ""


Command = (
    Create
    | Import
    | Update
    | Merge
    | Absorb
    | Absorbed
    | Spurned
    | Undelivered
    | Delete
    | Restore
    | Redact
    | ForgetPerson
    | Open
    | Heard
    | Follow
    | TellSession
    | Recognise
    | Rate
    | Forget
    | Assigned
    | Unassigned
    | Unrouted
    | Ring
)

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Command).decode
