"""What the operations of the Support API take and answer, by method and path."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

import msgspec

from domain.organizations import Body, Name
from domain.reports import By, Spread
from domain.ticket.model import Status
from gateway.described import (
    NOTHING,
    Described,
    Fields,
    File,
    Id,
    Instant,
    Json,
    Mixed,
    Table,
    counted,
    fields,
    made,
    many,
    one,
)
from gateway.desk.shapes import Group
from gateway.stream.shown import Summary
from gateway.support.bodies import MergeBody, RatingBody, TagsBody, TicketBody
from gateway.support.organizations import OrganizationMembershipBody
from gateway.support.redacting import RedactedText, Redaction
from gateway.support.shapes import (
    Audit,
    Comment,
    DeletedTicket,
    DeletedUser,
    EmptyAudit,
    ForgottenUser,
    Identity,
    JobStatus,
    Nobody,
    Organization,
    OrganizationMembership,
    OrganizationRelated,
    SatisfactionRating,
    TagCount,
    Ticket,
    TicketEvent,
    TicketInRow,
    TicketMetric,
    TicketRelated,
    Upload,
    UploadedFile,
    User,
    UserRelated,
    ViewColumn,
    ViewCount,
    ViewShown,
)
from gateway.support.user_writing import PasswordBody, UserBody

_BROUGHT: dict[str, Any] = {
    "users": list[User], "groups": list[Group], "metric_sets": list[TicketMetric], "organizations": list[Organization],
}  # fmt: skip
_ORDER = ("sort", "sort_by", "sort_order", "include")
_USERS: dict[str, Any] = {"users": list[User]}


class FoundTicket(Ticket):
    result_type: Literal["ticket"]


class FoundUser(User):
    result_type: Literal["user"]


class FoundGroup(Group):
    result_type: Literal["group"]


class Talk(TypedDict):
    """A conversation, briefly."""

    id: Id
    status: Status
    display_name: str | None
    seq: int
    created_at: Instant
    last_at: Instant | None


class LastMessage(TypedDict):
    """`event` is that of asyncapi.yaml."""

    conversation_id: Id
    event: Json


class FoundOrganization(Organization):
    result_type: Literal["organization"]


class ReportRow(TypedDict):
    """A line. `satisfaction` is the percentage of the ratings that are good."""

    key: str
    name: str
    created: int
    unsolved: int
    solved: int
    reopened: int
    assignment: Spread
    first_reply: Spread
    resolution: Spread
    good: int
    bad: int
    satisfaction: float | None


Report = TypedDict("Report", {"from": str, "to": str, "by": By, "rows": list[ReportRow], "total": ReportRow})


class BotDay(TypedDict):
    day: str
    began: int
    bot: int
    solved: int
    handed_over: int


class BotTotal(TypedDict):
    """`resolution_rate` is the percentage that ended solved."""

    began: int
    bot: int
    solved: int
    handed_over: int
    resolution_rate: float | None


class BotReport(TypedDict):
    rows: list[BotDay]
    total: BotTotal


#: A ticket in a view, with what the columns name beside it.
_ROW = Fields({"ticket_id": int, "ticket": TicketInRow}, is_open=True)
_FOUND = Mixed((FoundTicket, FoundUser, FoundGroup, FoundOrganization))


def _tickets(*query: str, **beside: Any) -> Described:
    return many("tickets", Ticket, *_ORDER, *query, **_BROUGHT, **beside)


def _ticket(status: int = 200, takes: Any = None, **beside: Any) -> Described:
    return one("ticket", Ticket, status, takes=takes, query=("include",), **_BROUGHT, **beside)


def _job(takes: Any = None, *query: str) -> Described:
    return one("job_status", JobStatus, takes=takes, query=query)


_OF_TICKET = fields(ticket=TicketBody)
_OF_USER = fields(user=UserBody)
_NAMED = ("ids", "external_ids")
_AUDIT = Mixed((Audit, EmptyAudit), is_one=True)
_TAGS = one("tags", list[str], takes=TagsBody)
_EXPORT = ("start_time", "cursor", "per_page", "include")
_REPORT = ("from", "to", "by", "schedule", "format")
_BY_TIME: dict[str, Any] = {"count": int, "end_of_stream": bool, "end_time": int | None, "next_page": str | None}
_BY_CURSOR: dict[str, Any] = {"after_cursor": str, "after_url": str, "before_cursor": None, "before_url": None, "end_of_stream": bool}
_COMMENT = "/tickets/{id}/comments/{comment_id}"
_EVERYBODY = Mixed((User, DeletedUser))
#: What is left out stays; null is as if it had never been said.
_ORGANIZATION: dict[str, Any] = {**{one.name: one.type | None for one in msgspec.structs.fields(Body)}, "name": Name}
_OF_ORGANIZATION = fields(organization=Fields({}, _ORGANIZATION))
_ORGANIZATIONS = many("organizations", Organization)
_MEMBERSHIPS = many("organization_memberships", OrganizationMembership)

TICKETS: Table = {
    "GET /tickets": _tickets("external_id"),
    "POST /tickets": _ticket(201, _OF_TICKET, audit=_AUDIT),
    "GET /tickets/count": counted(),
    "GET /tickets/recent": _tickets(),
    "GET /tickets/show_many": _tickets(*_NAMED),
    "POST /tickets/create_many": _job(fields(tickets=list[TicketBody])),
    "POST /imports/tickets": one("ticket", Ticket, 201, takes=_OF_TICKET, query=("include",), **_BROUGHT),
    "POST /imports/tickets/create_many": _job(fields(tickets=list[TicketBody])),
    "PUT /tickets/update_many": _job(Fields({}, {"tickets": list[TicketBody], "ticket": TicketBody}), *_NAMED),
    "DELETE /tickets/destroy_many": _job(None, *_NAMED),
    "GET /tickets/{id}": _ticket(),
    "PUT /tickets/{id}": _ticket(takes=_OF_TICKET, audit=_AUDIT),
    "DELETE /tickets/{id}": NOTHING,
    "POST /tickets/{id}/merge": _job(MergeBody),
    "GET /tickets/{id}/related": one("ticket_related", TicketRelated),
    "GET /tickets/{id}/incidents": _tickets(),
    "GET /tickets/{id}/collaborators": many("users", User),
    "GET /tickets/{id}/followers": many("users", User),
    "GET /tickets/{id}/tags": one("tags", list[str]),
    "POST /tickets/{id}/tags": one("tags", list[str], 201, takes=TagsBody),
    "PUT /tickets/{id}/tags": _TAGS,
    "DELETE /tickets/{id}/tags": _TAGS,
    "GET /tickets/{id}/comments": many("comments", Comment, "sort", "sort_order", "include", **_USERS),
    "GET /tickets/{id}/comments/count": counted(),
    f"PUT {_COMMENT}/redact": one("comment", Comment | None, takes=RedactedText),
    f"PUT {_COMMENT}/make_private": Described({200: Fields({})}),
    f"PUT {_COMMENT}/attachments/{{attachment_id}}/redact": one("attachment", UploadedFile),
    "PUT /comment_redactions/{comment_id}": one("comment", Comment | None, takes=Redaction),
    "GET /tickets/{id}/audits": many("audits", Audit, "sort", "sort_order", "include", **_USERS),
    "GET /tickets/{id}/audits/{audit_id}": one("audit", Audit),
    "GET /tickets/{id}/metrics": one("ticket_metric", TicketMetric),
    "GET /ticket_metrics": many("ticket_metrics", TicketMetric, *_ORDER),
    "GET /ticket_metrics/{id}": one("ticket_metric", TicketMetric),
    "POST /tickets/{id}/satisfaction_rating": one("satisfaction_rating", SatisfactionRating, takes=fields(satisfaction_rating=RatingBody)),
    "GET /problems": _tickets(),
    "GET /deleted_tickets": many("deleted_tickets", DeletedTicket, *_ORDER),
    "PUT /deleted_tickets/{id}/restore": Described({200: Fields({})}),
    "PUT /deleted_tickets/restore_many": _job(None, *_NAMED),
    "DELETE /deleted_tickets/{id}": _job(),
    "DELETE /deleted_tickets/destroy_many": _job(None, *_NAMED),
    "GET /incremental/tickets": one("tickets", list[Ticket], query=_EXPORT, **_BROUGHT, **_BY_TIME),
    "GET /incremental/tickets/cursor": one("tickets", list[Ticket], query=_EXPORT, **_BROUGHT, **_BY_CURSOR),
    "GET /incremental/ticket_events": one(
        "ticket_events", list[TicketEvent], query=("start_time", "per_page", "include"), **_BY_TIME
    ),
    "GET /ticket_audits": one(
        "audits", list[Audit], query=("cursor", "limit", "direction", "include"), **_USERS,
        after_cursor=str | None, after_url=str | None, before_cursor=str | None, before_url=str | None,
    ),
    "GET /job_statuses": many("job_statuses", JobStatus),
    "GET /job_statuses/show_many": one("job_statuses", list[JobStatus], query=("ids",), count=int),
    "GET /job_statuses/{id}": one("job_status", JobStatus),
    "GET /satisfaction_ratings": many(
        "satisfaction_ratings", SatisfactionRating, *_ORDER, "score", "start_time", "end_time", **_USERS
    ),
    "GET /satisfaction_ratings/count": counted("score", "start_time", "end_time"),
    "GET /satisfaction_ratings/{id}": one("satisfaction_rating", SatisfactionRating),
    "POST /uploads": Described({201: fields(upload=Upload)}, File(), ("filename", "token")),
    "DELETE /uploads/{token}": NOTHING,
    "GET /attachments/{id}": one("attachment", UploadedFile),
    "GET /tags": many("tags", TagCount),
    "GET /tags/count": counted(),
    "GET /autocomplete/tags": one("tags", list[str], query=("name",), count=int),
    "GET /search": many("results", _FOUND, "query", *_ORDER, facets=None, **_BROUGHT),
    "GET /search/count": one("count", int, query=("query",)),
    "GET /search/export": many("results", _FOUND, "query", "filter[type]", "sort", "include", facets=None),
    "GET /views/count_many": one("view_counts", list[ViewCount], query=("ids", "count_many")),
    "GET /views/{id}/tickets": _tickets(),
    "GET /views/{id}/execute": many(
        "rows", _ROW, *_ORDER, columns=list[ViewColumn], view=ViewShown, users=list[User], groups=list[Group]
    ),
    "GET /views/{id}/count": one("view_count", ViewCount),
}  # fmt: skip

TALKS: Table = {
    "GET /desk/last_messages": one("last_messages", list[LastMessage], query=("ids",)),
    "GET /desk/conversations": one("conversations", list[Summary], query=("after",), after=Id | None),
    "GET /desk/conversations/{conversation}": Described(
        {200: fields(conversation=Talk, person=User | None, ticket=Ticket | None, tickets=list[Ticket], users=list[User])}
    ),
    "GET /desk/users/{id}/conversations": one("conversations", list[Talk], count=int),
}

REPORTS: Table = {
    "GET /reports/tickets": Described({200: fields(report=Report)}, query=_REPORT, csv=True),
    "GET /reports/bots": Described({200: fields(bots=BotReport)}, query=_REPORT, csv=True),
}

USERS: Table = {
    "GET /users": many("users", User, "role", "role[]", "external_id"),
    "POST /users": made("user", User, _OF_USER),
    "GET /incremental/users": one("users", _EVERYBODY, query=("start_time", "per_page"), **_BY_TIME),
    "GET /incremental/users/cursor": one("users", _EVERYBODY, query=("start_time", "cursor", "per_page"), **_BY_CURSOR),
    "GET /users/me": Described({200: Fields({"user": Mixed((User, Nobody), is_one=True)})}),
    "GET /users/count": counted(),
    "GET /users/show_many": many("users", User, *_NAMED, "messaging_ids"),
    "GET /users/search": many("users", User, "query", "external_id"),
    "GET /users/autocomplete": many("users", User, "name"),
    "POST /users/create_or_update": Described({200: fields(user=User), 201: fields(user=User)}, _OF_USER),
    "GET /users/{id}": one("user", User),
    "PUT /users/{id}": one("user", User, takes=_OF_USER),
    "DELETE /users/{id}": one("user", User),
    "GET /deleted_users": many("deleted_users", DeletedUser),
    "GET /deleted_users/count": counted(),
    "GET /deleted_users/{id}": one("deleted_user", DeletedUser),
    "DELETE /deleted_users/{id}": one("deleted_user", ForgottenUser),
    "POST /users/{id}/password": Described({204: None}, PasswordBody),
    "GET /users/{id}/related": one("user_related", UserRelated),
    "GET /users/{id}/identities": many("identities", Identity),
    "GET /users/{id}/identities/{identity_id}": one("identity", Identity),
    "GET /users/{id}/tickets/requested": _tickets(),
    "GET /users/{id}/tickets/assigned": _tickets(),
    "GET /users/{id}/tickets/ccd": _tickets(),
    "GET /users/{id}/organizations": _ORGANIZATIONS,
    "GET /users/{id}/organization_memberships": _MEMBERSHIPS,
    "PUT /users/{user_id}/organization_memberships/{id}/make_default": _MEMBERSHIPS,
    "GET /organizations": _ORGANIZATIONS,
    "POST /organizations": made("organization", Organization, _OF_ORGANIZATION),
    "GET /organizations/count": counted(),
    "GET /organizations/search": many("organizations", Organization, "external_id", "name"),
    "GET /organizations/autocomplete": many("organizations", Organization, "name"),
    "GET /organizations/show_many": many("organizations", Organization, *_NAMED),
    "POST /organizations/create_or_update": Described(
        {200: fields(organization=Organization), 201: fields(organization=Organization)},
        fields(organization=Fields({}, {"id": int, **_ORGANIZATION})),
    ),
    "GET /organizations/{id}": one("organization", Organization),
    "PUT /organizations/{id}": one("organization", Organization, takes=_OF_ORGANIZATION),
    "DELETE /organizations/{id}": NOTHING,
    "GET /organizations/{id}/users": many("users", User),
    "GET /organizations/{id}/tickets": _tickets(),
    "GET /organizations/{id}/related": one("organization_related", OrganizationRelated),
    "GET /organizations/{id}/organization_memberships": _MEMBERSHIPS,
    "GET /organization_memberships": _MEMBERSHIPS,
    "POST /organization_memberships": made(
        "organization_membership", OrganizationMembership, fields(organization_membership=OrganizationMembershipBody)
    ),
    "GET /organization_memberships/{id}": one("organization_membership", OrganizationMembership),
    "DELETE /organization_memberships/{id}": NOTHING,
}  # fmt: skip
