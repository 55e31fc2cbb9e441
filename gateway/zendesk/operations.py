"""What all operations of `/api/v2` have in common: an address with or without `.json`, a caller, an app, a body, an answer.

A table of operations is plain data (`Operation`); `add_operations` makes routes of it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

import msgspec
from aiohttp import hdrs, web

from actors.router import Router
from domain.directory import App
from domain.errors import Invalid, Refused
from domain.help.model import Audience, HelpCentre, checked_locale
from domain.readiness import Facts
from gateway.auth import Authenticator
from gateway.bodies import read_body
from gateway.files.store import Store
from gateway.files.uploading import STORE
from gateway.identity import Tokens
from gateway.keys import DIRECTORY, LOOKUPS, ROUTER, SETTINGS, Settings
from gateway.limits import LIMITS, Limits
from gateway.lookups import Lookups
from gateway.zendesk import paging
from gateway.zendesk.callers import Caller, Callers
from storage.ports import Database
from storage.sql import readiness
from storage.sql.desk import Desks
from storage.sql.directory import Directory
from storage.sql.help import Help
from storage.sql.help_contents import HelpContents
from storage.sql.help_search import HelpSearch
from storage.sql.numbers import Numbers
from storage.sql.organizations import Organizations
from storage.sql.routing import Routings
from storage.sql.support_jobs import JobRows
from storage.sql.support_people import People
from storage.sql.ticket_audits import TicketAudits
from storage.sql.tickets import Tickets
from storage.sql.tokens import ApiTokens

PREFIX = "/api/v2"
MAX_BODY_BYTES = 4_000_000

_encode = msgspec.json.Encoder().encode
_LOCALE = "{locale:[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*}"


class Rooms(msgspec.Struct, frozen=True):
    """What the operations of `/api/v2` work on, beside the directory."""

    help: Help
    search: HelpSearch
    numbers: Numbers
    api_tokens: ApiTokens
    facts: Callable[[str, str | None], Awaitable[Facts]]
    """What is so in an app, for its readiness."""
    tickets: Tickets
    people: People
    jobs: JobRows
    desks: Desks
    routings: Routings
    audits: TicketAudits
    organizations: Organizations
    contents: HelpContents

    @classmethod
    def over(cls, database: Database) -> Rooms:
        facts = partial(readiness.facts, database)
        support = Tickets(database), People(database), JobRows(database), Desks(database), Routings(database)
        more = TicketAudits(database), Organizations(database), HelpContents(database)
        return cls(Help(database), HelpSearch(database), Numbers(database), ApiTokens(database), facts, *support, *more)


ROOMS = web.AppKey("zendesk_rooms", Rooms)


@dataclass(frozen=True, slots=True)
class Services:
    """What operations use, collected once when the application starts."""

    rooms: Rooms
    directory: Directory
    lookups: Lookups
    router: Router
    settings: Settings
    limits: Limits
    callers: Callers
    attachments: Store | None
    """Where files are, if there are any."""
    help_changed: Callable[[str], None]
    """Told of an app whose help centre was written to."""


SERVICES = web.AppKey("zendesk_services", Services)
HELP_CHANGED: web.AppKey[Callable[[str], None]] = web.AppKey("help_changed")
"""Who keeps something of help centres in memory, and is told when one changes here."""


def collect(tokens: web.AppKey[Tokens]) -> Callable[[web.Application], Awaitable[None]]:
    """An `on_startup` hook: it needs what the composition has set."""

    async def hook(app: web.Application) -> None:
        rooms, lookups = app[ROOMS], app[LOOKUPS]
        callers = Callers(app[DIRECTORY], lookups, app[tokens], rooms.api_tokens, Authenticator(lookups), app[LIMITS])
        beside = app.get(STORE), app.get(HELP_CHANGED, lambda _: None)
        app[SERVICES] = Services(rooms, app[DIRECTORY], lookups, app[ROUTER], app[SETTINGS], app[LIMITS], callers, *beside)

    return hook


@dataclass(slots=True)
class Call:
    """One call of an operation by somebody who may make it."""

    request: web.Request
    services: Services
    caller: Caller
    app: App
    centre: HelpCentre
    """The help centre's settings, where the operation is one of it."""
    body: bytes = b""
    page_size: int = paging.DEFAULT_SIZE

    @property
    def help(self) -> Help:
        return self.services.rooms.help

    @property
    def audience(self) -> Audience:
        return self.caller.audience

    @property
    def locale(self) -> str | None:
        """The language that the address or the query names."""
        given = self.request.match_info.get("locale") or self.request.query.get("locale")
        return checked_locale(given) if given else None

    @property
    def includes(self) -> frozenset[str]:
        """What the answer brings along."""
        return frozenset(self.request.query.get("include", "").split(","))

    @property
    def base(self) -> str:
        """How clients reach this server: as it was configured, or else as the request says."""
        public = self.services.settings.public_url
        return public.rstrip("/") if public else f"{self.request.scheme}://{self.request.host}"

    @property
    def url(self) -> str:
        return self.base + self.request.rel_url.raw_path

    def page(self) -> paging.Page:
        return paging.parse(self.request.query, self.page_size)

    def number(self, name: str = "id") -> int:
        """A number in the path. Raises Refused: there is nothing with a number that no database holds."""
        given = int(self.request.match_info[name])
        if given >= 2**63:
            raise not_found()
        return given

    def now_ms(self) -> int:
        return self.services.router.now_ms()


Handle = Callable[[Call], Awaitable[web.Response]]
#: `read` and `vote` are for whoever may read the help centre, `write` for agents and keys, `admin` for admins and keys.
Right = Literal["read", "vote", "write", "admin"]
_HELP = ("/help_center", "/guide")


@dataclass(frozen=True, slots=True)
class Operation:
    """`path` may hold `[locale]`, which may be left out of an address, and numbers as `{name}`."""

    method: str
    path: str
    right: Right
    handle: Handle
    is_file: bool = False
    """The body is a file, which the operation itself reads."""

    @property
    def is_help(self) -> bool:
        return self.path.startswith(_HELP)


def answer(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=_encode(value), status=status, content_type="application/json", charset="utf-8")


def nothing() -> web.Response:
    return web.Response(status=204)


def not_found() -> Refused:
    return Refused("not_found", "Not found")


def instant(at_ms: int) -> str:
    """Unix milliseconds as Zendesk writes instants."""
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def add_operations(app: web.Application, operations: Iterable[Operation]) -> None:
    for one in operations:
        for path in addresses(one.path):
            app.router.add_route(one.method, path, _handler(one))


def addresses(path: str) -> list[str]:
    """An operation's routes: with a language and without, each with `.json` or not."""
    with_numbers = re.sub(r"{(\w+)}", r"{\1:[0-9]{1,20}}", path)
    shapes = [with_numbers.replace("/[locale]", "/" + _LOCALE), with_numbers.replace("/[locale]", "")]
    return [f"{PREFIX}{shape.replace('(locale)', _LOCALE)}{{json:(?:\\.json)?}}" for shape in dict.fromkeys(shapes)]


def _handler(operation: Operation) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    has_body = operation.method in (hdrs.METH_POST, hdrs.METH_PUT, hdrs.METH_PATCH, hdrs.METH_DELETE) and not operation.is_file

    async def handler(request: web.Request) -> web.StreamResponse:
        services = request.app[SERVICES]
        if any("\0" in value for value in request.query.values()):
            raise Invalid("query", "must not contain the character U+0000")
        caller = await services.callers.caller(request, services.router.now_ms())
        app = await services.callers.app(request, caller)
        centre = (await services.rooms.help.centre(app.id) if operation.is_help else None) or HelpCentre(app.id)
        _check(operation.right, caller, centre)
        call = Call(request, services, caller, app, centre, page_size=paging.DEFAULT_SIZE if operation.is_help else paging.MAX_SIZE)
        if has_body:
            call.body = await read_body(request, MAX_BODY_BYTES)
        response = await operation.handle(call)
        if operation.is_help and operation.method != hdrs.METH_GET:
            services.help_changed(app.id)
        response.headers.update(services.limits.told(services.limits.keys, caller.name))
        return response

    return handler


def _check(right: Right, caller: Caller, centre: HelpCentre) -> None:
    """Raises Refused. Who is nobody is told that it needs somebody."""
    if right == "read" and (centre.is_public or caller.kind != "nobody"):
        return
    if caller.kind == "nobody":
        raise Refused("unauthorized", "Authorization is required")
    if right in ("write", "admin") and not caller.writes:
        raise Refused("forbidden", "Only agents may do this")
    if right == "admin" and not caller.administers:
        raise Refused("forbidden", "Only admins may do this")
