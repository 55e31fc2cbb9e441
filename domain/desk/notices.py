"""What rules send out of the desk: calls of webhooks and e-mails. How their values are written, and what they come to. Pure.

Source of the names: Zendesk's "Actions reference": `notification_webhook`, `notification_target`, `notification_user` and
`notification_group`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.desk.facts import Facts, number_in
from domain.desk.model import Action, Automation, Desk, Notice, Trigger
from domain.desk.placeholders import render
from domain.errors import Invalid

WEBHOOKS = frozenset({"notification_webhook", "notification_target"})
MAILS = frozenset({"notification_user", "notification_group"})
NOTICES = WEBHOOKS | MAILS
MAX_TITLE = 255
MAX_TEXT = 16_384
MAX_MEMBERS = 50
"""So many agents of a group are written to."""
_SOMEBODY = ("requester_id", "assignee_id", "current_user")


def check(given: Any, desk: Desk, people: Mapping[int, str], at: str, field: str) -> tuple[str, ...]:
    """The value as it is kept: a list of texts. Raises Invalid."""
    parts = [str(one) for one in given] if isinstance(given, list | tuple) else []
    if field in WEBHOOKS:
        return _webhook(parts, desk, at)
    if len(parts) != 3 or not parts[1].strip() or len(parts[1]) > MAX_TITLE or len(parts[2]) > MAX_TEXT:
        raise Invalid(at, f"must be a list of whom, a subject of 1 to {MAX_TITLE} characters, and a text of at most {MAX_TEXT}")
    whom = parts[0]
    if field == "notification_group":
        if whom != "group_id" and number_in(whom) not in desk.groups:
            raise Invalid(f"{at}[0]", "must be group_id or the number of a group")
    elif whom not in _SOMEBODY:
        agent = people.get(number_in(whom) or 0, whom if whom in desk.agents else None)
        if agent not in desk.agents:
            raise Invalid(f"{at}[0]", f"must be {', '.join(_SOMEBODY)} or the number of an agent")
        whom = agent or ""
    return (whom, parts[1], parts[2])


def _webhook(parts: list[str], desk: Desk, at: str) -> tuple[str, ...]:
    if len(parts) != 2 or len(parts[1]) > MAX_TEXT:
        raise Invalid(at, f"must be a list of the number of a webhook and a body of at most {MAX_TEXT} characters")
    if number_in(parts[0]) not in desk.webhooks:
        raise Invalid(f"{at}[0]", "is the number of no webhook")
    return (parts[0], parts[1])


def made(actions: tuple[Action, ...], facts: Facts, values: Mapping[str, str]) -> tuple[Notice, ...]:
    """What is to be sent. Whoever has no address is not written to."""
    found: list[Notice] = []
    for one in actions:
        if one.field in WEBHOOKS:
            found.append(Notice("webhook", one.value[0], render(one.value[1], values, json=True)))
        elif one.field in MAILS:
            addresses = _of_group(one.value[0], facts) if one.field == "notification_group" else _of(one.value[0], facts, values)
            subject, text = render(one.value[1], values)[:MAX_TITLE], render(one.value[2], values)
            found += [Notice("mail", address, text, " ".join(subject.split())) for address in dict.fromkeys(addresses)]
    return tuple(found)


def _of(whom: str, facts: Facts, values: Mapping[str, str]) -> list[str]:
    names = {"requester_id": "ticket.requester.email", "assignee_id": "ticket.assignee.email", "current_user": "current_user.email"}
    if whom in names:
        address = values.get(names[whom], "")
    else:
        agent = facts.desk.agents.get(whom)
        address = "" if agent is None else agent.email
    return [address] if address else []


def _of_group(whom: str, facts: Facts) -> list[str]:
    group = facts.after.group_id if whom == "group_id" else number_in(whom)
    members = [one.email for one in facts.desk.agents.values() if group in one.groups and one.email]
    return sorted(members)[:MAX_MEMBERS]


def names_requester(action: Action) -> bool:
    """Whether somebody must look up who the requester is."""
    words = action.value if isinstance(action.value, list | tuple) else (action.value,)
    if action.field == "notification_user" and words and words[0] == "requester_id":
        return True
    return any(isinstance(one, str) and "ticket.requester." in one for one in words)


def speaks_of_requester(desk: Desk) -> bool:
    """Whether a rule of the desk names the requester, whom neither the desk nor the ticket knows by name, or writes to them."""
    rules: list[Trigger | Automation] = [*desk.triggers, *desk.automations]
    return any(names_requester(action) for one in rules for action in one.actions)
