"""What an app has set up for its agents, as one immutable value with a version: groups, skills, capacity, queues, and the rules.

Tickets and routing take the current one before a batch. What came of a rule is in the journals, so replay needs none of it.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from domain.hours import Schedule

Strategy = Literal["highest_spare_capacity", "round_robin", "longest_idle"]


class Group(msgspec.Struct, frozen=True):
    id: int
    name: str
    is_default: bool = False


class Agent(msgspec.Struct, frozen=True):
    """An account as the desk knows it. `number` is its id in the API. `languages` and the like are skills."""

    id: str
    name: str
    number: int = 0
    email: str = ""
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
    """A test of one fact, as Zendesk's rules write it. `domain.desk.conditions` checks it, and makes of `value` what is compared."""

    field: str
    operator: str
    value: Any = None


class Conditions(msgspec.Struct, frozen=True):
    """All of `all`, and, if there are any, one of `any`."""

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()


class Action(msgspec.Struct, frozen=True):
    """What a rule does: a field of the table in `domain.desk.actions`, and its value."""

    field: str
    value: Any = None


#: What a trigger listens to. Those after the second are of messaging.
Happening = Literal["create", "update", "conversation_requested", "message_sent", "queue_added", "queue_assigned"]


class Trigger(msgspec.Struct, frozen=True):
    """When something happens to a ticket and the conditions hold, these actions. `event` None: when it is made or changed."""

    id: int
    name: str
    conditions: Conditions = Conditions()
    actions: tuple[Action, ...] = ()
    event: Happening | None = None
    position: int = 0


class Automation(msgspec.Struct, frozen=True):
    """When time has passed and the conditions hold, these actions: once for each time the clock was started."""

    id: int
    name: str
    conditions: Conditions = Conditions()
    actions: tuple[Action, ...] = ()
    position: int = 0


class Macro(msgspec.Struct, frozen=True):
    """Actions that an agent takes with one word."""

    id: int
    name: str
    actions: tuple[Action, ...] = ()


class SkillRule(msgspec.Struct, frozen=True):
    """Tickets that meet the conditions need the skill."""

    skill: int
    conditions: Conditions = Conditions()


Metric = Literal[
    "first_reply_time", "next_reply_time", "requester_wait_time", "agent_work_time", "pausable_update_time", "periodic_update_time",
    "total_resolution_time",
]  # fmt: skip


class Target(msgspec.Struct, frozen=True):
    """How long a metric may take at a priority."""

    priority: Literal["low", "normal", "high", "urgent"]
    metric: Metric
    target_ms: int
    business_hours: bool = False


class Policy(msgspec.Struct, frozen=True):
    """Service levels of tickets that meet the conditions. The first policy that fits is the one."""

    id: int
    name: str
    conditions: Conditions = Conditions()
    targets: tuple[Target, ...] = ()
    schedule: int | None = None
    """By whose hours; None: by the desk's first schedule."""
    position: int = 0


class Level(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one metric of a ticket stands. `spent_ms` was used up before `since_ms`, from when the clock runs; 0: it does not."""

    metric: Metric
    target_ms: int
    business_hours: bool = False
    round_ms: int = 0
    """When the round began that it counts: of replies there are many. 0: none has."""
    spent_ms: int = 0
    since_ms: int = 0
    due_ms: int = 0
    """When it breaches if nothing happens. 0: it does not run, or has breached."""
    breached_ms: int = 0
    fulfilled_ms: int = 0


class Levels(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ticket's service levels. They are part of the ticket, so that a later change of the policy rewrites no history."""

    policy: int | None = None
    name: str = ""
    schedule: int | None = None
    metrics: tuple[Level, ...] = ()


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


FieldType = Literal["text", "textarea", "checkbox", "date", "integer", "decimal", "regexp", "tagger", "multiselect"]


class TicketField(msgspec.Struct, frozen=True):
    """A field of the app's own. Values are kept in `Ticket.fields` by its number as text. `options` are tags with what people read."""

    id: int
    name: str
    type: FieldType = "text"
    options: dict[str, str] = {}
    pattern: str | None = None
    required: bool = False
    active: bool = True
    visible: bool = False
    """Customers may see and set it."""


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


class Notice(msgspec.Struct, frozen=True, array_like=True):
    """One call, or one e-mail. `to` is the number of the webhook, or an address; `body` is JSON or text."""

    way: Literal["webhook", "mail"]
    to: str
    body: str = ""
    subject: str = ""


class Tickets(msgspec.Struct, frozen=True):
    """How tickets live."""

    close_after_s: int = 4 * 24 * 3600
    """A solved ticket closes after so long. 0: by hand alone."""
    survey: Literal["off", "solved", "ended"] = "off"
    survey_scale: int = 5
    survey_delay_s: int = 0
    survey_reasons: tuple[str, ...] = ()
    """What one who was not content may choose from."""
    survey_text: str = ""
    """What is asked. Empty: the product's own words, in the customer's language."""


class Desk(msgspec.Struct, frozen=True):
    """Everything, at one version. The rules are those of `domain.desk.rules`."""

    app: str
    version: int = 0
    groups: dict[int, Group] = {}
    fields: dict[int, TicketField] = {}
    agents: dict[str, Agent] = {}
    capacity_rules: dict[int, CapacityRule] = {}
    queues: tuple[Queue, ...] = ()
    statuses: dict[int, CustomStatus] = {}
    schedules: dict[int, Schedule] = {}
    routing: Routing = Routing()
    tickets: Tickets = Tickets()
    triggers: tuple[Trigger, ...] = ()
    """Those that are active, in the order in which they are tried. So are the others."""
    automations: tuple[Automation, ...] = ()
    policies: tuple[Policy, ...] = ()
    skill_rules: tuple[SkillRule, ...] = ()
    skills: dict[int, str] = {}
    webhooks: dict[int, str] = {}
    """Names of those that rules may call. What they are is known where they are called."""
    faults: tuple[str, ...] = ()
    """Rules that cannot be followed any more, since something that they name is gone: `trigger 7: ...`."""

    def schedule(self, number: int | None) -> Schedule | None:
        """The schedule of a number, or the first; None where there is none."""
        return self.schedules.get(number or 0) or next(iter(self.schedules.values()), None)

    def numbers(self) -> dict[int, str]:
        """Ids of accounts, by the number that the API knows them by."""
        return {agent.number: agent.id for agent in self.agents.values() if agent.number}
