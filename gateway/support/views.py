"""Tickets, people and jobs as the Support API shows them. Source: Zendesk's Support API, the JSON formats of each resource. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from domain.desk.model import Level
from domain.directory import Account, User, friendly_name
from domain.finding.people import made_ms
from domain.ticket.model import Ticket
from gateway.support.faces import Faces
from gateway.zendesk.operations import PREFIX, instant
from storage.sql.support_jobs import Job

_MINUTE_MS = 60_000

#: What Zendesk's tickets have and ours have not.
_WITHOUT: dict[str, Any] = {
    "recipient": None,
    "organization_id": None,
    "email_cc_ids": [],
    "forum_topic_id": None,
    "is_public": True,
    "sharing_agreement_ids": [],
    "followup_ids": [],
    "allow_channelback": False,
    "allow_attachments": True,
}


def at(ms: int) -> str | None:
    return instant(ms) if ms else None


def ticket_view(ticket: Ticket, faces: Faces, base: str, own: Iterable[int] = (), problems: Collection[int] = ()) -> dict[str, Any]:
    """`own`: the app's own fields, all of which are shown. `problems`: the numbers of those that have incidents."""
    numbers = sorted({*own, *map(int, ticket.fields)})
    fields = [{"id": number, "value": ticket.fields.get(str(number))} for number in numbers]
    followers = [number for one in ticket.follower_ids if (number := faces.number(one)) is not None]
    return _WITHOUT | {
        "url": f"{base}{PREFIX}/tickets/{ticket.number}.json",
        "id": ticket.number,
        "external_id": ticket.external_id,
        "via": via(ticket.channel),
        "created_at": instant(ticket.created_ms),
        "updated_at": instant(ticket.updated_ms),
        "generated_timestamp": ticket.updated_ms // 1000,
        "type": ticket.type,
        "subject": ticket.subject,
        "raw_subject": ticket.subject,
        "description": ticket.description,
        "priority": ticket.priority,
        "status": "deleted" if ticket.deleted else ticket.status,
        "requester_id": faces.number(ticket.requester_id),
        "submitter_id": faces.number(ticket.submitter_id) or faces.number(ticket.requester_id),
        "assignee_id": faces.number(ticket.assignee_id),
        "group_id": ticket.group_id,
        "collaborator_ids": followers,
        "follower_ids": followers,
        "problem_id": ticket.problem_number,
        "has_incidents": ticket.number in problems,
        "due_at": at(ticket.due_ms),
        "tags": list(ticket.tags),
        "custom_fields": fields,
        "fields": fields,
        "satisfaction_rating": rating_in_ticket(ticket),
        "via_followup_source_id": ticket.followup_of,
        "brand_id": ticket.brand_id,
        "from_messaging_channel": ticket.conversation_id is not None,
        "conversation_id": ticket.conversation_id,
        "session_state": ticket.session,
    }


def via(channel: str) -> dict[str, Any]:
    name = "native_messaging" if channel == "messaging" else channel
    return {"channel": name, "source": {"from": {}, "to": {}, "rel": None}}


def rating_in_ticket(ticket: Ticket) -> dict[str, Any]:
    said = {"comment": ticket.rating.comment, "reason": ticket.rating.reason}
    return {"score": ticket.rating.score} | {name: value for name, value in said.items() if value is not None}


def levels_view(ticket: Ticket) -> dict[str, Any]:
    """What `include=slas` brings along. `breach_at` is past where it was too late; `target_minutes` is ours."""
    return {"policy_metrics": [_level_view(level) for level in ticket.levels.metrics if level.round_ms]}


def _level_view(level: Level) -> dict[str, Any]:
    running = "active" if level.since_ms else "paused"
    return {
        "metric": level.metric,
        "stage": "achieved" if level.fulfilled_ms else running,
        "breach_at": at(level.breached_ms or level.due_ms),
        "target_minutes": level.target_ms // _MINUTE_MS,
    }


def rating_view(ticket: Ticket, faces: Faces, base: str) -> dict[str, Any]:
    """A ticket has one rating, which has the ticket's number."""
    at_ms = ticket.rating.at_ms or ticket.updated_ms
    return {
        "id": ticket.number,
        "url": f"{base}{PREFIX}/satisfaction_ratings/{ticket.number}.json",
        "assignee_id": faces.number(ticket.assignee_id),
        "group_id": ticket.group_id,
        "requester_id": faces.number(ticket.requester_id),
        "ticket_id": ticket.number,
        "score": ticket.rating.score,
        "comment": ticket.rating.comment,
        "reason": ticket.rating.reason,
        "created_at": instant(at_ms),
        "updated_at": instant(at_ms),
    }


def metric_view(ticket: Ticket, base: str) -> dict[str, Any]:
    """Times are those of the clock; business hours are the reports'."""
    metrics, made = ticket.metrics, ticket.created_ms
    return {
        "id": ticket.number,
        "url": f"{base}{PREFIX}/ticket_metrics/{ticket.number}.json",
        "ticket_id": ticket.number,
        "created_at": instant(made),
        "updated_at": instant(ticket.updated_ms),
        "group_stations": metrics.group_stations,
        "assignee_stations": metrics.assignee_stations,
        "reopens": metrics.reopens,
        "replies": metrics.replies,
        "assignee_updated_at": at(metrics.assignee_ms),
        "requester_updated_at": at(metrics.requester_ms) or instant(made),
        "status_updated_at": at(metrics.status_ms) or instant(made),
        "initially_assigned_at": at(metrics.first_assigned_ms),
        "assigned_at": at(metrics.assigned_ms),
        "solved_at": at(metrics.solved_ms),
        "latest_comment_added_at": at(max(metrics.reply_ms, metrics.requester_ms)),
        "reply_time_in_minutes": _minutes(made, metrics.first_reply_ms),
        "first_resolution_time_in_minutes": _minutes(made, metrics.solved_ms),
        "full_resolution_time_in_minutes": _minutes(made, metrics.solved_ms),
    }


def _minutes(since_ms: int, until_ms: int) -> dict[str, int | None]:
    return {"calendar": (until_ms - since_ms) // _MINUTE_MS if until_ms else None, "business": None}


def account_view(account: Account, number: int, base: str) -> dict[str, Any]:
    own = {"role": account.role, "email": account.email, "verified": True, "photo": _photo(account.avatar_url)}
    return _person(number, account.id, account.display_name, base) | own | {"messaging_id": account.id}


def user_view(user: User, number: int, base: str) -> dict[str, Any]:
    """An end user. Tags, notes and phone numbers are not kept."""
    addresses = [one.value for one in user.identities if one.type == "email"]
    own = {
        "role": "end-user",
        "email": user.profile.email or (addresses[0] if addresses else None),
        "external_id": user.external_id,
        "verified": user.authenticated or bool(addresses),
        "locale": user.profile.locale,
        "photo": _photo(user.profile.avatar_url),
        "user_fields": dict(user.metadata),
        "messaging_id": user.id,
    }
    return _person(number, user.id, friendly_name(user), base) | own


def _person(number: int, identifier: str, name: str, base: str) -> dict[str, Any]:
    made = instant(made_ms(identifier))
    return {
        "id": number,
        "url": f"{base}{PREFIX}/users/{number}.json",
        "name": name,
        "external_id": None,
        "created_at": made,
        "updated_at": made,
        "active": True,
        "shared": False,
        "suspended": False,
        "moderator": False,
        "organization_id": None,
        "phone": None,
        "alias": None,
        "details": None,
        "notes": None,
        "tags": [],
        "user_fields": {},
        "time_zone": "UTC",
        "iana_time_zone": "Etc/UTC",
        "locale": None,
        "ticket_restriction": None,
    }


def _photo(url: str | None) -> dict[str, Any] | None:
    return None if url is None else {"content_url": url, "mapped_content_url": url, "thumbnails": []}


def people_views(faces: Faces, base: str) -> list[dict[str, Any]]:
    """Everybody of `faces` who is still there, by number."""
    found = [account_view(one, faces.numbers[one.id], base) for one in faces.accounts.values()]
    found += [user_view(one, faces.numbers[one.id], base) for one in faces.users.values()]
    return sorted(found, key=lambda view: int(view["id"]))


def job_view(job: Job, base: str) -> dict[str, Any]:
    messages = {"completed": "Done", "failed": "Nothing of it could be done"}
    return {
        "id": job.id,
        "job_type": job.kind,
        "url": f"{base}{PREFIX}/job_statuses/{job.id}.json",
        "total": len(job.work),
        "progress": job.progress,
        "status": job.status,
        "message": messages.get(job.status),
        "results": job.results or None,
    }
