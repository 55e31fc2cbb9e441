"""Operations on the secrets of API calls. A value comes in and is never told again: there is no way back out."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from msgspec import Meta

from domain.directory import Reply
from domain.errors import Invalid, Refused
from gateway.bot.operations import Call
from gateway.bot.views import secret_view
from gateway.sc.operations import EMPTY, json_reply
from storage.sql.bots_rows import SecretName

MAX_VALUE = 4_096

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")


class SecretBody(msgspec.Struct):
    value: Annotated[str, Meta(min_length=1, max_length=MAX_VALUE)]

    def __repr__(self) -> str:
        return "SecretBody()"


_secret_body = msgspec.json.Decoder(SecretBody)


async def list_secrets(call: Call) -> Reply:
    return json_reply({"secrets": [secret_view(one) for one in await call.bots.list_secrets(call.app.id)]})


async def put_secret(call: Call) -> Reply:
    name = call.part("name")
    if not _NAME.match(name):
        raise Invalid("name", "must be a letter and then letters, digits or _, 64 at most")
    value = call.decoded(_secret_body).value
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        raise Invalid("value", "must be one line")
    now_ms = call.now_ms()
    await call.bots.put_secret(call.app.id, name, value, now_ms, call.by)
    return json_reply({"secret": secret_view(SecretName(name, now_ms, call.by))})


async def delete_secret(call: Call) -> Reply:
    name = call.part("name")
    if not _NAME.match(name) or not await call.bots.delete_secret(call.app.id, name):
        raise Refused("secret_not_found", f"There is no secret {name[:64]}")
    return EMPTY
