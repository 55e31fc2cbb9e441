"""Operations on users. Source: API contract, tag Users."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from domain.decode import decode
from domain.directory import BrandId, ExternalId, Profile, ProfilePatch, Reply, User, patched, without_personal_information
from domain.errors import Invalid, Refused
from domain.metadata import check_metadata, merge_metadata
from gateway.leaving import leave_everything
from gateway.sc import paging
from gateway.sc.operations import EMPTY, Call, json_reply
from gateway.sc.people import find_user_by_either
from gateway.sc.views import user_view
from gateway.support.jobs import wake

_Instant = Annotated[datetime, Meta(tz=True)]


class _UserCreate(msgspec.Struct, rename="camel"):
    external_id: ExternalId | None = None
    brand_id: BrandId | None = None
    signed_up_at: _Instant | None = None
    to_be_retained: bool | None = None
    profile: Profile | None = None
    metadata: Any = None


class _UserUpdate(msgspec.Struct, rename="camel"):
    signed_up_at: _Instant | UnsetType | None = UNSET
    to_be_retained: bool | UnsetType = UNSET
    profile: ProfilePatch | UnsetType | None = UNSET
    metadata: Any = UNSET


_create_body = msgspec.json.Decoder(_UserCreate)
_update_body = msgspec.json.Decoder(_UserUpdate)


async def create_user(call: Call) -> Reply:
    body = decode(_create_body, call.body, "")
    new_id = call.services.router.new_id
    user = User(
        call.app.id,
        new_id(),
        new_id(),
        body.external_id,
        body.profile or Profile(),
        check_metadata(body.metadata, "metadata"),
        signed_up_ms=_milliseconds(body.signed_up_at),
        to_be_retained=bool(body.to_be_retained),
        brand_id=body.brand_id,
    )
    await call.services.directory.create_user(user)
    call.services.lookups.forget_user(user)
    return json_reply({"user": user_view(user)}, 201)


async def list_users(call: Call) -> Reply:
    query = call.request.query
    email = paging.text_in(paging.deep_object(query, "filter"), "filter", "identities.email")
    if email is None:
        raise Invalid("filter[identities.email]", "is required")
    brand_id = query.get("brandId")
    found = await call.services.directory.users_by_email(call.app.id, email)
    return json_reply({"users": [user_view(user) for user in found if brand_id is None or user.brand_id == brand_id]})


async def get_user(call: Call) -> Reply:
    return json_reply({"user": user_view(await _named(call))})


async def update_user(call: Call) -> Reply:
    body = decode(_update_body, call.body, "")

    def change(user: User) -> User:
        profile = user.profile if body.profile is UNSET else patched(user.profile, body.profile) if body.profile else Profile()
        metadata = user.metadata if body.metadata is UNSET else merge_metadata(user.metadata, body.metadata)
        signed_up_ms = user.signed_up_ms if body.signed_up_at is UNSET else _milliseconds(body.signed_up_at)
        retained = user.to_be_retained if body.to_be_retained is UNSET else body.to_be_retained
        return replace(user, profile=profile, metadata=metadata, signed_up_ms=signed_up_ms, to_be_retained=retained)

    return await _changed(call, change)


async def delete_personal_information(call: Call) -> Reply:
    """The person's tickets forget their words, too."""
    reply = await _changed(call, without_personal_information)
    user = await _named(call)
    await call.services.directory.departures.forget_user(call.app.id, user.id, call.services.router.now_ms())
    wake(call.request)
    return reply


async def delete_user(call: Call) -> Reply:
    """Conversations go first, then the row."""
    user = await _named(call)
    await leave_everything(call.services.router, call.services.attachments, user, call.principal.sender)
    await call.services.directory.departures.erase_user(call.app.id, user.id, call.services.router.now_ms())
    call.services.lookups.forget_user(user)
    wake(call.request)
    return EMPTY


async def _named(call: Call) -> User:
    given = call.request
    return await find_user_by_either(call.services.lookups, call.app.id, given.match_info["userIdOrExternalId"], given.query.get("brandId"))


async def _changed(call: Call, change: Any) -> Reply:
    named = await _named(call)
    user = await call.services.directory.change_user(call.app.id, named.id, change)
    call.services.lookups.forget_user(named)
    if user is None:
        raise Refused("user_not_found", "User not found")
    return json_reply({"user": user_view(user)})


def _milliseconds(instant: datetime | None) -> int | None:
    return None if instant is None else round(instant.timestamp() * 1000)
