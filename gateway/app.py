"""The gateway's aiohttp application, put together from services that the composition root has made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from actors.router import Router
from gateway import sessions
from gateway.auth import Authenticator
from gateway.bot import operations as bot
from gateway.bot import previews
from gateway.bot.operations import Templates
from gateway.bot.routes import add_routes as add_bot_routes
from gateway.desk.routes import OPERATIONS as DESK
from gateway.files.downloading import CHECKER, SIGNER
from gateway.files.links import Signer
from gateway.files.store import Store
from gateway.files.uploading import STORE, UPLOADS, Uploads
from gateway.health import HEALTH, Health
from gateway.help.routes import OPERATIONS as HELP
from gateway.help_pages.routes import add_help_pages
from gateway.identity import Tokens
from gateway.keys import DIRECTORY, LOOKUPS, ROUTER, SETTINGS, Settings
from gateway.limits import LIMITS, Limits
from gateway.lookups import Lookups
from gateway.middlewares import MIDDLEWARES
from gateway.origins import preflight, tell_page
from gateway.outward.calls import Caller
from gateway.pages.routes import add_pages
from gateway.routes import OF_FILES, ROUTES
from gateway.routes import add_routes as add_own_routes
from gateway.routing.routes import OPERATIONS as ROUTING
from gateway.sc.routes import add_routes
from gateway.stream import endpoints
from gateway.stream.inbox import Inbox
from gateway.support import jobs
from gateway.support.routes import OPERATIONS as SUPPORT
from gateway.zendesk import operations
from storage.files import Files
from storage.sql.attachments import Attachments
from storage.sql.bots import Bots
from storage.sql.directory import Directory


class BotRooms(msgspec.Struct, frozen=True):
    """Flows and releases, the ready-made ones, and what previews may use of the world."""

    bots: Bots
    templates: Templates
    caller: Caller
    find: previews.Finder


class FileRooms(msgspec.Struct, frozen=True):
    """Attachments: their rows, their bytes, what signs links to them, and how large one may be."""

    rows: Attachments
    files: Files
    secret: bytes
    max_bytes: int

    def __repr__(self) -> str:
        return "FileRooms()"


class Services(msgspec.Struct, frozen=True):
    """What a gateway works with."""

    router: Router
    directory: Directory
    secret: bytes
    ready: Callable[[], Awaitable[dict[str, str]]]
    """What is wrong, by part; empty when all is well."""
    hosts: Callable[[], Awaitable[list[dict[str, Any]]]]
    """What each host says of itself."""
    rooms: operations.Rooms | None = None
    """What `/api/v2` works on; without it there is none."""
    bots: BotRooms | None = None
    """What `/api/v2/bot` works on; without it there is none."""
    files: FileRooms | None = None
    """Where attachments are; without it there are none."""


def make_app(settings: Settings, services: Services) -> web.Application:
    """The application. It neither opens nor closes the services."""
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=settings.max_body_bytes + 1)
    lookups = Lookups(services.directory)
    app[SETTINGS], app[ROUTER], app[DIRECTORY], app[LOOKUPS] = settings, services.router, services.directory, lookups
    app[LIMITS] = Limits(settings.rate_limits, settings.trusted_proxies)
    app[sessions.AUTHENTICATOR] = Authenticator(lookups)
    app[endpoints.TOKENS] = Tokens(services.directory, lookups, services.secret)
    app[endpoints.SOCKETS] = endpoints.OpenSockets()
    app[endpoints.INBOX] = Inbox(services.router, None if services.rooms is None else services.rooms.routings)
    app[HEALTH] = Health(services.router, app[endpoints.SOCKETS], services.ready, services.hosts)
    add_routes(app)
    if services.rooms is not None:
        app[operations.ROOMS] = services.rooms
        app.on_startup.append(operations.collect(endpoints.TOKENS))
        app.on_startup.append(jobs.start)
        app.on_cleanup.append(jobs.stop)
        operations.add_operations(app, (*HELP, *SUPPORT, *DESK, *ROUTING))
    if services.bots is not None:
        _bot_routes(app, services.bots)
    if services.files is not None:
        add_files(app, services.files)
    add_own_routes(app, ROUTES)
    app.router.add_route("OPTIONS", "/messaging/v1/{anything:.*}", preflight)
    add_pages(app)
    if services.rooms is not None:
        add_help_pages(app, services.rooms)
    app.cleanup_ctx.append(_watch_sockets)
    app.on_response_prepare.append(tell_page)
    app.on_shutdown.append(_close_sockets)
    app.on_cleanup.append(_say_who_has_gone)
    return app


def _bot_routes(app: web.Application, rooms: BotRooms) -> None:
    app[LOOKUPS].live_release = rooms.bots.live_release
    app[bot.BOTS], app[bot.TEMPLATES], app[bot.CALLER] = rooms.bots, rooms.templates, rooms.caller
    app[bot.TALLIES], app[previews.FINDER] = app[ROUTER].journal.tallies, rooms.find
    add_bot_routes(app)


def add_files(app: web.Application, rooms: FileRooms) -> None:
    """Attachments, to an application that has its other services."""
    app[STORE] = Store(rooms.rows, rooms.files, app[ROUTER], rooms.max_bytes)
    app[UPLOADS], app[SIGNER], app[CHECKER] = Uploads(), Signer(rooms.secret), Authenticator(app[LOOKUPS])
    add_own_routes(app, OF_FILES)
    app.cleanup_ctx.append(_sweep_files)


async def _sweep_files(app: web.Application) -> AsyncIterator[None]:
    sweeping = asyncio.create_task(app[STORE].keep_swept(app[LOOKUPS]))
    yield
    sweeping.cancel()


async def _watch_sockets(app: web.Application) -> AsyncIterator[None]:
    watching = asyncio.create_task(app[endpoints.SOCKETS].watch(app[DIRECTORY], app[ROUTER].now_ms))
    yield
    watching.cancel()


async def _close_sockets(app: web.Application) -> None:
    app[endpoints.SOCKETS].close_all()


async def _say_who_has_gone(app: web.Application) -> None:
    await app[endpoints.INBOX].routing.presence.close()
