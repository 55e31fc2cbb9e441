"""From rows to a desk: each is checked against the rest, and becomes what rules work with. So it is checked when it is written, too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from domain.desk.actions import check_actions
from domain.desk.bodies import (
    SYSTEM_FIELDS,
    AgentBody,
    AutomationBody,
    CapacityBody,
    FieldBody,
    Kind,
    MacroBody,
    PolicyBody,
    QueueBody,
    Row,
    ScheduleBody,
    SettingsBody,
    SkillBody,
    TriggerBody,
    ViewBody,
)
from domain.desk.clocks import is_timed
from domain.desk.conditions import check_conditions
from domain.desk.facts import number_in
from domain.desk.model import (
    Agent,
    Automation,
    CapacityRule,
    Conditions,
    CustomStatus,
    Desk,
    Group,
    Macro,
    Policy,
    Queue,
    SkillRule,
    Target,
    TicketField,
    Trigger,
)
from domain.desk.patterns import check_pattern
from domain.errors import Invalid
from domain.hours import WEEKDAYS, Schedule, Weekday, check_schedule

#: Who have been given no capacity rule, where the app has no default one.
DEFAULT_CAPACITY = CapacityRule(0, "Default", {"messaging": 5, "support": 20}, is_default=True)
DEFAULT_GROUP = "Support"
MAX_HOLIDAY_DAYS = 366
_WEEK_FROM_SUNDAY: Final[tuple[Weekday, ...]] = (WEEKDAYS[6], *WEEKDAYS[:6])
_DAY_MINUTES = 24 * 60
_PEOPLE = frozenset({"assignee_id", "requester_id", "current_user", "follower", "notification_user"})
_TAG = re.compile(r"[^\s,]+\Z")

People = Mapping[int, str]


class Person(msgspec.Struct, frozen=True):
    """An account, and the number that the API knows it by."""

    id: str
    number: int
    name: str
    email: str
    role: str


def build(app: str, version: int, rows: Sequence[Row], accounts: Iterable[Person], people: People) -> Desk:
    """The desk of these rows. A rule that cannot be followed any more is left out, and named in `faults`."""
    by_kind: dict[Kind, list[Row]] = {}
    for row in sorted(rows, key=lambda one: (one.position, one.number)):
        by_kind.setdefault(row.kind, []).append(row)

    def of(kind: Kind) -> list[Row]:
        return by_kind.get(kind, [])

    desk = Desk(
        app,
        version,
        groups={row.number: Group(row.number, row.body.name, row.body.default) for row in of("group")},
        fields={row.number: field_of(row.number, row.body) for row in of("field") if row.body.type not in SYSTEM_FIELDS},
        capacity_rules={row.number: capacity_of(row.number, row.body) for row in of("capacity")} or {0: DEFAULT_CAPACITY},
        statuses={row.number: CustomStatus(row.number, row.body.name, row.body.channels) for row in of("status")},
        skills={row.number: row.body.name for row in of("skill")},
        webhooks={row.number: row.body.name for row in of("webhook")},
    )
    for row in of("settings"):
        desk = replace(desk, tickets=row.body.tickets, routing=row.body.routing)
    desk = replace(desk, agents=_agents(accounts, of("membership"), of("agent")))
    return _with_rules(desk, by_kind, people)


def _agents(accounts: Iterable[Person], memberships: list[Row], known: list[Row]) -> dict[str, Agent]:
    groups: dict[str, list[int]] = {}
    default: dict[str, int] = {}
    for row in memberships:
        groups.setdefault(row.body.account, []).append(row.body.group)
        if row.body.default:
            default[row.body.account] = row.body.group
    said = {row.body.account: row.body for row in known}
    found: dict[str, Agent] = {}
    for one in accounts:
        more = said.get(one.id, AgentBody(one.id))
        mine = tuple(groups.get(one.id, ()))
        found[one.id] = Agent(one.id, one.name, one.number, one.email, one.role, mine, default.get(one.id), more.skills, more.capacity_rule)
    return found


def _with_rules(desk: Desk, by_kind: Mapping[Kind, list[Row]], people: People) -> Desk:
    faults: list[str] = []
    schedules = {}
    for row in by_kind.get("schedule", []):
        try:
            schedules[row.number] = schedule_of(row.body)
        except Invalid as error:
            faults.append(f"schedule {row.number}: {error.title}")
    desk = replace(desk, schedules=schedules)
    places = {str(row.number): at for at, row in enumerate(by_kind.get("trigger_category", []), 1)}
    triggers = sorted(by_kind.get("trigger", []), key=lambda row: places.get(row.body.category_id or "", 0))
    by_kind = {**by_kind, "trigger": triggers}  # in the order of their categories, and within each of their positions

    def made(kind: Kind, make: Callable[[Row, Desk, People], Any]) -> tuple[Any, ...]:
        found = []
        for row in by_kind.get(kind, []):
            if not getattr(row.body, "active", True):
                continue
            try:
                found.append(make(row, desk, people))
            except Invalid as error:
                faults.append(f"{kind} {row.number}: {error.title}")
        return tuple(found)

    return replace(
        desk,
        triggers=made("trigger", trigger_of),
        automations=made("automation", automation_of),
        policies=made("sla", policy_of),
        queues=made("queue", queue_of),
        skill_rules=tuple(rule for rule in made("skill", skill_of) if rule.conditions != Conditions()),
        faults=tuple(faults),
    )


def trigger_of(row: Row, desk: Desk, people: People) -> Trigger:
    body: TriggerBody = row.body
    conditions = check_conditions(body.conditions, desk, "trigger", people)
    if not (conditions.all or conditions.any):
        raise Invalid("conditions", "must have a condition")
    actions = check_actions(body.actions, desk, "trigger", people)
    return Trigger(row.number, body.title, conditions, actions, body.event, row.position)


def automation_of(row: Row, desk: Desk, people: People) -> Automation:
    """It must wait for time: at least one condition of hours, and none where any of several is enough."""
    body: AutomationBody = row.body
    conditions = check_conditions(body.conditions, desk, "automation", people)
    if not any(is_timed(one) for one in conditions.all):
        raise Invalid("conditions.all", "must have a condition of hours")
    if any(is_timed(one) for one in conditions.any):
        raise Invalid("conditions.any", "must not have a condition of hours")
    actions = check_actions(body.actions, desk, "automation", people)
    return Automation(row.number, body.title, conditions, actions, row.position)


def policy_of(row: Row, desk: Desk, people: People) -> Policy:
    body: PolicyBody = row.body
    conditions = check_conditions(body.filter, desk, "sla", people, "filter")
    if body.schedule_id is not None and body.schedule_id not in desk.schedules:
        raise Invalid("schedule_id", "is the number of no schedule")
    targets: dict[tuple[str, str], Target] = {}
    for at, one in enumerate(body.policy_metrics):
        seconds = one.target_in_seconds if one.target_in_seconds is not None else (one.target or 0) * 60
        if seconds < 1:
            raise Invalid(f"policy_metrics[{at}].target", "must be at least a minute, or say seconds")
        if (one.priority, one.metric) in targets:
            raise Invalid(f"policy_metrics[{at}].metric", "is there twice for this priority")
        targets[one.priority, one.metric] = Target(one.priority, one.metric, seconds * 1000, one.business_hours)
    return Policy(row.number, body.title, conditions, tuple(targets.values()), body.schedule_id, row.position)


def queue_of(row: Row, desk: Desk, people: People) -> Queue:
    body: QueueBody = row.body
    conditions = check_conditions(body.definition, desk, "queue", people, "definition")
    for name in ("primary_groups_id", "secondary_groups_id"):
        if any(group not in desk.groups for group in getattr(body, name)):
            raise Invalid(name, "has the number of no group")
    if not body.primary_groups_id:
        raise Invalid("primary_groups_id", "must have a group")
    if not (conditions.all or conditions.any):
        raise Invalid("definition", "must have a condition")
    groups = body.primary_groups_id, body.secondary_groups_id
    return Queue(row.number, body.name, body.priority, conditions, *groups, body.overflow_after_s, row.position)


def skill_of(row: Row, desk: Desk, people: People) -> SkillRule:
    body: SkillBody = row.body
    return SkillRule(row.number, check_conditions(body.conditions, desk, "skill", people))


def macro_of(row: Row, desk: Desk, people: People) -> Macro:
    body: MacroBody = row.body
    return Macro(row.number, body.title, check_actions(body.actions, desk, "macro", people))


def view_of(row: Row, desk: Desk, people: People) -> Conditions:
    """The conditions of a view, as they are tried."""
    body: ViewBody = row.body
    conditions = check_conditions(body.conditions, desk, "view", people)
    if not (conditions.all or conditions.any):
        raise Invalid("conditions", "must have a condition")
    return conditions


def capacity_of(number: int, body: CapacityBody) -> CapacityRule:
    return CapacityRule(number, body.name, body.limits, body.weights, body.idle_weight, body.is_default)


def field_of(number: int, body: FieldBody) -> TicketField:
    if body.type in SYSTEM_FIELDS:
        raise Invalid("type", "is that of a field which every app has")
    options = {one.value: one.name for one in body.custom_field_options}
    visible = body.visible_in_portal or body.editable_in_portal
    pattern = body.regexp_for_validation or None
    return TicketField(number, body.title, body.type, options, pattern, body.required, body.active, visible)  # type: ignore[arg-type]


def check_field(body: FieldBody) -> None:
    """Raises Invalid: options where there are none, none where there must be, two alike, a pattern that cannot be followed."""
    has_options = body.type in ("tagger", "multiselect")
    if has_options != bool(body.custom_field_options):
        raise Invalid("custom_field_options", "are what drop-downs have, and they alone")
    values = [one.value for one in body.custom_field_options]
    if len(set(values)) < len(values) or not all(_TAG.match(value) for value in values):
        raise Invalid("custom_field_options", "must have values that differ and hold no space")
    if (body.type == "regexp") != bool(body.regexp_for_validation):
        raise Invalid("regexp_for_validation", "is what a field of type regexp has, and it alone")
    if body.regexp_for_validation:
        check_pattern(body.regexp_for_validation, "regexp_for_validation")


def schedule_of(body: ScheduleBody) -> Schedule:
    """Zendesk's week begins on Sunday and counts minutes; an interval may go over midnight. Raises Invalid."""
    hours: dict[Weekday, list[tuple[str, str]]] = {}
    for at, one in enumerate(body.intervals):
        if one.start_time >= one.end_time:
            raise Invalid(f"intervals[{at}].end_time", "must be later than the beginning")
        for day in range(one.start_time // _DAY_MINUTES, (one.end_time - 1) // _DAY_MINUTES + 1):
            begin, end = max(one.start_time - day * _DAY_MINUTES, 0), min(one.end_time - day * _DAY_MINUTES, _DAY_MINUTES)
            hours.setdefault(_WEEK_FROM_SUNDAY[day], []).append((_clock(begin), _clock(end)))
    made = Schedule(
        timezone=body.time_zone,
        hours={day: tuple(spans) for day, spans in hours.items()},
        country=body.country,
        region=body.region,
        days=dict.fromkeys(_closed(body), ()),
    )
    check_schedule(made, "schedule")
    return made


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _closed(body: ScheduleBody) -> Iterable[str]:
    for at, one in enumerate(body.holidays):
        try:
            first, last = date.fromisoformat(one.start_date), date.fromisoformat(one.end_date)
        except ValueError:
            raise Invalid(f"holidays[{at}]", "has a date that is none") from None
        if not 0 <= (last - first).days < MAX_HOLIDAY_DAYS:
            raise Invalid(f"holidays[{at}].end_date", f"must be at most {MAX_HOLIDAY_DAYS} days after the first, and not before it")
        yield from (str(first + timedelta(days)) for days in range((last - first).days + 1))


def check_settings(body: SettingsBody, desk: Desk) -> None:
    """Raises Invalid: seconds or scales out of bounds, a schedule that is not there."""
    routing, tickets = body.routing, body.tickets
    for name in ("offer_s", "skills_timeout_s", "disconnect_grace_s", "idle_timeout_s"):
        if not 0 <= getattr(routing, name) <= 86_400:
            raise Invalid(f"settings.routing.{name}", "must be 0 to 86400")
    if routing.schedule is not None and routing.schedule not in desk.schedules:
        raise Invalid("settings.routing.schedule", "is the number of no schedule")
    for name in ("close_after_s", "survey_delay_s"):
        if not 0 <= getattr(tickets, name) <= 90 * 86_400:
            raise Invalid(f"settings.tickets.{name}", "must be 0 to 7776000")
    if not 2 <= tickets.survey_scale <= 10:
        raise Invalid("settings.tickets.survey_scale", "must be 2 to 10")
    if len(tickets.survey_reasons) > 10 or any(not 1 <= len(one) <= 100 for one in tickets.survey_reasons):
        raise Invalid("settings.tickets.survey_reasons", "must be at most 10 of 1 to 100 characters")
    if len(tickets.survey_text) > 500:
        raise Invalid("settings.tickets.survey_text", "must have at most 500 characters")


def people_in(rows: Iterable[Row]) -> frozenset[int]:
    """The numbers of people whom rules name: somebody must look up their ids."""
    found: set[int] = set()
    for row in rows:
        for name in ("conditions", "filter", "definition"):
            conditions = getattr(row.body, name, None)
            if isinstance(conditions, Conditions):
                found.update(_named((one.field, one.value) for one in (*conditions.all, *conditions.any)))
        found.update(_named((one.field, one.value) for one in getattr(row.body, "actions", ())))
    return frozenset(found)


def _named(pairs: Iterable[tuple[str, Any]]) -> Iterable[int]:
    for field, given in pairs:
        value = given[0] if field == "notification_user" and isinstance(given, list | tuple) and given else given
        number = number_in(value) if field in _PEOPLE else None
        if number is not None:
            yield number
