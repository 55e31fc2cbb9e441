"""What the operations of routing take and answer, by method and path."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from gateway.described import BY_CURSOR, BY_NUMBER, CursorLinks, CursorMeta, Described, Fields, Id, Instant, Table, fields
from gateway.desk.shapes import Group
from gateway.routing.availabilities import StatusBody
from gateway.support.shapes import Ticket, TicketMetric, User


class StatusShown(TypedDict):
    """`id` is the status' number; `reason` says why it was set, where that is asked for."""

    id: int
    name: str
    reason: NotRequired[str]
    updated_at: NotRequired[Instant]


class SkillName(TypedDict):
    id: str


class AvailabilityAttributes(TypedDict):
    agent_id: int
    agent_status: StatusShown
    group_ids: list[int]
    skills: list[SkillName]
    connected: bool
    version: int


class Self(TypedDict):
    self: str


class ChannelName(TypedDict):
    id: str
    type: Literal["channels"]


class ChannelNames(TypedDict):
    data: list[ChannelName]


class Relationships(TypedDict):
    channels: ChannelNames


class Availability(TypedDict):
    """What an agent is to new work."""

    id: str
    type: Literal["agent_availabilities"]
    attributes: AvailabilityAttributes
    links: Self
    relationships: Relationships


class ChannelAttributes(TypedDict):
    name: str
    status: str
    max_capacity: int
    work_item_count: int
    updated_at: Instant


class AgentChannel(TypedDict):
    """What an agent is to one channel, and how much of it they have."""

    id: str
    type: Literal["channels"]
    attributes: ChannelAttributes


class StatusAttributes(TypedDict):
    """Default statuses are described; those of the app say what they are to each channel."""

    name: str
    description: NotRequired[str]
    channels: NotRequired[dict[str, str]]


class OneStatus(TypedDict):
    id: int
    type: Literal["agent_status"]
    attributes: StatusAttributes


class MoreMeta(TypedDict):
    has_more: bool


class SetAttributes(TypedDict):
    agent_id: int
    agent_status: StatusShown


class SetStatus(TypedDict):
    id: str
    type: Literal["agent_availabilities"]
    attributes: SetAttributes


class Line(TypedDict):
    """What is in a line. The standard queue has no number, and a line for each group."""

    queue_id: int | None
    group_id: int | None
    name: str | None
    waiting: int
    offered: int
    assigned: int
    oldest_at: Instant | None


class WaitingWork(TypedDict):
    ticket: Id
    conversation: Id | None
    channel: str
    priority: int
    eligible_at: Instant
    due_at: Instant | None


_ONE = Described({200: fields(data=Availability, included=list[AgentChannel])})
_SET = Described({200: fields(data=SetStatus)}, StatusBody)
_FILTERS = ("filter[agent_ids]", "filter[group_ids]", "filter[agent_status_id]")
_BROUGHT: dict[str, Any] = {"tickets": list[Ticket], "users": list[User], "groups": list[Group], "metric_sets": list[TicketMetric]}
_PAGED: dict[str, Any] = {"meta": CursorMeta, "links": CursorLinks}

TABLE: Table = {
    "GET /agent_availabilities": Described(
        {200: fields(data=list[Availability], included=list[AgentChannel], **_PAGED)}, query=(*BY_NUMBER, *BY_CURSOR, *_FILTERS)
    ),
    "GET /agent_availabilities/me": _ONE,
    "GET /agent_availabilities/{agent_id}": _ONE,
    "GET /agent_availabilities/agent_statuses": Described(
        {200: fields(default=list[OneStatus], custom=list[OneStatus], meta=MoreMeta, links=CursorLinks)}
    ),
    "PUT /agent_availabilities/agent_statuses/me": _SET,
    "PUT /agent_availabilities/agent_statuses/agents/{agent_id}": _SET,
    "GET /routing/lines": Described({200: fields(lines=list[Line], count=int)}),
    "GET /routing/lines/{queue_id}/waiting": Described(
        {200: Fields({"work": list[WaitingWork], "cursor": str | None}, _BROUGHT)}, query=("group_id", "after", "include")
    ),
}
