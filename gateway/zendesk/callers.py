"""Who calls `/api/v2`, for which app, and what they may read and write.

Basic authentication by `<agent's e-mail>/token:<API token>`, where the token is the secret of a key of the account or of the app; by
`<agent's e-mail>:<password>`; by a key's id and secret. Bearer: a session token of an agent or a visitor, a program's, or a JWT that
a key has signed. Nobody at all may read what everybody may.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from hashlib import blake2b
from typing import Literal

import msgspec
from aiohttp import hdrs, web

from domain.directory import Account, ApiKey, App, User
from domain.errors import Refused
from domain.help.model import Audience
from domain.ids import ID
from gateway.auth import MAX_CREDENTIALS, Authenticator
from gateway.cache import Cache
from gateway.identity import Tokens
from gateway.limits import ADDRESS, Limits
from gateway.lookups import Lookups
from storage.passwords import NOBODY, is_password
from storage.sql.directory import Directory
from storage.sql.tokens import ApiTokens

PASSWORDS_KEPT_S = 60.0
"""A password that was right is not hashed again for so long; a new one counts at once, since the old hash is part of what is kept."""

_SESSIONS = ("agent_", "visitor_", "program_")


class Caller(msgspec.Struct, frozen=True):
    """`app_id` is None for who may act in every app. `name` is that of their rates and votes."""

    kind: Literal["nobody", "visitor", "agent", "key"]
    name: str
    app_id: str | None = None
    account: Account | None = None
    user: User | None = None

    @property
    def audience(self) -> Audience:
        if self.kind == "nobody":
            return Audience.EVERYONE
        return Audience.SIGNED_IN if self.kind == "visitor" else Audience.AGENTS

    @property
    def writes(self) -> bool:
        return self.kind in ("agent", "key")

    @property
    def administers(self) -> bool:
        """Keys do what admins do, unless they are used in the name of an agent."""
        return self.kind == "key" or (self.account is not None and self.account.role == "admin")

    @property
    def is_of_every_app(self) -> bool:
        """Whether they may change what other apps have too: not by an app's key, whoever is named with it."""
        own = self.account is not None and self.account.app_id is None and self.name == f"agent:{self.account.id}"
        return self.app_id is None or own

    @property
    def author_id(self) -> str | None:
        """Whose name stands under what they write."""
        return self.account.id if self.account else None


class Callers:
    """Finds out who calls. Raises Refused (`unauthorized`); why is nobody's business."""

    def __init__(
        self, directory: Directory, lookups: Lookups, tokens: Tokens, api_tokens: ApiTokens, authenticator: Authenticator, limits: Limits
    ) -> None:
        self._directory, self._lookups, self._tokens, self._api_tokens = directory, lookups, tokens, api_tokens
        self._authenticator, self._limits = authenticator, limits
        self._accounts: Cache[str, Account | None] = Cache(time.monotonic)
        self._keys: Cache[str, ApiKey | None] = Cache(time.monotonic)
        self._right: Cache[bytes, bool] = Cache(time.monotonic, PASSWORDS_KEPT_S, capacity=1_000)

    async def caller(self, request: web.Request, now_ms: int) -> Caller:
        authorization = request.headers.get(hdrs.AUTHORIZATION)
        if not authorization:
            return Caller("nobody", f"address:{request.get(ADDRESS, '')}")
        try:
            found = await self._known(authorization, now_ms)
        except Refused:
            self._limits.check(self._limits.logins, request[ADDRESS])
            raise
        self._limits.check(self._limits.keys, found.name)
        return found

    async def _known(self, authorization: str, now_ms: int) -> Caller:
        kind, _, credentials = authorization.partition(" ")
        credentials = credentials.strip()
        if len(credentials) > MAX_CREDENTIALS:
            raise _unauthorized()
        if kind.lower() == "bearer" and credentials.startswith(_SESSIONS):
            return await self._by_session(credentials, now_ms)
        if kind.lower() == "basic":
            name, _, secret = _decoded(credentials).partition(":")
            if name.endswith("/token"):
                return await self._by_token(name.removesuffix("/token"), secret)
            if "@" in name:
                return await self._by_password(name, secret)
        principal = await self._authenticator.principal(authorization)
        if principal.scope == "integration":
            raise Refused("forbidden", "This needs an API key of another scope")
        return Caller("key", principal.sender, principal.app_id)

    async def _by_session(self, token: str, now_ms: int) -> Caller:
        who = await self._tokens.identity(token, ("agent", "visitor", "program"), now_ms)
        if who.kind == "visitor":
            return Caller("visitor", who.sender, who.app.id, user=who.user)
        return Caller("agent" if who.kind == "agent" else "key", who.sender, who.app.id, account=who.account)

    async def _by_token(self, email: str, token: str) -> Caller:
        account = await self._account(email)
        hashed = blake2b(token.encode(), digest_size=32).hexdigest()  # the cache keeps no secrets
        key = await self._keys.get(hashed, lambda: self._api_tokens.key(token))
        if account is None or key is None:
            raise _unauthorized()
        if None not in (account.app_id, key.app_id) and account.app_id != key.app_id:
            raise _unauthorized()
        return Caller("agent", f"key:{key.id}", key.app_id or account.app_id, account)

    async def _by_password(self, email: str, password: str) -> Caller:
        account = await self._account(email)
        known = NOBODY if account is None else account.password_hash
        name = blake2b(f"{known}\0{password}".encode(), digest_size=32).digest()

        async def check() -> bool:
            return await asyncio.to_thread(is_password, known, password)

        if not await self._right.get(name, check) or account is None:
            raise _unauthorized()
        return Caller("agent", f"agent:{account.id}", account.app_id, account)

    async def _account(self, email: str) -> Account | None:
        address = email.lower()
        if len(address) > 320 or "\0" in address:
            return None
        found = await self._accounts.get(address, lambda: self._directory.account_by_email(address))
        return None if found is None or found.suspended else found

    def forget(self, account: Account) -> None:
        """An account has changed, or is gone."""
        self._accounts.forget(account.email)

    async def app(self, request: web.Request, caller: Caller) -> App:
        """The app that is meant: the caller's own, `?app_id=`, or the only one. Raises Refused."""
        wanted = request.query.get("app_id")
        if wanted is not None and (not ID.match(wanted) or caller.app_id not in (None, wanted)):
            raise Refused("app_not_found", "App not found")
        app_id = caller.app_id or wanted
        if app_id is None:
            found = await self._directory.list_apps("", "", 2)
            if len(found) != 1:
                raise Refused("bad_request", "Name the app by app_id: there is not just one")
            app_id = found[0].id
        app = await self._lookups.app(app_id)
        if app is None:
            raise Refused("app_not_found", "App not found")
        return app


def _decoded(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, ValueError):
        raise _unauthorized() from None


def _unauthorized() -> Refused:
    return Refused("unauthorized", "Invalid credentials")
