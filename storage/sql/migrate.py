"""Brings a database's schema to the newest revision. Never touches rows itself; the migrations are in `migrations/versions`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from storage.sql.database import open_database

_SCRIPTS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x6361_7573_6572_6965  # "causerie"
_PATIENCE_S = 300.0


async def migrate(url_or_path: str | Path) -> None:
    """Run what is missing, all or nothing. Another process that does the same at the same moment is waited for."""
    database = open_database(url_or_path, application_name="causerie-migrate", pool_size=1, patience_s=_PATIENCE_S)
    try:
        if await database.read(current_revision) != newest_revision():
            await database.write(_upgrade)
    finally:
        await database.close()


def newest_revision() -> str | None:
    """The revision that this program was written for."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current_revision(connection: Connection) -> str | None:
    """The revision of a database; None if it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE_S:.0f}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
