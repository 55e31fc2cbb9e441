"""Operations on apps, their keys, and the token itself. Source: API contract, tags Apps, App Keys, OAuth Endpoints."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from domain.decode import decode
from domain.directory import (
    KEY_PREFIX,
    ApiKey,
    App,
    AppSettings,
    DisplayName,
    Reply,
    SettingsPatch,
    changed_settings,
    check_settings,
    patched,
)
from domain.errors import Refused
from domain.metadata import check_metadata, merge_metadata
from gateway.origins import base_url
from gateway.sc import paging
from gateway.sc.operations import EMPTY, Call, json_reply
from gateway.sc.views import app_view, key_view

_SECRET_BYTES = 64


class _AppCreate(msgspec.Struct, rename="camel"):
    display_name: DisplayName
    settings: SettingsPatch | None = None
    metadata: Any = None


class _AppUpdate(msgspec.Struct, rename="camel"):
    display_name: DisplayName | UnsetType = UNSET
    settings: SettingsPatch | UnsetType | None = UNSET
    metadata: Any = UNSET


class _KeyCreate(msgspec.Struct, rename="camel"):
    display_name: DisplayName


_create_body = msgspec.json.Decoder(_AppCreate)
_update_body = msgspec.json.Decoder(_AppUpdate)
_key_body = msgspec.json.Decoder(_KeyCreate)


async def create_app(call: Call) -> Reply:
    body = decode(_create_body, call.body, "")
    settings = check_settings(patched(AppSettings(), body.settings or SettingsPatch()))
    app = App(call.services.router.new_id(), body.display_name, settings, check_metadata(body.metadata, "metadata"))
    await call.services.directory.create_app(app)
    call.services.lookups.forget_app(app.id)
    return json_reply({"app": app_view(app)}, 201)


async def list_apps(call: Call) -> Reply:
    query = call.request.query
    page = paging.parse_page(query)
    found = await call.services.directory.list_apps(page.after, page.before, page.size + 1)
    shown, around = paging.cut(found, page, lambda app: app.id)
    return json_reply({"apps": [app_view(app) for app in shown], **paging.around(around, own_url(call), query)})


async def get_app(call: Call) -> Reply:
    return json_reply({"app": app_view(call.app, _subdomain(call))})


async def update_app(call: Call) -> Reply:
    body = decode(_update_body, call.body, "")

    def change(app: App) -> App:
        settings = changed_settings(app.settings, body.settings) if isinstance(body.settings, SettingsPatch) else app.settings
        metadata = app.metadata if body.metadata is UNSET else merge_metadata(app.metadata, body.metadata)
        return replace(patched(app, _Name(body.display_name)), settings=settings, metadata=metadata)

    app = await call.services.directory.change_app(call.app.id, change)
    call.services.lookups.forget_app(call.app.id)
    if app is None:
        raise Refused("app_not_found", "App not found")
    return json_reply({"app": app_view(app)})


class _Name(msgspec.Struct):
    display_name: str | UnsetType


async def delete_app(call: Call) -> Reply:
    services = call.services
    keys = await services.directory.list_keys(call.app.id)
    if services.attachments is not None:  # first, since the rows that know of the files go with the app
        await services.attachments.files.delete_app(call.app.id)
    await services.directory.delete_app(call.app.id)
    services.lookups.forget_app(call.app.id)
    for key in keys:
        services.lookups.forget_key(key.id)
    return EMPTY


async def create_key(call: Call) -> Reply:
    body = decode(_key_body, call.body, "")
    identifier = KEY_PREFIX["app"] + call.services.router.new_id()
    key = ApiKey(identifier, secrets.token_urlsafe(_SECRET_BYTES), body.display_name, "app", call.app.id)
    await call.services.directory.create_key(key)
    call.services.lookups.forget_key(key.id)
    return json_reply({"key": key_view(key)}, 201)


async def list_keys(call: Call) -> Reply:
    return json_reply({"keys": [key_view(key) for key in await call.services.directory.list_keys(call.app.id)]})


async def get_key(call: Call) -> Reply:
    return json_reply({"key": key_view(await _key(call))})


async def delete_key(call: Call) -> Reply:
    key = await _key(call)
    await call.services.directory.delete_key(key.id)
    call.services.lookups.forget_key(key.id)
    return EMPTY


async def get_token_info(call: Call) -> Reply:
    """The app of the caller's key. A key of the account has none."""
    app = await call.services.lookups.app(call.principal.app_id or "")
    if app is None:
        raise Refused("app_not_found", "The API key is not one of an app")
    return json_reply({"app": app_view(app, _subdomain(call))})


def own_url(call: Call) -> str:
    return base_url(call.request) + call.request.rel_url.raw_path


async def _key(call: Call) -> ApiKey:
    key = await call.services.lookups.key(call.request.match_info["keyId"])
    if key is None or key.app_id != call.app.id or key.scope != "app":
        raise Refused("key_not_found", "Key not found")
    return key


def _subdomain(call: Call) -> str | None:
    """The first label of our host's name, which is what tells installations apart."""
    host = urlsplit(base_url(call.request)).hostname or ""
    return host.partition(".")[0] if not host.replace(".", "").isdigit() and ":" not in host else "localhost"
