"""What the rows of a desk hold: one struct for each kind, with its limits. As they come in a request, so they are kept.

What the types cannot say (that a group is there, that a rule can be followed) is said by `domain.desk.building`.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from domain.desk.model import Action, Conditions, FieldType, Happening, Metric, Routing, Tickets
from domain.ticket.model import Priority

Kind = Literal[
    "group", "membership", "agent", "field", "macro", "view", "trigger", "trigger_category", "automation", "sla", "schedule", "attribute",
    "skill", "capacity", "queue", "status", "settings", "webhook",
]  # fmt: skip

#: So many rows of a kind may an app have.
LIMITS: Final[dict[Kind, int]] = {
    "group": 500, "membership": 20_000, "agent": 5_000, "field": 400, "macro": 2_000, "view": 500, "trigger": 500, "trigger_category": 100,
    "automation": 100, "sla": 100, "schedule": 50, "attribute": 50, "skill": 500, "capacity": 50, "queue": 199, "status": 100,
    "settings": 1, "webhook": 100,
}  # fmt: skip
MAX_BODY = 65_536
"""Bytes of one row."""
MAX_OPTIONS = 2_000
MAX_INTERVALS = 42
MAX_HOLIDAYS = 200
MAX_GROUPS = 100
MAX_SKILLS = 100

Title = Annotated[str, Meta(min_length=1, max_length=255)]
Words = Annotated[str, Meta(max_length=2_000)]
Number = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Minutes = Annotated[int, Meta(ge=0, le=7 * 24 * 60)]
Seconds = Annotated[int, Meta(ge=0, le=365 * 24 * 3600)]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$(?!\n)")]


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    pass


class GroupBody(Body, frozen=True):
    name: Title
    description: Words = ""
    default: bool = False


class MembershipBody(Body, frozen=True):
    """An account, by its id, is in a group. `default`: work for nobody in particular goes to them in this group."""

    account: str
    group: Number
    default: bool = False


class AgentBody(Body, frozen=True):
    """What is said of an account beyond its groups."""

    account: str
    skills: Annotated[tuple[Number, ...], Meta(max_length=MAX_SKILLS)] = ()
    capacity_rule: Number | None = None


SystemField = Literal["subject", "description", "status", "tickettype", "priority", "group", "assignee"]
SYSTEM_FIELDS: Final[dict[SystemField, str]] = {
    "subject": "Subject", "description": "Description", "status": "Status", "tickettype": "Type", "priority": "Priority", "group": "Group",
    "assignee": "Assignee",
}  # fmt: skip


class OptionBody(Body, frozen=True):
    name: Title
    value: Annotated[str, Meta(min_length=1, max_length=80)]
    id: Number | None = None


class FieldBody(Body, frozen=True):
    title: Title
    type: FieldType | SystemField
    description: Words = ""
    agent_description: Words = ""
    title_in_portal: Annotated[str, Meta(max_length=255)] = ""
    active: bool = True
    required: bool = False
    required_in_portal: bool = False
    visible_in_portal: bool = False
    editable_in_portal: bool = False
    regexp_for_validation: Annotated[str, Meta(max_length=256)] | None = None
    tag: Annotated[str, Meta(max_length=80)] | None = None
    custom_field_options: Annotated[tuple[OptionBody, ...], Meta(max_length=MAX_OPTIONS)] = ()


class RestrictionBody(Body, frozen=True):
    """Whom a macro or a view is for: groups, or one agent by number."""

    type: Literal["Group", "User"]
    id: Number | None = None
    ids: Annotated[tuple[Number, ...], Meta(max_length=MAX_GROUPS)] = ()


class MacroBody(Body, frozen=True):
    title: Title
    actions: tuple[Action, ...]
    active: bool = True
    description: Words | None = None
    restriction: RestrictionBody | None = None


Word = Annotated[str, Meta(min_length=1, max_length=80)]


class OutputBody(Body, frozen=True):
    """How a view shows tickets."""

    columns: Annotated[tuple[Word | Number, ...], Meta(max_length=10)] = ("subject", "requester", "created", "updated", "group", "assignee")
    group_by: Word | None = None
    group_order: Literal["asc", "desc"] = "desc"
    sort_by: Word | None = None
    sort_order: Literal["asc", "desc"] = "desc"


class ViewBody(Body, frozen=True):
    title: Title
    conditions: Conditions = Conditions()
    output: OutputBody = OutputBody()
    active: bool = True
    description: Words | None = None
    restriction: RestrictionBody | None = None


class TriggerBody(Body, frozen=True):
    title: Title
    conditions: Conditions
    actions: tuple[Action, ...]
    active: bool = True
    description: Words | None = None
    category_id: str | None = None
    event: Happening | None = None


class CategoryBody(Body, frozen=True):
    name: Title


class AutomationBody(Body, frozen=True):
    title: Title
    conditions: Conditions
    actions: tuple[Action, ...]
    active: bool = True


class MetricBody(Body, frozen=True):
    """`target` is in minutes; `target_in_seconds` goes before it."""

    priority: Priority
    metric: Metric
    target: Annotated[int, Meta(ge=0, le=365 * 24 * 60)] | None = None
    target_in_seconds: Annotated[int, Meta(ge=1, le=365 * 24 * 3600)] | None = None
    business_hours: bool = False


class PolicyBody(Body, frozen=True):
    title: Title
    filter: Conditions = Conditions()
    policy_metrics: Annotated[tuple[MetricBody, ...], Meta(max_length=28)] = ()
    description: Words | None = None
    schedule_id: Number | None = None


class IntervalBody(Body, frozen=True):
    """Minutes from the beginning of Sunday."""

    start_time: Minutes
    end_time: Minutes


class HolidayBody(Body, frozen=True):
    id: Number
    name: Title
    start_date: Day
    end_date: Day


class ScheduleBody(Body, frozen=True):
    """`time_zone` is a name of the IANA database; `country` and `region` close it on their public holidays."""

    name: Title
    time_zone: Annotated[str, Meta(min_length=1, max_length=64)]
    intervals: Annotated[tuple[IntervalBody, ...], Meta(max_length=MAX_INTERVALS)] = ()
    holidays: Annotated[tuple[HolidayBody, ...], Meta(max_length=MAX_HOLIDAYS)] = ()
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)")] | None = None
    region: Annotated[str, Meta(max_length=32)] | None = None


class AttributeBody(Body, frozen=True):
    """What kind of skill it is: a language, a product."""

    name: Title


class SkillBody(Body, frozen=True):
    """A value of an attribute. Tickets that meet the conditions need it; without conditions none does."""

    name: Title
    attribute: Number
    conditions: Conditions = Conditions()


Load = Annotated[int, Meta(ge=0, le=1_000)]
Weight = Annotated[float, Meta(ge=0, le=100)]
Channel = Annotated[str, Meta(pattern=r"^[a-z_]{1,32}$(?!\n)")]


class CapacityBody(Body, frozen=True):
    name: Title
    limits: Annotated[dict[Channel, Load], Meta(min_length=1, max_length=20)]
    weights: Annotated[dict[Channel, Weight], Meta(max_length=20)] = {}
    idle_weight: Weight = 0.0
    description: Words | None = None
    is_default: bool = False


class QueueBody(Body, frozen=True):
    name: Title
    definition: Conditions = Conditions()
    description: Words | None = None
    priority: Annotated[int, Meta(ge=1, le=100)] = 50
    primary_groups_id: Annotated[tuple[Number, ...], Meta(max_length=MAX_GROUPS)] = ()
    secondary_groups_id: Annotated[tuple[Number, ...], Meta(max_length=MAX_GROUPS)] = ()
    overflow_after_s: Seconds = 0


class StatusBody(Body, frozen=True):
    name: Annotated[str, Meta(min_length=1, max_length=50)]
    channels: Annotated[dict[Channel, Literal["online", "away", "offline"]], Meta(max_length=20)] = {}
    description: Words | None = None


class AuthenticationBody(Body, frozen=True):
    """How a webhook is told who calls. `data`: `username` and `password`, `token`, or `name` and `value` of a header."""

    type: Literal["basic_auth", "bearer_token", "api_key"]
    data: Annotated[dict[str, Annotated[str, Meta(max_length=4_096)]], Meta(max_length=2)]


class WebhookBody(Body, frozen=True):
    """What rules call. `custom_headers` go along as they are."""

    name: Title
    endpoint: Annotated[str, Meta(min_length=8, max_length=2_048)]
    http_method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    request_format: Literal["json", "xml", "form_encoded"] = "json"
    status: Literal["active", "inactive"] = "active"
    description: Words | None = None
    authentication: AuthenticationBody | None = None
    custom_headers: Annotated[dict[str, Annotated[str, Meta(max_length=2_048)]], Meta(max_length=10)] = {}


class SettingsBody(Body, frozen=True):
    tickets: Tickets = Tickets()
    routing: Routing = Routing()


BODIES: Final[dict[Kind, type[Body]]] = {
    "group": GroupBody, "membership": MembershipBody, "agent": AgentBody, "field": FieldBody, "macro": MacroBody, "view": ViewBody,
    "trigger": TriggerBody, "trigger_category": CategoryBody, "automation": AutomationBody, "sla": PolicyBody, "schedule": ScheduleBody,
    "attribute": AttributeBody, "skill": SkillBody, "capacity": CapacityBody, "queue": QueueBody, "status": StatusBody,
    "settings": SettingsBody, "webhook": WebhookBody,
}  # fmt: skip

_DECODERS: Final[dict[Kind, msgspec.json.Decoder[Any]]] = {kind: msgspec.json.Decoder(body) for kind, body in BODIES.items()}
encode_body = msgspec.json.Encoder().encode


class Row(msgspec.Struct, frozen=True):
    """A row of a desk. `position` orders rules; `number` is its id in the API."""

    kind: Kind
    number: int
    position: int
    body: Any
    created_ms: int = 0
    updated_ms: int = 0


def decode_body(kind: Kind, raw: bytes) -> Body:
    """A body that was kept."""
    found: Body = _DECODERS[kind].decode(raw)
    return found
