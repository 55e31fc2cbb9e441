"""`/messaging/v1/sessions`, `/messaging/v1/conversations` and `/agent/v1/sessions`: how people and programs get tokens."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta
from msgspec.structs import replace

from actors.conversation import ConversationKind
from domain import ids
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from domain.conversation.state import State
from domain.decode import decode
from domain.directory import Integration, Locale, Profile, User
from domain.errors import Refused
from domain.integrations import WebSettings
from domain.metadata import Metadata, check_size
from gateway.auth import Authenticator
from gateway.bodies import read_body
from gateway.identity import AGENT_TTL_S, PROGRAM_TTL_S, VISITOR_TTL_S, Identity
from gateway.keys import DIRECTORY, LOOKUPS, ROUTER, SETTINGS
from gateway.known import known_by
from gateway.limits import ADDRESS, LIMITS
from gateway.merging import become
from gateway.origins import check_origin, check_visitor_origin
from gateway.presence import sign_out
from gateway.responders import board_for
from gateway.stream.endpoints import SOCKETS, TOKENS
from storage.passwords import NOBODY, is_password
from storage.ports import ActorId

AUTHENTICATOR = web.AppKey("authenticator", Authenticator)
CLIENT_TYPES = frozenset({"web", "ios", "android", "unity", "custom"})
MAX_LISTED = 100

_encode = msgspec.json.Encoder().encode


class VisitorBody(msgspec.Struct, frozen=True, rename="camel"):
    integration_id: str
    jwt: Annotated[str, Meta(max_length=8192)] | None = None
    session_token: Annotated[str, Meta(max_length=512)] | None = None
    locale: Locale | None = None


class AgentBody(msgspec.Struct, frozen=True, rename="camel"):
    email: Annotated[str, Meta(max_length=320)]
    password: Annotated[str, Meta(max_length=1024)]
    app_id: str | None = None


class ConversationBody(msgspec.Struct, frozen=True, rename="camel"):
    display_name: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    metadata: Metadata | None = None


_visitor_body = msgspec.json.Decoder(VisitorBody)
_agent_body = msgspec.json.Decoder(AgentBody)
_conversation_body = msgspec.json.Decoder(ConversationBody)


def json_response(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=_encode(value), status=status, content_type="application/json", charset="utf-8")


async def _body(request: web.Request) -> bytes:
    return await read_body(request, request.app[SETTINGS].max_body_bytes)


async def create_visitor_session(request: web.Request) -> web.Response:
    """A token for a visitor: a new anonymous one, the same as an earlier token's, or the one whom a JWT names; with both, the
    anonymous person becomes the known one, history included."""
    body = decode(_visitor_body, await _body(request), "")
    integration = await client_integration(request, body.integration_id)
    user = await _with_locale(request, await _visitor(request, body, integration), body.locale)
    now_ms = request.app[ROUTER].now_ms()
    token = await request.app[TOKENS].create(
        now_ms, "visitor", VISITOR_TTL_S, app_id=user.app_id, user_id=user.id, integration_id=integration.id
    )
    found = await request.app[ROUTER].journal.find(ActorId(ConversationKind.name, user.app_id, user.default_conversation_id))
    conversation = user.default_conversation_id if found is not None else None
    told = {"id": user.id, "externalId": user.external_id, "authenticated": user.authenticated}
    return json_response({"token": token, "user": told, "conversation": conversation}, 201)


async def client_integration(request: web.Request, identifier: str) -> Integration:
    """An integration by which visitors come, for a page that may show it. Raises `Refused`."""
    found = await request.app[LOOKUPS].integration(identifier)
    await check_visitor_origin(request, found)
    if found is None or found.status != "active" or found.type not in CLIENT_TYPES:
        raise Refused("integration_not_found", "Integration not found")
    return found


async def _visitor(request: web.Request, body: VisitorBody, integration: Integration) -> User:
    earlier = await _earlier(request, body.session_token, integration) if body.session_token is not None else None
    if body.jwt is not None:
        try:
            claims = await known_by(body.jwt, integration.app_id, request.app[LOOKUPS])
        except Refused:
            request.app[LIMITS].check(request.app[LIMITS].logins, request[ADDRESS])
            raise
        return await become(request.app[DIRECTORY], request.app[ROUTER], integration, claims, earlier)
    if earlier is not None:
        return earlier
    router = request.app[ROUTER]
    user = User(integration.app_id, router.new_id(), router.new_id(), profile=Profile(locale=body.locale))
    await request.app[DIRECTORY].create_user(user)
    return user


async def _with_locale(request: web.Request, user: User, locale: str | None) -> User:
    """Somebody whose language nobody knew is spoken to in that of their browser. What is known already stays."""
    if locale is None or user.profile.locale is not None:
        return user
    changed = await request.app[DIRECTORY].change_user(user.app_id, user.id, lambda row: replace(row, profile=_told(row.profile, locale)))
    request.app[LOOKUPS].forget_user(user)
    return changed or user


def _told(profile: Profile, locale: str) -> Profile:
    return profile if profile.locale is not None else replace(profile, locale=locale)


async def _earlier(request: web.Request, token: str, integration: Integration) -> User:
    """The person of an earlier token of the same app. Raises `Refused` (`unauthorized`)."""
    who = await request.app[TOKENS].identity(token, ("visitor",), request.app[ROUTER].now_ms())
    if who.user is None or who.app.id != integration.app_id:
        raise Refused("unauthorized", "The token is not valid")
    return who.user


async def create_agent_session(request: web.Request) -> web.Response:
    """A token for an agent by e-mail and password, or for a program by an API key."""
    if "Authorization" in request.headers:
        return await _program_session(request)
    await check_origin(request, request.app[LOOKUPS])
    body = decode(_agent_body, await _body(request), "")
    directory, limits = request.app[DIRECTORY], request.app[LIMITS]
    limits.check(limits.logins, request[ADDRESS], 0.001)
    account = await directory.account_by_email(body.email.lower())
    known = NOBODY if account is None else account.password_hash
    if not await asyncio.to_thread(is_password, known, body.password) or account is None:
        limits.check(limits.logins, request[ADDRESS])
        raise Refused("unauthorized", "Wrong e-mail address or password")
    if account.suspended:
        raise Refused("forbidden", "The account is suspended")
    app_id = account.app_id or body.app_id or await _first_app(request)
    if await request.app[LOOKUPS].app(app_id) is None:
        raise Refused("app_not_found", "App not found")
    token = await request.app[TOKENS].create(request.app[ROUTER].now_ms(), "agent", AGENT_TTL_S, app_id=app_id, account_id=account.id)
    agent = {"id": account.id, "displayName": account.display_name, "role": account.role, "appId": app_id}
    return json_response({"token": token, "agent": agent}, 201)


async def _program_session(request: web.Request) -> web.Response:
    principal = await request.app[AUTHENTICATOR].principal(request.headers.get("Authorization"))
    app_id = principal.app_id or request.query.get("appId") or await _first_app(request)
    if await request.app[LOOKUPS].app(app_id) is None:
        raise Refused("app_not_found", "App not found")
    token = await request.app[TOKENS].create(
        request.app[ROUTER].now_ms(),
        "program",
        PROGRAM_TTL_S,
        app_id=app_id,
        key_id=principal.key_id,
        integration_id=principal.integration_id,
    )
    return json_response({"token": token, "agent": {"id": principal.key_id, "appId": app_id}}, 201)


async def _first_app(request: web.Request) -> str:
    apps = await request.app[DIRECTORY].list_apps("", "", 1)
    return apps[0].id if apps else ""


async def revoke_session(request: web.Request) -> web.Response:
    """End a token and the sockets that it opened. An agent who signs out is offline, and comes back so."""
    tokens, router = request.app[TOKENS], request.app[ROUTER]
    session = await tokens.session(bearer(request), router.now_ms())
    await tokens.revoke(bearer(request))
    request.app[SOCKETS].revoke(session.token_hash)
    if session.kind == "agent" and session.app_id is not None and session.account_id is not None:
        sign_out(router, session.app_id, session.account_id)
    return json_response({})


def bearer(request: web.Request) -> str:
    """The token of a request. Raises `Refused` (`unauthorized`)."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Refused("unauthorized", "Authorization is required")
    return token.strip()


async def visitor(request: web.Request) -> Identity:
    """The visitor of a request's token, from a page that may. Raises `Refused`."""
    who = await request.app[TOKENS].identity(bearer(request), ("visitor",), request.app[ROUTER].now_ms())
    await check_visitor_origin(request, await integration_of(request, who))
    request.app[LIMITS].check(request.app[LIMITS].visitors, who.sender)
    return who


async def integration_of(request: web.Request, who: Identity) -> Integration | None:
    """The integration by which a visitor came."""
    identifier = who.source.integration_id
    return None if identifier is None else await request.app[LOOKUPS].integration(identifier)


async def list_conversations(request: web.Request) -> web.Response:
    """A visitor's own conversations, newest activity first."""
    who = await visitor(request)
    assert who.user is not None, "only visitors have this token"
    router = request.app[ROUTER]
    names = await router.journal.by_member(ConversationKind.name, who.app.id, who.user.id, "", "f" * 24, MAX_LISTED)
    states = [state for state in (await router.states(names)).values() if state.life == "live"]
    states.sort(key=lambda state: max(state.last_message_ms, state.created_ms), reverse=True)
    return json_response({"conversations": [_shown(state, who.user.id) for state in states]})


async def create_conversation(request: web.Request) -> web.Response:
    """One more conversation of a visitor, if the app has several."""
    who = await visitor(request)
    assert who.user is not None, "only visitors have this token"
    body = decode(_conversation_body, await _body(request) or b"{}", "")
    if body.metadata:
        check_size(body.metadata, "metadata")
    router, user = request.app[ROUTER], who.user
    default = ActorId(ConversationKind.name, who.app.id, user.default_conversation_id)
    is_default = await router.journal.find(default) is None
    if not is_default:
        await _check_one_more(request, who)
    actor = default if is_default else ActorId(ConversationKind.name, who.app.id, router.new_id())
    member = cmd.Member(router.new_id(), user.id, user.external_id, user.authenticated)
    source = ev.Source("web", who.source.integration_id)
    command = cmd.CreateConversation(
        "personal",
        (member,),
        source,
        "startConversation",
        is_default,
        body.display_name,
        metadata=body.metadata,
        switchboard=await board_for(request.app[LOOKUPS], who.app.id, user, source),
    )
    await router.ask(actor, command, sender=who.sender, client_id="create")
    state = await router.state(actor)
    assert state is not None, "it was committed a moment ago"
    return json_response({"conversation": _shown(state, user.id)}, 201)


async def _check_one_more(request: web.Request, who: Identity) -> None:
    if not who.app.settings.multi_convo_enabled:
        raise Refused("forbidden", "This app has one conversation for each user")
    channel = await integration_of(request, who)
    if channel is not None and isinstance(channel.settings, WebSettings) and not channel.settings.can_user_create_more_conversations:
        raise Refused("forbidden", "Visitors of this integration have one conversation")


def _shown(state: State, user_id: str) -> dict[str, Any]:
    """A conversation as its customer sees it in a list."""
    own = state.participant(user_id)
    return {
        "id": state.id,
        "type": state.type,
        "displayName": state.display_name,
        "iconUrl": state.icon_url,
        "isDefault": state.is_default,
        "seq": state.seq,
        "unreadCount": own.unread if own is not None else 0,
        "createdAt": ids.instant(state.created_ms),
        "lastUpdatedAt": ids.instant(state.last_message_ms) if state.last_message_ms else None,
    }
