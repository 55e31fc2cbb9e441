"""What commands do in the database itself, whether or not a server runs: the directory, and two things that it does not offer.

Makes no database and migrates none: a mistyped folder is an error, not a new installation.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from causerie.settings import Settings
from domain import ids
from domain.directory import ApiKey, App
from domain.errors import Refused
from storage.ports import Database
from storage.sql import directory_rows
from storage.sql.database import open_database
from storage.sql.departures import Departures
from storage.sql.directory import Directory
from storage.sql.directory_tables import api_keys
from storage.sql.migrate import schema


@dataclass(frozen=True, slots=True)
class Opened:
    """An installation's database, open."""

    database: Database
    directory: Directory


def database_file(settings: Settings) -> Path | None:
    """The file of the embedded database; None on PostgreSQL."""
    return None if settings.database_url else settings.data.absolute() / "causerie.db"


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Opened]:
    """The database of these settings. Raises `Refused` when there is none, or not of this version."""
    file = database_file(settings)
    if file is not None and not file.is_file():
        raise Refused("not_found", f"There is no database at {file}: name the folder by --data, or run `causerie serve` to make one.")
    database = open_database(settings.journal_url, application_name="causerie-command", pool_size=1)
    try:
        problem = (await database.read(schema)).problem
        if problem is not None:
            raise Refused("conflict", problem)
        yield Opened(database, Directory(database))
    finally:
        await database.close()


def new_id() -> str:
    """A fresh row id."""
    return ids.row_id(time.time_ns() // 1_000_000, secrets.randbits(64))


async def app_named(directory: Directory, app_id: str | None) -> App:
    """The app of this id; without an id the only one. Raises `Refused`."""
    if app_id is None:
        found = await directory.list_apps("", "", 2)
        if len(found) == 1:
            return found[0]
        raise Refused("bad_request", "Name the app by --app: there are several." if found else "There is no app yet.")
    app = await directory.get_app(app_id)
    if app is None:
        raise Refused("app_not_found", f"There is no app {app_id}.")
    return app


async def all_keys(database: Database) -> list[ApiKey]:
    """The keys of every scope, those of integrations included."""
    query = api_keys.select().order_by(api_keys.c.scope, api_keys.c.app_id, api_keys.c.id)
    return await database.read(lambda connection: [directory_rows.to_key(row) for row in connection.execute(query)])


async def remove_account(database: Database, account_id: str) -> None:
    """The account, its seats and its sessions. What its person wrote stays, and their open tickets are given back by the server."""
    await Departures(database).remove_account(account_id, time.time_ns() // 1_000_000, last_too=True)
