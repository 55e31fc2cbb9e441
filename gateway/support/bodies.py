"""What requests of the Support API say of tickets. Unknown fields are passed over, as Zendesk does.

Source: Zendesk's Support API, Tickets (JSON format), Ticket Comments.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from domain.decode import Email, convert, decode
from domain.errors import Invalid

Number = Annotated[int, Meta(ge=-(2**53), le=2**53)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
MAX_MANY = 100
"""Things in one job."""


class RequesterBody(msgspec.Struct, frozen=True):
    """Who asks: somebody with this address, who is made if there is none."""

    email: Email | None = None
    name: Name | None = None


class CommentBody(msgspec.Struct, frozen=True):
    body: str | None = None
    html_body: str | None = None
    public: bool = True
    author_id: Number | None = None
    uploads: list[str] | None = None
    value: str | None = None
    """What imports call the body."""
    created_at: str | None = None


class FollowerBody(msgspec.Struct, frozen=True):
    user_id: Number | str | None = None
    user_email: str | None = None
    action: str = "put"


class FieldBody(msgspec.Struct, frozen=True):
    id: Number
    value: Any = None


class TicketBody(msgspec.Struct, frozen=True):
    """A ticket as a request names it: what is absent stays."""

    subject: str | UnsetType | None = UNSET
    description: str | None = None
    comment: CommentBody | None = None
    status: str | UnsetType = UNSET
    priority: str | UnsetType | None = UNSET
    type: str | UnsetType | None = UNSET
    requester: RequesterBody | None = None
    requester_id: Number | UnsetType | None = UNSET
    submitter_id: Number | None = None
    assignee_id: Number | UnsetType | None = UNSET
    assignee_email: str | None = None
    group_id: Number | UnsetType | None = UNSET
    follower_ids: list[Number] | UnsetType = UNSET
    collaborator_ids: list[Number] | UnsetType = UNSET
    additional_collaborators: list[Any] | None = None
    followers: list[FollowerBody] | None = None
    tags: list[str] | UnsetType = UNSET
    additional_tags: list[str] | None = None
    remove_tags: list[str] | None = None
    external_id: str | UnsetType | None = UNSET
    problem_id: Number | UnsetType | None = UNSET
    due_at: str | UnsetType | None = UNSET
    custom_fields: list[FieldBody] | dict[str, Any] | None = None
    fields: list[FieldBody] | None = None
    via_followup_source_id: Number | None = None
    safe_update: bool = False
    updated_stamp: str | None = None
    id: Number | None = None
    comments: list[CommentBody] | None = None
    created_at: str | None = None
    solved_at: str | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Custom fields by number."""
        given = self.custom_fields if self.custom_fields is not None else self.fields
        if isinstance(given, dict):
            return given
        return {str(one.id): one.value for one in given or ()}


class _Ticket(msgspec.Struct, frozen=True):
    ticket: TicketBody


class _Tickets(msgspec.Struct, frozen=True):
    tickets: list[msgspec.Raw] = []
    ticket: msgspec.Raw = msgspec.Raw(b"")


class TagsBody(msgspec.Struct, frozen=True):
    tags: list[str] | str = []


class MergeBody(msgspec.Struct, frozen=True):
    ids: list[Number] | Number
    target_comment: str | None = None
    source_comment: str | None = None
    target_comment_is_public: bool = False
    source_comment_is_public: bool = False


class RatingBody(msgspec.Struct, frozen=True):
    score: str
    comment: Annotated[str, Meta(max_length=4096)] | None = None
    reason: Annotated[str, Meta(max_length=255)] | None = None


class _Rating(msgspec.Struct, frozen=True):
    satisfaction_rating: RatingBody


_ticket, _many, _object = msgspec.json.Decoder(_Ticket), msgspec.json.Decoder(_Tickets), msgspec.json.Decoder(dict[str, Any])
_tags, _merge, _rating = msgspec.json.Decoder(TagsBody), msgspec.json.Decoder(MergeBody), msgspec.json.Decoder(_Rating)


def ticket_body(body: bytes) -> TicketBody:
    return decode(_ticket, body, "").ticket


def ticket_of(value: dict[str, Any]) -> TicketBody:
    """A ticket out of a job's work."""
    return convert(value, TicketBody, "ticket")


def many_tickets(body: bytes) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """(tickets, each for itself; or what all are to be). Raises Invalid: neither, or too many."""
    found = decode(_many, body, "")
    if bytes(found.ticket):
        return [], decode(_object, found.ticket, "ticket")
    if not 1 <= len(found.tickets) <= MAX_MANY:
        raise Invalid("tickets", f"must be 1 to {MAX_MANY}")
    return [decode(_object, one, f"tickets[{at}]") for at, one in enumerate(found.tickets)], None


def tags_body(body: bytes) -> list[str]:
    tags = decode(_tags, body or b"{}", "").tags
    return tags.replace(",", " ").split() if isinstance(tags, str) else tags


def merge_body(body: bytes) -> MergeBody:
    return decode(_merge, body, "")


def rating_body(body: bytes) -> RatingBody:
    return decode(_rating, body, "").satisfaction_rating


def instant_ms(written: str, field: str) -> int:
    """An instant or a day as Unix milliseconds. Raises Invalid."""
    try:
        at = datetime.fromisoformat(written)
        return round((at if at.tzinfo is not None else at.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise Invalid(field, "must be a date and time by ISO 8601") from None


def numbers_in(given: str, field: str, most: int = MAX_MANY) -> list[int]:
    """`1,2,3` of a query. Raises Invalid."""
    parts = [part.strip() for part in given.split(",") if part.strip()]
    if not parts or len(parts) > most:
        raise Invalid(field, f"must be 1 to {most} ids, with commas between them")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        raise Invalid(field, "must be ids, with commas between them")
    return list(dict.fromkeys(map(int, parts)))
