"""Incremental exports: tickets as they changed, by time or by cursor. Source: Zendesk's Support API, Incremental Exports.

What changed within the last minute is left for the next time: it may still be in a transaction that others are ahead of.
"""

from __future__ import annotations

import base64
import binascii
from urllib.parse import urlencode

from aiohttp import web

from domain.errors import Invalid
from domain.ticket.model import Ticket
from gateway.support import showing
from gateway.zendesk.operations import Call, answer

MAX_SIZE = 1_000
LAG_MS = 60_000


async def export_by_time(call: Call) -> web.Response:
    """`end_time` is where the next export begins: with the second of the last ticket, so that some come twice and none is left out."""
    start_s = _start(call)
    tickets, more = await _changed(call, (start_s * 1000, 0))
    end_s = start_s
    if tickets:
        end_s = tickets[-1].updated_ms // 1000
        if more and end_s == start_s:  # a whole page within one second
            tickets, more, end_s = *await _second(call, start_s), start_s + 1
    shown, brought = await showing.views(call, tickets)
    following = _url(call, start_time=end_s) if tickets else None
    around = {"count": len(tickets), "end_of_stream": not more, "end_time": end_s if tickets else None, "next_page": following}
    return answer({"tickets": shown, **brought, **around})


async def export_by_cursor(call: Call) -> web.Response:
    cursor = call.request.query.get("cursor")
    after = (_start(call) * 1000, 0) if cursor is None else _place(cursor)
    tickets, more = await _changed(call, after)
    last = (tickets[-1].updated_ms, tickets[-1].number) if tickets else after
    shown, brought = await showing.views(call, tickets)
    told = _cursor(last)
    around = {"after_cursor": told, "after_url": _url(call, cursor=told), "before_cursor": None, "before_url": None}
    return answer({"tickets": shown, **brought, **around, "end_of_stream": not more})


async def _changed(call: Call, after: tuple[int, int]) -> tuple[list[Ticket], bool]:
    return await call.services.rooms.tickets.changed(call.app.id, after, call.now_ms() - LAG_MS, _size(call))


async def _second(call: Call, start_s: int) -> tuple[list[Ticket], bool]:
    """Everything of one second, however much that is."""
    rooms, found, after = call.services.rooms, list[Ticket](), (start_s * 1000, 0)
    until_ms = min((start_s + 1) * 1000, call.now_ms() - LAG_MS)
    more = True
    while more:
        part, more = await rooms.tickets.changed(call.app.id, after, until_ms, MAX_SIZE)
        found += part
        after = (found[-1].updated_ms, found[-1].number) if found else after
    return found, True


def _start(call: Call) -> int:
    given = call.request.query.get("start_time", "")
    if not (given.isascii() and given.isdigit() and len(given) <= 11):
        raise Invalid("start_time", "must be a Unix time in seconds")
    if int(given) * 1000 > call.now_ms() - LAG_MS:
        raise Invalid("start_time", "must be more than a minute ago")
    return int(given)


def _size(call: Call) -> int:
    given = call.request.query.get("per_page", str(MAX_SIZE))
    if not (given.isascii() and given.isdigit() and len(given) <= 4 and 1 <= int(given) <= MAX_SIZE):
        raise Invalid("per_page", f"must be 1 to {MAX_SIZE}")
    return int(given)


def _cursor(place: tuple[int, int]) -> str:
    return base64.urlsafe_b64encode(f"{place[0]}|{place[1]}".encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[int, int]:
    try:
        at_ms, _, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("|")
        place = int(at_ms), int(number)
    except (ValueError, binascii.Error):
        raise Invalid("cursor", "is not a cursor of this export") from None
    if not all(0 <= part < 2**63 for part in place):
        raise Invalid("cursor", "is not a cursor of this export")
    return place


def _url(call: Call, **place: str | int) -> str:
    kept = [(name, value) for name, value in call.request.query.items() if name not in ("start_time", "cursor")]
    return f"{call.url}?{urlencode([*kept, *place.items()])}"
