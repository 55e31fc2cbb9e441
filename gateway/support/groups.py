"""Groups as tickets bring them along: as the desk shows them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from gateway.desk.groups import GROUPS
from gateway.desk.resources import all_shown
from gateway.zendesk.operations import Call


async def group_views(call: Call, numbers: Collection[int | None]) -> list[dict[str, Any]]:
    """Those of these groups that are there."""
    rows = await call.services.rooms.desks.rows(call.app.id, GROUPS.kind) if numbers else []
    return await all_shown(call, GROUPS, [row for row in rows if row.number in numbers])
