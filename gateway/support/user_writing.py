"""Operations that make and change people. Agents are made and changed by admins; their passwords are set, never mailed.

Source: Zendesk's Support API, Users.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from domain.decode import Email, decode
from domain.directory import About, Account, DisplayName, ExternalId, Locale, Profile, User
from domain.errors import Invalid, Refused
from domain.metadata import merge_metadata
from domain.ticket.changes import tags_of
from gateway.support import departing, users, writing
from gateway.support.scene import person_by_email, scene_of
from gateway.zendesk.operations import Call, answer, nothing
from storage.passwords import hash_password

MIN_PASSWORD, MAX_PASSWORD = 8, 128
_STAFF = ("agent", "admin")


Tag = Annotated[str, Meta(min_length=1, max_length=80)]
Text = Annotated[str, Meta(max_length=4096)]
Short = Annotated[str, Meta(max_length=255)]
MAX_TAGS = 100


class UserBody(msgspec.Struct, frozen=True):
    """A person as a request names them: what is absent stays."""

    name: DisplayName | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET
    role: str | UnsetType | None = UNSET
    external_id: ExternalId | UnsetType | None = UNSET
    locale: Locale | UnsetType | None = UNSET
    user_fields: Any = UNSET
    suspended: bool | UnsetType = UNSET
    organization_id: int | UnsetType | None = UNSET
    tags: list[Tag] | UnsetType = UNSET
    notes: Text | UnsetType | None = UNSET
    details: Text | UnsetType | None = UNSET
    phone: Short | UnsetType | None = UNSET
    alias: Short | UnsetType | None = UNSET


class _User(msgspec.Struct, frozen=True):
    user: UserBody


class PasswordBody(msgspec.Struct, frozen=True):
    password: Annotated[str, Meta(min_length=MIN_PASSWORD, max_length=MAX_PASSWORD)]


_user, _password = msgspec.json.Decoder(_User), msgspec.json.Decoder(PasswordBody)


async def create_user(call: Call) -> web.Response:
    return await _made(call, decode(_user, call.body, "").user)


async def create_or_update(call: Call) -> web.Response:
    """Whoever has the external id or the address is changed; if there is nobody, somebody is made."""
    body = decode(_user, call.body, "").user
    found = await _known(call, body)
    return await _made(call, body) if found is None else await _changed(call, found, body)


async def update_user(call: Call) -> web.Response:
    return await _changed(call, await users.person_of(call), decode(_user, call.body, "").user)


async def set_password(call: Call) -> web.Response:
    """Of an agent; ends the sessions that were opened with the old one."""
    found, password = await users.person_of(call), decode(_password, call.body, "").password
    if not isinstance(found, Account):
        raise Refused("bad_request", "End users have no password")
    _check_own(call, found)
    await call.services.directory.set_password(found.id, await asyncio.to_thread(hash_password, password))
    return nothing()


async def _known(call: Call, body: UserBody) -> users.Person | None:
    if isinstance(body.external_id, str):
        found = await call.services.lookups.user_by_external_id(call.app.id, body.external_id)
        if found is not None:
            return found
    identifier = await person_by_email(scene_of(call), body.email) if isinstance(body.email, str) else None
    if identifier is None:
        return None
    accounts, those, _ = await call.services.rooms.people.named(call.app.id, [identifier])
    return accounts.get(identifier) or those.get(identifier)


async def _made(call: Call, body: UserBody) -> web.Response:
    role = _role(call, body) or "end-user"
    if body.name is UNSET:
        raise Invalid("user.name", "is required")
    made = await (_account(call, body, role) if role in _STAFF else _end_user(call, body))
    await _organize(call, made.id, body)
    return answer({"user": await users.shown(call, made)}, 201)


async def _account(call: Call, body: UserBody, role: str) -> Account:
    """Nobody knows the first password: an admin sets one."""
    if not isinstance(body.email, str):
        raise Invalid("user.email", "is required")
    locked = await asyncio.to_thread(hash_password, secrets.token_urlsafe(32))
    name = body.name if isinstance(body.name, str) else body.email
    email = body.email.lower()
    if await person_by_email(scene_of(call), email) is not None:
        raise Invalid("user.email", f"{email} is being used by another user")
    account = Account(call.services.router.new_id(), email, locked, role, name, call.app.id)  # type: ignore[arg-type]
    await call.services.directory.create_account(account)
    return account


async def _end_user(call: Call, body: UserBody) -> User:
    if isinstance(body.email, str) and await person_by_email(scene_of(call), body.email) is not None:
        raise Invalid("user.email", f"{body.email} is being used by another user")
    router = call.services.router
    blank = User(call.app.id, router.new_id(), router.new_id(), body.external_id or None)
    user = _written(blank, body)
    await call.services.directory.create_user(user)
    call.services.lookups.forget_user(user)
    return user


def _written(user: User, body: UserBody) -> User:
    """The user with what a request says. Raises Invalid."""
    profile = user.profile if body.name is UNSET else writing.named(body.name, user.profile)
    email = profile.email if body.email is UNSET else body.email
    locale = profile.locale if body.locale is UNSET else body.locale
    metadata = user.metadata if body.user_fields is UNSET else merge_metadata(user.metadata, body.user_fields)
    suspended = user.suspended if body.suspended is UNSET else body.suspended
    profile = Profile(profile.given_name, profile.surname, email, profile.avatar_url, locale)
    return replace(user, profile=profile, metadata=metadata, suspended=suspended, about=_about(user.about, body))


def _about(about: About, body: UserBody) -> About:
    """What agents keep of a person. Raises Invalid."""
    texts = {name: given or None for name in ("notes", "details", "phone", "alias") if (given := getattr(body, name)) is not UNSET}
    tags = about.tags if body.tags is UNSET else tuple(tags_of(body.tags))
    if len(tags) > MAX_TAGS:
        raise Invalid("user.tags", f"are at most {MAX_TAGS}")
    return replace(about, tags=tags, **texts)


async def _changed(call: Call, found: users.Person, body: UserBody) -> web.Response:
    role = _role(call, body, found)
    if isinstance(found, Account):
        return await _changed_account(call, found, body, role)
    if role in _STAFF:
        raise Refused("bad_request", "An end user cannot become an agent: make an agent")
    if body.external_id not in (UNSET, None, found.external_id) and found.external_id is not None:
        raise Invalid("user.external_id", "cannot be changed")

    def change(user: User) -> User:
        return replace(_written(user, body), external_id=user.external_id or body.external_id or None)

    user = await call.services.directory.change_user(call.app.id, found.id, change)
    call.services.lookups.forget_user(found)
    if user is None:
        raise Refused("not_found", "Not found")
    await _organize(call, user.id, body)
    return answer({"user": await users.shown(call, user)})


async def _organize(call: Call, user_id: str, body: UserBody) -> None:
    """To which organization they belong by default from now on; null: to none of them. Raises Invalid."""
    if body.organization_id is UNSET:
        return
    rows = call.services.rooms.organizations
    mine, _ = await rows.memberships(call.app.id, user_id=user_id)
    if body.organization_id is None:
        for one in mine:
            await rows.leave(call.app.id, one.number)
        return
    known = next((one for one in mine if one.organization == body.organization_id), None)
    if known is not None:
        await rows.prefer(call.app.id, user_id, known.number)
        return
    try:
        await rows.join(call.app.id, user_id, body.organization_id, call.now_ms(), default=True)
    except Refused as error:
        raise Invalid("user.organization_id", error.title) from None


async def _changed_account(call: Call, found: Account, body: UserBody, role: str | None) -> web.Response:
    _check_own(call, found)
    if role == "end-user":
        raise Refused("bad_request", "An agent cannot become an end user")
    if body.email is None or (body.email is not UNSET and body.email.lower() != found.email and not call.caller.administers):
        raise Refused("forbidden", "Only admins may change an address")
    if body.suspended is not UNSET and not call.caller.administers:
        raise Refused("forbidden", "Only admins may suspend agents")

    def change(account: Account) -> Account:
        name = account.display_name if body.name is UNSET else body.name
        email = account.email if not isinstance(body.email, str) else body.email.lower()
        suspended = account.suspended if body.suspended is UNSET else body.suspended
        return replace(account, display_name=name, email=email, role=role or account.role, suspended=suspended)

    account = await call.services.directory.change_account(found.id, change, call.now_ms())
    if account is None:
        raise Refused("not_found", "Not found")
    if (found.role, found.suspended, found.email) != (account.role, account.suspended, account.email):
        await departing.left(call, found)
    return answer({"user": await users.shown(call, account)})


def _role(call: Call, body: UserBody, before: users.Person | None = None) -> str | None:
    """The role that is asked for. Raises Refused: only admins make agents, or change what they are."""
    role = None if body.role is UNSET else body.role
    if role is None:
        return None
    if role not in users.ROLES:
        raise Invalid("user.role", f"must be one of {', '.join(users.ROLES)}")
    had = before.role if isinstance(before, Account) else "end-user"
    if role != had and not call.caller.administers:
        raise Refused("forbidden", "Only admins may give roles")
    return role


def _check_own(call: Call, account: Account) -> None:
    if account.app_id is None and not call.caller.is_of_every_app and call.caller.author_id != account.id:
        raise Refused("forbidden", "This account serves other apps too")
    if not call.caller.administers and call.caller.author_id != account.id:
        raise Refused("forbidden", "Only admins may change others")
