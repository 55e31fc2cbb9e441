"""Desks and tickets for tests of rules, and a ticket as it would be after changes."""

from __future__ import annotations

import json
from typing import Any, Final

from msgspec.structs import replace

from domain.desk.bodies import Kind, Row, decode_body
from domain.desk.building import Person, build
from domain.desk.model import Desk
from domain.ticket.commands import Change
from domain.ticket.model import Ticket

APP, ANA, BEN, EVE = "a" * 24, "b" * 24, "c" * 24, "d" * 24
PEOPLE: Final = {71: ANA, 72: BEN, 73: EVE}
ACCOUNTS: Final = (Person(ANA, 71, "Ana Silva", "ana@example.org", "agent"), Person(BEN, 72, "Ben", "ben@example.org", "admin"))
HOUR: Final = 3_600_000


def row(kind: Kind, number: int, position: int = 0, **body: Any) -> Row:
    """A row of a desk, of a body as the API has it."""
    return Row(kind, number, position, decode_body(kind, json.dumps(body).encode()))


def desk(*rows: Row) -> Desk:
    """A desk of two groups, two agents, and these rows."""
    given = (row("group", 1, name="Support", default=True), row("group", 2, name="Billing"), *rows)
    return build(APP, 1, given, ACCOUNTS, PEOPLE)


def asks(field: str, operator: str, value: Any = None) -> dict[str, Any]:
    """A condition."""
    return {"field": field, "operator": operator, "value": value}


def trigger(number: int, *all_of: dict[str, Any], actions: dict[str, Any], position: int = 0, **more: Any) -> Row:
    done = [{"field": field, "value": value} for field, value in actions.items()]
    given = {"title": f"Trigger {number}", "conditions": {"all": list(all_of), "any": more.pop("any_of", [])}, "actions": done}
    return row("trigger", number, position, **given | more)


def automation(number: int, *all_of: dict[str, Any], actions: dict[str, Any]) -> Row:
    done = [{"field": field, "value": value} for field, value in actions.items()]
    return row("automation", number, title=f"Automation {number}", conditions={"all": list(all_of)}, actions=done)


def policy(number: int, *metrics: tuple[str, int], hours: bool = False, schedule: int | None = None, **more: Any) -> Row:
    """Seconds for metrics, at normal priority."""
    found = [{"priority": "normal", "metric": name, "target_in_seconds": seconds, "business_hours": hours} for name, seconds in metrics]
    return row("sla", number, **{"title": f"Policy {number}", "policy_metrics": found, "schedule_id": schedule} | more)


def ticket(**fields: Any) -> Ticket:
    given: dict[str, Any] = {
        "app": APP,
        "id": "e" * 24,
        "number": 5,
        "subject": "Late parcel",
        "status": "open",
        "requester_id": EVE,
        "created_ms": HOUR,
    }
    return Ticket(**given | fields)


_PLAIN: Final = frozenset(
    {"subject", "status", "priority", "type", "requester_id", "assignee_id", "group_id", "external_id", "brand_id", "due_ms"}
)
_LISTS: Final = frozenset({"tags", "follower_ids"})
_CUSTOM = "custom_fields."


def with_changes(ticket: Ticket, changes: tuple[Change, ...]) -> Ticket:
    """The ticket after all of them, one after the other. What is no field of a ticket is passed over."""
    for change in changes:
        ticket = _with(ticket, change)
    return ticket


def _with(ticket: Ticket, change: Change) -> Ticket:
    match change.field:
        case name if name in _PLAIN:
            return replace(ticket, **{name: change.value})
        case name if name in _LISTS:
            return replace(ticket, **{name: tuple(change.value)})
        case "additional_tags":
            return replace(ticket, tags=tuple(dict.fromkeys((*ticket.tags, *change.value))))
        case "remove_tags":
            return replace(ticket, tags=tuple(tag for tag in ticket.tags if tag not in change.value))
        case name if name.startswith(_CUSTOM):
            return replace(ticket, fields=_set(ticket.fields, name.removeprefix(_CUSTOM), change.value))
        case _:
            return ticket


def _set(fields: dict[str, Any], number: str, value: Any) -> dict[str, Any]:
    if value is None:
        return {name: held for name, held in fields.items() if name != number}
    return fields | {number: value}
