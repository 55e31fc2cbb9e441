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

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from domain.desk.actions import Message, taken
from domain.desk.clocks import Waiting, rung_with, waiting
from domain.desk.conditions import holds
from domain.desk.facts import Facts
from domain.desk.levels import levels_of, missed
from domain.desk.model import Desk, Happening, Levels, Macro, Metric, Notice, Trigger
from domain.ticket.commands import By, Change, Comment
from domain.ticket.model import Priority, Ticket

__all__ = ["Breach", "Close", "Due", "Fired", "Message", "QueueChoice", "rung_with"]

#: What a ticket would be after changes. The ticket's own function; it may refuse by leaving things as they are.
Apply = Callable[[Ticket, tuple[Change, ...]], Ticket]
#: What placeholders stand for that neither the desk nor the ticket knows: `ticket.requester.name` and the like.
Known = Mapping[str, str]

PRIORITIES: dict[Priority | None, int] = {None: 1, "low": 0, "normal": 1, "high": 2, "urgent": 3}


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
    notices: tuple[Notice, ...] = ()


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
    apply: Apply, comment: Comment | None = None, known: Known | None = None,
) -> tuple[Fired, ...]:  # fmt: skip
    """The triggers that fire, in order. `before` is None for a new ticket, `comment` what was said in the same change.

    When one has fired, all that have not yet are tried again from the first, on the ticket as `apply` says it would be. So each
    fires once at most, and no loop runs away; nothing need be called again for what comes of it.
    """
    facts = Facts(desk, after, before, by, now_ms, comment, event)
    left = [one for one in desk.triggers if _listens(one, event)]
    done: list[Fired] = []
    while (one := next((each for each in left if holds(each.conditions, facts)), None)) is not None:
        left.remove(one)
        chain = (*(done[-1].chain if done else ()), f"trigger:{one.id}")
        done.append(_fired(one, facts, known or {}, chain))
        facts = msgspec.structs.replace(facts, after=apply(facts.after, done[-1].changes))
    return tuple(done)


def _listens(trigger: Trigger, event: Happening) -> bool:
    return trigger.event == event if trigger.event is not None else event in ("create", "update")


def _fired(one: Trigger, facts: Facts, known: Known, chain: tuple[str, ...]) -> Fired:
    effect = taken(one.actions, facts, known, in_public=False)
    comments = () if effect.comment is None else (effect.comment,)
    told = effect.changes, comments, effect.messages, effect.survey, effect.channel, chain
    return Fired(chain[-1], one.id, one.name, *told, notices=effect.notices)


def timers(desk: Desk, ticket: Ticket, now_ms: int) -> tuple[Due, ...]:
    """All timers that the ticket needs now, to be set in the place of those it had. Call it after each change of the ticket.

    An instant that has passed is told as it is, and rings at once.
    """
    if ticket.deleted:
        return ()
    found: list[Due] = []
    if ticket.status == "solved" and desk.tickets.close_after_s and ticket.metrics.solved_ms:
        found.append(Due("close", str(ticket.metrics.solved_ms), ticket.metrics.solved_ms + desk.tickets.close_after_s * 1000))
    if (first := _first(desk, ticket, now_ms)) is not None:
        found.append(Due("automation", first.key, first.due_ms))
    running = [(level.due_ms, level.metric) for level in ticket.levels.metrics if level.due_ms]
    if running:
        due_ms, metric = min(running)
        found.append(Due("level", f"{metric}:{due_ms}", due_ms))
    return tuple(found)


def _first(desk: Desk, ticket: Ticket, now_ms: int) -> Waiting | None:
    return min(waiting(desk, ticket, now_ms), key=lambda one: (one.due_ms, one.automation.position), default=None)


def on_timer(desk: Desk, ticket: Ticket, name: str, key: str, now_ms: int, known: Known | None = None) -> Fired | Breach | Close | None:
    """What `Ring(name, key)` brings. None: it is out of date; set the timers anew all the same.

    What an automation does is a change like any other, on which triggers may fire, by the system with `rule`.
    """
    due = next((one for one in timers(desk, ticket, now_ms) if (one.name, one.key) == (name, key)), None)
    if due is None or due.due_ms > now_ms:
        return None
    match name:
        case "close":
            return Close()
        case "level":
            metric = next(level.metric for level in ticket.levels.metrics if key == f"{level.metric}:{level.due_ms}")
            return Breach(ticket.levels.policy or 0, metric, due.due_ms, missed(ticket.levels, metric))
        case _:
            first = _first(desk, ticket, now_ms)
            return None if first is None else _rang(desk, ticket, first, now_ms, known or {})


def _rang(desk: Desk, ticket: Ticket, first: Waiting, now_ms: int, known: Known) -> Fired:
    one = first.automation
    name = f"automation:{one.id}"
    effect = taken(one.actions, Facts(desk, ticket, ticket, By(via="rule", rule=name), now_ms), known, in_public=False)
    comments = () if effect.comment is None else (effect.comment,)
    told = effect.changes, comments, effect.messages, effect.survey, effect.channel, (name,), first.key
    return Fired(name, one.id, one.name, *told, notices=effect.notices)


def service_levels(desk: Desk, before: Ticket | None, after: Ticket, now_ms: int) -> Levels:
    """`after.levels` as they are to be. Call it after the triggers, with the ticket as they have left it.

    What is new in them (missed, kept) is told by `domain.desk.levels.words`.
    """
    return levels_of(desk, after, now_ms)


def queue_for(desk: Desk, ticket: Ticket, now_ms: int) -> QueueChoice:
    """Where it waits: the first queue by position whose conditions hold, else the standard one of its group, or of the default group."""
    facts = Facts(desk, ticket, now_ms=now_ms)
    queue = next((one.id for one in desk.queues if holds(one.conditions, facts)), 0)
    skills = tuple(dict.fromkeys(rule.skill for rule in desk.skill_rules if holds(rule.conditions, facts)))
    group = ticket.group_id if ticket.group_id in desk.groups else default_group(desk)
    dues = [level.due_ms for level in ticket.levels.metrics if level.due_ms]
    return QueueChoice(queue, group, skills, PRIORITIES[ticket.priority], min(dues, default=0))


def default_group(desk: Desk) -> int | None:
    return next((group.id for group in desk.groups.values() if group.is_default), None)


def macro_changes(
    macro: Macro, ticket: Ticket, agent_id: str, desk: Desk | None = None, known: Known | None = None
) -> tuple[tuple[Change, ...], Comment | None]:
    """What a macro would change, and what it would say. Without the desk nobody's name is known, and nobody can be assigned."""
    facts = Facts(desk or Desk(ticket.app), ticket, by=By("agent", agent_id))
    effect = taken(macro.actions, facts, known or {}, in_public=True)
    return effect.changes, effect.comment
