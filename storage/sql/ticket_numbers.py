"""The numbers of an app's tickets: each is given once, whoever asks at the same moment. What is drawn and not used is a gap."""

from __future__ import annotations

from storage.ports import Database
from storage.sql import slots


class TicketNumbers:
    """Over `database`, which it does not close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def draw(self, app_id: str, count: int) -> int:
        """The first of `count` numbers in a row that nobody else gets. Raises `Unavailable`."""
        return await self._database.write(lambda c: slots.reserve(c, f"ticket:{app_id}", count), inline=True)
