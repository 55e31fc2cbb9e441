"""Placeholders in what rules and macros say: `{{ticket.id}}`, `{{current_user.name}}`. What is not known is empty. Never runs anything."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import msgspec

from domain.desk.facts import number_in
from domain.desk.model import Agent, Desk
from domain.ticket.commands import By
from domain.ticket.model import Ticket

#: So long may a text be after its placeholders have their values.
MAX_RENDERED = 65_536
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_.]{1,100})\s*\}\}")

#: What each stands for. `ticket.ticket_field_<number>` is a field of the app's own, `ticket.ticket_field_option_title_<number>` its option.
PLACEHOLDERS = {
    "ticket.id": "its number",
    "ticket.title": "its subject",
    "ticket.description": "its first words",
    "ticket.status": "its status",
    "ticket.priority": "its priority",
    "ticket.ticket_type": "its type",
    "ticket.tags": "its tags",
    "ticket.external_id": "its id in another system",
    "ticket.via": "from where it came",
    "ticket.group.name": "the name of its group",
    "ticket.assignee.name": "the assignee's name",
    "ticket.assignee.first_name": "the assignee's first name",
    "ticket.assignee.last_name": "the rest of it",
    "ticket.assignee.email": "the assignee's address",
    "ticket.requester.name": "the requester's name",
    "ticket.requester.first_name": "the requester's first name",
    "ticket.requester.last_name": "the rest of it",
    "ticket.requester.email": "the requester's address",
    "ticket.requester.external_id": "the requester's id in another system",
    "ticket.requester.language": "the requester's language",
    "current_user.name": "the name of who does it; empty for a rule",
    "current_user.first_name": "their first name",
    "current_user.last_name": "the rest of it",
    "current_user.email": "their address",
}


def render(text: str, values: Mapping[str, str], *, escaped: bool = False, json: bool = False) -> str:
    """`text` with its placeholders' values; `escaped` where it is HTML, `json` where values stand inside texts of JSON. A value is text:
    placeholders in it are left as they are."""

    def value(found: re.Match[str]) -> str:
        known = values.get(found[1], "")
        if json:
            return msgspec.json.encode(known).decode()[1:-1]
        return html.escape(known) if escaped else known

    return _PLACEHOLDER.sub(value, text)[:MAX_RENDERED]


def values_of(desk: Desk, ticket: Ticket, by: By, known: Mapping[str, str]) -> dict[str, str]:
    """The values of all placeholders. `known` says what neither the desk nor the ticket knows: the requester's name and the like."""
    group = desk.groups.get(ticket.group_id or 0)
    found = {
        "ticket.id": str(ticket.number),
        "ticket.title": ticket.subject,
        "ticket.description": ticket.description,
        "ticket.status": ticket.status,
        "ticket.priority": ticket.priority or "",
        "ticket.ticket_type": ticket.type or "",
        "ticket.tags": " ".join(ticket.tags),
        "ticket.external_id": ticket.external_id or "",
        "ticket.via": ticket.channel,
        "ticket.group.name": group.name if group is not None else "",
    }
    found |= _person("ticket.assignee", desk.agents.get(ticket.assignee_id or ""))
    found |= _person("ticket.requester", desk.agents.get(ticket.requester_id))
    found |= _person("current_user", desk.agents.get(by.id) if by.kind == "agent" else None)
    return found | _fields(desk, ticket) | dict(known)


def names_of(prefix: str, name: str) -> dict[str, str]:
    """A person's name, whole and in parts."""
    first, _, last = name.partition(" ")
    return {f"{prefix}.name": name, f"{prefix}.first_name": first, f"{prefix}.last_name": last.strip()}


def _person(prefix: str, agent: Agent | None) -> dict[str, str]:
    return {} if agent is None else names_of(prefix, agent.name) | {f"{prefix}.email": agent.email}


def _fields(desk: Desk, ticket: Ticket) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, value in ticket.fields.items():
        several = value if isinstance(value, list | tuple) else (value,)
        words = [str(one) for one in several if one is not None]
        field = desk.fields.get(number_in(number) or 0)
        options = field.options if field is not None else {}
        found[f"ticket.ticket_field_{number}"] = ", ".join(words)
        found[f"ticket.ticket_field_option_title_{number}"] = ", ".join(options.get(word, word) for word in words)
    return found
