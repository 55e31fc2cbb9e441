"""What all operations on bots have in common: who calls, in which app, with what body, done once; and the manners of `/api/v2`.

The manners (errors, pages, who may call) are in this file alone. A table of operations is plain data (`Operation`); `handler_of`
makes an aiohttp handler of one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

import msgspec
from aiohttp import hdrs, web

from actors.router import Router
from domain import ids
from domain.bot.flow import Flow
from domain.decode import decode
from domain.directory import App, Reply
from domain.errors import HTTP_STATUS, Invalid, Refused
from gateway import idempotency
from gateway.auth import Authenticator
from gateway.bodies import read_body
from gateway.counts import COUNTS
from gateway.idempotency import Idempotency
from gateway.identity import Tokens
from gateway.keys import DIRECTORY, LOOKUPS, ROUTER, SETTINGS, Settings
from gateway.limits import LIMITS, Limits
from gateway.lookups import Lookups
from gateway.outward.calls import Caller
from gateway.sc.operations import json_reply
from gateway.sc.paging import deep_object
from gateway.sessions import AUTHENTICATOR
from gateway.stream.endpoints import TOKENS
from storage.sql.bots import Bots
from storage.sql.directory import Directory

T = TypeVar("T")

MAX_BODY_BYTES = 600_000
"""Room for a flow of 512 kB, as the types allow it, and what is written around it."""

DEFAULT_PAGE = 25
MAX_PAGE = 100
_AGENT_TOKEN = "agent_"  # noqa: S105  - what such tokens begin with
_JSON = {"Content-Type": "application/json; charset=utf-8"}


class Templates(Protocol):
    """The ready-made flows that came along, by their ids; `settings` (JSON) are what they need around them."""

    @property
    def settings(self) -> bytes: ...

    def names(self) -> Sequence[str]: ...

    def load(self, name: str) -> Flow:
        """Only of a name that is among `names`."""


Tallies = Callable[[str, str], Awaitable[Mapping[str, int]]]
"""What was counted: (app, subject) -> number by key. Of a flow the subject is `flow:<id>:<version>`, keys `<step>:entered|left|dropped`."""

BOTS = web.AppKey("bots", Bots)
TEMPLATES: web.AppKey[Templates] = web.AppKey("bot_templates", Templates)
TALLIES: web.AppKey[Tallies] = web.AppKey("bot_tallies")
CALLER = web.AppKey("bot_caller", Caller)


@dataclass(frozen=True, slots=True)
class Services:
    """What operations use, collected once when the application starts."""

    bots: Bots
    templates: Templates
    tallies: Tallies
    caller: Caller
    router: Router
    directory: Directory
    lookups: Lookups
    settings: Settings
    limits: Limits
    authenticator: Authenticator
    tokens: Tokens
    idempotency: Idempotency


SERVICES = web.AppKey("bot_services", Services)


async def collect_services(app: web.Application) -> None:
    """An `on_startup` hook: it needs what the composition has set."""
    router, directory = app[ROUTER], app[DIRECTORY]
    app[SERVICES] = Services(
        *(app[BOTS], app[TEMPLATES], app[TALLIES], app[CALLER], router, directory, app[LOOKUPS], app[SETTINGS], app[LIMITS]),
        *(app[AUTHENTICATOR], app[TOKENS], Idempotency(directory, router.now_ms)),
    )


@dataclass(slots=True)
class Call:
    """One call of an operation by somebody who may make it. `by` is who, as commands name senders."""

    request: web.Request
    services: Services
    app: App
    by: str
    body: bytes = b""

    @property
    def bots(self) -> Bots:
        return self.services.bots

    def now_ms(self) -> int:
        return self.services.router.now_ms()

    def part(self, name: str) -> str:
        """A part of the path."""
        return self.request.match_info[name]

    def decoded(self, decoder: msgspec.json.Decoder[T]) -> T:
        """The body. Raises Invalid."""
        return decode(decoder, self.body or b"{}", "")

    def revision(self, given: int | None) -> int:
        """Which revision the caller has seen: of the body, else of `If-Match`. Raises Invalid: neither."""
        text = self.request.headers.get(hdrs.IF_MATCH, "").removeprefix("W/").strip('"')
        if given is None and text.isascii() and text.isdigit() and len(text) < 10:
            given = int(text)
        if given is None:
            raise Invalid("revision", "is required, in the body or as If-Match: it says which state is to be changed")
        return given

    def number_in_path(self, name: str, code: str, noun: str) -> int:
        """Raises Refused for what cannot be a number of ours."""
        text = self.part(name)
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Refused(code, f"{noun} not found")
        return int(text)


class Problems(Refused):
    """A refusal with all that is wrong: the answer has `problems` beside `errors`."""

    def __init__(self, code: str, title: str, problems: list[dict[str, Any]]) -> None:
        super().__init__(code, title)
        self.problems = problems


Handle = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Operation:
    """Of a POST a repeat with the same `Idempotency-Key` gets the first answer."""

    method: str
    path: str
    handle: Handle


def handler_of(operation: Operation) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    has_body = operation.method in (hdrs.METH_POST, hdrs.METH_PUT)

    async def handler(request: web.Request) -> web.StreamResponse:
        call = await _admitted(request)
        if has_body:
            call.body = await read_body(request, MAX_BODY_BYTES)
        key = idempotency.key_of(request) if operation.method == hdrs.METH_POST else None
        try:
            reply = await operation.handle(call) if key is None else await _once(call, operation.handle, key)
        except Problems as refusal:
            reply = _with_problems(refusal)
        return web.Response(status=reply.status, body=reply.body, headers=_JSON)

    return handler


def _with_problems(refusal: Problems) -> Reply:
    COUNTS.refusals[refusal.code] += 1
    errors = [{"code": refusal.code, "title": refusal.title}]
    return json_reply({"errors": errors, "problems": refusal.problems}, HTTP_STATUS[refusal.code])


async def _admitted(request: web.Request) -> Call:
    """Raises Refused: nobody we know, neither a key of app or account nor an admin, another's app, or no such app."""
    services = request.app[SERVICES]
    authorization = request.headers.get(hdrs.AUTHORIZATION)
    token = _bearer(authorization)
    if token.startswith(_AGENT_TOKEN):
        return await _admin(request, services, token)
    principal = await services.authenticator.principal(authorization)
    services.limits.check(services.limits.keys, principal.key_id)
    if principal.scope not in ("account", "app"):
        raise Refused("forbidden", "This needs an API key of another scope")
    return Call(request, services, await _app(request, services, principal.app_id), principal.sender)


async def _admin(request: web.Request, services: Services, token: str) -> Call:
    who = await services.tokens.identity(token, ("agent",), services.router.now_ms())
    services.limits.check(services.limits.keys, who.sender)
    if who.account is None or who.account.role != "admin":
        raise Refused("forbidden", "This needs an admin")
    if who.account.app_id is None and "app_id" in request.query:
        return Call(request, services, await _app(request, services, None), who.sender)
    return Call(request, services, await _app(request, services, who.app.id), who.sender)


async def _app(request: web.Request, services: Services, own: str | None) -> App:
    """The caller's own app; for those who have several the one of `app_id`, or the only one that there is."""
    named = request.query.get("app_id")
    if own is not None and named not in (None, own):
        raise Refused("forbidden", "The caller is not one of this app")
    wanted = own or named
    if wanted is None:
        apps = await services.directory.list_apps("", "", 2)
        if len(apps) != 1:
            raise Invalid("app_id", "is required: there are several apps")
        return apps[0]
    found = await services.lookups.app(wanted)
    if found is None:
        raise Refused("app_not_found", "App not found")
    return found


def _bearer(authorization: str | None) -> str:
    kind, _, token = (authorization or "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


async def _once(call: Call, handle: Handle, key: str) -> Reply:
    digest = idempotency.digest_of(call.body)
    scope = idempotency.scope_of(call.app.id, call.by, call.request.rel_url.raw_path, key)

    async def perform() -> Reply:
        return msgspec.structs.replace(await handle(call), digest=digest)

    return await call.services.idempotency.once(scope, call.app.id, digest, perform)


# Pages.


@dataclass(frozen=True, slots=True)
class Page:
    """What a caller wants to see: `size` of what comes after the cursor."""

    after: str
    size: int

    @property
    def before_number(self) -> int | None:
        """The cursor of a list of numbers, newest first. Raises Invalid."""
        if not self.after:
            return None
        if not (self.after.isascii() and self.after.isdigit() and len(self.after) < 10):
            raise Invalid("page[after]", "must be a cursor that a page before has told")
        return int(self.after)


def page_of(call: Call) -> Page:
    """Raises Invalid."""
    given = deep_object(call.request.query, "page")
    after, size = str(given.get("after", "")), str(given.get("size", DEFAULT_PAGE))
    if not (size.isascii() and size.isdigit() and len(size) <= 3 and 1 <= int(size) <= MAX_PAGE):
        raise Invalid("page[size]", f"must be an integer from 1 to {MAX_PAGE}")
    if len(after) > 128 or "\0" in after:
        raise Invalid("page[after]", "must be a cursor that a page before has told")
    return Page(after, int(size))


def paged(call: Call, page: Page, name: str, found: Sequence[T], shown: Callable[[T], Any], cursor: Callable[[T], object]) -> Reply:
    """A page of `found`, of which one more than its size was fetched."""
    items, has_more = found[: page.size], len(found) > page.size
    meta: dict[str, Any] = {"has_more": has_more}
    links: dict[str, str | None] = {"next": None}
    if has_more:
        meta["after_cursor"] = str(cursor(items[-1]))
        query = {key: value for key, value in call.request.query.items() if not key.startswith("page")}
        query |= {"page[size]": str(page.size), "page[after]": meta["after_cursor"]}
        links["next"] = f"{_own_url(call)}?{urlencode(query)}"
    return json_reply({name: [shown(one) for one in items], "meta": meta, "links": links})


def _own_url(call: Call) -> str:
    request, public = call.request, call.services.settings.public_url
    return (public.rstrip("/") if public else f"{request.scheme}://{request.host}") + request.rel_url.raw_path


def instant(at_ms: int) -> str | None:
    return ids.instant(at_ms) if at_ms else None
