"""Who is at the other end of a stream, and the tokens by which they prove it.

Never decides what an API key may do: that is `auth`. Tokens are 256 random bits; only their keyed hash is kept.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

import msgspec

from domain.conversation import events as ev
from domain.directory import Account, App, Session, SessionKind, User, friendly_name
from domain.errors import Refused
from gateway.lookups import Lookups
from storage.sql.directory import Directory

VISITOR_TTL_S = 365 * 86_400
AGENT_TTL_S = 30 * 86_400
PROGRAM_TTL_S = 86_400


class Identity(msgspec.Struct, frozen=True):
    """Who a token stands for, with what is needed to act for them."""

    kind: SessionKind
    app: App
    sender: str
    """The name under which commands are sent and remembered."""
    author: ev.Author
    source: ev.Source
    token_hash: bytes
    expires_ms: int
    user: User | None = None
    account: Account | None = None

    @property
    def subject(self) -> str:
        """The id of the user, the account or the key."""
        return self.sender.partition(":")[2]

    @property
    def sees_internal(self) -> bool:
        """Whether internal notes are shown."""
        return self.user is None


class Tokens:
    """Makes and resolves the tokens of streams."""

    def __init__(self, directory: Directory, lookups: Lookups, secret: bytes) -> None:
        self._directory, self._lookups, self._secret = directory, lookups, secret

    def hashed(self, token: str) -> bytes:
        return blake2b(token.encode(), digest_size=32, key=self._secret).digest()

    async def create(self, now_ms: int, kind: SessionKind, ttl_s: int, **subject: str | None) -> str:
        """A new token for a visitor, an agent or a program."""
        token = f"{kind}_{secrets.token_urlsafe(32)}"
        session = Session(self.hashed(token), kind, now_ms, now_ms + ttl_s * 1000, **subject)  # type: ignore[arg-type]
        await self._directory.create_session(session)
        return token

    async def session(self, token: str, now_ms: int) -> Session:
        """The session of a token. Raises `Refused` (`unauthorized`) for one that is unknown, expired or revoked."""
        found = await self._directory.find_session(self.hashed(token))
        if found is None or not found.is_valid(now_ms):
            raise Refused("unauthorized", "The token is not valid")
        return found

    async def revoke(self, token: str) -> None:
        await self._directory.revoke_session(self.hashed(token))

    async def identity(self, token: str, kinds: tuple[SessionKind, ...], now_ms: int) -> Identity:
        """Who a token stands for, if it is of one of `kinds`. Raises `Refused` (`unauthorized`)."""
        session = await self.session(token, now_ms)
        app = await self._lookups.app(session.app_id or "")
        if session.kind not in kinds or app is None:
            raise Refused("unauthorized", "The token is not valid")
        match session.kind:
            case "visitor":
                return await self._visitor(session, app)
            case "agent":
                return await self._agent(session, app)
            case "program":
                return await self._program(session, app)

    async def _visitor(self, session: Session, app: App) -> Identity:
        user = await self._directory.get_user(app.id, session.user_id or "")
        channel = None if session.integration_id is None else await self._lookups.integration(session.integration_id)
        if user is None or user.suspended or (channel is None and session.integration_id is not None):
            raise Refused("unauthorized", "The token is not valid")
        name = friendly_name(user, app.settings.use_animal_names)
        author = ev.Author("user", user_id=user.id, display_name=name, avatar_url=user.profile.avatar_url)
        source = ev.Source("web", session.integration_id)
        return Identity("visitor", app, f"user:{user.id}", author, source, session.token_hash, session.expires_ms, user=user)

    async def _agent(self, session: Session, app: App) -> Identity:
        account = await self._directory.get_account(session.account_id or "")
        if account is None or account.suspended:
            raise Refused("unauthorized", "The token is not valid")
        author = ev.Author("business", ("agent",), None, account.display_name, account.avatar_url, account.id)
        return Identity(
            "agent", app, f"agent:{account.id}", author, ev.Source("agent"), session.token_hash, session.expires_ms, account=account
        )

    async def _program(self, session: Session, app: App) -> Identity:
        key = await self._lookups.key(session.key_id or "")
        if key is None:
            raise Refused("unauthorized", "The token is not valid")
        author = ev.Author("business", ("bot",), None, key.display_name)
        source = ev.Source("api", session.integration_id)
        return Identity("program", app, f"key:{key.id}", author, source, session.token_hash, session.expires_ms)
