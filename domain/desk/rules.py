"""What an app's rules make of a ticket. Pure: the same desk, ticket and instant make the same result.

    fired(...)           triggers, when something has happened to a ticket
    timers(...)          when time alone may next change something: automations, service levels, closing
    on_timer(...)        what such an instant brings
    service_levels(...)  how the clocks of the service levels stand after a change
    queue_for(...)       where a ticket that needs an agent waits
    macro_changes(...)   what a macro does

Nothing here changes a ticket: what is to change comes back as the words of `domain.ticket.commands`, and the ticket decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from domain.desk.model import Desk, Happening, Levels, Macro, Metric
from domain.ticket.commands import By, Change, Comment
from domain.ticket.model import Priority, Ticket

#: What a ticket would be after changes. The ticket's own function; it may refuse by leaving things as they are.
Apply = Callable[[Ticket, tuple[Change, ...]], Ticket]

PRIORITIES: dict[Priority | None, int] = {None: 1, "low": 0, "normal": 1, "high": 2, "urgent": 3}


class Message(msgspec.Struct, frozen=True, array_like=True):
    """A word to the customer in the conversation, said by the business itself."""

    text: str


class Fired(msgspec.Struct, frozen=True):
    """A rule that fired. `chain` names the rules that made it fire, itself last, as `trigger:7`.

    `survey`: ask the customer how it was. `channel`: route it as `messaging` or `support` from now on. `key`: of a timed rule,
    to be added to the ticket's `rung` even if nothing else changes.
    """

    rule: str
    rule_id: int
    name: str
    changes: tuple[Change, ...] = ()
    comments: tuple[Comment, ...] = ()
    messages: tuple[Message, ...] = ()
    survey: bool = False
    channel: Literal["messaging", "support"] | None = None
    chain: tuple[str, ...] = ()
    key: str = ""


class Breach(msgspec.Struct, frozen=True):
    """A service level was not kept. `levels`: the ticket's, after it."""

    policy: int
    metric: Metric
    due_ms: int
    levels: Levels


class Close(msgspec.Struct, frozen=True):
    """It has been solved for long enough."""


class Due(msgspec.Struct, frozen=True):
    """At `due_ms` tell the ticket `Ring(name, key)`. There is at most one of a name: a later one takes its place."""

    name: str
    key: str
    due_ms: int


class QueueChoice(msgspec.Struct, frozen=True):
    """`queue` 0 is the standard one, of `group`. `priority` and `due_ms` as in `domain.assignment.commands.Work`."""

    queue: int
    group: int | None
    skills: tuple[int, ...]
    priority: int
    due_ms: int


def fired(
    desk: Desk, before: Ticket | None, after: Ticket, by: By, now_ms: int, event: Happening, *,
    comment: Comment | None = None, apply: Apply | None = None,
) -> tuple[Fired, ...]:  # fmt: skip
    """The triggers that fire, in order. `before` is None for a new ticket, `comment` what was said in the same change.

    When one has fired, all that have not yet are tried again from the first, on the ticket as `apply` says it would be. So each
    fires once at most, and no loop runs away; nothing need be called again for what comes of it.
    """
    return ()


def timers(desk: Desk, ticket: Ticket, now_ms: int) -> tuple[Due, ...]:
    """All timers that the ticket needs now, to be set in the place of those it had. Call it after each change of the ticket.

    An instant that has passed is told as it is, and rings at once.
    """
    if ticket.status == "solved" and desk.tickets.close_after_s and ticket.metrics.solved_ms and not ticket.deleted:
        return (Due("close", "", ticket.metrics.solved_ms + desk.tickets.close_after_s * 1000),)
    return ()


def on_timer(desk: Desk, ticket: Ticket, name: str, key: str, now_ms: int) -> Fired | Breach | Close | None:
    """What `Ring(name, key)` brings. None: it is out of date; set the timers anew all the same."""
    wanted = (due for due in timers(desk, ticket, now_ms) if (due.name, due.key) == (name, key))
    if name == "close" and any(due.due_ms <= now_ms for due in wanted):
        return Close()
    return None


def service_levels(desk: Desk, before: Ticket | None, after: Ticket, now_ms: int) -> Levels:
    """`after.levels` as they are to be. Call it after the triggers, with the ticket as they have left it."""
    return after.levels


def queue_for(desk: Desk, ticket: Ticket, now_ms: int) -> QueueChoice:
    """Where it waits: the first queue by position whose conditions hold, else the standard one of its group, or of the default group."""
    dues = [level.due_ms for level in ticket.levels.metrics if level.due_ms]
    group = ticket.group_id if ticket.group_id in desk.groups else default_group(desk)
    return QueueChoice(0, group, (), PRIORITIES[ticket.priority], min(dues, default=0))


def default_group(desk: Desk) -> int | None:
    return next((group.id for group in desk.groups.values() if group.is_default), None)


def macro_changes(macro: Macro, ticket: Ticket, agent_id: str) -> tuple[tuple[Change, ...], Comment | None]:
    """What a macro would change, and what it would say."""
    return (), None
