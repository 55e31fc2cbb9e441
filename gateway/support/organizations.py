"""Organizations and memberships. Source: Zendesk's Support API, Organizations, Organization Memberships.

Agents read, admins write. A ticket is of the organization to which whoever asks belongs by default.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web
from msgspec.structs import replace

from domain.decode import convert, decode
from domain.errors import Invalid
from domain.finding.filters import Test, words_of
from domain.organizations import Body, Membership, Organization
from domain.ticket.changes import tags_of
from gateway.support import showing, users
from gateway.support.bodies import Number, numbers_in
from gateway.support.faces import Faces, faces
from gateway.support.scene import person, scene_of
from gateway.support.views import organization_view
from gateway.zendesk import paging
from gateway.zendesk.operations import PREFIX, Call, answer, instant, not_found, nothing
from storage.sql.organizations import Organizations
from storage.sql.tickets import kept, of

_KEPT = frozenset(Body.__struct_fields__)
_given = msgspec.json.Decoder(dict[str, Any])


class OrganizationMembershipBody(msgspec.Struct, frozen=True):
    user_id: Number
    organization_id: Number
    default: bool = False


class _Body(msgspec.Struct, frozen=True):
    organization_membership: OrganizationMembershipBody


_membership = msgspec.json.Decoder(_Body)


async def list_all(call: Call) -> web.Response:
    return await _listed(call)


async def list_organizations_of_user(call: Call) -> web.Response:
    return await _listed(call, user_id=await person(scene_of(call), call.number(), "id"))


async def autocomplete(call: Call) -> web.Response:
    words = words_of(call.request.query.get("name", ""))
    if sum(map(len, words)) < 2:
        raise Invalid("name", "must have at least 2 letters")
    return await _listed(call, words=words)


async def search(call: Call) -> web.Response:
    """By `external_id`, or by the whole `name`."""
    query = call.request.query
    if "external_id" in query:
        return await _listed(call, external_ids=[query["external_id"]])
    if not query.get("name"):
        raise Invalid("external_id", "is required, or name")
    return await _listed(call, name=query["name"])


async def show_many(call: Call) -> web.Response:
    query = call.request.query
    if "external_ids" in query:
        return await _listed(call, external_ids=[one for one in query["external_ids"].split(",") if one][:100])
    found = await _rows(call).get(call.app.id, numbers_in(query.get("ids", ""), "ids"))
    views = [organization_view(one, call.base) for _, one in sorted(found.items())]
    return answer({"organizations": views, "count": len(views), "next_page": None, "previous_page": None})


async def count(call: Call) -> web.Response:
    _, total = await _rows(call).listed(call.app.id, limit=1)
    return answer({"count": {"value": total, "refreshed_at": None}})


async def show(call: Call) -> web.Response:
    return answer({"organization": organization_view(await _one(call), call.base)})


async def create(call: Call) -> web.Response:
    made = await _rows(call).add(call.app.id, await _written(call, None), call.now_ms())
    return answer({"organization": organization_view(made, call.base)}, 201)


async def create_or_update(call: Call) -> web.Response:
    """By its id or its external id; otherwise a new one."""
    given = _fields(call)
    found: list[Organization] = []
    if isinstance(given.get("id"), int):
        found = list((await _rows(call).get(call.app.id, [given["id"]])).values())
    elif isinstance(given.get("external_id"), str):
        found, _ = await _rows(call).listed(call.app.id, external_ids=[given["external_id"]], limit=1)
    return await (_changed(call, found[0].number) if found else create(call))


async def change(call: Call) -> web.Response:
    return await _changed(call, call.number())


async def delete(call: Call) -> web.Response:
    if not await _rows(call).remove(call.app.id, call.number()):
        raise not_found()
    return nothing()


async def list_tickets(call: Call) -> web.Response:
    return await showing.listed(call, kept(of("organization", (await _one(call)).number)))


async def list_users(call: Call) -> web.Response:
    return await users.listed(call, Test("organization", "=", (await _one(call)).number))


async def related(call: Call) -> web.Response:
    one = await _one(call)
    tickets = await call.services.rooms.tickets.count(call.app.id, kept(of("organization", one.number)))
    _, people = await _rows(call).memberships(call.app.id, organization=one.number, limit=1)
    return answer({"organization_related": {"tickets_count": tickets, "users_count": people}})


# Memberships.


async def list_memberships(call: Call) -> web.Response:
    return await _memberships(call)


async def list_memberships_of_user(call: Call) -> web.Response:
    return await _memberships(call, user_id=await person(scene_of(call), call.number(), "id"))


async def list_memberships_of_organization(call: Call) -> web.Response:
    return await _memberships(call, organization=(await _one(call)).number)


async def show_membership(call: Call) -> web.Response:
    found, _ = await _rows(call).memberships(call.app.id, number=call.number())
    if not found:
        raise not_found()
    return answer({"organization_membership": (await _shown(call, found))[0]})


async def create_membership(call: Call) -> web.Response:
    body = decode(_membership, call.body, "").organization_membership
    user_id = await person(scene_of(call), body.user_id, "user_id")
    made = await _rows(call).join(call.app.id, user_id, body.organization_id, call.now_ms(), default=body.default)
    return answer({"organization_membership": (await _shown(call, [made]))[0]}, 201)


async def delete_membership(call: Call) -> web.Response:
    if not await _rows(call).leave(call.app.id, call.number()):
        raise not_found()
    return nothing()


async def make_default(call: Call) -> web.Response:
    user_id = await person(scene_of(call), call.number("user_id"), "user_id")
    if not await _rows(call).prefer(call.app.id, user_id, call.number()):
        raise not_found()
    return await _memberships(call, user_id=user_id)


# How they are told.


async def _shown(call: Call, found: Sequence[Membership]) -> list[dict[str, Any]]:
    known = await faces(scene_of(call), [one.user_id for one in found])
    return [_membership_view(one, known, call.base) for one in found]


def _membership_view(one: Membership, known: Faces, base: str) -> dict[str, Any]:
    return {
        "id": one.number,
        "url": f"{base}{PREFIX}/organization_memberships/{one.number}.json",
        "user_id": known.number(one.user_id),
        "organization_id": one.organization,
        "default": one.is_default,
        "view_tickets": False,
        "created_at": instant(one.created_ms),
        "updated_at": instant(one.created_ms),
    }


async def _listed(call: Call, **asked: Any) -> web.Response:
    page, offset = _page(call)
    found, total = await _rows(call).listed(call.app.id, **asked, limit=page.size, offset=offset)
    around = _around(call, page, offset, len(found), total)
    return answer({"organizations": [organization_view(one, call.base) for one in found], **around})


async def _memberships(call: Call, **asked: Any) -> web.Response:
    page, offset = _page(call)
    found, total = await _rows(call).memberships(call.app.id, **asked, limit=page.size, offset=offset)
    return answer({"organization_memberships": await _shown(call, found), **_around(call, page, offset, len(found), total)})


def _page(call: Call) -> tuple[paging.Page, int]:
    """Cursors of these lists are places."""
    page = call.page()
    if page.before is not None:
        return page, max(0, int(page.before[1]) - 1 - page.size)
    return page, page.offset if page.after is None else int(page.after[1])


def _around(call: Call, page: paging.Page, offset: int, shown: int, total: int) -> dict[str, Any]:
    places = [(0, offset + at) for at in range(1, shown + 1)]
    more = offset > 0 if page.before is not None else offset + shown < total
    return paging.around(page, call.url, call.request.query, total, places, more)


def _rows(call: Call) -> Organizations:
    return call.services.rooms.organizations


async def _one(call: Call) -> Organization:
    found = await _rows(call).get(call.app.id, [call.number()])
    if call.number() not in found:
        raise not_found()
    return found[call.number()]


async def _changed(call: Call, number: int) -> web.Response:
    found = (await _rows(call).get(call.app.id, [number])).get(number)
    after = await _written(call, found.body) if found is not None else None
    one = None if after is None else await _rows(call).change(call.app.id, number, lambda _: after, call.now_ms())
    if one is None:
        raise not_found()
    return answer({"organization": organization_view(one, call.base)})


def _fields(call: Call) -> dict[str, Any]:
    given = decode(_given, call.body or b"{}", "").get("organization")
    if not isinstance(given, dict):
        raise Invalid("organization", "is required")
    return given


async def _written(call: Call, before: Body | None) -> Body:
    """The body with what a request says: what it leaves out stays. Raises Invalid."""
    given = {name: value for name, value in _fields(call).items() if name in _KEPT}
    if "tags" in given:
        given["tags"] = tags_of(given["tags"] or [])
    base: dict[str, Any] = {} if before is None else msgspec.to_builtins(before)
    merged = {name: value for name, value in (base | given).items() if value is not None}
    body: Body = convert(merged, Body, "organization")
    if body.group_id is not None and body.group_id not in (await call.services.rooms.desks.current(call.app.id)).groups:
        raise Invalid("organization.group_id", "is not a group")
    return replace(body, name=" ".join(body.name.split()))
