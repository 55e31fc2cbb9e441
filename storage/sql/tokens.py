"""Finds the API key that a token is the secret of: those who come by an agent's address know no key's id."""

from __future__ import annotations

import hmac

from sqlalchemy import select

from domain.directory import ApiKey
from storage.ports import Database
from storage.sql.directory_rows import to_key
from storage.sql.directory_tables import api_keys

MIN_TOKEN = 20
"""What is shorter is no secret of ours, and is not looked for."""


class ApiTokens:
    """Over `database`, which it does not close."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def key(self, token: str) -> ApiKey | None:
        """The key of the account or of an app whose secret this is."""
        if len(token) < MIN_TOKEN or "\0" in token:
            return None
        query = select(api_keys).where(api_keys.c.secret == token, api_keys.c.scope.in_(("account", "app")))
        row = await self._database.read(lambda c: c.execute(query).first())
        found = None if row is None else to_key(row)
        return found if found is not None and hmac.compare_digest(found.secret.encode(), token.encode()) else None
