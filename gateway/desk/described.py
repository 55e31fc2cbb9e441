"""What the operations of the desk take and answer, by method and path. Most are those that all things of a desk have."""

from __future__ import annotations

from typing import Any

from domain.desk.bodies import BODIES, HolidayBody, IntervalBody, OptionBody
from gateway.described import NOTHING, Described, Fields, Form, Json, Loose, Table, counted, fields, made, many, one
from gateway.desk import fields as ticket_fields
from gateway.desk import groups, hours, routing, rules, webhooks
from gateway.desk.resources import Resource
from gateway.desk.shapes import (
    AgentStatus,
    Attribute,
    AttributeValue,
    AuditLog,
    Automation,
    CapacityRule,
    Definitions,
    DeskAgent,
    DeskSettings,
    FieldOption,
    Group,
    GroupMembership,
    Holiday,
    Macro,
    MacroResult,
    Queue,
    Schedule,
    SlaPolicy,
    TicketField,
    Trigger,
    TriggerCategory,
    View,
    Webhook,
    Workweek,
)
from gateway.support.shapes import User

_CHOSEN = ("active", "filter[active]", "category_id", "query")
_LIST = ("sort", "sort_order")


def described(resource: Resource, shown: Any, *query: str, order: str | None = None, takes: Form = None, **beside: Any) -> Table:
    """The operations that a resource has like all others; as many of them as there are."""
    path, body = resource.path, takes or Loose(BODIES[resource.kind])
    several = fields(**{resource.many: [body]})
    found = {
        f"GET {path}": many(resource.many, shown, *_LIST, *query, **beside),
        f"POST {path}": made(resource.one, shown, fields(**{resource.one: body})),
        f"GET {path}/count": counted(),
        f"GET {path}/{{id}}": one(resource.one, shown),
        f"PUT {path}/{{id}}": one(resource.one, shown, takes=fields(**{resource.one: body})),
        f"DELETE {path}/{{id}}": NOTHING,
        f"POST {path}/create_many": one(resource.many, list[shown], 201, takes=several),
        f"PUT {path}/update_many": one(resource.many, list[shown], takes=several, count=int),
        f"DELETE {path}/destroy_many": Described({204: None}, query=("ids",)),
    }
    if order is not None:
        found[f"PUT {path}/reorder"] = one(resource.many, list[shown], takes=fields(**{order: list[int]}), count=int)
    return found


_BESIDE_MEMBERSHIPS: dict[str, Any] = {"users": list[User], "groups": list[Group]}
_MEMBERSHIPS = many("group_memberships", GroupMembership, *_LIST, "include", **_BESIDE_MEMBERSHIPS)
_RULES = (*_LIST, *_CHOSEN)
_DEFINITIONS = one("definitions", Definitions)
_SKILLS = one("attribute_values", list[AttributeValue], count=int)
_OPTION, _HOLIDAY = fields(custom_field_option=Loose(OptionBody)), fields(holiday=Loose(HolidayBody))
_SHOWN = fields(custom_field_option=FieldOption)
_HOLIDAYS = "/business_hours/schedules/{id}/holidays"
_VALUES = "/routing/attributes/{attribute_id}/values"
_VALUE = fields(attribute_value=Loose(BODIES["skill"]))
_MEMBERSHIP = Fields({}, {"user_id": int, "group_id": int, "default": bool})

TABLE: Table = {
    **described(groups.GROUPS, Group),
    "GET /groups/assignable": many("groups", Group, *_LIST),
    "GET /groups/{group_id}/users": many("users", User, *_LIST),
    "GET /groups/{group_id}/memberships": _MEMBERSHIPS,
    "GET /groups/{group_id}/memberships/assignable": _MEMBERSHIPS,
    "GET /users/{user_id}/groups": many("groups", Group, *_LIST),
    "GET /users/{user_id}/group_memberships": _MEMBERSHIPS,
    "GET /users/{user_id}/group_memberships/{id}": one("group_membership", GroupMembership),
    "PUT /users/{user_id}/group_memberships/{id}/make_default": _MEMBERSHIPS,
    "GET /group_memberships/assignable": _MEMBERSHIPS,
    **described(groups.MEMBERSHIPS, GroupMembership, "include", takes=_MEMBERSHIP, **_BESIDE_MEMBERSHIPS),
    **described(ticket_fields.FIELDS, TicketField, order="ticket_field_ids"),
    "GET /ticket_fields/{id}/options": many("custom_field_options", FieldOption, *_LIST),
    "POST /ticket_fields/{id}/options": Described({200: _SHOWN, 201: _SHOWN}, _OPTION),
    "GET /ticket_fields/{id}/options/{option_id}": one("custom_field_option", FieldOption),
    "DELETE /ticket_fields/{id}/options/{option_id}": NOTHING,
    **described(rules.MACROS, Macro, *_CHOSEN),
    "GET /macros/active": many("macros", Macro, *_RULES),
    "GET /macros/search": many("macros", Macro, *_RULES),
    "GET /macros/definitions": _DEFINITIONS,
    "GET /macros/{id}/apply": one("result", MacroResult),
    "GET /tickets/{ticket_id}/macros/{id}/apply": one("result", MacroResult),
    **described(rules.VIEWS, View, *_CHOSEN),
    "GET /views/active": many("views", View, *_RULES),
    "GET /views/compact": many("views", View, *_RULES),
    "GET /views/definitions": _DEFINITIONS,
    **described(rules.TRIGGERS, Trigger, *_CHOSEN, order="trigger_ids"),
    "GET /triggers/active": many("triggers", Trigger, *_RULES),
    "GET /triggers/search": many("triggers", Trigger, *_RULES),
    "GET /triggers/definitions": _DEFINITIONS,
    **described(rules.CATEGORIES, TriggerCategory),
    **described(rules.AUTOMATIONS, Automation, *_CHOSEN),
    "GET /automations/active": many("automations", Automation, *_RULES),
    "GET /automations/search": many("automations", Automation, *_RULES),
    "GET /automations/definitions": _DEFINITIONS,
    **described(rules.POLICIES, SlaPolicy, order="sla_policy_ids"),
    "GET /slas/policies/definitions": _DEFINITIONS,
    **described(hours.SCHEDULES, Schedule),
    "PUT /business_hours/schedules/{id}/workweek": one("workweek", Workweek, takes=fields(workweek=fields(intervals=list[IntervalBody]))),
    f"GET {_HOLIDAYS}": many("holidays", Holiday),
    f"POST {_HOLIDAYS}": made("holiday", Holiday, _HOLIDAY),
    f"GET {_HOLIDAYS}/{{holiday_id}}": one("holiday", Holiday),
    f"PUT {_HOLIDAYS}/{{holiday_id}}": one("holiday", Holiday, takes=_HOLIDAY),
    f"DELETE {_HOLIDAYS}/{{holiday_id}}": NOTHING,
    **described(routing.ATTRIBUTES, Attribute),
    f"GET {_VALUES}": many("attribute_values", AttributeValue, *_LIST),
    f"POST {_VALUES}": made("attribute_value", AttributeValue, _VALUE),
    f"GET {_VALUES}/{{id}}": one("attribute_value", AttributeValue),
    f"PATCH {_VALUES}/{{id}}": one("attribute_value", AttributeValue, takes=_VALUE),
    f"DELETE {_VALUES}/{{id}}": NOTHING,
    "GET /routing/agents/{user_id}/instance_values": _SKILLS,
    "POST /routing/agents/{user_id}/instance_values": one(
        "attribute_values", list[AttributeValue], takes=fields(attribute_value_ids=list[str | int]), count=int
    ),
    "GET /routing/tickets/{id}/instance_values": _SKILLS,
    **described(routing.CAPACITY, CapacityRule),
    **described(routing.QUEUES, Queue, order="queue_ids"),
    **described(routing.STATUSES, AgentStatus),
    **described(webhooks.WEBHOOKS, Webhook),
    "PATCH /webhooks/{id}": one("webhook", Webhook, takes=fields(webhook=Loose(BODIES["webhook"]))),
    "GET /desk/agents": many("agents", DeskAgent),
    "GET /desk/agents/{user_id}": one("agent", DeskAgent),
    "PUT /desk/agents/{user_id}": one("agent", DeskAgent, takes=fields(agent=Fields({}, {"capacity_rule_id": int | None}))),
    "GET /desk/faults": one("faults", list[str], count=int),
    "GET /desk/settings": one("settings", DeskSettings),
    "PUT /desk/settings": one("settings", DeskSettings, takes=fields(settings=Json)),
    "GET /audit_logs": many("audit_logs", AuditLog),
}  # fmt: skip
