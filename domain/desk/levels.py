"""Service levels: clocks that run, pause, are kept or missed. Pure arithmetic over instants that are given.

| metric | runs | until |
|---|---|---|
| `first_reply_time` | from the beginning | an agent's first public word |
| `next_reply_time` | since the customer's first unanswered word, after the first reply | an agent's public word |
| `periodic_update_time` | since an agent's last public word | the next one |
| `pausable_update_time` | as that, but not while pending | the next one |
| `requester_wait_time` | while new, open or on hold | solved |
| `agent_work_time` | while new or open | solved |
| `total_resolution_time` | from the beginning | solved |

The first three never pause while the ticket is unsolved. The times of the last three add up over pauses and reopenings.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec.structs import replace

from domain.desk.conditions import holds
from domain.desk.facts import Facts
from domain.desk.model import Desk, Level, Levels, Metric, Policy, Target
from domain.hours import Schedule, add_business_ms, business_ms_between
from domain.ticket.model import Status, Ticket

#: Service levels of a ticket that has no priority are those of this one.
DEFAULT_PRIORITY = "normal"
_UNSOLVED: frozenset[Status] = frozenset({"new", "open", "pending", "hold"})
_RUNS: dict[Metric, frozenset[Status]] = {
    "first_reply_time": _UNSOLVED,
    "next_reply_time": _UNSOLVED,
    "periodic_update_time": _UNSOLVED,
    "pausable_update_time": _UNSOLVED - {"pending"},
    "requester_wait_time": _UNSOLVED - {"pending"},
    "agent_work_time": frozenset({"new", "open"}),
    "total_resolution_time": _UNSOLVED,
}
_WAITS: frozenset[Metric] = frozenset({"requester_wait_time", "agent_work_time"})


class Word(msgspec.Struct, frozen=True):
    """What came of a service level: to be told as an event."""

    policy: int
    metric: Metric
    what: Literal["missed", "kept"]
    at_ms: int


def levels_of(desk: Desk, ticket: Ticket, now_ms: int) -> Levels:
    """The levels of a ticket as it is now, by the first policy that fits; what has run so far goes on. Closed tickets keep theirs."""
    if ticket.status == "closed":
        return ticket.levels
    policy = _policy(desk, ticket, now_ms)
    if policy is None:
        return Levels()
    before = {level.metric: level for level in ticket.levels.metrics}
    schedule = desk.schedule(policy.schedule)
    levels = tuple(_level(target, before.get(target.metric), ticket, schedule, now_ms) for target in _targets(policy, ticket))
    return Levels(policy.id, policy.name, policy.schedule, levels)


def _policy(desk: Desk, ticket: Ticket, now_ms: int) -> Policy | None:
    """The first that fits. What is solved stays with the one that it had, which may be for unsolved tickets alone."""
    if ticket.status == "solved":
        kept = next((one for one in desk.policies if one.id == ticket.levels.policy), None)
        if kept is not None:
            return kept
    return next((one for one in desk.policies if holds(one.conditions, Facts(desk, ticket, now_ms=now_ms))), None)


def _targets(policy: Policy, ticket: Ticket) -> list[Target]:
    return [target for target in policy.targets if target.priority == (ticket.priority or DEFAULT_PRIORITY)]


def _level(target: Target, before: Level | None, ticket: Ticket, schedule: Schedule | None, now_ms: int) -> Level:
    start, ended = _start(target.metric, ticket), _ended(target.metric, ticket)
    is_new = before is None or (start != 0 and start != before.round_ms)
    level = Level(target.metric, target.target_ms, target.business_hours, start) if is_new else _aligned(target, before, schedule, now_ms)
    if not level.round_ms:
        return level
    if ended:
        stopped = _stopped(level, schedule, min(ended, now_ms))
        return stopped if stopped.fulfilled_ms else replace(stopped, fulfilled_ms=ended)
    if ticket.deleted or ticket.status not in _RUNS[target.metric]:
        return _stopped(level, schedule, now_ms)
    if not level.since_ms:
        level = replace(level, since_ms=_since(target.metric, ticket, start) if is_new else now_ms, fulfilled_ms=0)
    return _due(level, schedule)


def _since(metric: Metric, ticket: Ticket, start: int) -> int:
    """From when on time counts where no clock ran yet. What a ticket went through before is not known: pauses are counted from now on."""
    return max(start, ticket.metrics.status_ms) if metric in _WAITS else start


def _aligned(target: Target, before: Level | None, schedule: Schedule | None, now_ms: int) -> Level:
    """The level as it was, by the target as it is now."""
    assert before is not None, "a round that goes on has begun"
    if before.fulfilled_ms or (before.target_ms, before.business_hours) == (target.target_ms, target.business_hours):
        return before
    moved = replace(before, target_ms=target.target_ms, business_hours=target.business_hours, due_ms=0, breached_ms=0)
    if before.breached_ms and _elapsed(moved, schedule, now_ms) > target.target_ms:
        return replace(moved, breached_ms=before.breached_ms)
    return moved


def _start(metric: Metric, ticket: Ticket) -> int:
    """When the present round began; 0: none has, or it is over."""
    match metric:
        case "next_reply_time":
            return ticket.metrics.waiting_ms if ticket.metrics.first_reply_ms else 0
        case "periodic_update_time" | "pausable_update_time":
            return ticket.metrics.reply_ms
        case _:
            return ticket.created_ms


def _ended(metric: Metric, ticket: Ticket) -> int:
    """When what it waits for came; 0: not yet."""
    solved = 0 if ticket.status in _UNSOLVED else ticket.metrics.solved_ms or ticket.metrics.status_ms or ticket.updated_ms
    match metric:
        case "first_reply_time":
            return ticket.metrics.first_reply_ms or solved
        case "next_reply_time":
            return solved if ticket.metrics.waiting_ms else ticket.metrics.reply_ms
        case _:
            return solved


def _elapsed(level: Level, schedule: Schedule | None, now_ms: int) -> int:
    if not level.since_ms:
        return level.spent_ms
    if level.business_hours and schedule is not None:
        return level.spent_ms + business_ms_between(schedule, level.since_ms, now_ms)
    return level.spent_ms + max(0, now_ms - level.since_ms)


def _stopped(level: Level, schedule: Schedule | None, now_ms: int) -> Level:
    """Its clock stands still. What was due before is missed, also if its timer comes late."""
    if not level.since_ms:
        return level if not level.due_ms else replace(level, due_ms=0)
    breached = level.breached_ms or (level.due_ms if 0 < level.due_ms < now_ms else 0)
    return replace(level, spent_ms=_elapsed(level, schedule, now_ms), since_ms=0, due_ms=0, breached_ms=breached)


def _due(level: Level, schedule: Schedule | None) -> Level:
    """When it is missed, if it runs on."""
    if level.breached_ms or level.due_ms:
        return level
    left = max(0, level.target_ms - level.spent_ms)
    if level.business_hours and schedule is not None:
        due = add_business_ms(schedule, level.since_ms, left)
    else:
        due = level.since_ms + left
    return replace(level, due_ms=due or 0)


def missed(levels: Levels, metric: Metric) -> Levels:
    """The levels after that of `metric` was missed; its clock goes on."""
    return replace(
        levels,
        metrics=tuple(
            replace(level, breached_ms=level.due_ms, due_ms=0) if level.metric == metric and level.due_ms else level
            for level in levels.metrics
        ),
    )


def words(before: Levels, after: Levels) -> tuple[Word, ...]:
    """What is new since before: which levels were missed, and which were kept."""
    known = {level.metric: level for level in before.metrics}
    found = [(level.metric, told) for level in after.metrics for told in _new(known.get(level.metric), level)]
    return tuple(Word(after.policy or 0, metric, what, at) for metric, (what, at) in found)


_Told = tuple[Literal["missed", "kept"], int]


def _new(before: Level | None, after: Level) -> list[_Told]:
    if before is not None and before.round_ms != after.round_ms and before.since_ms and not before.breached_ms:
        # The next round begins with the word that ended this one.
        late = 0 < before.due_ms < after.round_ms
        last: _Told = ("missed", before.due_ms) if late else ("kept", after.round_ms)
        return [last, *_told(after)]
    known = _told(before) if before is not None and before.round_ms == after.round_ms else []
    return [one for one in _told(after) if one not in known]


def _told(level: Level) -> list[_Told]:
    if level.breached_ms:
        return [("missed", level.breached_ms)]
    return [("kept", level.fulfilled_ms)] if level.fulfilled_ms else []
