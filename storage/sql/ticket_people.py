"""What rules may say of the customer whose ticket it is: names, address, language."""

from __future__ import annotations

from domain.desk.placeholders import names_of
from storage.sql.directory import Directory

_WHO = "ticket.requester"


class TicketPeople:
    """The directory's users, by the placeholders that stand for them."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def known(self, app_id: str, user_id: str) -> dict[str, str]:
        """Nothing of somebody who is not there (any more)."""
        user = await self._directory.get_user(app_id, user_id)
        if user is None:
            return {}
        profile = user.profile
        told = {"email": profile.email, "external_id": user.external_id, "language": profile.locale}
        named = names_of(_WHO, user.display_name() or "")
        return named | {f"{_WHO}.{field}": value for field, value in told.items() if value is not None}
