"""`/api/v2/routing/lines`: how much waits in each queue, and what waits in one, page by page. In our own form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from domain.assignment.rows import WorkRow
from domain.errors import Invalid
from gateway.stream.routing import lines
from gateway.support import showing
from gateway.zendesk.operations import Call, answer, instant

MAX_PAGE = 100


async def list_lines(call: Call) -> web.Response:
    """Each line with what is in it: how much waits, is offered, is assigned, and since when the oldest waits."""
    desk = await call.services.rooms.desks.current(call.app.id)
    names = {0: "Standard", **{queue.id: queue.name for queue in desk.queues}}
    found = [
        {
            "queue_id": line["queue"] or None,
            "group_id": line["group"],
            "name": names.get(line["queue"]),
            "waiting": line["waiting"],
            "offered": line["offered"],
            "assigned": line["assigned"] + line["handing"],
            "oldest_at": instant(line["oldestMs"]) if line["waiting"] else None,
        }
        for line in lines(await call.services.rooms.routings.counts(call.app.id))
    ]
    return answer({"lines": found, "count": len(found)})


async def list_waiting(call: Call) -> web.Response:
    """What waits in a line, the next one first; `?group_id=` for the standard queue (0), `?after=` the last `cursor`. `include=tickets`
    brings along the tickets, in that order."""
    queue, group = call.number("queue_id"), call.request.query.get("group_id", "0")
    if not group.isdecimal():
        raise Invalid("group_id", "must be a number")
    line = str(queue) if queue else f"0:{int(group)}"
    rows = await call.services.rooms.routings.waiting(call.app.id, line, _after(call), MAX_PAGE + 1)
    shown = rows[:MAX_PAGE]
    cursor = _cursor(shown[-1]) if len(rows) > MAX_PAGE else None
    return answer({"work": [_work(row) for row in shown], "cursor": cursor, **await _tickets(call, shown)})


async def _tickets(call: Call, rows: Sequence[WorkRow]) -> dict[str, Any]:
    if "tickets" not in call.includes:
        return {}
    wanted = [row.ticket_id for row in rows]
    known = await call.services.rooms.tickets.by_ids(call.app.id, wanted)
    shown, brought = await showing.views(call, [known[one] for one in wanted if one in known])
    return {"tickets": shown, **brought}


def _work(row: WorkRow) -> dict[str, Any]:
    return {
        "ticket": row.ticket_id,
        "conversation": row.conversation_id,
        "channel": row.channel,
        "priority": row.priority,
        "eligible_at": instant(row.eligible_ms),
        "due_at": instant(row.due_ms) if row.due_ms else None,
    }


def _cursor(row: WorkRow) -> str:
    return f"{row.priority}.{row.due_ms}.{row.eligible_ms}.{row.ticket_id}"


def _after(call: Call) -> tuple[int, int, int, str] | None:
    given = call.request.query.get("after")
    if not given:
        return None
    *numbers, ticket = given.split(".")
    if len(numbers) != 3 or not all(one.isdecimal() and len(one) < 19 for one in numbers):
        raise Invalid("after", "is no cursor")
    priority, due_ms, eligible_ms = map(int, numbers)
    return priority, due_ms, eligible_ms, ticket
