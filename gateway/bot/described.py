"""What the operations on bots take and answer, by method and path. Flows themselves are in flow.schema.json."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from domain.bot.events import Understood
from domain.bot.release import Entry
from gateway.bot.flows import DraftBody, ValidateBody
from gateway.bot.playing import Called, Control
from gateway.bot.previews import CreateBody, EventBody
from gateway.bot.publishing import PublishBody, RollbackBody, SettingsBody, UnpublishBody
from gateway.bot.secret_values import SecretBody
from gateway.bot.templates import CopyBody
from gateway.described import Described, Fields, Form, Instant, Json, Table, fields

_PAGED = ("page[size]", "page[after]")


class Flow(TypedDict):
    """A flow's draft. Lists are without `draft`, the flow itself."""

    id: str
    name: str
    revision: int
    live_version: int | None
    last_version: int | None
    created_at: Instant | None
    updated_at: Instant | None
    updated_by: str
    draft: NotRequired[Json]


class FlowVersion(TypedDict):
    flow_id: str
    version: int
    live: bool
    note: str
    created_at: Instant | None
    created_by: str
    flow: NotRequired[Json]


class FlowProblem(TypedDict):
    flow: str
    step: str | None
    code: str
    text: str
    path: str
    level: Literal["error", "warning"]


class FlowComparison(TypedDict):
    """Ids of steps, and paths of what differs in them."""

    identical: bool
    added: list[str]
    removed: list[str]
    changed: dict[str, list[str]]
    flow: list[str]


class StepCount(TypedDict):
    id: str
    type: str
    entered: int
    left: int
    dropped: int


class StepCounts(TypedDict):
    flow_id: str
    version: int
    steps: list[StepCount]


class TemplateShown(TypedDict):
    template: str
    id: str
    name: str
    languages: list[str]


class TemplateWhole(TemplateShown):
    flow: Json


class ReleaseNumber(TypedDict):
    number: int | None


class BotRelease(TypedDict):
    """What is live at once: versions by flow."""

    number: int
    live: bool
    note: str
    flows: dict[str, int]
    created_at: Instant | None
    created_by: str


class PreviewStep(TypedDict):
    flow: str
    version: int | Literal["draft"]
    id: str
    type: str


class PreviewLine(TypedDict):
    """What the customer wrote, or the content of what the bot said."""

    by: Literal["customer", "bot"]
    at: Instant | None
    text: NotRequired[str]
    content: NotRequired[Json]
    references: NotRequired[list[Json]]
    ai: NotRequired[bool]


class PreviewMatch(TypedDict):
    flow: str
    score: float
    phrase: str
    enough: bool


class Preview(TypedDict):
    """What was said, where the run is, what it knows, and how it understood."""

    id: str
    expires_at: Instant | None
    now: Instant | None
    control: Control
    ended: str | None
    step: PreviewStep | None
    awaits: str
    next_timer_at: Instant | None
    messages: list[PreviewLine]
    variables: Json
    captured: Json
    metadata: Json
    learned: dict[str, str]
    understood: Understood | None
    matches: list[PreviewMatch]
    calls: list[Called]


class SecretName(TypedDict):
    """Its value is never told."""

    name: str
    updated_at: Instant | None
    updated_by: str


class Meta(TypedDict):
    has_more: bool
    after_cursor: NotRequired[str]


class Links(TypedDict):
    next: str | None


def _many(name: str, form: Any) -> Described:
    return Described({200: fields(**{name: list[form]}, meta=Meta, links=Links)}, query=_PAGED)


def _one(name: str, form: Any, status: int = 200, takes: Form = None, *, optional: bool = False) -> Described:
    return Described({status: fields(**{name: form})}, takes, optional=optional)


_GONE = Described({200: Fields({})})
_SETTINGS = Described(
    {
        200: fields(
            settings=Json,
            entry=Entry | None,
            revision=int,
            live_release=int | None,
            updated_at=Instant | None,
            updated_by=str | None,
        )
    }
)
_PUBLISHED = {201: fields(version=FlowVersion, release=ReleaseNumber)}

TABLE: Table = {
    "GET /flows": _many("flows", Flow),
    "POST /flows": _one("flow", Flow, 201, DraftBody),
    "GET /flows/{flow_id}": _one("flow", Flow),
    "PUT /flows/{flow_id}": _one("flow", Flow, takes=DraftBody),
    "DELETE /flows/{flow_id}": _GONE,
    "POST /flows/{flow_id}/validate": Described({200: fields(valid=bool, problems=list[FlowProblem])}, ValidateBody, optional=True),
    "POST /flows/{flow_id}/publish": Described(_PUBLISHED, PublishBody, optional=True),
    "POST /flows/{flow_id}/unpublish": Described({200: fields(release=ReleaseNumber)}, UnpublishBody, optional=True),
    "POST /flows/{flow_id}/rollback": Described(_PUBLISHED, RollbackBody),
    "GET /flows/{flow_id}/versions": _many("versions", FlowVersion),
    "GET /flows/{flow_id}/versions/{version}": _one("version", FlowVersion),
    "GET /flows/{flow_id}/compare": Described({200: fields(comparison=FlowComparison)}, query=("from", "to")),
    "GET /flows/{flow_id}/counts": Described({200: fields(counts=StepCounts)}, query=("version",)),
    "GET /schema": Described({200: Json}),
    "GET /templates": Described({200: fields(templates=list[TemplateShown], settings=Json)}),
    "GET /templates/{template}": _one("template", TemplateWhole),
    "POST /templates/{template}/copy": _one("flow", Flow, 201, CopyBody, optional=True),
    "GET /settings": _SETTINGS,
    "PUT /settings": Described(_SETTINGS.answers, SettingsBody),
    "GET /releases": _many("releases", BotRelease),
    "POST /previews": _one("preview", Preview, 201, CreateBody),
    "GET /previews/{preview_id}": _one("preview", Preview),
    "POST /previews/{preview_id}/events": _one("preview", Preview, takes=EventBody),
    "DELETE /previews/{preview_id}": _GONE,
    "GET /secrets": _one("secrets", list[SecretName]),
    "PUT /secrets/{name}": _one("secret", SecretName, takes=SecretBody),
    "DELETE /secrets/{name}": _GONE,
}
