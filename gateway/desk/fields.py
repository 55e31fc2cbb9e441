"""Ticket fields, and the options of those that have some. Source: Zendesk's Support API, Ticket Fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from msgspec.structs import replace

from domain.decode import convert
from domain.desk.bodies import SYSTEM_FIELDS, Body, FieldBody, OptionBody, Row
from domain.desk.building import check_field
from domain.desk.facts import PRIORITIES, STATUSES, TYPES, number_in
from domain.desk.model import Automation, Desk, Trigger
from domain.errors import Invalid, Refused
from gateway.desk.resources import Given, Json, Resource, desks, given_object, refuse_while, write
from gateway.support.pages import paged
from gateway.zendesk.operations import Call, answer, not_found, nothing
from storage.sql.desk import Draft

_OPTIONS = {"status": STATUSES, "priority": PRIORITIES, "tickettype": TYPES}
#: What may be changed of a field that every app has.
_OF_SYSTEM = frozenset({"title", "description", "agent_description", "title_in_portal", "required", "active", "position"})


def _read(given: Given, before: Body | None, draft: Draft) -> Json:
    found = dict(given)
    if isinstance(before, FieldBody):
        if found.pop("type", before.type) != before.type:
            raise Invalid("type", "cannot be changed")
        if before.type in SYSTEM_FIELDS:
            found = {name: value for name, value in found.items() if name in _OF_SYSTEM}
    elif found.get("type") in SYSTEM_FIELDS:
        raise Invalid("type", "is that of a field which every app has")
    options = found.get("custom_field_options")
    if isinstance(options, list):
        known = {one.id: one for one in before.custom_field_options} if isinstance(before, FieldBody) else {}
        found["custom_field_options"] = [_numbered(one, draft, known) if isinstance(one, dict) else one for one in options]
    return found


def _numbered(option: Json, draft: Draft, known: Mapping[int | None, OptionBody]) -> Json:
    """Options have numbers too; what is not said of one that is known stays. Unknown fields, as Zendesk shows them, are passed over."""
    before = known.get(number_in(option.get("id")))
    words = {"name": before.name, "value": before.value} if before is not None else {}
    given = {name: option[name] for name in ("name", "value") if option.get(name) is not None}
    return {"id": option.get("id") or draft.number()} | words | given


def _check(row: Row, draft: Draft) -> None:
    if row.body.type not in SYSTEM_FIELDS:
        check_field(row.body)


def _free(row: Row, draft: Draft) -> None:
    if row.body.type in SYSTEM_FIELDS:
        raise Refused("forbidden", "A field that every app has cannot be deleted")
    name = f"custom_fields_{row.number}"
    rules: tuple[Trigger | Automation, ...] = draft.desk.triggers + draft.desk.automations
    for rule in rules:
        asked = any(one.field == name for one in (*rule.conditions.all, *rule.conditions.any))
        done = any(one.field == name for one in rule.actions)
        refuse_while(asked or done, f"The field is named by the rule {rule.name}")


def _show(row: Row, desk: Desk) -> Json:
    body: FieldBody = row.body
    is_system = body.type in SYSTEM_FIELDS
    found: dict[str, Any] = {
        "type": body.type,
        "title": body.title,
        "raw_title": body.title,
        "description": body.description,
        "raw_description": body.description,
        "agent_description": body.agent_description or None,
        "position": row.position,
        "active": body.active,
        "required": body.required,
        "collapsed_for_agents": False,
        "regexp_for_validation": body.regexp_for_validation,
        "title_in_portal": body.title_in_portal or body.title,
        "raw_title_in_portal": body.title_in_portal or body.title,
        "visible_in_portal": body.visible_in_portal,
        "editable_in_portal": body.editable_in_portal,
        "required_in_portal": body.required_in_portal,
        "tag": body.tag,
        "removable": not is_system,
        "key": None,
    }
    if body.type in _OPTIONS:
        found["system_field_options"] = [{"name": one.capitalize(), "value": one} for one in _OPTIONS[body.type]]
    if body.type in ("tagger", "multiselect"):
        found["custom_field_options"] = [_option(one) for one in body.custom_field_options]
    return found


def _option(one: OptionBody) -> Json:
    return {"id": one.id, "name": one.name, "raw_name": one.name, "value": one.value, "default": False}


FIELDS = Resource("field", "ticket_field", "ticket_fields", "/ticket_fields", _read, _check, _show, _free)


async def list_options(call: Call) -> web.Response:
    row = await desks(call).get(call.app.id, "field", call.number())
    if row is None:
        raise not_found()
    options: tuple[OptionBody, ...] = row.body.custom_field_options
    places = {one.id or 0: at for at, one in enumerate(options, 1)}
    part, around = paged(call, options, lambda one: places[one.id or 0])
    return answer({"custom_field_options": [_option(one) for one in part], **around})


async def show_option(call: Call) -> web.Response:
    row = await desks(call).get(call.app.id, "field", call.number())
    found = [one for one in (row.body.custom_field_options if row is not None else ()) if one.id == call.number("option_id")]
    if not found:
        raise not_found()
    return answer({"custom_field_option": _option(found[0])})


async def put_option(call: Call) -> web.Response:
    """Make one, or change the one whose `id` is given."""
    given = given_object(call, "custom_field_option")

    def work(draft: Draft) -> tuple[OptionBody, bool]:
        row = draft.get("field", call.number())
        if row is None:
            raise not_found()
        known: dict[int | None, OptionBody] = {one.id: one for one in row.body.custom_field_options}
        option = convert(_numbered(given, draft, known), OptionBody, "custom_field_option")
        if given.get("id") is not None and option.id not in known:
            raise not_found()
        _put(draft, row, (known | {option.id: option}).values())
        return option, option.id not in known

    option, is_new = await write(call, work)
    return answer({"custom_field_option": _option(option)}, 201 if is_new else 200)


async def delete_option(call: Call) -> web.Response:
    def work(draft: Draft) -> None:
        row = draft.get("field", call.number())
        options = {one.id: one for one in row.body.custom_field_options} if row is not None else {}
        if row is None or options.pop(call.number("option_id"), None) is None:
            raise not_found()
        _put(draft, row, options.values())

    await write(call, work)
    return nothing()


def _put(draft: Draft, row: Row, options: Any) -> None:
    after = draft.replace(row, replace(row.body, custom_field_options=tuple(options)))
    _check(after, draft)
