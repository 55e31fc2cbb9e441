"""Automations on exact timers: when time alone next makes one fire. Nothing is swept: a ticket sets one timer, for the first of them.

An automation fires once for each time that its clock was started. If what started it again was no person (its own action, or that of
another rule), it stays silent, so that no two of them can set each other off for ever.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from domain.desk.conditions import holds
from domain.desk.facts import FIELDS, HOUR_MS, Facts
from domain.desk.model import Automation, Condition, Conditions, Desk
from domain.hours import Schedule, add_business_ms
from domain.ticket.model import Ticket

_NEVER = 2**62
_BACKWARD = frozenset({"until_due_date", "until_sla_next_breach_at"})


class Waiting(msgspec.Struct, frozen=True):
    """An automation that waits for time. `key` is for the ticket's `rung`: `<number>:<clock>:<person>`."""

    automation: Automation
    key: str
    due_ms: int


def waiting(desk: Desk, ticket: Ticket, now_ms: int) -> Iterator[Waiting]:
    """Those that will fire if nothing else happens, with the instant; also one that has passed already."""
    facts = Facts(desk, ticket, now_ms=now_ms)
    rung = dict(_rung(key) for key in ticket.rung)
    for one in desk.automations:
        clock = _clock(one.conditions, ticket, facts)
        key = (clock, _touched(ticket))
        if clock and _is_anew(key, rung.get(str(one.id))) and holds(one.conditions, facts):
            begin, end = _window(one.conditions, facts)
            if begin < end and now_ms < end:
                yield Waiting(one, f"{one.id}:{key[0]}:{key[1]}", begin)


def rung_with(rung: tuple[str, ...], key: str) -> tuple[str, ...]:
    """What is remembered after an automation has fired: one key for each."""
    number = key.partition(":")[0] + ":"
    return (*(one for one in rung if not one.startswith(number)), key)


def is_timed(condition: Condition) -> bool:
    return condition.field in FIELDS and FIELDS[condition.field].kind == "hours"


def _rung(key: str) -> tuple[str, tuple[int, int]]:
    number, clock, person = key.split(":")
    return number, (int(clock), int(person))


def _is_anew(key: tuple[int, int], last: tuple[int, int] | None) -> bool:
    return last is None or (key[0] > last[0] and key[1] > last[1])


def _touched(ticket: Ticket) -> int:
    """When a person last had to do with it."""
    metrics = ticket.metrics
    return max(ticket.created_ms, metrics.requester_ms, metrics.assignee_ms, metrics.reply_ms)


def _clock(conditions: Conditions, ticket: Ticket, facts: Facts) -> int:
    """The instant from which time is counted, the latest of several; 0 where one of them has none."""
    starts = [int(FIELDS[one.field].read(facts, ticket) or 0) for one in conditions.all if is_timed(one)]
    return 0 if 0 in starts else max(starts, default=0)


def _window(conditions: Conditions, facts: Facts) -> tuple[int, int]:
    """From when to when all conditions of time hold."""
    windows = [_span(one, facts) for one in conditions.all if is_timed(one)]
    return max(begin for begin, _ in windows), min(end for _, end in windows)


def _span(condition: Condition, facts: Facts) -> tuple[int, int]:
    """`is 3`: from the third hour to the fourth; `greater_than 3`: from the third on; `less_than 3`: up to the third."""
    clock = int(FIELDS[condition.field].read(facts, facts.after))
    operator = condition.operator.removesuffix("_business_hours")
    by = facts.desk.schedule(None) if condition.operator != operator else None
    hours = int(condition.value)
    if condition.field in _BACKWARD:
        return _before(clock, operator, hours, by)
    match operator:
        case "is":
            return _after(clock, hours, by), _after(clock, hours + 1, by)
        case "greater_than":
            return _after(clock, hours, by), _NEVER
        case _:
            return clock, _after(clock, hours, by)


def _before(clock: int, operator: str, hours: int, by: Schedule | None) -> tuple[int, int]:
    match operator:
        case "is":
            return _after(clock, -hours, by), _after(clock, 1 - hours, by)
        case "greater_than":
            return 0, _after(clock, -hours, by)
        case _:
            return _after(clock, -hours, by), clock


def _after(clock: int, hours: int, by: Schedule | None) -> int:
    if by is None or hours == 0:
        return clock + hours * HOUR_MS
    found = add_business_ms(by, clock, hours * HOUR_MS)
    return _NEVER if found is None else found
