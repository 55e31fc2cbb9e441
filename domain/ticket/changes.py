"""What a wish to change a ticket comes to: each field checked, and what follows from it in the others. Pure.

    planned(desk, ticket, changes, by) -> (Changed, ...)     raises Invalid, Refused
    apply(desk, ticket, changes) -> Ticket                    for rules: what cannot be is left as it is

Source of the rules: Zendesk's Support API, Tickets; "About ticket fields"; "Changing the ticket status".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, get_args

import msgspec

from domain.desk.model import Desk
from domain.errors import Invalid, Refused
from domain.ticket import model
from domain.ticket.commands import By, Change, Comment
from domain.ticket.events import Changed
from domain.ticket.model import MOVES, Priority, Status, Ticket, Type
from domain.ticket.state import CUSTOM, changed, value_of

_NUMBER = re.compile(r"[0-9]{1,18}\Z")
_SPACES = re.compile(r"[\s,]+")

Check = Callable[[Desk, Ticket, Any], Any]


def planned(desk: Desk, ticket: Ticket, changes: Sequence[Change], by: By, new: bool = False) -> tuple[Changed, ...]:
    """The fields that change, each once, with what follows. `new`: the ticket is just being made, and may come with any status."""
    if len(changes) > model.MAX_CHANGES:
        raise Invalid("ticket", f"changes more than {model.MAX_CHANGES} fields at once")
    wanted: dict[str, Any] = {}
    for change in changes:
        field, value = _checked(desk, _with(ticket, wanted), change, new)
        wanted[field] = value
    _follow(desk, ticket, wanted, by)
    _check_whole(_with(ticket, wanted))
    told = ((field, value, _plain(value_of(ticket, field))) for field, value in wanted.items())
    return tuple(Changed(field, value, was) for field, value, was in told if value != was)


def apply(desk: Desk, ticket: Ticket, changes: tuple[Change, ...]) -> Ticket:
    """The ticket as a rule would leave it. What the ticket refuses changes nothing."""
    return changed(ticket, by_rule(desk, ticket, changes), ticket.updated_ms)


def by_rule(desk: Desk, ticket: Ticket, changes: tuple[Change, ...]) -> tuple[Changed, ...]:
    """The changes that a rule comes to. What the ticket refuses is left out, since a rule has nobody to tell."""
    told: list[Changed] = []
    if ticket.status == "closed":
        return ()
    for change in changes:
        try:
            those = planned(desk, ticket, (change,), By(via="rule"))
        except Refused:
            continue
        told.extend(those)
        ticket = changed(ticket, those, ticket.updated_ms)
    return merged(told)


def merged(changes: Sequence[Changed]) -> tuple[Changed, ...]:
    """Several changes of a field as one; none where it came back to what it was."""
    first, last = {one.field: one.previous for one in reversed(changes)}, {one.field: one.value for one in changes}
    return tuple(Changed(field, last[field], first[field]) for field in last if last[field] != first[field])


def check_comment(comment: Comment | None) -> None:
    """Raises Invalid: nothing is said, or too much."""
    if comment is None:
        return
    if not comment.body.strip() and not comment.html and not comment.uploads:
        raise Invalid("comment.body", "cannot be blank")
    for field, words in (("body", comment.body), ("html_body", comment.html or "")):
        if len(words.encode()) > model.MAX_COMMENT_BYTES:
            raise Invalid(f"comment.{field}", f"has at most {model.MAX_COMMENT_BYTES} bytes")
    if len(comment.uploads) > model.MAX_UPLOADS:
        raise Invalid("comment.uploads", f"are at most {model.MAX_UPLOADS}")


def _with(ticket: Ticket, wanted: dict[str, Any]) -> Ticket:
    return changed(ticket, tuple(Changed(field, value) for field, value in wanted.items()), 0)


def _plain(value: Any) -> Any:
    """As JSON has it."""
    return list(value) if isinstance(value, tuple) else value


# What follows from a change.


def _follow(desk: Desk, ticket: Ticket, wanted: dict[str, Any], by: By) -> None:
    """An agent brings their group, a group that the agent is not in takes the ticket from them; who has a ticket has opened it; and
    who solves what is nobody's, has it."""
    status = wanted.get("status", ticket.status)
    if status == "solved" and wanted.get("assignee_id", ticket.assignee_id) is None and by.kind == "agent" and by.id in desk.agents:
        wanted["assignee_id"] = by.id
    assignee = desk.agents.get(wanted.get("assignee_id") or "")
    group = wanted.get("group_id", ticket.group_id)
    if assignee is not None and group not in assignee.groups and "group_id" not in wanted:
        wanted["group_id"] = assignee.default_group or next(iter(assignee.groups), group)
    if "group_id" in wanted and "assignee_id" not in wanted:
        holder = desk.agents.get(ticket.assignee_id or "")
        if holder is not None and group is not None and group not in holder.groups:
            wanted["assignee_id"] = None
    if status == "new" and wanted.get("assignee_id", ticket.assignee_id) is not None:
        wanted["status"] = "open"


def _check_whole(ticket: Ticket) -> None:
    if len(ticket.tags) > model.MAX_TAGS:
        raise Invalid("tags", f"are at most {model.MAX_TAGS}")
    if len(ticket.fields) > model.MAX_FIELDS or len(msgspec.json.encode(ticket.fields)) > model.MAX_FIELDS_BYTES:
        raise Invalid("custom_fields", f"are at most {model.MAX_FIELDS}, of {model.MAX_FIELDS_BYTES} bytes together")


# Each field.


def _checked(desk: Desk, ticket: Ticket, change: Change, new: bool) -> tuple[str, Any]:
    """The field as the ticket has it, and the value as JSON has it."""
    field, value = change.field, change.value
    if field.startswith(CUSTOM):
        return _custom(field, value)
    if field in ("additional_tags", "remove_tags"):
        named = tags_of(value, field)
        gone = set(named) if field == "remove_tags" else ()
        more = () if field == "remove_tags" else named
        return "tags", list(dict.fromkeys(tag for tag in (*ticket.tags, *more) if tag not in gone))
    if field == "status":
        return field, _status(ticket, value, new)
    check = CHECKS.get(field) or (AT_BIRTH.get(field) if new else None)
    if check is None:
        raise Invalid(field, "cannot be changed")
    return field, check(desk, ticket, value)


def _custom(field: str, value: Any) -> tuple[str, Any]:
    if not _NUMBER.match(field.removeprefix(CUSTOM)):
        raise Invalid(field, "must name a field by its number")
    many = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str | int | float | bool) or one is None for one in many):
        raise Invalid(field, "must be a text, a number, a boolean, or a list of them")
    if any(isinstance(one, str) and "\0" in one for one in many):
        raise Invalid(field, "must not contain the character U+0000")
    return field, None if value in ("", []) else value


def tags_of(value: Any, field: str = "tags") -> list[str]:
    """Tags as they are kept: small letters, without spaces. A text names several. Raises Invalid."""
    if isinstance(value, str):
        value = _SPACES.split(value)
    if value is None or not isinstance(value, list | tuple):
        raise Invalid(field, "must be a list of texts")
    found: dict[str, None] = {}
    for tag in value:
        if not isinstance(tag, str):
            raise Invalid(field, "must be a list of texts")
        found.update(dict.fromkeys(part for part in _SPACES.split(tag.lower().replace("\0", "")) if part))
    if any(len(tag) > model.MAX_TAG for tag in found):
        raise Invalid(field, f"have at most {model.MAX_TAG} characters each")
    return list(found)


def _status(ticket: Ticket, value: Any, new: bool) -> Status:
    if value not in get_args(Status):
        raise Invalid("status", f"must be one of {', '.join(get_args(Status))}")
    status: Status = value
    if status != ticket.status and status not in MOVES[ticket.status] and not new:
        raise Invalid("status", f"cannot become {status} when it is {ticket.status}")
    return status


def _one_of(field: str, words: tuple[str, ...]) -> Check:
    def check(desk: Desk, ticket: Ticket, value: Any) -> Any:
        if value is not None and value not in words:
            raise Invalid(field, f"must be one of {', '.join(words)}")
        return value

    return check


def _text(field: str, longest: int, needed: bool = False) -> Check:
    def check(desk: Desk, ticket: Ticket, value: Any) -> Any:
        if value is None and not needed:
            return "" if field in ("subject", "description", "submitter_id") else None
        if not isinstance(value, str) or "\0" in value or (needed and not value):
            raise Invalid(field, "must be a text without the character U+0000")
        if len(value) > longest:
            raise Invalid(field, f"has at most {longest} characters")
        return value

    return check


def _whole(field: str, highest: int = 2**53) -> Check:
    def check(desk: Desk, ticket: Ticket, value: Any) -> Any:
        if value is None:
            return 0 if field == "due_ms" else None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= highest:
            raise Invalid(field, "must be a whole number")
        return value

    return check


def _assignee(desk: Desk, ticket: Ticket, value: Any) -> Any:
    if value is not None and value not in desk.agents:
        raise Invalid("assignee_id", "is not an agent")
    return value


def _group(desk: Desk, ticket: Ticket, value: Any) -> Any:
    if value is not None and value not in desk.groups:
        raise Invalid("group_id", "is not a group")
    return value


def _tags(desk: Desk, ticket: Ticket, value: Any) -> Any:
    return tags_of([] if value is None else value)


def _followers(desk: Desk, ticket: Ticket, value: Any) -> Any:
    those = [] if value is None else value
    if not isinstance(those, list | tuple) or not all(isinstance(one, str) and 0 < len(one) <= model.MAX_WORD for one in those):
        raise Invalid("follower_ids", "must be a list of ids")
    if len(set(those)) > model.MAX_FOLLOWERS:
        raise Invalid("follower_ids", f"are at most {model.MAX_FOLLOWERS}")
    return list(dict.fromkeys(those))


CHECKS: dict[str, Check] = {
    "subject": _text("subject", model.MAX_SUBJECT),
    "priority": _one_of("priority", get_args(Priority)),
    "type": _one_of("type", get_args(Type)),
    "requester_id": _text("requester_id", model.MAX_WORD, needed=True),
    "assignee_id": _assignee,
    "group_id": _group,
    "follower_ids": _followers,
    "tags": _tags,
    "external_id": _text("external_id", model.MAX_WORD),
    "brand_id": _text("brand_id", model.MAX_WORD),
    "problem_number": _whole("problem_number"),
    "due_ms": _whole("due_ms"),
}
#: What a ticket is given once.
AT_BIRTH: dict[str, Check] = {
    "description": _text("description", model.MAX_COMMENT_BYTES),
    "submitter_id": _text("submitter_id", model.MAX_WORD),
    "channel": _text("channel", model.MAX_WORD, needed=True),
    "conversation_id": _text("conversation_id", model.MAX_WORD),
    "session": _one_of("session", ("none", "active", "inactive", "ended")),
    "followup_of": _whole("followup_of"),
}
