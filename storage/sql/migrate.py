"""Brings a database's schema to the newest revision, and says which programs may work on it. Never touches rows itself.

The migrations are in `migrations/versions`. Each says the oldest schema whose program may go on working on what it makes; the strictest
of them is written into the database, for programs that do not know its schema.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import delete, insert, inspect, select, text
from sqlalchemy.engine import Connection

from domain.errors import Refused
from storage.sql.database import open_database
from storage.sql.tables import compatible

_SCRIPTS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x6361_7573_6572_6965  # "causerie"
_PATIENCE_S = 300.0


class Schema(msgspec.Struct, frozen=True):
    """The schema of a database, seen by this program. Revisions sort by their numbers.

    `revision` is None where the database is empty. `oldest` is the oldest revision whose program may work on it.
    """

    revision: str | None
    oldest: str | None = None
    newest: str = msgspec.field(default_factory=lambda: newest_revision())

    @property
    def is_newer(self) -> bool:
        """Whether a later version of the program made it."""
        return (self.revision or "") > self.newest

    @property
    def problem(self) -> str | None:
        """Why this program must not work on the database as it is."""
        if self.is_newer:
            if self.oldest is not None and self.oldest <= self.newest:
                return None
            known = f"schema {self.revision}, here {self.newest}"
            return f"The database was written by a newer version ({known}): use that version or a later one."
        if self.revision is None:
            return "The database is empty: run `causerie migrate` or `causerie serve` first."
        if self.revision < self.newest:
            return f"The database's schema is {self.revision}, and this version needs {self.newest}: run `causerie migrate`."
        return None


async def migrate(url_or_path: str | Path) -> None:
    """Run what is missing, all or nothing. Another process that does the same at the same moment is waited for.

    A schema that a later version has made is left as it is. Raises `Refused` where this program may not work on it.
    """
    database = open_database(url_or_path, application_name="causerie-migrate", pool_size=1, patience_s=_PATIENCE_S)
    try:
        if (await database.read(schema)).revision != newest_revision():
            await database.write(_upgrade)
    finally:
        await database.close()


def newest_revision() -> str:
    """The revision that this program was written for."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def schema(connection: Connection) -> Schema:
    """The schema of a database."""
    revision = MigrationContext.configure(connection).get_current_revision()
    oldest = connection.execute(select(compatible.c.oldest)).scalar() if inspect(connection).has_table(compatible.name) else None
    return Schema(revision, oldest)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE_S:.0f}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
    found = schema(connection)
    if found.is_newer:
        if found.problem is not None:
            raise Refused("conflict", found.problem)
        return
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.execute(delete(compatible))
    connection.execute(insert(compatible), {"oldest": _oldest(config)})


def _oldest(config: Config) -> str:
    """The strictest of what the migrations say: a program that one of them shuts out stays out."""
    return max(str(script.module.compatible_from) for script in ScriptDirectory.from_config(config).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
