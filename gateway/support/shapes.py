"""What the Support API shows, as types: the reference is made of them, and tests hold the answers against it."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from domain.desk.model import Metric
from domain.ticket.model import Priority, Score, SessionState, Status, Type
from gateway.described import Id, Instant, Json

Role = Literal["end-user", "agent", "admin"]


class Via(TypedDict):
    """By which channel it came."""

    channel: str
    source: Json


class FieldValue(TypedDict):
    """What a ticket has in a field of the app's own; null for nothing."""

    id: int
    value: str | int | float | bool | list[str] | None


class TicketRating(TypedDict):
    score: Score
    comment: NotRequired[str]
    reason: NotRequired[str]


class LevelShown(TypedDict):
    """`breach_at` is past where it was too late."""

    metric: Metric
    stage: Literal["active", "paused", "achieved"]
    breach_at: Instant | None
    target_minutes: int


class Levels(TypedDict):
    """How a ticket stands by its service levels."""

    policy_metrics: list[LevelShown]


class Ticket(TypedDict):
    """A ticket. Numbers name people and groups; `conversation_id` is the conversation that it is about."""

    id: int
    url: str
    external_id: str | None
    via: Via
    created_at: Instant
    updated_at: Instant
    generated_timestamp: int
    type: Type | None
    subject: str
    raw_subject: str
    description: str
    priority: Priority | None
    status: Status | Literal["deleted"]
    requester_id: int | None
    submitter_id: int | None
    assignee_id: int | None
    group_id: int | None
    collaborator_ids: list[int]
    follower_ids: list[int]
    problem_id: int | None
    has_incidents: bool
    due_at: Instant | None
    tags: list[str]
    custom_fields: list[FieldValue]
    fields: list[FieldValue]
    satisfaction_rating: TicketRating
    via_followup_source_id: int | None
    brand_id: str | None
    from_messaging_channel: bool
    conversation_id: Id | None
    session_state: SessionState
    recipient: None
    organization_id: int | None
    email_cc_ids: list[int]
    forum_topic_id: None
    is_public: bool
    sharing_agreement_ids: list[int]
    followup_ids: list[int]
    allow_channelback: bool
    allow_attachments: bool
    slas: NotRequired[Levels]


class DeletedTicket(TypedDict):
    id: int
    subject: str
    description: str
    previous_state: Status
    deleted_at: Instant
    actor: Json


class TicketRelated(TypedDict):
    topic_id: None
    jira_issue_ids: list[str]
    followup_source_ids: list[str]
    from_archive: bool
    incidents: int
    url: str


class Minutes(TypedDict):
    calendar: int | None
    business: int | None


class TicketMetric(TypedDict):
    id: int
    url: str
    ticket_id: int
    created_at: Instant
    updated_at: Instant
    group_stations: int
    assignee_stations: int
    reopens: int
    replies: int
    assignee_updated_at: Instant | None
    requester_updated_at: Instant
    status_updated_at: Instant
    initially_assigned_at: Instant | None
    assigned_at: Instant | None
    solved_at: Instant | None
    latest_comment_added_at: Instant | None
    reply_time_in_minutes: Minutes
    first_resolution_time_in_minutes: Minutes
    full_resolution_time_in_minutes: Minutes


class CommentFile(TypedDict):
    """A file of a comment. What came as a message has fewer fields."""

    id: int
    file_name: str
    content_url: str
    content_type: str | None
    inline: bool
    url: NotRequired[str]
    mapped_content_url: NotRequired[str]
    size: NotRequired[int]
    width: NotRequired[int | None]
    height: NotRequired[int | None]
    deleted: NotRequired[bool]
    thumbnails: NotRequired[list[Any]]


class Comment(TypedDict):
    """What was said on a ticket: a comment, or a message of its conversation."""

    id: int
    type: Literal["Comment"]
    author_id: int
    body: str
    html_body: str
    plain_body: str
    public: bool
    attachments: list[CommentFile]
    audit_id: int | None
    via: Via
    created_at: Instant
    metadata: Json


class NoticeVia(TypedDict):
    channel: Literal["email"]


class AuditEvent(TypedDict):
    """What was said, one field that changed, what a rule sent, or a comment of which less is left."""

    id: int
    type: Literal["Comment", "Create", "Change", "ChatEvent", "Notification", "External", "CommentRedactionEvent", "CommentPrivacyChange"]
    name: NotRequired[str]
    field_name: NotRequired[str]
    value: NotRequired[Any]
    previous_value: NotRequired[Any]
    author_id: NotRequired[int]
    body: NotRequired[str]
    html_body: NotRequired[str]
    plain_body: NotRequired[str]
    public: NotRequired[bool]
    attachments: NotRequired[list[Any]]
    audit_id: NotRequired[int]
    comment_id: NotRequired[int]
    resource: NotRequired[str]
    subject: NotRequired[str]
    via: NotRequired[NoticeVia]


class Audit(TypedDict):
    """One event of a ticket."""

    id: int
    ticket_id: int
    created_at: Instant
    author_id: int
    via: Via
    metadata: Json
    events: list[AuditEvent]


class EmptyAudit(TypedDict):
    """Of a command that changed nothing."""

    id: int
    ticket_id: int
    created_at: Instant
    events: list[AuditEvent]


class TicketEvent(TypedDict):
    """One event of a ticket, as the export tells it. Of `child_events` a change has its field by name, with the new value."""

    id: int
    ticket_id: int
    timestamp: int
    created_at: Instant
    updater_id: int
    via: str
    system: Json
    metadata: Json
    event_type: Literal["Audit"]
    child_events: list[Json]


class Photo(TypedDict):
    content_url: str
    mapped_content_url: str
    thumbnails: list[Any]


class User(TypedDict):
    """A person. `messaging_id` is the one by which the stream knows them."""

    id: int
    url: str
    name: str
    role: Role
    email: str | None
    external_id: str | None
    verified: bool
    locale: str | None
    photo: Photo | None
    user_fields: Json
    messaging_id: Id
    created_at: Instant
    updated_at: Instant
    active: bool
    shared: bool
    suspended: bool
    moderator: bool
    organization_id: int | None
    phone: str | None
    alias: str | None
    details: str | None
    notes: str | None
    tags: list[str]
    time_zone: str
    iana_time_zone: str
    ticket_restriction: None


class Nobody(TypedDict):
    """Who calls by a key alone."""

    id: None
    name: str
    email: str
    role: Role
    active: bool


class DeletedUser(TypedDict):
    """Who is not there any more. Without a name of their own, they are told by their number."""

    id: int
    url: str
    name: str
    email: None
    role: Role
    active: Literal[False]
    created_at: Instant
    updated_at: Instant
    organization_id: None
    phone: None
    photo: None
    shared: bool
    locale: None
    time_zone: None


class ForgottenUser(DeletedUser):
    permanently_deleted: Literal[True]


class UserRelated(TypedDict):
    assigned_tickets: int
    requested_tickets: int
    ccd_tickets: int
    organization_subscriptions: int


class Identity(TypedDict):
    id: int
    url: str
    user_id: int
    type: Literal["email"]
    value: str
    verified: bool
    primary: bool
    created_at: Instant
    updated_at: Instant
    deliverable_state: str


class Organization(TypedDict):
    """One of the app's customers. A ticket is of the organization of whoever asks."""

    id: int
    url: str
    name: str
    external_id: str | None
    details: str | None
    notes: str | None
    tags: list[str]
    domain_names: list[str]
    group_id: int | None
    shared_tickets: bool
    shared_comments: bool
    organization_fields: Json
    created_at: Instant
    updated_at: Instant


class OrganizationRelated(TypedDict):
    tickets_count: int
    users_count: int


class OrganizationMembership(TypedDict):
    """Somebody belongs to an organization; `default`: their tickets are of this one."""

    id: int
    url: str
    user_id: int | None
    organization_id: int
    default: bool
    view_tickets: bool
    created_at: Instant
    updated_at: Instant


class JobStatus(TypedDict):
    id: str
    job_type: str
    url: str
    total: int
    progress: int
    status: Literal["queued", "working", "completed", "failed"]
    message: str | None
    results: list[Json] | None


class SatisfactionRating(TypedDict):
    id: int
    url: str
    assignee_id: int | None
    group_id: int | None
    requester_id: int | None
    ticket_id: int
    score: Score
    comment: str | None
    reason: str | None
    created_at: Instant
    updated_at: Instant


class UploadedFile(TypedDict):
    id: int
    url: str
    file_name: str
    content_url: str
    mapped_content_url: str
    content_type: str
    size: int
    width: int | None
    height: int | None
    inline: bool
    deleted: bool
    thumbnails: list[Any]


class Upload(TypedDict):
    """`token` is what a comment names."""

    token: str
    expires_at: Instant
    attachment: UploadedFile
    attachments: list[UploadedFile]


class TagCount(TypedDict):
    name: str
    count: int


class ViewCount(TypedDict):
    view_id: int
    url: str
    value: int
    pretty: str
    fresh: bool
    refresh: str


class ViewColumn(TypedDict):
    id: str | int
    title: str


class ViewShown(TypedDict):
    id: int
    url: str
    title: str


class TicketInRow(TypedDict):
    id: int
    url: str
    subject: str
    description: str
    status: str
    type: str | None
    priority: str | None
