"""What rules may say, for whoever builds a form for them: fields, operators and values, of the table of facts and the desk as it is.

Source: Zendesk's Support API, Trigger, View and SLA definitions.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from domain.desk.actions import ACTIONS, Kind, Maker
from domain.desk.conditions import operators_of
from domain.desk.facts import CUSTOM, FIELDS, Field, Place, field_of
from domain.desk.model import Desk
from gateway.desk.resources import Json, desks
from gateway.zendesk.operations import Call, Handle, answer

_TYPES = {"words": "text", "tags": "tags", "number": "text", "date": "date", "hours": "text"}
_WITHOUT_VALUE = frozenset({"present", "not_present", "changed", "not_changed"})


def definitions_of(place: Place, maker: Maker | None = None) -> Handle:
    async def definitions(call: Call) -> web.Response:
        desk = await desks(call).current(call.app.id)
        fields = [one for one in _fields(desk) if place in one.places]
        found: Json = {
            "conditions_all": [_condition(one, place, desk) for one in fields],
            "conditions_any": [_condition(one, place, desk) for one in fields if one.kind != "hours"],
        }
        if maker is not None:
            found["actions"] = [_action(one, desk) for one in ACTIONS.values() if maker in one.makers] + _custom_actions(desk)
        if place == "sla":
            found = {"all": found["conditions_all"], "any": found["conditions_any"]}
        return answer({"definitions": found})

    return definitions


def definitions_of_macros() -> Handle:
    async def definitions(call: Call) -> web.Response:
        desk = await desks(call).current(call.app.id)
        found = [_action(one, desk) for one in ACTIONS.values() if "macro" in one.makers] + _custom_actions(desk)
        return answer({"definitions": {"actions": found}})

    return definitions


def _fields(desk: Desk) -> list[Field]:
    custom = (field_of(f"{CUSTOM}{number}", desk.fields) for number, one in desk.fields.items() if one.active)
    return [*FIELDS.values(), *(one for one in custom if one is not None)]


def _condition(one: Field, place: Place, desk: Desk) -> Json:
    operators = [{"value": name, "title": _title(name), "terminal": name in _WITHOUT_VALUE} for name in operators_of(one, place)]
    common = {"title": one.words.rstrip("."), "subject": one.name, "type": _TYPES.get(one.kind, "list"), "group": "ticket"}
    return common | {
        "nullable": one.kind in ("reference", "person"),
        "repeatable": True,
        "operators": operators,
        "values": _values(one, desk),
    }


def _values(one: Field, desk: Desk) -> list[Json]:
    number = one.name.removeprefix(CUSTOM)
    options = desk.fields[int(number)].options if one.name.startswith(CUSTOM) else {}
    named = {value: options.get(value, _title(value)) for value in one.values}
    if one.kind == "truth":
        named = {"true": "Yes", "false": "No"}
    if one.kind == "reference":
        named = {str(group.id): group.name for group in desk.groups.values()}
    if one.kind == "person":
        named = {"current_user": "Current user", **{str(agent.number): agent.name for agent in desk.agents.values()}}
    return [_value(value, title) for value, title in named.items()]


def _action(one: Kind, desk: Desk) -> Json:
    named: dict[str, str] = {value: _title(value) for value in one.values}
    if one.field == "group_id":
        named = {str(group.id): group.name for group in desk.groups.values()}
    if one.field in ("assignee_id", "follower"):
        named = {"current_user": "Current user", **{str(agent.number): agent.name for agent in desk.agents.values()}}
    return _told_action(one.field, one.words, [_value(value, title) for value, title in named.items()])


def _custom_actions(desk: Desk) -> list[Json]:
    return [
        _told_action(f"{CUSTOM}{one.id}", one.name, [_value(value, title) for value, title in one.options.items()])
        for one in desk.fields.values()
        if one.active
    ]


def _told_action(field: str, words: str, values: list[Json]) -> Json:
    kind = "list" if values else "text"
    return {
        "title": words.rstrip("."),
        "subject": field,
        "type": kind,
        "group": "ticket",
        "nullable": False,
        "repeatable": False,
        "values": values,
    }


def _value(value: Any, title: str) -> Json:
    return {"value": value, "title": title, "enabled": True}


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
