"""Macros, views, triggers, automations, service levels: what rules say in the API, and how they are checked.

Source: Zendesk's Support API, Macros, Views, Triggers, Trigger Categories, Automations, SLA Policies.
"""

from __future__ import annotations

from typing import Any

from domain.desk import building
from domain.desk.bodies import Body, PolicyBody, RestrictionBody, Row, TriggerBody, ViewBody
from domain.desk.facts import number_in
from domain.desk.model import Agent, Conditions, Desk
from domain.errors import Invalid
from gateway.desk.resources import Given, Json, Resource, refuse_while
from gateway.zendesk.operations import Call
from storage.sql.desk import Draft


def _conditions(given: Given, name: str = "conditions") -> Json:
    """Zendesk shows conditions in an object, and takes them beside the rest too."""
    found = dict(given)
    if "all" in found or "any" in found:
        found[name] = {"all": found.pop("all", None), "any": found.pop("any", None)}
    if isinstance(found.get(name), dict):
        found[name] = {part: conditions for part, conditions in found[name].items() if conditions is not None}
    return found


def _read_rule(given: Given, before: Body | None, draft: Draft) -> Json:
    found = _conditions(given)
    if isinstance(found.get("category_id"), int):
        found["category_id"] = str(found["category_id"])
    return found


def _read_view(given: Given, before: Body | None, draft: Draft) -> Json:
    found = _conditions(given)
    output = found.get("output")
    if isinstance(output, dict):
        found["output"] = {name: value for name, value in output.items() if value is not None}
    return found


def _read_policy(given: Given, before: Body | None, draft: Draft) -> Json:
    return _conditions(dict(given), "filter")


def _check_trigger(row: Row, draft: Draft) -> None:
    building.trigger_of(row, draft.desk, draft.people(row))
    category = row.body.category_id
    if category is not None and draft.get("trigger_category", number_in(category) or 0) is None:
        raise Invalid("category_id", "is the id of no category")


def _check_automation(row: Row, draft: Draft) -> None:
    building.automation_of(row, draft.desk, draft.people(row))


def _check_macro(row: Row, draft: Draft) -> None:
    building.macro_of(row, draft.desk, draft.people(row))
    _check_restriction(row, draft)


def _check_view(row: Row, draft: Draft) -> None:
    building.view_of(row, draft.desk, draft.people(row))
    _check_restriction(row, draft)


def _check_policy(row: Row, draft: Draft) -> None:
    building.policy_of(row, draft.desk, draft.people(row))


def _check_restriction(row: Row, draft: Draft) -> None:
    restriction = row.body.restriction
    if restriction is not None and restriction.type == "Group":
        groups = {*restriction.ids, *([restriction.id] if restriction.id is not None else [])}
        if not groups or not groups <= draft.desk.groups.keys():
            raise Invalid("restriction.ids", "must have numbers of groups")


def told_conditions(conditions: Conditions) -> Json:
    """Values as text, as Zendesk has them."""
    return {
        name: [{"field": one.field, "operator": one.operator, "value": _value(one.value)} for one in part]
        for name, part in (("all", conditions.all), ("any", conditions.any))
    }


def _value(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, list | dict) else str(value)


def _actions(row: Row) -> list[Json]:
    return [{"field": one.field, "value": _value(one.value)} for one in row.body.actions]


def _show_macro(row: Row, desk: Desk) -> Json:
    body = row.body
    own = {"title": body.title, "raw_title": body.title, "active": body.active, "position": row.position, "description": body.description}
    return own | {"actions": _actions(row), "restriction": _restriction(row), "default": False}


def _show_view(row: Row, desk: Desk) -> Json:
    body: ViewBody = row.body
    output = body.output
    columns = [{"id": one, "title": _column(one, desk)} for one in output.columns]
    sides = {"group_by": output.group_by, "group_order": output.group_order, "sort_by": output.sort_by, "sort_order": output.sort_order}
    group = {"id": output.group_by, "title": _column(output.group_by, desk), "order": output.group_order} if output.group_by else None
    sort = {"id": output.sort_by, "title": _column(output.sort_by, desk), "order": output.sort_order} if output.sort_by else None
    execution = sides | {"columns": columns, "fields": columns, "custom_fields": [], "group": group, "sort": sort}
    own = {"title": body.title, "raw_title": body.title, "active": body.active, "position": row.position, "description": body.description}
    more = {"execution": execution, "restriction": _restriction(row), "default": False}
    return own | {"conditions": told_conditions(body.conditions)} | more


def _restriction(row: Row) -> Json | None:
    one = row.body.restriction
    return None if one is None else {"type": one.type, "id": one.id, "ids": list(one.ids)}


def _column(name: str | int, desk: Desk) -> str:
    field = desk.fields.get(number_in(name) or 0)
    return field.name if field is not None else str(name).replace("_", " ").capitalize()


def _show_trigger(row: Row, desk: Desk) -> Json:
    body: TriggerBody = row.body
    own = {"title": body.title, "raw_title": body.title, "active": body.active, "position": row.position, "default": False}
    more = {"description": body.description, "category_id": body.category_id, "event": body.event}
    return own | more | {"conditions": told_conditions(body.conditions), "actions": _actions(row)}


def _show_automation(row: Row, desk: Desk) -> Json:
    own = {"title": row.body.title, "raw_title": row.body.title, "active": row.body.active, "position": row.position, "default": False}
    return own | {"conditions": told_conditions(row.body.conditions), "actions": _actions(row)}


def _show_policy(row: Row, desk: Desk) -> Json:
    body: PolicyBody = row.body
    metrics = [
        {
            "priority": one.priority,
            "metric": one.metric,
            "target": one.target if one.target is not None else -(-(one.target_in_seconds or 0) // 60),
            "target_in_seconds": one.target_in_seconds if one.target_in_seconds is not None else (one.target or 0) * 60,
            "business_hours": one.business_hours,
        }
        for one in body.policy_metrics
    ]
    own = {"title": body.title, "description": body.description, "position": row.position, "schedule_id": body.schedule_id}
    return own | {"filter": told_conditions(body.filter), "policy_metrics": metrics}


def _show_category(row: Row, desk: Desk) -> Json:
    return {"id": str(row.number), "name": row.body.name, "position": row.position}


def _free_category(row: Row, draft: Draft) -> None:
    used = any(one.body.category_id == str(row.number) for one in draft.rows("trigger"))
    refuse_while(used, "The category has triggers")


def _mine(rows: list[Row], call: Call, desk: Desk) -> list[Row]:
    """Of macros and views an agent sees those that are for everybody, for one of their groups, or for them."""
    agent = desk.agents.get(call.caller.account.id) if call.caller.account else None
    if agent is not None and not call.caller.administers:
        rows = [row for row in rows if _is_for(row.body.restriction, agent)]
    return _chosen(rows, call, desk)


def _is_for(restriction: RestrictionBody | None, agent: Agent) -> bool:
    if restriction is None:
        return True
    named = {*restriction.ids, restriction.id}
    return agent.number in named if restriction.type == "User" else not named.isdisjoint(agent.groups)


def _chosen(rows: list[Row], call: Call, desk: Desk) -> list[Row]:
    """By `active`, `category_id`, and a part of the title (`query`)."""
    query = call.request.query
    if (active := query.get("active") or query.get("filter[active]")) in ("true", "false"):
        rows = [row for row in rows if row.body.active == (active == "true")]
    if category := query.get("category_id"):
        rows = [row for row in rows if getattr(row.body, "category_id", None) == category]
    if words := query.get("query"):
        rows = [row for row in rows if words.casefold() in row.body.title.casefold()]
    return rows


MACROS = Resource("macro", "macro", "macros", "/macros", check=_check_macro, show=_show_macro, chosen=_mine)
VIEWS = Resource("view", "view", "views", "/views", _read_view, _check_view, _show_view, chosen=_mine)
TRIGGERS = Resource("trigger", "trigger", "triggers", "/triggers", _read_rule, _check_trigger, _show_trigger, chosen=_chosen)
CATEGORIES = Resource(
    "trigger_category", "trigger_category", "trigger_categories", "/trigger_categories", show=_show_category, free=_free_category
)  # fmt: skip
AUTOMATIONS = Resource(
    "automation", "automation", "automations", "/automations", _read_rule, _check_automation, _show_automation, chosen=_chosen
)
POLICIES = Resource("sla", "sla_policy", "sla_policies", "/slas/policies", _read_policy, _check_policy, _show_policy)
