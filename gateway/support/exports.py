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
    start_s = start_of(call)
    tickets, more = await _changed(call, (start_s * 1000, 0))
    end_s = start_s
    if tickets:
        end_s = tickets[-1].updated_ms // 1000
        if more and end_s == start_s:  # a whole page within one second
            tickets, more, end_s = *await _second(call, start_s), start_s + 1
    shown, brought = await showing.views(call, tickets)
    following = url_of(call, start_time=end_s) if tickets else None
    around = {"count": len(tickets), "end_of_stream": not more, "end_time": end_s if tickets else None, "next_page": following}
    return answer({"tickets": shown, **brought, **around})


async def export_by_cursor(call: Call) -> web.Response:
    cursor = call.request.query.get("cursor")
    after = (start_of(call) * 1000, 0) if cursor is None else _place(cursor)
    tickets, more = await _changed(call, after)
    last = (tickets[-1].updated_ms, tickets[-1].number) if tickets else after
    shown, brought = await showing.views(call, tickets)
    told = _cursor(last)
    around = {"after_cursor": told, "after_url": url_of(call, cursor=told), "before_cursor": None, "before_url": None}
    return answer({"tickets": shown, **brought, **around, "end_of_stream": not more})


async def _changed(call: Call, after: tuple[int, int]) -> tuple[list[Ticket], bool]:
    return await call.services.rooms.tickets.changed(call.app.id, after, call.now_ms() - LAG_MS, size_of(call))


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


def start_of(call: Call) -> int:
    """`start_time`. Raises Invalid."""
    given = call.request.query.get("start_time", "")
    if not (given.isascii() and given.isdigit() and len(given) <= 11):
        raise Invalid("start_time", "must be a Unix time in seconds")
    if int(given) * 1000 > call.now_ms() - LAG_MS:
        raise Invalid("start_time", "must be more than a minute ago")
    return int(given)


def size_of(call: Call, name: str = "per_page") -> int:
    """How many at once. Raises Invalid."""
    given = call.request.query.get(name, str(MAX_SIZE))
    if not (given.isascii() and given.isdigit() and len(given) <= 4 and 1 <= int(given) <= MAX_SIZE):
        raise Invalid(name, f"must be 1 to {MAX_SIZE}")
    return int(given)


def _cursor(place: tuple[int, int]) -> str:
    return written(*place)


def written(*place: str | int) -> str:
    """A place as a cursor."""
    return base64.urlsafe_b64encode("|".join(map(str, place)).encode()).decode().rstrip("=")


def read(cursor: str) -> list[str]:
    """The parts of a place. Raises Invalid."""
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("|")
    except (ValueError, binascii.Error):
        raise Invalid("cursor", "is not a cursor of this export") from None


def number_in(part: str) -> int:
    """Raises Invalid."""
    if not (part.isascii() and part.isdigit() and len(part) < 19):
        raise Invalid("cursor", "is not a cursor of this export")
    return int(part)


def _place(cursor: str) -> tuple[int, int]:
    at_ms, number = parts_of(cursor, 2)
    return number_in(at_ms), number_in(number)


def parts_of(cursor: str, count: int) -> list[str]:
    """So many. Raises Invalid."""
    parts = read(cursor)
    if len(parts) != count or "\0" in cursor:
        raise Invalid("cursor", "is not a cursor of this export")
    return parts


def url_of(call: Call, **place: str | int) -> str:
    """The export from a place on."""
    kept = [(name, value) for name, value in call.request.query.items() if name not in ("start_time", "cursor", "direction")]
    return f"{call.url}?{urlencode([*kept, *place.items()])}"
