"""Gathers the facts of `domain.readiness` for an app. Judges nothing.

`COUNTS` is where another part of the product adds what it can count: the name of a field of `Facts`, and a query of one number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.engine import Connection

from domain.bot.release import parse_settings
from domain.readiness import Facts
from storage.ports import Database
from storage.sql.bots import Bots
from storage.sql.bots_tables import bots
from storage.sql.directory_tables import accounts, integrations, switchboards
from storage.sql.help import Help

_CHANNELS = ("zd:answerBot", "zd:agentWorkspace")


def _agents(app_id: str) -> Select[Any]:
    return select(func.count()).select_from(accounts).where(or_(accounts.c.app_id.is_(None), accounts.c.app_id == app_id))


def _channels(app_id: str) -> Select[Any]:
    of = integrations.c
    return select(func.count()).select_from(integrations).where(of.app_id == app_id, of.status == "active", of.type.not_in(_CHANNELS))


def _releases(app_id: str) -> Select[Any]:
    return select(func.count()).select_from(bots).where(bots.c.app_id == app_id, bots.c.live.is_not(None))


def _switchboards(app_id: str) -> Select[Any]:
    of = switchboards.c
    return select(func.count()).select_from(switchboards).where(of.app_id == app_id, of.enabled, of.default_id.is_not(None))


COUNTS: dict[str, Callable[[str], Select[Any]]] = {
    "agents": _agents,
    "channels": _channels,
    "releases": _releases,
    "switchboards": _switchboards,
}


async def facts(database: Database, app_id: str, public_url: str | None) -> Facts:
    """What is so in an app now."""
    help_centre = Help(database)
    centre = await help_centre.centre(app_id)

    def work(c: Connection) -> dict[str, int]:
        return {name: int(c.execute(query(app_id)).scalar_one()) for name, query in COUNTS.items()}

    counts: dict[str, Any] = await database.read(work)
    bot = await Bots(database).get_bot(app_id)
    return Facts(
        **counts,
        schedules=len(parse_settings(bot.settings).schedules),
        help_centre="none" if centre is None else "public" if centre.is_public else "restricted",
        articles=await help_centre.published(app_id),
        public_url=public_url,
    )
