"""The first run on an empty database: one app, its keys, a web integration, an admin and an agent. Writes no file."""

from __future__ import annotations

import secrets as random
from collections.abc import Callable

import msgspec

from domain.directory import KEY_PREFIX, Account, ApiKey, App, Integration, Role, Scope
from storage.passwords import hash_password
from storage.sql.directory import Directory

_SECRET_BYTES = 64
_PASSWORD_BYTES = 18


class Login(msgspec.Struct, frozen=True):
    email: str
    password: str


class Credentials(msgspec.Struct, frozen=True):
    """What `credentials.json` holds besides the address, field by field in its names."""

    app_id: str
    key_id: str
    secret: str
    account_key_id: str
    account_secret: str
    web_integration_id: str
    admin: Login
    agent: Login


def new_key(new_id: Callable[[], str], display_name: str, scope: Scope, app_id: str | None = None) -> ApiKey:
    """A key with a fresh id and a random secret."""
    return ApiKey(KEY_PREFIX[scope] + new_id(), random.token_urlsafe(_SECRET_BYTES), display_name, scope, app_id)


async def bootstrap(directory: Directory, new_id: Callable[[], str]) -> Credentials | None:
    """Fill an empty directory, all or nothing, and tell the secrets that were drawn; None when it is not empty."""
    if not await directory.is_empty():
        return None
    app = App(new_id(), "Causerie")
    key = new_key(new_id, "First key", "app", app.id)
    owner = new_key(new_id, "Owner's key", "account")
    web = Integration(app.id, new_id(), "web", display_name="Web")
    admin, agent = _login("admin"), _login("agent")
    people = [_account(new_id, admin, "admin", "Admin"), _account(new_id, agent, "agent", "Agent")]
    if not await directory.create_all(app, [key, owner], web, people):
        return None
    return Credentials(app.id, key.id, key.secret, owner.id, owner.secret, web.id, admin, agent)


def _login(name: str) -> Login:
    return Login(f"{name}@causerie.localhost", random.token_urlsafe(_PASSWORD_BYTES))


def _account(new_id: Callable[[], str], login: Login, role: Role, display_name: str) -> Account:
    return Account(new_id(), login.email, hash_password(login.password), role, display_name)
