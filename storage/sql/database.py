"""Opens a `Database` by its address. Never looks into one."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

from storage.ports import Database
from storage.sql.sqlite import SqliteDatabase


def open_database(
    url_or_path: str | Path, *, application_name: str = "causerie", pool_size: int = 5, patience_s: float | None = None
) -> Database:
    """`sqlite:///relative`, `sqlite:////absolute`, a plain path, or `postgresql://...`; nothing is connected before the first use.

    `application_name` and `pool_size` matter to PostgreSQL alone. The name cannot be changed later: a host claims its slot
    over one database, named as it likes, and then opens the one for its journal under `slots.backend_name(...)`, by which
    the next generation finds and ends it. `patience_s` bounds the wait for SQLite's lock or for one statement of PostgreSQL.
    """
    if isinstance(url_or_path, Path) or "://" not in url_or_path:
        return SqliteDatabase(Path(url_or_path), **_given(wait_s=patience_s))
    url = make_url(url_or_path)
    match url.get_backend_name():
        case "sqlite":
            if not url.database or url.database == ":memory:":
                raise ValueError("SQLite needs a file: processes share it")
            return SqliteDatabase(Path(url.database), **_given(wait_s=patience_s))
        case "postgresql" | "postgres":
            from storage.sql.postgresql import PostgresDatabase  # only where there is PostgreSQL: hosts start in less time

            return PostgresDatabase(url, application_name, pool_size, **_given(command_timeout_s=patience_s))
        case other:
            raise ValueError(f"no such kind of database: {other}")


def _given(**options: float | None) -> dict[str, float]:
    return {name: value for name, value in options.items() if value is not None}
