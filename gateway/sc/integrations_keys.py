"""Operations on the keys of programs. Source: API contract, tag CustomIntegrationApiKeys."""

from __future__ import annotations

import secrets

import msgspec

from domain.decode import decode
from domain.directory import KEY_PREFIX, ApiKey, DisplayName, Integration, Reply
from domain.errors import Refused
from gateway.sc.integrations import named
from gateway.sc.operations import EMPTY, Call, json_reply
from gateway.sc.views import key_view

_SECRET_BYTES = 64


class _KeyCreate(msgspec.Struct, rename="camel"):
    display_name: DisplayName


_key_body = msgspec.json.Decoder(_KeyCreate)


async def create_key(call: Call) -> Reply:
    one = await _program(call)
    body = decode(_key_body, call.body, "")
    identifier = KEY_PREFIX["integration"] + call.services.router.new_id()
    key = ApiKey(identifier, secrets.token_urlsafe(_SECRET_BYTES), body.display_name, "integration", call.app.id, one.id)
    await call.services.directory.create_key(key)
    call.services.lookups.forget_key(key.id)
    return json_reply({"key": key_view(key)}, 201)


async def list_keys(call: Call) -> Reply:
    one = await _program(call)
    return json_reply({"keys": [key_view(key) for key in await call.services.directory.integrations.list_keys(call.app.id, one.id)]})


async def get_key(call: Call) -> Reply:
    return json_reply({"key": key_view(await _key(call))})


async def delete_key(call: Call) -> Reply:
    """The streams that were opened with it end within seconds."""
    key = await _key(call)
    await call.services.directory.delete_key(key.id)
    call.services.lookups.forget_key(key.id)
    return EMPTY


async def _program(call: Call) -> Integration:
    one = await named(call)
    if one.type != "custom":
        raise Refused("bad_request", "API keys are available only for custom integrations")
    return one


async def _key(call: Call) -> ApiKey:
    one = await _program(call)
    key = await call.services.lookups.key(call.request.match_info["keyId"])
    if key is None or key.app_id != call.app.id or key.integration_id != one.id:
        raise Refused("key_not_found", "Key not found")
    return key
