"""How tickets live and how work is given out, in an app; and who has changed what. The settings are ours, the log is as Zendesk's."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from domain.decode import convert
from domain.desk.bodies import SettingsBody
from domain.desk.building import check_settings
from domain.desk.model import Desk
from domain.errors import Invalid
from gateway.desk.resources import Json, desks, given_object, write
from gateway.zendesk import paging
from gateway.zendesk.operations import PREFIX, Call, answer, instant
from storage.sql.desk import Change, Draft

SYSTEM = -1
"""The number of who is no agent: a program's key."""
_TYPES = {
    "field": "ticket_field", "sla": "sla_policy", "capacity": "capacity_rule", "skill": "attribute_value", "membership": "group_membership",
    "status": "agent_status",
}  # fmt: skip
_ACTIONS = {"create": "Created", "update": "Changed", "destroy": "Deleted"}


async def show_settings(call: Call) -> web.Response:
    return answer({"settings": _show(await desks(call).current(call.app.id))})


async def update_settings(call: Call) -> web.Response:
    """What is left out stays. Raises Invalid: an unknown name, since a setting that is misspelt would be believed in."""
    given = given_object(call, "settings")

    def work(draft: Draft) -> None:
        before = _show(draft.desk)
        body = convert({part: _merged(before[part], given, part) for part in before}, SettingsBody, "settings")
        if not given.keys() <= before.keys():
            raise Invalid("settings", f"has only {' and '.join(before)}")
        check_settings(body, draft.desk)
        row = next(iter(draft.rows("settings")), None)
        if row is None:
            draft.add("settings", body)
        else:
            draft.replace(row, body)

    await write(call, work)
    return await show_settings(call)


async def list_faults(call: Call) -> web.Response:
    """Rules that cannot be followed any more, since something that they name is gone."""
    faults = (await desks(call).current(call.app.id)).faults
    return answer({"faults": list(faults), "count": len(faults)})


def _merged(before: Json, given: Json, part: str) -> Json:
    changes = given.get(part) or {}
    if not isinstance(changes, dict) or not changes.keys() <= before.keys():
        raise Invalid(f"settings.{part}", f"has only {', '.join(before)}")
    return before | changes


def _show(desk: Desk) -> dict[str, Json]:
    return {"tickets": msgspec.to_builtins(desk.tickets), "routing": msgspec.to_builtins(desk.routing)}


async def list_log(call: Call) -> web.Response:
    """The latest changes first."""
    page = call.page()
    before = page.after[1] if page.after is not None else None
    if page.before is not None:
        raise Invalid("page[before]", "is nothing that this list has")
    found, count = await desks(call).log(call.app.id, limit=page.size + 1, offset=page.offset, before=before)
    shown, more = found[: page.size], len(found) > page.size
    desk = await desks(call).current(call.app.id)
    around = paging.around(page, call.url, call.request.query, count, [(one.number, one.number) for one in shown], more)
    return answer({"audit_logs": [_show_change(call, one, desk) for one in shown], **around})


def _show_change(call: Call, one: Change, desk: Desk) -> dict[str, Any]:
    kind, _, identifier = one.by.partition(":")
    agent = desk.agents.get(identifier) if kind == "agent" else None
    what = ", ".join(one.fields)
    return {
        "id": one.number,
        "url": f"{call.base}{PREFIX}/audit_logs/{one.number}.json",
        "actor_id": agent.number if agent is not None else SYSTEM,
        "actor_name": agent.name if agent is not None else "API key",
        "source_id": one.row,
        "source_type": _TYPES.get(one.kind, one.kind),
        "source_label": one.label,
        "action": one.action,
        "action_label": _ACTIONS[one.action],
        "change_description": f"Changed: {what}" if what else "",
        "ip_address": None,
        "created_at": instant(one.at_ms),
    }
