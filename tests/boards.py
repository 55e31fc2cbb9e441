"""The look-up of switchboards without a directory: a socket asks for one whenever somebody writes."""

from __future__ import annotations

from domain.switchboard import Switchboard


class BoardsTwin:
    """Every app has this switchboard, or none. `answered` are the members that spoke."""

    def __init__(self, board: Switchboard | None = None) -> None:
        self.board = board
        self.answered_by: list[str] = []

    async def switchboard(self, app_id: str, integration_id: str | None = None) -> Switchboard | None:
        return self.board

    async def answered(self, app_id: str, member_id: str) -> None:
        self.answered_by.append(member_id)
