"""People as they changed, by time or by cursor. Source: Zendesk's Support API, Incremental Exports. Who was deleted is not `active`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from domain.directory import Account, User
from gateway.support import exports
from gateway.support.departing import gone_view
from gateway.support.scene import scene_of
from gateway.support.views import account_view, user_view
from gateway.zendesk.operations import Call, answer, instant
from storage.sql.departures import Gone
from storage.sql.support_people import Changed


async def export_by_time(call: Call) -> web.Response:
    """`end_time` is the second of the last one, who comes again."""
    start_s, size = exports.start_of(call), exports.size_of(call)
    found, more = await _changed(call, (start_s * 1000, ""), size)
    end_s = found[-1].at_ms // 1000 if found else start_s
    while more and end_s == start_s:  # a whole page within one second
        rest, more = await _changed(call, (found[-1].at_ms, found[-1].id), size)
        found += rest
        end_s = found[-1].at_ms // 1000
    following = exports.url_of(call, start_time=end_s) if found else None
    around = {"count": len(found), "end_of_stream": not more, "end_time": end_s if found else None, "next_page": following}
    return answer({"users": await _views(call, found), **around})


async def export_by_cursor(call: Call) -> web.Response:
    cursor = call.request.query.get("cursor")
    after = (exports.start_of(call) * 1000, "") if cursor is None else _place(cursor)
    found, more = await _changed(call, after, exports.size_of(call))
    last = (found[-1].at_ms, found[-1].id) if found else after
    told = exports.written(*last)
    around = {"after_cursor": told, "after_url": exports.url_of(call, cursor=told), "before_cursor": None, "before_url": None}
    return answer({"users": await _views(call, found), **around, "end_of_stream": not more})


def _place(cursor: str) -> tuple[int, str]:
    at_ms, identifier = exports.parts_of(cursor, 2)
    return exports.number_in(at_ms), identifier


async def _changed(call: Call, after: tuple[int, str], size: int) -> tuple[list[Changed], bool]:
    return await call.services.rooms.people.changed(call.app.id, after, call.now_ms() - exports.LAG_MS, size)


async def _views(call: Call, found: Sequence[Changed]) -> list[dict[str, Any]]:
    rooms = scene_of(call).rooms
    _, _, numbers = await rooms.people.named(call.app.id, [one.id for one in found])
    new = [one for one in found if one.id not in numbers and one.person is not None]
    for kind, whole in (("account", Account), ("user", User)):
        those = [one.id for one in new if isinstance(one.person, whole)]
        numbers |= await rooms.numbers.of(kind, those) if those else {}
    return [_view(one, numbers.get(one.id, 0), call.base) for one in found]


def _view(one: Changed, number: int, base: str) -> dict[str, Any]:
    changed = {"updated_at": instant(one.at_ms)}
    if one.person is None:
        return gone_view(Gone(one.id, number, "user", one.role, one.name, one.at_ms), base)
    if isinstance(one.person, Account):
        return account_view(one.person, number, base) | changed
    return user_view(one.person, number, base) | changed
