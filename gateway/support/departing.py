"""People who are deleted, and who was. Source: Zendesk's Support API, Users (deleted users).

An agent's open tickets go back to where they came from; a customer's forget their words, and stay for the reports (`clearing`).
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from domain.directory import Account, User
from domain.errors import Refused
from gateway.leaving import leave_everything
from gateway.routing.refreshing import refresh
from gateway.support import jobs, users
from gateway.zendesk import paging
from gateway.zendesk.operations import PREFIX, Call, answer, instant, not_found
from storage.sql.departures import Gone

_APPS = 100


async def delete_user(call: Call) -> web.Response:
    """An end user, with their personal conversations and what tickets hold of them; or, by admins, an agent, whose name stays."""
    found = await users.person_of(call)
    view = await users.shown(call, found)
    if isinstance(found, Account):
        await _remove(call, found)
    else:
        await _erase(call, found)
    return answer({"user": view | {"active": False}})


async def _erase(call: Call, user: User) -> None:
    await leave_everything(call.services.router, call.services.attachments, user, call.caller.name)
    await call.services.directory.departures.erase_user(call.app.id, user.id, call.now_ms())
    call.services.lookups.forget_user(user)
    jobs.wake(call.request)


async def _remove(call: Call, account: Account) -> None:
    if not call.caller.administers:
        raise Refused("forbidden", "Only admins may delete agents")
    if account.app_id is None and not call.caller.is_of_every_app:
        raise Refused("forbidden", "This account serves other apps too")
    await call.services.directory.departures.remove_account(account.id, call.now_ms())
    await left(call, account)


async def left(call: Call, account: Account) -> None:
    """Everybody who may have to know hears that an agent may do nothing any more."""
    call.services.callers.forget(account)
    jobs.wake(call.request)
    apps = [account.app_id] if account.app_id else [one.id for one in await call.services.directory.list_apps("", "", _APPS)]
    for app in apps:
        refresh(call.services.router, app)


# Those who were deleted.


async def list_deleted(call: Call) -> web.Response:
    page = call.page()
    offset = page.offset if page.number else int(page.after[1]) if page.after else 0
    found, count = await call.services.directory.departures.gone(call.app.id, limit=page.size, offset=offset)
    places = [(0, offset + at) for at in range(1, len(found) + 1)]
    around = paging.around(page, call.url, call.request.query, count, places, offset + len(found) < count)
    return answer({"deleted_users": [gone_view(one, call.base) for one in found], **around})


async def count_deleted(call: Call) -> web.Response:
    _, count = await call.services.directory.departures.gone(call.app.id, limit=1)
    return answer({"count": {"value": count, "refreshed_at": None}})


async def show_deleted(call: Call) -> web.Response:
    return answer({"deleted_user": gone_view(await _gone(call), call.base)})


async def forget_deleted(call: Call) -> web.Response:
    """For good: nothing tells any more that they were there, but their number under what is left of them."""
    one = await _gone(call)
    await call.services.directory.departures.forget_gone(call.app.id, one.id)
    return answer({"deleted_user": gone_view(one, call.base) | {"permanently_deleted": True}})


async def _gone(call: Call) -> Gone:
    found, _ = await call.services.directory.departures.gone(call.app.id, number=call.number())
    if not found:
        raise not_found()
    return found[0]


def gone_view(one: Gone, base: str) -> dict[str, Any]:
    """Somebody of whom nothing else is left."""
    return {
        "id": one.number,
        "url": f"{base}{PREFIX}/deleted_users/{one.number}.json",
        "name": one.name or f"Deleted user {one.number}",
        "email": None,
        "role": one.role,
        "active": False,
        "created_at": instant(int(one.id[:8], 16) * 1000),
        "updated_at": instant(one.at_ms),
        "organization_id": None,
        "phone": None,
        "photo": None,
        "shared": False,
        "locale": None,
        "time_zone": None,
    }
