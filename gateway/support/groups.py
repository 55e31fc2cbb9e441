"""Groups as tickets bring them along. Their own operations are the desk's."""

from __future__ import annotations

from typing import Any

from domain.desk.model import Group
from gateway.zendesk.operations import PREFIX


def group_view(group: Group, base: str) -> dict[str, Any]:
    return {
        "id": group.id,
        "url": f"{base}{PREFIX}/groups/{group.id}.json",
        "name": group.name,
        "default": group.is_default,
        "deleted": False,
        "is_public": True,
    }
