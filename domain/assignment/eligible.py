"""Who may have what: statuses as channels see them, capacity and its weights. All of it is of the desk and of the agent alone."""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.assignment.commands import Presence, Work
from domain.assignment.state import Agent
from domain.desk.model import CapacityRule, Desk

#: What of an agent counts for work: new work, work that others hand over, or none.
Open = Literal["work", "transfers", "nothing"]

#: Where the desk has no rule, and for channels that a rule does not name.
DEFAULT_CAPACITY = CapacityRule(0, "Default", {"messaging": 5, "email": 10, "call": 1}, is_default=True)
DEFAULT_LIMIT = 10
#: Channels that agents work on also while they are away.
PATIENT = frozenset({"email", "support"})
STATUSES = ("online", "away", "transfers_only", "offline")
#: Every agent is in it: who may have work that names no group.
EVERYBODY = 0


class Seat(msgspec.Struct, frozen=True):
    """An agent as the desk has them, in the form in which choosing asks."""

    groups: tuple[int, ...]
    skills: frozenset[int]
    rule: CapacityRule
    default_group: int | None = None

    def limit(self, channel: str) -> float:
        found = self.rule.limits.get(channel)
        return DEFAULT_CAPACITY.limits.get(channel, DEFAULT_LIMIT) if found is None else found

    def weight(self, channel: str, active: bool = True) -> float:
        """How much of the capacity one piece takes."""
        whole = self.rule.weights.get(channel, 1.0)
        return whole if active else whole * self.rule.idle_weight

    def group_for(self, allowed: tuple[int, ...]) -> int | None:
        """By which of the groups that may have the work they have it."""
        return next((group for group in allowed if group and group in self.groups), self.default_group)


def seat_of(desk: Desk, agent_id: str) -> Seat | None:
    """None: the desk does not know the agent."""
    agent = desk.agents.get(agent_id)
    if agent is None:
        return None
    rule = desk.capacity_rules.get(agent.capacity_rule) if agent.capacity_rule is not None else None
    default = agent.default_group if agent.default_group is not None else next(iter(agent.groups), None)
    return Seat((EVERYBODY, *agent.groups), frozenset(agent.skills), rule or default_rule(desk), default)


def default_rule(desk: Desk) -> CapacityRule:
    return next((rule for rule in desk.capacity_rules.values() if rule.is_default), DEFAULT_CAPACITY)


def presence(agent: Agent, channel: str) -> Presence | Literal["transfers_only"]:
    """What the agent is to a channel."""
    match agent.status:
        case "online":
            return "online"
        case "transfers_only":
            return "transfers_only"
        case "away":
            return "online" if channel in PATIENT else "away"
        case "offline":
            return "offline"
        case _:
            return agent.channels.get(channel, "offline")


def open_for(agent: Agent, channel: str) -> Open:
    """What they may be given. Whoever lost their last socket is not asked, though their status holds for a while."""
    if agent.lost_ms:
        return "nothing"
    found = presence(agent, channel)
    return "work" if found == "online" else "transfers" if found == "transfers_only" else "nothing"


def groups_of(desk: Desk, work: Work, overflows: bool) -> tuple[int, ...]:
    """The groups that may have the work. A queue without groups, and a ticket without one, are everybody's."""
    for queue in desk.queues:
        if queue.id == work.queue:
            groups = queue.primary_groups + (queue.secondary_groups if overflows else ())
            return tuple(dict.fromkeys(groups)) or (EVERYBODY,)
    return (EVERYBODY,) if work.group is None else (work.group,)
