"""Translates what SQLAlchemy and the drivers raise into the families of `domain.errors`. Messages never show SQL or its values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import structlog
from sqlalchemy import exc

from domain.errors import Unavailable
from storage.ports import Collision

log = structlog.get_logger(__name__)

_SQLITE_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
_SQLITE_UNIQUE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID}

#: Classes of SQLSTATE: connection, serialization and deadlock, resources (disk full, too many clients), operator, system.
_POSTGRES_PASSING_CLASSES = {"08", "40", "53", "57", "58"}
#: lock_not_available, idle_in_transaction_session_timeout, read_only_sql_transaction (a standby), in_failed_sql_transaction.
_POSTGRES_PASSING = {"55P03", "25P03", "25006"}
_POSTGRES_UNIQUE = "23505"


#: What comes as it is: the pool is exhausted, a connection could not be made or was lost while asyncpg was not looking.
_UNWRAPPED = (
    exc.TimeoutError,
    sqlite3.OperationalError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)


class StatementFailed(Exception):
    """A bug: the database refused a statement for what it says, not for the state that it is in."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise `Unavailable`, `Collision` or, for bugs, `StatementFailed` in place of what the libraries raise."""
    try:
        yield
    except exc.DBAPIError as error:
        raise _from_dbapi(error) from None
    except _UNWRAPPED as error:
        raise _unavailable(type(error).__name__) from None


def _from_dbapi(error: exc.DBAPIError) -> Exception:
    code, sqlstate = _codes(error.orig)
    if code in _SQLITE_UNIQUE or sqlstate == _POSTGRES_UNIQUE:
        return Collision(_table(error.orig))
    if error.connection_invalidated or code & 0xFF in _SQLITE_PASSING:
        return _unavailable(type(error.orig).__name__)
    if sqlstate in _POSTGRES_PASSING or sqlstate[:2] in _POSTGRES_PASSING_CLASSES:
        return _unavailable(sqlstate)
    if not code and not sqlstate and isinstance(error, (exc.InterfaceError, exc.OperationalError)) and "closed" in str(error.orig):
        return _unavailable(type(error.orig).__name__)
    log.error("statement_failed", error=type(error.orig).__name__, code=code, sqlstate=sqlstate, statement=error.statement)
    return StatementFailed(f"{type(error.orig).__name__} {sqlstate or code}")


def _codes(orig: BaseException | None) -> tuple[int, str]:
    """SQLite's extended error code (0: none) and PostgreSQL's SQLSTATE ("": none)."""
    return getattr(orig, "sqlite_errorcode", None) or 0, getattr(orig, "sqlstate", None) or ""


def _table(orig: BaseException | None) -> str:
    """The table whose unique index was broken; never the value."""
    cause = getattr(orig, "__cause__", None)
    if isinstance(cause, asyncpg.PostgresError):
        return str(getattr(cause, "table_name", "") or "")
    return str(orig).removeprefix("UNIQUE constraint failed: ").partition(".")[0] if isinstance(orig, sqlite3.IntegrityError) else ""


def _unavailable(reason: str) -> Unavailable:
    log.warning("database_unavailable", reason=reason)
    return Unavailable("unavailable", "The database cannot serve this now.", retry_after_s=1)
