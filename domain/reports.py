"""Reports over tickets: how many came and went, how long people waited, and what they thought of it. Pure.

A ticket counts in the columns whose moment lies in the period: `created` by its making, `first_reply` by its first reply, `solved` and
`resolution` by its solution, `good` and `bad` by its rating.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from statistics import median, quantiles
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from domain.hours import Schedule, business_ms_between
from domain.ticket.model import Ticket

By = Literal["all", "day", "agent", "group", "channel", "priority", "tag"]

MAX_TICKETS = 100_000
MAX_DAYS = 366
_MINUTE_MS = 60_000


class Period(msgspec.Struct, frozen=True):
    """From an instant on, up to another. `schedule` gives the business hours, and the time zone of the days."""

    from_ms: int
    to_ms: int
    schedule: Schedule | None = None

    def holds(self, at_ms: int) -> bool:
        return self.from_ms <= at_ms < self.to_ms

    @property
    def zone(self) -> tzinfo:
        return UTC if self.schedule is None else ZoneInfo(self.schedule.timezone)


class Spread(msgspec.Struct, frozen=True):
    """How long something took, in minutes; None where there was nothing. `business`: the median in business hours alone."""

    count: int = 0
    median: float | None = None
    p90: float | None = None
    business: float | None = None


class Row(msgspec.Struct, frozen=True):
    """One line. `key` is the day (`2026-11-23`), the agent's id, the number of a group, or a word; empty where there is none."""

    key: str
    created: int = 0
    unsolved: int = 0
    """Of those that were created: which are not solved by now."""
    solved: int = 0
    reopened: int = 0
    """How often those that were created have been opened again."""
    assignment: Spread = Spread()
    first_reply: Spread = Spread()
    resolution: Spread = Spread()
    good: int = 0
    bad: int = 0

    @property
    def satisfaction(self) -> float | None:
        """Percent of the ratings that are good."""
        rated = self.good + self.bad
        return round(100 * self.good / rated, 1) if rated else None


def report(tickets: Iterable[Ticket], period: Period, by: By) -> list[Row]:
    """A line for each key, in their order. A ticket with several tags counts under each."""
    piles: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        for key in keys(ticket, period, by):
            piles.setdefault(key, []).append(ticket)
    return [_row(key, piles[key], period) for key in sorted(piles)]


def keys(ticket: Ticket, period: Period, by: By) -> Sequence[str]:
    """Under what a ticket counts."""
    match by:
        case "all":
            return ("",)
        case "day":
            return (datetime.fromtimestamp(ticket.created_ms / 1000, UTC).astimezone(period.zone).date().isoformat(),)
        case "agent":
            return (ticket.assignee_id or "",)
        case "group":
            return (str(ticket.group_id or ""),)
        case "channel":
            return (ticket.channel,)
        case "priority":
            return (ticket.priority or "",)
        case "tag":
            return ticket.tags or ("",)


def _row(key: str, tickets: Sequence[Ticket], period: Period) -> Row:
    created = [one for one in tickets if period.holds(one.created_ms)]
    solved = [one for one in tickets if one.status in ("solved", "closed") and period.holds(one.metrics.solved_ms)]
    scores = [one.rating.score for one in tickets if period.holds(one.rating.at_ms)]
    return Row(
        key,
        len(created),
        sum(one.status not in ("solved", "closed") for one in created),
        len(solved),
        sum(one.metrics.reopens for one in created),
        _spread(tickets, period, lambda one: one.metrics.first_assigned_ms),
        _spread(tickets, period, lambda one: one.metrics.first_reply_ms),
        _spread(solved, period, lambda one: one.metrics.solved_ms),
        scores.count("good"),
        scores.count("bad"),
    )


def _spread(tickets: Iterable[Ticket], period: Period, until: Callable[[Ticket], int]) -> Spread:
    """How long after its creation a moment came that lies in the period."""
    spans = [(one.created_ms, until(one)) for one in tickets if until(one) and period.holds(until(one))]
    if not spans:
        return Spread()
    taken = [end - begin for begin, end in spans]
    p90 = quantiles(taken, n=10, method="inclusive")[8] if len(taken) > 1 else taken[0]
    schedule = period.schedule
    business = None if schedule is None else _minutes(median(business_ms_between(schedule, *span) for span in spans))
    return Spread(len(taken), _minutes(median(taken)), _minutes(p90), business)


def _minutes(ms: float) -> float:
    return round(ms / _MINUTE_MS, 2)
