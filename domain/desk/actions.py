"""What rules and macros may do: the table of actions, the check of what people write, and what they come to for a ticket.

Source of the names: Zendesk's "Actions reference". What is sent out is in `notices`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import msgspec
import nh3

from domain.desk import notices
from domain.desk.facts import CUSTOM, PRIORITIES, STATUSES, TYPES, Facts, field_of, number_in
from domain.desk.model import Action, Desk, Notice
from domain.desk.placeholders import render, values_of
from domain.errors import Invalid
from domain.plain import html_to_text
from domain.ticket.commands import Change, Comment

Maker = Literal["trigger", "automation", "macro"]
RULES: frozenset[Maker] = frozenset({"trigger", "automation"})
ALL: frozenset[Maker] = frozenset({"trigger", "automation", "macro"})
MACROS: frozenset[Maker] = frozenset({"macro"})

MAX_ACTIONS = 30
MAX_TEXT = 16_384
MAX_SUBJECT = 256
MAX_TAGS = 100
MAX_TAG = 80
_TAG = re.compile(r"[^\s,]+")
_CHANNELS = ("messaging", "support")


class Message(msgspec.Struct, frozen=True, array_like=True):
    """A word to the customer in the conversation, said by the business itself."""

    text: str


class Effect(msgspec.Struct, frozen=True):
    """What actions come to."""

    changes: tuple[Change, ...] = ()
    comment: Comment | None = None
    messages: tuple[Message, ...] = ()
    survey: bool = False
    channel: Literal["messaging", "support"] | None = None
    notices: tuple[Notice, ...] = ()


Checked = Callable[[Any, Desk, Mapping[int, str], str], Any]


class Kind(msgspec.Struct, frozen=True):
    """An action: who may take it, and how its value is checked."""

    field: str
    words: str
    check: Checked
    makers: frozenset[Maker] = ALL
    values: tuple[str, ...] = ()


def _text(most: int, *, empty: bool = False) -> Checked:
    def check(given: Any, desk: Desk, people: Mapping[int, str], at: str) -> str:
        if not isinstance(given, str) or len(given) > most or not (empty or given.strip()):
            raise Invalid(at, f"must be text of {'0' if empty else '1'} to {most} characters")
        return given

    return check


def _one_of(values: tuple[str, ...], *, empty: bool = False) -> Checked:
    def check(given: Any, desk: Desk, people: Mapping[int, str], at: str) -> str | None:
        if given in ("", None) and empty:
            return None
        if given not in values:
            raise Invalid(at, f"must be one of {', '.join(values)}")
        return str(given)

    return check


def _group(given: Any, desk: Desk, people: Mapping[int, str], at: str) -> int | None:
    if given in ("", None):
        return None
    number = number_in(given)
    if number not in desk.groups:
        raise Invalid(at, "is the number of no group")
    return number


def _person(given: Any, desk: Desk, people: Mapping[int, str], at: str) -> str | None:
    if given in ("", None):
        return None
    if given == "current_user":
        return "current_user"
    found = people.get(number_in(given) or 0)
    if found not in desk.agents:
        raise Invalid(at, "is the number of no agent")
    return found


def _tags(given: Any, desk: Desk, people: Mapping[int, str], at: str) -> tuple[str, ...]:
    text = " ".join(map(str, given)) if isinstance(given, list) else given
    found = tuple(dict.fromkeys(_TAG.findall(str(text or "").lower())))
    if len(found) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in found):
        raise Invalid(at, f"must be at most {MAX_TAGS} tags of {MAX_TAG} characters")
    return found


def _truth(given: Any, desk: Desk, people: Mapping[int, str], at: str) -> bool:
    if str(given).lower() not in ("true", "false"):
        raise Invalid(at, "must be true or false")
    return str(given).lower() == "true"


def _notice(field: str) -> Checked:
    def check(given: Any, desk: Desk, people: Mapping[int, str], at: str) -> tuple[str, ...]:
        return notices.check(given, desk, people, at, field)

    return check


_CALLS = "Call a webhook: a list of its number and a body, in which placeholders stand inside the texts of JSON."
_WRITES = "Write an e-mail: a list of whom (`requester_id`, `assignee_id`, `current_user`, an agent's number), subject and text."
_WRITES_TO_ALL = "Write an e-mail to each agent of a group: a list of `group_id` or a group's number, subject and text."
_KINDS = (
    Kind("status", "Set the status.", _one_of(STATUSES), values=STATUSES),
    Kind("priority", "Set the priority; `\"\"` takes it away.", _one_of(PRIORITIES, empty=True), values=PRIORITIES),
    Kind("type", "Set the type; `\"\"` takes it away.", _one_of(TYPES, empty=True), values=TYPES),
    Kind("group_id", "Give it to the group of this number; `\"\"` to none.", _group),
    Kind("assignee_id", "Give it to the agent of this number, or to `current_user`; `\"\"` to nobody.", _person),
    Kind("set_tags", "Have these tags and no others, separated by spaces.", _tags),
    Kind("current_tags", "Add these tags.", _tags),
    Kind("remove_tags", "Take these tags away.", _tags),
    Kind("subject", "Set the subject. May hold placeholders.", _text(MAX_SUBJECT)),
    Kind("comment_value", "Say this. May hold placeholders.", _text(MAX_TEXT)),
    Kind("comment_value_html", "Say this, as HTML. May hold placeholders.", _text(MAX_TEXT)),
    Kind("comment_mode_is_public", "Whether the customer sees what is said. Without it macros speak in public, rules do not.", _truth),
    Kind("follower", "Have this agent follow it.", _person),
    Kind("satisfaction_score", "Ask the customer how it was: `offered`.", _one_of(("offered",)), RULES, ("offered",)),
    Kind("send_message", "Say this to the customer in the conversation. May hold placeholders.", _text(MAX_TEXT), RULES),
    Kind("notification_webhook", _CALLS, _notice("notification_webhook"), RULES),
    Kind("notification_target", "The same, by an older name.", _notice("notification_target"), RULES),
    Kind("notification_user", _WRITES, _notice("notification_user"), RULES),
    Kind("notification_group", _WRITES_TO_ALL, _notice("notification_group"), RULES),
    Kind("set_routing_channel", "Count it as `messaging` or `support` when it is routed.", _one_of(_CHANNELS), RULES, _CHANNELS),
)  # fmt: skip
ACTIONS: Final[dict[str, Kind]] = {kind.field: kind for kind in _KINDS}


def check_actions(
    given: tuple[Action, ...], desk: Desk, maker: Maker, people: Mapping[int, str], at: str = "actions"
) -> tuple[Action, ...]:
    """The actions as they are taken. Raises Invalid with the path of what is wrong."""
    if not 1 <= len(given) <= MAX_ACTIONS:
        raise Invalid(at, f"must have 1 to {MAX_ACTIONS} actions")
    return tuple(_checked(one, desk, maker, people, f"{at}[{n}]") for n, one in enumerate(given))


def _checked(one: Action, desk: Desk, maker: Maker, people: Mapping[int, str], at: str) -> Action:
    if one.field.startswith(CUSTOM):
        return _custom(one, desk, at)
    kind = ACTIONS.get(one.field)
    if kind is None or maker not in kind.makers:
        raise Invalid(f"{at}.field", f"is none that a {maker} can do")
    if maker == "macro" and one.field == "status" and one.value in ("new", "closed"):
        raise Invalid(f"{at}.value", "must not be new or closed in a macro")
    return Action(one.field, kind.check(one.value, desk, people, f"{at}.value"))


def _custom(one: Action, desk: Desk, at: str) -> Action:
    field = field_of(one.field, desk.fields)
    if field is None:
        raise Invalid(f"{at}.field", "is none of this app")
    value = one.value
    if field.kind == "truth":
        value = _truth(value, desk, {}, f"{at}.value")
    elif field.kind == "tags":
        value = list(_tags(value, desk, {}, f"{at}.value"))
    if field.values and any(each not in field.values for each in (value if isinstance(value, list) else [value]) if each):
        raise Invalid(f"{at}.value", "is no option of this field")
    if not isinstance(value, list) and len(str(value)) > MAX_TEXT:
        raise Invalid(f"{at}.value", f"must have at most {MAX_TEXT} characters")
    return Action(one.field, value)


def taken(actions: tuple[Action, ...], facts: Facts, known: Mapping[str, str], *, in_public: bool) -> Effect:
    """What the actions, which were checked, come to. `in_public`: whether a comment is, where they do not say."""
    values = values_of(facts.desk, facts.after, facts.by, known)
    said = {one.field: one.value for one in actions}
    changes = tuple(change for one in actions if (change := _change(one, facts, values)) is not None)
    messages = tuple(Message(render(one.value, values)) for one in actions if one.field == "send_message")
    public = bool(said.get("comment_mode_is_public", in_public))
    return Effect(
        changes,
        _comment(said, values, public),
        messages,
        "satisfaction_score" in said,
        said.get("set_routing_channel"),
        notices.made(actions, facts, values),
    )


def _change(one: Action, facts: Facts, values: Mapping[str, str]) -> Change | None:
    match one.field:
        case "status" | "priority" | "type" | "group_id" | "remove_tags":
            return Change(one.field, one.value)
        case "assignee_id":
            return _assigned(one.value, facts)
        case "set_tags":
            return Change("tags", one.value)
        case "current_tags":
            return Change("additional_tags", one.value)
        case "subject":
            return Change("subject", render(one.value, values)[:MAX_SUBJECT])
        case "follower":
            agent = facts.by.id if one.value == "current_user" and facts.by.kind == "agent" else one.value
            followers = tuple(dict.fromkeys((*facts.after.follower_ids, agent)))
            return Change("follower_ids", followers) if agent in facts.desk.agents else None
        case _ if one.field.startswith(CUSTOM):
            return Change("custom_fields." + one.field.removeprefix(CUSTOM), one.value)
        case _:
            return None


def _assigned(value: str | None, facts: Facts) -> Change | None:
    """Who is not an agent, or is not one any more, is given nothing."""
    if value is None:
        return Change("assignee_id", None)
    agent = facts.by.id if value == "current_user" and facts.by.kind == "agent" else value
    return Change("assignee_id", agent) if agent in facts.desk.agents else None


def _comment(said: Mapping[str, Any], values: Mapping[str, str], public: bool) -> Comment | None:
    if "comment_value_html" in said:
        html = nh3.clean(render(said["comment_value_html"], values, escaped=True))
        return Comment(html_to_text(html), public, html)
    return Comment(render(said["comment_value"], values), public) if "comment_value" in said else None
