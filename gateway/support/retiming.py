"""A changed desk reaches the tickets that wait: timers, service levels and queues are looked at anew, as nothing else may happen to them.

It is a job, in parts, since there may be many tickets. One that is told twice does nothing more.
"""

from __future__ import annotations

import asyncio

from domain.desk.model import Desk
from domain.finding.filters import KEPT, STATUSES, Every, Filter, Test
from domain.ticket.commands import Ring
from gateway.support.scene import Scene
from gateway.zendesk.operations import Rooms
from storage.sql.tickets import Part

#: Tickets of one part, by their numbers, and how many of them are told at a time.
PER_PART, AT_ONCE = 500, 25
_LIVING: Filter = Every((KEPT, Test("status", "<", STATUSES["closed"])))


def matters(before: Desk, after: Desk) -> bool:
    """Whether a change of the desk may change when something happens to a ticket, or where it waits."""
    return any(getattr(before, name) != getattr(after, name) for name in _TIMED)


_TIMED = ("automations", "policies", "schedules", "tickets", "queues", "skill_rules", "groups")


async def parts(rooms: Rooms, app_id: str) -> list[dict[str, int]]:
    """The work of such a job: behind which numbers each part begins."""
    newest = await rooms.tickets.listed(app_id, _LIVING, Part(limit=1, descending=True, counted=False))
    highest = newest.tickets[0].number if newest.tickets else 0
    return [{"after": first} for first in range(0, highest, PER_PART)]


async def retime(scene: Scene, after: int) -> None:
    """Tell the tickets of one part. Raises Unavailable."""
    found = await scene.rooms.tickets.listed(scene.app.id, _LIVING, Part(limit=PER_PART, after=(after, after), counted=False))
    those = [one.id for one in found.tickets if one.number <= after + PER_PART]
    gate = asyncio.Semaphore(AT_ONCE)

    async def tell(ticket_id: str) -> None:
        async with gate:
            await scene.tell(ticket_id, Ring("desk"))

    await asyncio.gather(*map(tell, those))
