"""API calls of bots: a `Call` is sent, again if need be, and becomes the `Called` that its bot waits for.

All tries of one call, also those after a crash, carry one idempotency key. Secrets are filled in here, at the last moment, and are
neither logged nor stored with the call.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from hashlib import blake2b
from typing import Any

import msgspec
import structlog

from domain.bot.commands import Called, encode
from domain.bot.effects import Call
from domain.errors import Invalid, Refused
from gateway.outward import paths
from gateway.outward.breaker import Breakers
from gateway.outward.client import Outward
from gateway.outward.requests import Answer, Failed, Request, host_of
from gateway.outward.retries import MAX_RETRIES, asked_s, delay_s, is_passing
from storage.ports import EffectRow

log = structlog.get_logger(__name__)

KEY_HEADER = "Idempotency-Key"
MAX_VALUE_BYTES = 4_096
MAX_VALUES = 50
_LARGEST_INT = 2**53

Secrets = Callable[[str], Awaitable[Mapping[str, str]]]
"""The secrets of an app, by name."""

_PLACEHOLDER = re.compile(r"\{\{\s*secret\.([A-Za-z][A-Za-z0-9_]{0,63})\s*\}\}")
_encode = msgspec.json.Encoder().encode
_pack = msgspec.msgpack.Encoder().encode
_call = msgspec.msgpack.Decoder(Call).decode
Scalar = str | int | float | bool | None


class Caller:
    """Performs calls. `sleep` and `chance` (0 to 1) are given so that tests need neither wait nor hope."""

    def __init__(
        self,
        outward: Outward,
        secrets: Secrets,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outward, self._secrets = outward, secrets
        self._sleep, self._chance, self._clock = sleep, chance, clock
        self._breakers = Breakers()

    async def perform(self, call: Call, app_id: str, effect_id: int) -> Called:
        """Never raises for what the call or the other side did wrong: `Called.error` says it."""
        try:
            ways = {name: paths.parse(path) for name, path in list(call.paths.items())[:MAX_VALUES]}
            request = await self._request(call, app_id, effect_id)
            answer = await self._tried(request, app_id, min(max(0, call.retries), MAX_RETRIES))
        except Refused as refused:
            return self._ended(call, refused.code)
        except Failed as failed:
            return self._ended(call, failed.reason)
        if not 200 <= answer.status < 300:
            return self._ended(call, "status", answer.status)
        values = values_in(answer, ways) if ways else {}
        if values is None:
            return self._ended(call, "not_json", answer.status)
        return Called(call.n, answer.status, values)

    async def perform_effect(self, effect: EffectRow) -> bytes:
        """The performer of the target `http`: what the bot is told. Raises Unavailable when the secrets cannot be read now."""
        return encode(await self.perform(_call(effect.payload), effect.actor.app, effect.id))

    async def _request(self, call: Call, app_id: str, effect_id: int) -> Request:
        """Raises Refused: a secret that is not there, or one where anybody could read it."""
        if _PLACEHOLDER.search(call.url):
            raise Invalid("url", "must not hold a secret: addresses are logged everywhere")
        texts = [*call.headers.values(), call.body or ""]
        known = await self._secrets(app_id) if any("{{" in text for text in texts) else {}
        kept = {name.lower() for name in call.headers}
        headers = {name: filled(value, known) for name, value in call.headers.items() if name.lower() != KEY_HEADER.lower()}
        headers[KEY_HEADER] = key_of(call, app_id, effect_id)
        if "accept" not in kept:
            headers["Accept"] = "application/json"
        body = None
        if call.body is not None:
            body = filled(call.body, known, json=_is_json(call)).encode()
            if "content-type" not in kept:
                headers["Content-Type"] = "application/json" if _is_json(call) else "text/plain; charset=utf-8"
        return Request(call.method, call.url, headers, body, call.timeout_s)

    async def _tried(self, request: Request, app_id: str, retries: int) -> Answer:
        host = (app_id, host_of(request.url))
        for attempt in range(retries + 1):
            is_last = attempt == retries
            if not self._breakers.may_pass(host, self._clock()):
                raise Failed("circuit_open")
            wait_s: float | None = 0.0
            try:
                answer = await self._outward.send(request)
            except Failed as failed:
                self._breakers.failed(host, self._clock())
                if is_last or failed.reason not in ("timeout", "connection"):
                    raise
            else:
                self._note(host, answer)
                wait_s = asked_s(answer)
                if is_last or not is_passing(answer.status) or wait_s is None:
                    return answer
            await self._sleep(max(wait_s or 0.0, delay_s(attempt, self._chance())))
        raise AssertionError("the last try returns or raises")

    def _note(self, host: Any, answer: Answer) -> None:
        if answer.status >= 500:
            self._breakers.failed(host, self._clock())
        else:
            self._breakers.passed(host)

    def _ended(self, call: Call, error: str, status: int = 0) -> Called:
        log.info("call_failed", method=call.method, host=host_of(call.url), error=error, status=status)
        return Called(call.n, status, error=error)


def key_of(call: Call, app_id: str, effect_id: int) -> str:
    """The same for all tries of one effect. The call is part of it: after a restored backup ids of effects are given anew."""
    return blake2b(f"{app_id}/{effect_id}/".encode() + _pack(call), digest_size=16).hexdigest()


def filled(text: str, known: Mapping[str, str], json: bool = False) -> str:
    """With its secrets; in JSON as the inside of a string. Raises Refused (`not_found`) naming the secret, never a value."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name not in known:
            raise Refused("secret_not_found", f"There is no secret {name}")
        return _encode(known[name]).decode()[1:-1] if json else known[name]

    return _PLACEHOLDER.sub(value, text)


def values_in(answer: Answer, ways: Mapping[str, tuple[str | int, ...]]) -> dict[str, Scalar] | None:
    """What the paths find. Only small scalars become values: anything else is None. None altogether: the answer is not JSON."""
    try:
        document = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return None
    return {name: _scalar(paths.find(document, steps)) for name, steps in ways.items()}


def _scalar(value: Any) -> Scalar:
    match value:
        case bool() | float():
            return value
        case int():
            return value if abs(value) < _LARGEST_INT else str(value)
        case str():
            return value if len(value.encode(errors="replace")) <= MAX_VALUE_BYTES else None
    return None


def _is_json(call: Call) -> bool:
    """By its header; without one, by how the body begins."""
    for name, value in call.headers.items():
        if name.lower() == "content-type":
            return "json" in value.lower()
    return call.body is not None and call.body.lstrip()[:1] in ("{", "[")
