"""The directory's values as rows and back. Never runs a statement."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Row

from domain.directory import About, Account, ApiKey, App, AppSettings, Identity, Integration, Profile, Session, User
from domain.integrations import SETTINGS, ChannelSettings, Settings
from domain.metadata import Metadata

Values = dict[str, Any]

_encode = msgspec.json.Encoder().encode
_settings = msgspec.json.Decoder(AppSettings)
_metadata = msgspec.json.Decoder(Metadata)
_profile = msgspec.json.Decoder(Profile)
_about = msgspec.json.Decoder(About)
_identities = msgspec.json.Decoder(tuple[Identity, ...])
_channel: msgspec.json.Decoder[Settings] = msgspec.json.Decoder(ChannelSettings)
_of_types: dict[str, msgspec.json.Decoder[Settings]] = {kind: msgspec.json.Decoder(of) for kind, of in SETTINGS.items()}
_words = msgspec.json.Decoder(tuple[str, ...])


def of_app(app: App) -> Values:
    return {"id": app.id, "display_name": app.display_name, "settings": _encode(app.settings), "metadata": _encode(app.metadata)}


def to_app(row: Row[Any]) -> App:
    return App(row.id, row.display_name, _settings.decode(row.settings), _metadata.decode(row.metadata))


def of_key(key: ApiKey) -> Values:
    return msgspec.structs.asdict(key)


def to_key(row: Row[Any]) -> ApiKey:
    return ApiKey(row.id, row.secret, row.display_name, row.scope, row.app_id, row.integration_id)


def of_user(user: User) -> Values:
    values = msgspec.structs.asdict(user)
    return values | {name: _encode(values[name]) for name in ("profile", "metadata", "identities", "about")}


def to_user(row: Row[Any]) -> User:
    return User(
        row.app_id,
        row.id,
        row.default_conversation_id,
        row.external_id,
        _profile.decode(row.profile),
        _metadata.decode(row.metadata),
        row.authenticated,
        row.signed_up_ms,
        row.to_be_retained,
        row.zendesk_id,
        row.brand_id,
        _identities.decode(row.identities),
        getattr(row, "suspended", False),  # a migration reads rows of the time before
        About() if getattr(row, "about", None) is None else _about.decode(row.about),
    )


def of_identities(user: User) -> list[Values]:
    """The rows by which a user is found; an address is found whatever its case."""
    found = {(identity.type, identity.value.lower()) for identity in user.identities}
    return [{"app_id": user.app_id, "type": kind, "value": value, "user_id": user.id} for kind, value in sorted(found)]


def of_integration(one: Integration) -> Values:
    return msgspec.structs.asdict(one) | {"settings": _encode(one.settings)}


def to_integration(row: Row[Any]) -> Integration:
    return Integration(row.app_id, row.id, row.type, row.status, row.display_name, to_settings(row.type, row.settings))


def to_settings(kind: str, stored: bytes) -> Settings:
    """An integration's settings, by its type."""
    return _of_types.get(kind, _channel).decode(stored)


def of_account(account: Account) -> Values:
    return msgspec.structs.asdict(account) | {"email": account.email.lower()}


def to_account(row: Row[Any]) -> Account:
    return Account(row.id, row.email, row.password_hash, row.role, row.display_name, row.app_id, row.avatar_url, row.suspended)


def of_session(session: Session) -> Values:
    return msgspec.structs.asdict(session) | {"rights": _encode(session.rights)}


def to_session(row: Row[Any]) -> Session:
    return Session(
        row.token_hash,
        row.kind,
        row.created_ms,
        row.expires_ms,
        row.app_id,
        row.user_id,
        row.account_id,
        row.key_id,
        row.integration_id,
        _words.decode(row.rights),
        row.revoked,
    )
