"""What an app has set up for its agents, as one immutable value with a version: groups, skills, capacity, queues, and the rules.

Tickets and routing take the current one before a batch. What came of a rule is in the journals, so replay needs none of it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.bot.hours import Schedule

Strategy = Literal["highest_spare_capacity", "round_robin", "longest_idle"]


class Group(msgspec.Struct, frozen=True):
    id: int
    name: str
    is_default: bool = False


class Agent(msgspec.Struct, frozen=True):
    """An account as the desk knows it. `languages` and the like are skills."""

    id: str
    name: str
    role: str = "agent"
    groups: tuple[int, ...] = ()
    default_group: int | None = None
    skills: tuple[int, ...] = ()
    capacity_rule: int | None = None


class CapacityRule(msgspec.Struct, frozen=True):
    """How much work of each channel an agent may have. `weights`: how much one piece counts (1 where nothing is said); `idle_weight`: when
    the customer is not there (0: not at all)."""

    id: int
    name: str
    limits: dict[str, int]
    weights: dict[str, float] = {}
    idle_weight: float = 0.0
    is_default: bool = False


class Condition(msgspec.Struct, frozen=True):
    """A test of one fact, as Zendesk's rules write it."""

    field: str
    operator: str
    value: msgspec.Raw | None = None


class Conditions(msgspec.Struct, frozen=True):
    """All of `all`, and, if there are any, one of `any`."""

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()


class Queue(msgspec.Struct, frozen=True):
    """Work that meets the conditions waits here. `overflow_after_s`: when the secondary groups may have it too."""

    id: int
    name: str
    priority: int = 50
    conditions: Conditions = Conditions()
    primary_groups: tuple[int, ...] = ()
    secondary_groups: tuple[int, ...] = ()
    overflow_after_s: int = 0
    position: int = 0


class CustomStatus(msgspec.Struct, frozen=True):
    """An agent's status of the app's own, and what it is to each channel."""

    id: int
    name: str
    channels: dict[str, Literal["online", "away", "offline"]]


class Routing(msgspec.Struct, frozen=True):
    """How work finds its agent. `offer_s` is an offer's lease; 0: agents need not accept."""

    strategy: Strategy = "highest_spare_capacity"
    offer_s: int = 30
    skills_timeout_s: int = 60
    """After so long, skills are asked for no more. 0: for ever."""
    disconnect_grace_s: int = 60
    idle_timeout_s: int = 0
    """After so long without a sign of life an agent is away; 0: never."""
    schedule: int | None = None
    """Outside these business hours work waits without being offered."""


class Tickets(msgspec.Struct, frozen=True):
    """How tickets live."""

    close_after_s: int = 4 * 24 * 3600
    """A solved ticket closes after so long. 0: by hand alone."""
    survey: Literal["off", "solved", "ended"] = "off"
    survey_scale: int = 5
    survey_delay_s: int = 0


class Desk(msgspec.Struct, frozen=True):
    """Everything, at one version. The rules are those of `domain.desk.rules`."""

    app: str
    version: int = 0
    groups: dict[int, Group] = {}
    agents: dict[str, Agent] = {}
    capacity_rules: dict[int, CapacityRule] = {}
    queues: tuple[Queue, ...] = ()
    statuses: dict[int, CustomStatus] = {}
    schedules: dict[int, Schedule] = {}
    routing: Routing = Routing()
    tickets: Tickets = Tickets()
