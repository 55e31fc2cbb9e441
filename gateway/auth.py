"""Who sends a request of the API: an API key by Basic authentication, or a JWT that one has signed.

Source: the API contract, "Authentication". Visitors and agents are no callers of the API; their tokens are not read here.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from typing import Any

import jwt
import msgspec

from domain.directory import ApiKey, Scope
from domain.errors import Refused
from gateway.cache import Cache, Clock
from gateway.lookups import Lookups

#: Longer ones are not looked at: headers are bounded by the server anyway, this bounds the work.
MAX_CREDENTIALS = 8192

_JWT_OPTIONS: Any = {"verify_aud": False, "verify_iat": False, "verify_sub": False, "verify_jti": False, "verify_iss": False}


class Principal(msgspec.Struct, frozen=True):
    """Whose rights a request has. `app_id` is None for a key of the account, which may act in every app."""

    scope: Scope
    key_id: str
    app_id: str | None = None
    integration_id: str | None = None

    @property
    def sender(self) -> str:
        """The name under which commands are sent and remembered."""
        return f"key:{self.key_id}"


class Authenticator:
    """Checks credentials against the directory's keys."""

    def __init__(self, lookups: Lookups, clock: Clock = time.monotonic) -> None:
        self._lookups = lookups
        self._tokens: Cache[str, tuple[Principal, float]] = Cache(clock, capacity=1_000)

    async def principal(self, authorization: str | None) -> Principal:
        """The owner of an `Authorization` header. Raises Refused (`unauthorized`); why is nobody's business."""
        if not authorization:
            raise Refused("unauthorized", "Authorization is required")
        kind, _, credentials = authorization.partition(" ")
        credentials = credentials.strip()
        if len(credentials) <= MAX_CREDENTIALS:
            match kind.lower():
                case "basic":
                    return await self._by_basic(credentials)
                case "bearer":
                    return await self._by_jwt(credentials)
        raise _invalid()

    async def _by_basic(self, credentials: str) -> Principal:
        try:
            key_id, separator, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            raise _invalid() from None
        key = await self._lookups.key(key_id)
        # Compared also when there is no such key, so that the time does not tell.
        given, expected = secret.encode(), (key.secret if key is not None else "").encode()
        if not hmac.compare_digest(given, expected) or key is None or not separator or not key.secret:
            raise _invalid()
        return _owner(key)

    async def _by_jwt(self, token: str) -> Principal:
        principal, expires_s = await self._tokens.get(token, lambda: self._verified(token))
        if time.time() >= expires_s:
            raise _invalid()
        # A key that was deleted in this process a moment ago takes its tokens along.
        if await self._lookups.key(principal.key_id) is None:
            raise _invalid()
        return principal

    async def _verified(self, token: str) -> tuple[Principal, float]:
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
            key = await self._lookups.key(key_id) if isinstance(key_id, str) else None
            if key is None:
                raise _invalid()
            claims = jwt.decode(token, key.secret, algorithms=["HS256"], options=_JWT_OPTIONS)
        except jwt.PyJWTError:
            raise _invalid() from None
        if claims.get("scope") != key.scope:
            raise _invalid()
        return _owner(key), float(claims.get("exp", "inf"))


def _owner(key: ApiKey) -> Principal:
    return Principal(key.scope, key.id, key.app_id, key.integration_id)


def _invalid() -> Refused:
    return Refused("unauthorized", "Invalid credentials")
