"""Operations on integrations. Source: API contract, tag Integrations.

Web widgets and programs can be made so far. `attachmentsEnabled`, which the contract only shows, can be written here as well.
"""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.decode import convert, decode
from domain.directory import DisplayName, Integration, Reply
from domain.errors import Invalid, Refused
from domain.integrations import (
    TYPES,
    ChannelSettings,
    CustomSettings,
    Settings,
    Webhook,
    WebSettings,
    changed,
    check_type,
    settings_of,
    web_changed,
    webhooks_posted,
)
from domain.switchboard_rows import Board
from gateway.sc import paging
from gateway.sc.apps import own_url
from gateway.sc.operations import EMPTY, Call, json_reply
from gateway.sc.views import integration_view

_SECRET_BYTES = 32

_body = msgspec.json.Decoder(dict[str, Any])


async def create_integration(call: Call) -> Reply:
    body = decode(_body, call.body, "")
    kind = check_type(body.get("type"))
    settings = await _settings(call, settings_of(kind), body)
    if isinstance(settings, CustomSettings):
        settings = CustomSettings(_webhooks(call, body))
    one = Integration(call.app.id, call.services.router.new_id(), kind, "active", _name(body, None), settings)
    await call.services.directory.integrations.create(one)
    return await _changed(call, one, 201)


async def list_integrations(call: Call) -> Reply:
    query = call.request.query
    page = paging.parse_page(query)
    found = await call.services.directory.integrations.page(call.app.id, _types(query), page.after, page.before, page.size + 1)
    shown, around = paging.cut(found, page, lambda one: one.id)
    board = await call.services.lookups.board(call.app.id)
    listed = [integration_view(one, board) for one in shown]
    return json_reply({"integrations": listed, **paging.around(around, own_url(call), query)})


async def get_integration(call: Call) -> Reply:
    one = await named(call)
    return json_reply({"integration": integration_view(one, await call.services.lookups.board(call.app.id))})


async def update_integration(call: Call) -> Reply:
    body = decode(_body, call.body, "")
    before = await named(call)
    check_type(before.type)
    await _settings(call, before.settings, body)

    def change(one: Integration) -> Integration:
        return replace(one, display_name=_name(body, one.display_name), settings=_told(one.settings, body))

    after = await call.services.directory.integrations.change(call.app.id, before.id, change)
    if after is None:
        raise _no_integration()
    return await _changed(call, after)


async def delete_integration(call: Call) -> Reply:
    """Visitors who came by it, and programs with its keys, are out within seconds."""
    one = await named(call)
    keys = await call.services.directory.integrations.delete(call.app.id, one.id)
    for key in keys or ():
        call.services.lookups.forget_key(key.id)
    call.services.lookups.forget_integration(one)
    if keys is None:
        raise _no_integration()
    return EMPTY


async def named(call: Call) -> Integration:
    """The integration that the path names. Raises Refused."""
    found = await call.services.lookups.integration(call.request.match_info["integrationId"])
    if found is None or found.app_id != call.app.id or found.type not in TYPES:
        raise _no_integration()
    return found


async def _settings(call: Call, old: Settings, body: dict[str, Any]) -> Settings:
    """The settings after what the body says, with a responder that the app has. Raises Refused."""
    new = _told(old, body)
    wanted = new.default_responder_id if isinstance(new, ChannelSettings) else None
    if wanted is not None and body.get("defaultResponderId") is not None:
        board: Board | None = await call.services.directory.switchboards.of_app(call.app.id)
        if board is None or board.member(wanted) is None:
            raise Refused("switchboard_integration_not_found", "The default responder is not one of the app's switchboard integrations")
    return new


def _told(old: Settings, body: dict[str, Any]) -> Settings:
    match old:
        case WebSettings():
            return web_changed(old, body)
        case CustomSettings():
            return old  # the contract changes a program's webhooks by operations of their own
        case ChannelSettings():
            return changed(old, body)


def _webhooks(call: Call, body: dict[str, Any]) -> tuple[Webhook, ...]:
    return tuple(
        Webhook(
            call.services.router.new_id(),
            secrets.token_urlsafe(_SECRET_BYTES),
            one.target,
            one.triggers,
            bool(one.include_full_user),
            bool(one.include_full_source),
        )
        for one in webhooks_posted(body.get("webhooks"))
    )


def _name(body: dict[str, Any], old: str | None) -> str | None:
    given = body.get("displayName", old)
    return None if given is None else convert(given, DisplayName, "displayName")


def _types(query: Any) -> frozenset[str]:
    wanted = paging.text_in(paging.deep_object(query, "filter"), "filter", "types")
    if wanted is None:
        return TYPES
    given = frozenset(one.strip() for one in wanted.split(","))
    if not given <= TYPES:
        raise Invalid("filter[types]", "must be types of integrations, separated by commas")
    return given


async def _changed(call: Call, one: Integration, status: int = 200) -> Reply:
    call.services.lookups.forget_integration(one)
    return json_reply({"integration": integration_view(one, await call.services.lookups.board(call.app.id))}, status)


def _no_integration() -> Refused:
    return Refused("integration_not_found", "Integration not found")
