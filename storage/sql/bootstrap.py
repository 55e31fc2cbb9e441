"""The first run on an empty database: one app, its keys, a web integration, a switchboard, an admin and an agent. Writes no file."""

from __future__ import annotations

import secrets as random
from collections.abc import Callable

import msgspec

from domain.directory import KEY_PREFIX, Account, ApiKey, App, Integration, Role, Scope
from domain.switchboard import AGENTS_TYPE, BOT_TYPE
from domain.switchboard_rows import first_board
from storage.passwords import hash_password
from storage.sql.directory import Directory

_SECRET_BYTES = 64
_PASSWORD_BYTES = 18


class Login(msgspec.Struct, frozen=True):
    """`password` is None where nobody can tell it any more: only its hash is kept."""

    email: str
    password: str | None


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
    words = [random.token_urlsafe(_PASSWORD_BYTES) for _ in range(2)]
    admin, agent = _login("admin", words[0]), _login("agent", words[1])
    people = [_account(new_id, admin, "admin", "Admin", words[0]), _account(new_id, agent, "agent", "Agent", words[1])]
    bot, workspace = (Integration(app.id, new_id(), kind) for kind in (BOT_TYPE, AGENTS_TYPE))
    board = first_board(app.id, [new_id() for _ in range(3)], (bot.id, workspace.id))
    if not await directory.create_all(app, [key, owner], [web, bot, workspace], people, board):
        return None
    return Credentials(app.id, key.id, key.secret, owner.id, owner.secret, web.id, admin, agent)


async def present(directory: Directory) -> Credentials | None:
    """The same of an installation that exists, for another server that joins it: its oldest app, key of each scope, web integration
    and accounts. None when one of them is missing."""
    apps = await directory.list_apps("", "", 1)
    if not apps:
        return None
    keys = [key for key in await directory.list_keys(apps[0].id) if key.scope == "app"]
    owners = await directory.list_account_keys()
    webs = [one for one in await directory.list_integrations(apps[0].id) if one.type == "web"]
    people = await directory.list_accounts()
    admins, agents = ([one for one in people if one.role == role] for role in ("admin", "agent"))
    if not (keys and owners and webs and admins and agents):
        return None
    key, owner, admin, agent = keys[0], owners[0], Login(admins[0].email, None), Login(agents[0].email, None)
    return Credentials(apps[0].id, key.id, key.secret, owner.id, owner.secret, webs[0].id, admin, agent)


def _login(name: str, password: str) -> Login:
    return Login(f"{name}@causerie.localhost", password)


def _account(new_id: Callable[[], str], login: Login, role: Role, display_name: str, password: str) -> Account:
    return Account(new_id(), login.email, hash_password(password), role, display_name)
