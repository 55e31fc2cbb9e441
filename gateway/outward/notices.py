"""Performs what tickets' rules send out: webhooks by the client that cannot be led inward, e-mails by the mailer.

All tries of one firing, also those after a crash, carry one key: it is made of the effect's id, which is given once.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from hashlib import blake2b

import msgspec
import structlog

from domain.bot.effects import Call
from domain.desk.bodies import Row, WebhookBody
from domain.desk.model import Notice
from domain.errors import Refused, Unavailable
from gateway.outward.calls import Caller
from gateway.outward.mail import Mail, Mailer
from storage.ports import EffectRow

log = structlog.get_logger(__name__)

AGAIN_S = 5.0
_PASSING = frozenset({"timeout", "connection", "circuit_open"})
_TYPES = {"json": "application/json", "xml": "application/xml", "form_encoded": "application/x-www-form-urlencoded"}
_notice = msgspec.msgpack.Decoder(Notice).decode

Find = Callable[[str, int], Awaitable[Row | None]]
"""A webhook of an app by its number, as it is now."""


async def no_secrets(app_id: str) -> Mapping[str, str]:
    """Bodies of rules hold none: what a webhook shows at the door is its own."""
    return {}


class Notices:
    """`mailer` None: this installation sends no e-mail."""

    def __init__(self, caller: Caller, find: Find, mailer: Mailer | None = None) -> None:
        self._caller, self._find, self._mailer = caller, find, mailer

    async def call(self, effect: EffectRow) -> None:
        """The performer of `webhook`. Raises Unavailable: again later; what the other side refuses for good is logged and given up."""
        notice = _notice(effect.payload)
        row = await self._find(effect.actor.app, int(notice.to))
        if row is None or row.body.status != "active":
            raise Refused("not_found", "The webhook is gone, or is not active")
        told = await self._caller.perform(call_of(row.body, notice), effect.actor.app, effect.id)
        if told.error in _PASSING or (told.error == "status" and (told.status >= 500 or told.status == 429)):
            raise Unavailable("unavailable", "The webhook does not answer as it should", AGAIN_S)
        if told.error:
            log.warning("webhook_refused", webhook=row.number, error=told.error, status=told.status)

    async def mail(self, effect: EffectRow) -> None:
        """The performer of `mail`. Raises Unavailable: again later; Refused."""
        if self._mailer is None:
            raise Refused("not_implemented", "This installation sends no e-mail")
        notice = _notice(effect.payload)
        key = blake2b(f"{effect.actor.app}/{effect.id}/".encode() + effect.payload, digest_size=16).hexdigest()
        await self._mailer.send(Mail(notice.to, notice.subject, notice.body, key))


def call_of(webhook: WebhookBody, notice: Notice) -> Call:
    """One try: whoever performs it tries again."""
    headers = {"Content-Type": _TYPES[webhook.request_format], **webhook.custom_headers, **_shown(webhook)}
    body = None if webhook.http_method in ("GET", "DELETE") else notice.body
    return Call(0, webhook.http_method, webhook.endpoint, headers, body, retries=0)


def _shown(webhook: WebhookBody) -> dict[str, str]:
    """What it shows at the door."""
    if webhook.authentication is None:
        return {}
    data = webhook.authentication.data
    match webhook.authentication.type:
        case "bearer_token":
            return {"Authorization": f"Bearer {data.get('token', '')}"}
        case "basic_auth":
            pair = f"{data.get('username', '')}:{data.get('password', '')}"
            return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        case "api_key":
            return {data.get("name", "X-Api-Key"): data.get("value", "")}
