"""What all operations of the API have in common: who calls, what they may, in which app, with what body, done once.

A table of operations is plain data (`Operation`); `handler_of` makes an aiohttp handler of one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import hdrs, web

from actors.router import Router
from domain.directory import App, Reply, Scope
from domain.errors import Refused
from domain.ids import ID
from gateway import idempotency
from gateway.auth import Authenticator, Principal
from gateway.bodies import read_body
from gateway.files.store import Store
from gateway.files.uploading import STORE
from gateway.idempotency import Idempotency
from gateway.keys import DIRECTORY, LOOKUPS, ROUTER, SETTINGS, Settings
from gateway.limits import LIMITS, Limits
from gateway.lookups import Lookups
from storage.ports import ActorId
from storage.sql.directory import Directory

ACCOUNT: frozenset[Scope] = frozenset({"account"})
APP: frozenset[Scope] = frozenset({"account", "app"})
WEBHOOKS: frozenset[Scope] = frozenset({"app", "integration"})
INTEGRATION: frozenset[Scope] = frozenset({"integration"})
EVERY: frozenset[Scope] = frozenset({"account", "app", "integration"})

_encode = msgspec.json.Encoder().encode
_JSON = {"Content-Type": "application/json; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Services:
    """What operations use, collected once when the application starts."""

    router: Router
    directory: Directory
    lookups: Lookups
    settings: Settings
    limits: Limits
    authenticator: Authenticator
    idempotency: Idempotency
    attachments: Store | None
    """None: there is nowhere to keep any."""


SERVICES = web.AppKey("sc_services", Services)


async def collect_services(app: web.Application) -> None:
    """An `on_startup` hook: it needs what the composition has set."""
    router, directory, lookups = app[ROUTER], app[DIRECTORY], app[LOOKUPS]
    app[SERVICES] = Services(
        router,
        directory,
        lookups,
        app[SETTINGS],
        app[LIMITS],
        Authenticator(lookups),
        Idempotency(directory, router.now_ms),
        app.get(STORE),
    )


@dataclass(slots=True)
class Call:
    """One call of an operation by somebody who may make it."""

    request: web.Request
    services: Services
    principal: Principal
    given_app: App | None = None
    body: bytes = b""
    client_id: str | None = None
    """The `Idempotency-Key` of an operation whose journal remembers it."""

    @property
    def app(self) -> App:
        """The app that the path names."""
        assert self.given_app is not None, "an operation without {appId} asked for its app"
        return self.given_app

    def actor(self) -> ActorId:
        """The conversation that the path names. Raises Refused for what cannot be an id."""
        return ActorId("conversation", self.app.id, self.id_in_path("conversationId", "conversation_not_found", "Conversation"))

    def id_in_path(self, name: str, code: str, noun: str) -> str:
        found = self.request.match_info[name]
        if not ID.match(found):
            raise Refused(code, f"{noun} not found")
        return found


Handle = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Operation:
    """`journaled`: a repeat is known by the conversation's journal, not by the table of replies. `streamed`: the operation reads its body
    itself, as it comes, and is not repeated."""

    method: str
    path: str
    scopes: frozenset[Scope]
    handle: Handle
    journaled: bool = False
    streamed: bool = False


def json_reply(value: Any, status: int = 200) -> Reply:
    """An answer of the API. `value` may hold `msgspec.Raw`."""
    return Reply(b"", status, _encode(value))


EMPTY = Reply(b"", 200, b"{}")


def handler_of(operation: Operation) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    has_body = operation.method in (hdrs.METH_POST, hdrs.METH_PATCH) and not operation.streamed
    is_post = operation.method == hdrs.METH_POST and not operation.streamed

    async def handler(request: web.Request) -> web.StreamResponse:
        call = await _admitted(request, operation)
        if has_body:
            call.body = await read_body(request, call.services.settings.max_body_bytes)
        key = idempotency.key_of(request) if is_post else None
        if key is None or operation.journaled:
            call.client_id = key
            reply = await operation.handle(call)
        else:
            reply = await _once(call, operation.handle, key)
        return web.Response(status=reply.status, body=reply.body, headers=_JSON)

    return handler


async def _admitted(request: web.Request, operation: Operation) -> Call:
    """Raises Refused: nobody we know, not allowed to do this, another's app, or no such app."""
    services = request.app[SERVICES]
    principal = await services.authenticator.principal(request.headers.get(hdrs.AUTHORIZATION))
    services.limits.check(services.limits.keys, principal.key_id)
    if principal.scope not in operation.scopes:
        raise Refused("forbidden", "This needs an API key of another scope")
    call = Call(request, services, principal)
    app_id = request.match_info.get("appId")
    if app_id is not None:
        if principal.app_id is not None and principal.app_id != app_id:
            raise Refused("forbidden", "The API key is not one of this app")
        call.given_app = await services.lookups.app(app_id)
        if call.given_app is None:
            raise Refused("app_not_found", "App not found")
    return call


async def _once(call: Call, handle: Handle, key: str) -> Reply:
    digest, app_id = idempotency.digest_of(call.body), call.given_app.id if call.given_app else ""
    scope = idempotency.scope_of(app_id, call.principal.key_id, call.request.rel_url.raw_path, key)

    async def perform() -> Reply:
        return msgspec.structs.replace(await handle(call), digest=digest)

    return await call.services.idempotency.once(scope, app_id, digest, perform)
