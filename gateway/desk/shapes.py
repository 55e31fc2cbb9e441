"""What an app has set up, as the API shows it, as types: the reference is made of them, and tests hold the answers against it."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from domain.desk.bodies import SystemField
from domain.desk.model import FieldType, Happening, Metric, Routing, Tickets
from domain.directory import Role
from domain.ticket.model import Priority
from gateway.described import Id, Instant, Json


class _Kept(TypedDict):
    url: str
    created_at: Instant
    updated_at: Instant


class _Numbered(_Kept):
    id: int


class ConditionShown(TypedDict):
    """Values are text."""

    field: str
    operator: str
    value: Any


class ConditionsShown(TypedDict):
    """All of the first must hold, and one of the others."""

    all: list[ConditionShown]
    any: list[ConditionShown]


class ActionShown(TypedDict):
    field: str
    value: Any


class Restriction(TypedDict):
    """Whom it is for: groups, or one agent."""

    type: Literal["Group", "User"]
    id: int | None
    ids: list[int]


class Group(_Numbered):
    name: str
    description: str
    default: bool
    is_public: bool
    deleted: bool


class GroupMembership(_Numbered):
    user_id: int | None
    group_id: int
    default: bool


class FieldOption(TypedDict):
    id: int
    name: str
    raw_name: str
    value: str
    default: bool


class SystemOption(TypedDict):
    name: str
    value: str


class TicketField(_Numbered):
    """A field of tickets. Only those that are chosen from have options."""

    type: FieldType | SystemField
    title: str
    raw_title: str
    description: str
    raw_description: str
    agent_description: str | None
    position: int
    active: bool
    required: bool
    collapsed_for_agents: bool
    regexp_for_validation: str | None
    title_in_portal: str
    raw_title_in_portal: str
    visible_in_portal: bool
    editable_in_portal: bool
    required_in_portal: bool
    tag: str | None
    removable: bool
    key: None
    system_field_options: NotRequired[list[SystemOption]]
    custom_field_options: NotRequired[list[FieldOption]]


class Macro(_Numbered):
    title: str
    raw_title: str
    active: bool
    position: int
    description: str | None
    actions: list[ActionShown]
    restriction: Restriction | None
    default: bool


class MacroComment(TypedDict):
    body: str
    html_body: str | None
    public: bool
    scoped_body: list[list[str]]


class MacroResult(TypedDict):
    """What a ticket would be, or what would change of any."""

    ticket: Json
    comment: NotRequired[MacroComment]


class Column(TypedDict):
    id: str | int
    title: str


class Order(TypedDict):
    id: str
    title: str
    order: Literal["asc", "desc"]


class Execution(TypedDict):
    """How a view shows tickets."""

    columns: list[Column]
    fields: list[Column]
    custom_fields: list[Any]
    group_by: str | None
    group_order: Literal["asc", "desc"]
    sort_by: str | None
    sort_order: Literal["asc", "desc"]
    group: Order | None
    sort: Order | None


class View(_Numbered):
    title: str
    raw_title: str
    active: bool
    position: int
    description: str | None
    conditions: ConditionsShown
    execution: Execution
    restriction: Restriction | None
    default: bool


class Trigger(_Numbered):
    title: str
    raw_title: str
    active: bool
    position: int
    default: bool
    description: str | None
    category_id: str | None
    event: Happening | None
    conditions: ConditionsShown
    actions: list[ActionShown]


class TriggerCategory(_Kept):
    id: str
    name: str
    position: int


class Automation(_Numbered):
    title: str
    raw_title: str
    active: bool
    position: int
    default: bool
    conditions: ConditionsShown
    actions: list[ActionShown]


class PolicyMetric(TypedDict):
    """`target` is in minutes."""

    priority: Priority
    metric: Metric
    target: int
    target_in_seconds: int
    business_hours: bool


class SlaPolicy(_Numbered):
    title: str
    description: str | None
    position: int
    schedule_id: int | None
    filter: ConditionsShown
    policy_metrics: list[PolicyMetric]


class Interval(TypedDict):
    """Minutes from the beginning of Sunday."""

    start_time: int
    end_time: int


class Schedule(_Numbered):
    name: str
    time_zone: str
    intervals: list[Interval]
    country: str | None
    region: str | None


class Workweek(TypedDict):
    intervals: list[Interval]


class Holiday(TypedDict):
    id: int
    name: str
    start_date: str
    end_date: str


class Attribute(_Kept):
    id: str
    name: str


class AttributeValue(_Kept):
    """A skill."""

    id: str
    name: str
    attribute_id: str
    conditions: ConditionsShown


class CapacityRule(_Numbered):
    """How much of each channel an agent has at most."""

    name: str
    limits: dict[str, int]
    weights: dict[str, float]
    idle_weight: float
    description: str | None
    is_default: bool


class GroupName(TypedDict):
    id: int
    name: str


class QueueGroups(TypedDict):
    count: int
    groups: list[GroupName]


class Queue(_Numbered):
    name: str
    description: str | None
    priority: int
    order: int
    definition: ConditionsShown
    primary_groups: QueueGroups
    secondary_groups: QueueGroups
    primary_groups_id: list[int]
    secondary_groups_id: list[int]
    overflow_after_s: int


class AgentStatus(_Numbered):
    """One of the app's own. What it is to each channel."""

    name: str
    channels: dict[str, Literal["online", "away", "offline"]]
    description: str | None


class WebhookAuthentication(TypedDict):
    """What is shown at the door is not shown here."""

    type: Literal["basic_auth", "bearer_token", "api_key"]
    add_position: Literal["header"]


class Webhook(_Kept):
    """What rules call. Of `custom_headers` only the names are told."""

    id: str
    name: str
    description: str | None
    endpoint: str
    http_method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    request_format: Literal["json", "xml", "form_encoded"]
    status: Literal["active", "inactive"]
    subscriptions: list[Literal["conditional_ticket_events"]]
    authentication: WebhookAuthentication | None
    custom_headers: list[str]


class DeskAgent(TypedDict):
    """`account_id` is the one by which the stream knows them."""

    user_id: int
    account_id: Id
    name: str
    role: Role
    url: str
    group_ids: list[int]
    default_group_id: int | None
    skill_ids: list[str]
    capacity_rule_id: int | None


class DeskSettings(TypedDict):
    tickets: Tickets
    routing: Routing


class AuditLog(TypedDict):
    """A change of what is set up. `actor_id` is -1 for a program."""

    id: int
    url: str
    actor_id: int
    actor_name: str
    source_id: int
    source_type: str
    source_label: str
    action: Literal["create", "update", "destroy"]
    action_label: str
    change_description: str
    ip_address: None
    created_at: Instant


class DefinitionValue(TypedDict):
    value: Any
    title: str
    enabled: bool


class Operator(TypedDict):
    value: str
    title: str
    terminal: bool


class Definition(TypedDict):
    """What a form for a rule offers for one field; conditions have operators."""

    title: str
    subject: str
    type: str
    group: str
    nullable: bool
    repeatable: bool
    values: list[DefinitionValue]
    operators: NotRequired[list[Operator]]


class Definitions(TypedDict):
    conditions_all: NotRequired[list[Definition]]
    conditions_any: NotRequired[list[Definition]]
    actions: NotRequired[list[Definition]]
    all: NotRequired[list[Definition]]
    any: NotRequired[list[Definition]]
