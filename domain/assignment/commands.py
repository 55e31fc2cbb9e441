"""What an app's routing may be told: by tickets, by agents, by gateways, and by its timers. One actor an app, with the app's id."""

from __future__ import annotations

from typing import Literal

import msgspec

#: What an agent is to a channel.
Presence = Literal["online", "away", "offline"]


class _Command(msgspec.Struct, frozen=True, array_like=True, tag=True, tag_field="command"):
    pass


class Work(msgspec.Struct, frozen=True, array_like=True):
    """A ticket that wants an agent. `epoch` rises with each wish of the ticket: an older one never undoes a newer.

    `queue` is the number of a queue of the desk (0: the standard one, of `group`), `priority` 0 (low) to 3 (urgent), `eligible_ms`
    since when it waits, `due_ms` when its next service level is due (0: none).
    """

    ticket_id: str
    epoch: int
    channel: str = "messaging"
    conversation_id: str | None = None
    queue: int = 0
    group: int | None = None
    priority: int = 1
    eligible_ms: int = 0
    due_ms: int = 0
    skills: tuple[int, ...] = ()
    active: bool = True


# From tickets.


class Enqueue(_Command, frozen=True):
    """Find an agent for it, or change what is known of it. Whoever has it is relieved."""

    work: Work


class Take(_Command, frozen=True):
    """The ticket has this agent, by hand; the load counts, also beyond the capacity."""

    work: Work
    agent_id: str


class Withdraw(_Command, frozen=True):
    """The ticket needs nobody any more."""

    ticket_id: str
    epoch: int


class SetActive(_Command, frozen=True):
    """Whether the customer is there: idle work may count less."""

    ticket_id: str
    active: bool


# From agents (`by` is the account that asks; a supervisor may ask for another).


class SetStatus(_Command, frozen=True):
    """`status`: `online`, `away`, `transfers_only`, `offline`, or the number of a custom status of the desk as text."""

    agent_id: str
    status: str
    reason: str = "AGENT_STATUS_SWITCHER"
    by: str | None = None
    """Who asked, if it was another than the agent."""


class Accept(_Command, frozen=True):
    """Take what was offered. Refused (`conflict`): it was not, or is not any more."""

    agent_id: str
    ticket_id: str


class Decline(_Command, frozen=True):
    agent_id: str
    ticket_id: str


class Transfer(_Command, frozen=True):
    """Hand work over: to an agent (it is offered; whoever names themselves takes it), a group, a queue, or back to the queue."""

    by: str
    ticket_id: str
    agent_id: str | None = None
    group: int | None = None
    queue: int | None = None


# From gateways.


class Present(_Command, frozen=True):
    """These agents have a socket at this gateway, until it says otherwise or is silent for `lease_ms`.

    `seen` have done something lately.
    """

    gateway: str
    agents: tuple[str, ...]
    lease_ms: int
    seen: tuple[str, ...] = ()


class Refresh(_Command, frozen=True):
    """The desk has changed: see who may have what now. An app's routing comes into being by it, if it was not there."""


class Ring(_Command, frozen=True):
    """A timer has rung."""

    name: str


Command = Enqueue | Take | Withdraw | SetActive | SetStatus | Accept | Decline | Transfer | Present | Refresh | Ring

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Command).decode
