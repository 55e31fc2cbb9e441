"""The table of contents of what is ours alone: sessions, visitors' conversations, attachments, the stream's addresses, health.

What each takes and answers stands beside it; `docs/reference/openapi.yaml` is made of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired, TypedDict, get_args

import msgspec
from aiohttp import web
from msgspec import Meta

from domain.attachments import Access
from domain.integrations import WebSettings
from gateway import health, sessions, web_config
from gateway.described import Described, Fields, File, Id, Instant, Refusal, fields
from gateway.files import operations as files
from gateway.files.downloading import download
from gateway.help_pages import widget
from gateway.stream import endpoints

Who = Literal["anybody", "visitors", "agents and programs", "whoever has a link or may see it"]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    handler: Handler
    who: Who
    described: Described


def add_routes(app: web.Application, routes: Iterable[Route]) -> None:
    for one in routes:
        app.router.add_route(one.method, one.path, one.handler)


class VisitorShown(TypedDict):
    """`authenticated`: a JWT has said who it is."""

    id: Id
    externalId: str | None
    authenticated: bool


class VisitorSession(TypedDict):
    """`conversation` is the default one, if there is any yet."""

    token: str
    user: VisitorShown
    conversation: Id | None


class AgentShown(TypedDict):
    """A program has an id and an app alone; its id is that of its key."""

    id: str
    appId: Id
    displayName: NotRequired[str]
    role: NotRequired[Literal["agent", "admin"]]


class AgentSession(TypedDict):
    token: str
    agent: AgentShown


class ListedConversation(TypedDict):
    """A conversation as its customer sees it in a list."""

    id: Id
    type: Literal["personal", "sdkGroup"]
    displayName: str | None
    iconUrl: str | None
    isDefault: bool
    seq: int
    unreadCount: int
    createdAt: Instant
    lastUpdatedAt: Instant | None


class SignedLink(TypedDict):
    url: str
    expiresAt: Instant


class Attachment(TypedDict):
    """`mediaUrl` goes into a message. `link` opens a private one for a while."""

    id: Id
    mediaUrl: str
    mediaType: str
    mediaSize: int
    name: str
    access: Access
    width: NotRequired[int]
    height: NotRequired[int]
    link: NotRequired[SignedLink]


class WidgetIntegration(TypedDict):
    id: Id
    type: str


class ArticleLine(TypedDict):
    """`parts` of its text, each with whether it is a word of the question; none where nothing was asked."""

    id: str
    title: str
    locale: str
    parts: list[tuple[str, bool]]


class ArticleToRead(TypedDict):
    """`body` is HTML; `url` is where it stands in the help centre."""

    id: str
    title: str
    locale: str
    body: str
    url: str
    updatedAt: Instant


class Healthy(TypedDict):
    status: Literal["ok"]


class Ready(TypedDict):
    """`waiting`: hosts that others wait for, without which messages are taken all the same."""

    status: Literal["ready"]
    waiting: NotRequired[list[str]]


class NotReady(TypedDict):
    status: Literal["unavailable"]
    errors: list[Refusal]


class Form(TypedDict):
    """The file is the part `source`."""

    source: Annotated[bytes, Meta(extra_json_schema={"contentMediaType": "application/octet-stream"})]


def _as_set(kind: Any) -> Any:
    """A setting that is unset is not shown."""
    kinds = tuple(one for one in get_args(kind) if one is not type(None))
    return kinds[0] if len(kinds) == 1 and len(get_args(kind)) == 2 and type(None) in get_args(kind) else kind


def _widget() -> Fields:
    own: Mapping[str, Any] = {one.encode_name: _as_set(one.type) for one in msgspec.structs.fields(WebSettings)}
    always = dict.fromkeys((*web_config.SWITCHES, "multiConvoEnabled", "endSessionEnabled"), bool)
    told = {name: kind for name, kind in own.items() if name not in web_config.INNER and name not in always}
    return Fields({**always, "attachmentMaxBytes": int, "helpCentreUrl": str | None}, told)


_UPLOAD = Described({201: fields(attachment=Attachment)}, Form, ("access", "for", "conversationId"))
_ATTACHMENT = Described({200: fields(attachment=Attachment)})
_STREAM = Described({101: None})
_DONE = Described({200: Fields({})})
_SESSIONS, _AGENT_SESSIONS = "/messaging/v1/sessions", "/agent/v1/sessions"
_CONVERSATIONS = "/messaging/v1/conversations"

ROUTES = (
    Route("GET", "/messaging/v1/stream", endpoints.messaging_stream, "visitors", _STREAM),
    Route("GET", "/agent/v1/stream", endpoints.agent_stream, "agents and programs", _STREAM),
    Route(
        *("GET", "/messaging/v1/integrations/{integrationId}/config", web_config.get_config, "anybody"),
        Described({200: fields(integration=WidgetIntegration, settings=_widget()), 304: None}),
    ),
    Route(
        *("POST", _SESSIONS, sessions.create_visitor_session, "anybody"),
        Described({201: VisitorSession}, sessions.VisitorBody),
    ),
    Route("DELETE", _SESSIONS, sessions.revoke_session, "visitors", _DONE),
    Route(
        *("GET", _CONVERSATIONS, sessions.list_conversations, "visitors"),
        Described({200: fields(conversations=list[ListedConversation])}),
    ),
    Route(
        *("POST", _CONVERSATIONS, sessions.create_conversation, "visitors"),
        Described({201: fields(conversation=ListedConversation)}, sessions.ConversationBody, optional=True),
    ),
    Route(
        *("POST", _AGENT_SESSIONS, sessions.create_agent_session, "anybody"),
        Described({201: AgentSession}, sessions.AgentBody, ("appId",), optional=True),
    ),
    Route("DELETE", _AGENT_SESSIONS, sessions.revoke_session, "agents and programs", _DONE),
    Route("GET", "/healthz", health.healthz, "anybody", Described({200: Healthy})),
    Route("GET", "/readyz", health.readyz, "anybody", Described({200: Ready, 503: NotReady})),
    Route("GET", "/metrics", health.metrics, "anybody", Described({200: File("text/plain")})),
)

_BYTES = Described({200: File(), 206: File(), 304: None}, query=("expires", "signature"))
_DOWNLOAD = "/attachments/{appId}/{key}/{name}"

#: Where attachments are kept.
OF_FILES = (
    Route("GET", _DOWNLOAD, download, "whoever has a link or may see it", _BYTES),
    Route("HEAD", _DOWNLOAD, download, "whoever has a link or may see it", _BYTES),
    Route("POST", "/messaging/v1/attachments", files.upload_of_visitor, "visitors", _UPLOAD),
    Route("GET", "/messaging/v1/attachments/{attachmentId}", files.get_of_visitor, "visitors", _ATTACHMENT),
    Route("POST", "/agent/v1/attachments", files.upload_of_agent, "agents and programs", _UPLOAD),
    Route("GET", "/agent/v1/attachments/{attachmentId}", files.get_of_agent, "agents and programs", _ATTACHMENT),
)

_ARTICLES = "/messaging/v1/integrations/{integrationId}/articles"

#: The help centre inside the messenger.
OF_ARTICLES = (
    Route("GET", _ARTICLES, widget.search, "anybody", Described({200: fields(results=list[ArticleLine])}, query=("query", "locale"))),
    Route(
        *("GET", _ARTICLES + "/{number:[0-9]{1,18}}", widget.article, "anybody"),
        Described({200: fields(article=ArticleToRead)}, query=("locale",)),
    ),
)
