"""Operations on audits: each event of a ticket, told as Zendesk tells it. Source: Zendesk's Support API, Ticket Audits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from aiohttp import web

from actors.answers import Answer
from domain.desk.model import Notice
from domain.envelope import Later
from domain.ticket import events as ev
from domain.ticket.model import Ticket
from gateway.support.faces import SYSTEM, Faces, faces
from gateway.support.journal import Audit, audits, number_at, place_of
from gateway.support.pages import paged
from gateway.support.scene import scene_of
from gateway.support.showing import ticket_of
from gateway.support.views import at, people_views
from gateway.zendesk.operations import Call, answer, instant, not_found

_PEOPLE = ("assignee_id", "requester_id", "submitter_id")
_NAMES = {"problem_number": "problem_id", "due_ms": "due_at", "session": "session_state", "followup_of": "via_followup_source_id"}
_OURS = frozenset({"conversation_id", "channel", "description"})
"""Fields that Zendesk's audits do not tell of."""
_EVENTS_OF = 100


async def list_audits(call: Call) -> web.Response:
    ticket = await ticket_of(call)
    found = await audits(scene_of(call), ticket)
    shown, around = paged(call, found, lambda one: one.seq)
    known = await faces(scene_of(call), named(shown))
    beside = {"users": people_views(known, call.base)} if "users" in call.includes else {}
    return answer({"audits": [audit_view(ticket, one, known) for one in shown], **beside, **around})


async def show_audit(call: Call) -> web.Response:
    ticket = await ticket_of(call)
    place, _ = place_of(ticket, call.number("audit_id"))
    for one in await audits(scene_of(call), ticket):
        if one.seq == place and one.number == call.number("audit_id"):
            return answer({"audit": audit_view(ticket, one, await faces(scene_of(call), named([one])))})
    raise not_found()


async def told(call: Call, ticket: Ticket, said: Answer) -> dict[str, Any]:
    """The audit that a command was answered with; of a command that changed nothing an empty one."""
    if said.body is not None:
        at_ms, event = ev.decode(said.body, ev.VERSION)
        if event is not None and not isinstance(event, Later):
            one = Audit(number_at(ticket, said.seq), said.seq, at_ms, event)
            return audit_view(ticket, one, await faces(scene_of(call), named([one])))
    return {"id": number_at(ticket, said.seq), "ticket_id": ticket.number, "created_at": instant(ticket.updated_ms), "events": []}


def audit_view(ticket: Ticket, one: Audit, known: Faces) -> dict[str, Any]:
    event = one.event
    return {
        "id": one.number,
        "ticket_id": ticket.number,
        "created_at": instant(one.at_ms),
        "author_id": known.number(event.by.id) or SYSTEM,
        "via": _via(event.by),
        "metadata": {"system": {}, "custom": {}},
        "events": _parts(ticket, one, known),
    }


def _via(by: ev.Who) -> dict[str, Any]:
    if by.rule is None:
        return {"channel": by.via, "source": {"from": {}, "to": {}, "rel": None}}
    kind, _, number = by.rule.partition(":")
    rule = {"id": int(number)} if number.isdigit() else {}
    return {"channel": "rule", "source": {"from": {**rule, "title": by.rule}, "to": {}, "rel": kind}}


def _parts(ticket: Ticket, one: Audit, known: Faces) -> list[dict[str, Any]]:
    """What an audit is made of: what was said, and each field that changed."""
    event, found = one.event, list[dict[str, Any]]()
    if event.comment is not None:
        found.append(_comment(one, event.comment, known))
    made = isinstance(event, ev.Created)
    for place, change in enumerate((one for one in event.changes if one.field not in _OURS), 1):
        part = {"id": one.number * _EVENTS_OF + place, "type": "Create" if made else "Change", "field_name": _name(change.field)}
        part["value"] = _value(change.field, change.value, known)
        found.append(part if made else part | {"previous_value": _value(change.field, change.previous, known)})
    found += [_notice(one.number * _EVENTS_OF + 60 + at, each) for at, each in enumerate(event.notices[:30])]
    if isinstance(event, ev.Redacted):
        kind = "CommentPrivacyChange" if event.private else "CommentRedactionEvent"
        told = enumerate(event.seqs[:50], 50)
        found += [{"id": one.number * _EVENTS_OF + at, "type": kind, "comment_id": number_at(ticket, seq)} for at, seq in told]
    if not found:
        found.append(
            {"id": one.number * _EVENTS_OF, "type": "ChatEvent" if isinstance(event, ev.WordHeard) else "Notification", "name": event.type}
        )
    return found


def _comment(one: Audit, said: ev.Said, known: Faces) -> dict[str, Any]:
    return {
        "id": one.number,
        "type": "Comment",
        "author_id": known.number(said.author_id or one.event.by.id) or SYSTEM,
        "body": said.body,
        "html_body": said.html or said.body,
        "plain_body": said.body,
        "public": said.public,
        "attachments": [],
        "audit_id": one.number,
    }


def _notice(number: int, one: Notice) -> dict[str, Any]:
    if one.way == "webhook":
        return {"id": number, "type": "External", "resource": one.to, "body": one.body}
    return {"id": number, "type": "Notification", "subject": one.subject, "body": one.body, "via": {"channel": "email"}}


def _name(field: str) -> str:
    return _NAMES.get(field, field.removeprefix("custom_fields."))


def _value(field: str, value: Any, known: Faces) -> Any:
    """As Zendesk writes values: numbers as text, people by theirs."""
    if field in _PEOPLE:
        number = known.number(value)
        return None if number is None else str(number)
    if field == "follower_ids":
        return [number for each in value or () if (number := known.number(each)) is not None]
    if field == "due_ms":
        return at(value or 0)
    if field == "rating":
        return value.get("score") if isinstance(value, dict) else None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def named(those: Sequence[Audit]) -> set[str | None]:
    """The ids of people whom audits name."""
    found: set[str | None] = set()
    for one in those:
        event = one.event
        found |= {event.by.id, event.comment.author_id if event.comment else None}
        for change in event.changes:
            found |= set(_ids(change))
    return found


def _ids(change: ev.Changed) -> Iterable[str]:
    if change.field in _PEOPLE:
        return [one for one in (change.value, change.previous) if isinstance(one, str)]
    if change.field == "follower_ids":
        return [one for one in (*(change.value or ()), *(change.previous or ())) if isinstance(one, str)]
    return []
