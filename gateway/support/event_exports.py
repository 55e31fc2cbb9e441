"""What happened to all tickets: events as an export by time, audits as a list by cursor. Of what was erased there is nothing.

Source: Zendesk's Support API, Incremental Exports, Ticket Audits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from domain.finding.filters import Either
from domain.ticket.model import Ticket
from gateway.support import auditing, exports
from gateway.support.faces import Faces, faces
from gateway.support.journal import Audit, number_at
from gateway.support.scene import scene_of
from gateway.support.views import people_views
from gateway.zendesk.operations import Call, answer
from storage.sql.ticket_audits import Place, Told
from storage.sql.tickets import Part, of

_LAST: Place = (2**62, "", 0)
Shown = tuple[Ticket, Audit]


async def export_events(call: Call) -> web.Response:
    """As with tickets, the last second comes again with the next page, and the last minute later. `include=comment_events` tells what was
    said, too."""
    start_s, size = exports.start_of(call), exports.size_of(call)
    audits, before_ms = call.services.rooms.audits, call.now_ms() - exports.LAG_MS
    found, more = await audits.after(call.app.id, (start_s * 1000, "", 0), before_ms, size)
    end_s = found[-1].place[0] // 1000 if found else start_s
    while more and end_s == start_s:  # a whole page within one second
        rest, more = await audits.after(call.app.id, found[-1].place, before_ms, size)
        found += rest
        end_s = found[-1].place[0] // 1000
    known, shown = await _shown(call, found)
    told = [_event(ticket, one, known, "comment_events" in call.includes) for ticket, one in shown]
    following = exports.url_of(call, start_time=end_s) if found else None
    around = {"count": len(told), "end_of_stream": not more, "end_time": end_s if found else None, "next_page": following}
    return answer({"ticket_events": told, **around})


async def list_audits(call: Call) -> web.Response:
    """The newest first; `after_url` leads to older ones, `before_url` to newer."""
    query, size = call.request.query, exports.size_of(call, "limit")
    backwards, place = query.get("direction") == "newer", _place(query["cursor"]) if "cursor" in query else _LAST
    audits = call.services.rooms.audits
    if backwards:
        newer, more = await audits.after(call.app.id, place, 2**62, size)
        found = newer[::-1]
    else:
        found, more = await audits.before(call.app.id, place, size)
    known, shown = await _shown(call, found)
    beside = {"users": people_views(known, call.base)} if "users" in call.includes else {}
    views = [auditing.audit_view(ticket, one, known) for ticket, one in shown]
    return answer({"audits": views, **beside, **_around(call, found, more or backwards)})


def _around(call: Call, found: Sequence[Told], more: bool) -> dict[str, Any]:
    older, newer = (exports.written(*found[-1].place), exports.written(*found[0].place)) if found else (None, None)
    return {
        "after_cursor": older,
        "after_url": exports.url_of(call, cursor=older, direction="older") if older and more else None,
        "before_cursor": newer,
        "before_url": exports.url_of(call, cursor=newer, direction="newer") if newer and "cursor" in call.request.query else None,
    }


def _place(cursor: str) -> Place:
    at_ms, ticket, seq = exports.parts_of(cursor, 3)
    return exports.number_in(at_ms), ticket, exports.number_in(seq)


async def _shown(call: Call, found: Sequence[Told]) -> tuple[Faces, list[Shown]]:
    """With their tickets, which number them, and the people whom they name."""
    ids = sorted({one.place[1] for one in found if one.event is not None})
    tickets: dict[str, Ticket] = {}
    for first in range(0, len(ids), 500):
        part = ids[first : first + 500]
        asked = Either(tuple(of("id", one) for one in part))
        listed = await call.services.rooms.tickets.listed(call.app.id, asked, Part(500, counted=False))
        tickets.update((one.id, one) for one in listed.tickets)
    shown: list[Shown] = []
    for one in found:
        at_ms, identifier, seq = one.place
        ticket = tickets.get(identifier)
        if ticket is not None and one.event is not None:
            shown.append((ticket, Audit(number_at(ticket, seq), seq, at_ms, one.event)))
    return await faces(scene_of(call), auditing.named([one for _, one in shown])), shown


def _event(ticket: Ticket, one: Audit, known: Faces, with_comments: bool) -> dict[str, Any]:
    view = auditing.audit_view(ticket, one, known)
    return {
        "id": one.number,
        "ticket_id": ticket.number,
        "timestamp": one.at_ms // 1000,
        "created_at": view["created_at"],
        "updater_id": view["author_id"],
        "via": view["via"]["channel"],
        "system": {},
        "metadata": {},
        "event_type": "Audit",
        "child_events": [_child(part) for part in view["events"] if with_comments or part["type"] != "Comment"],
    }


def _child(part: dict[str, Any]) -> dict[str, Any]:
    """A change is told by the name of its field."""
    told = {"id": part["id"], "event_type": part["type"], "via": "API"}
    if "field_name" in part:
        return told | {part["field_name"]: part["value"]} | {name: part[name] for name in ("previous_value",) if name in part}
    return told | {name: value for name, value in part.items() if name not in ("id", "type")}
