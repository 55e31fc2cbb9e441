"""Statements of the hot path on SQLite, straight to the driver, and many rows in one of them.

The driver gives up the interpreter's lock for each step, and a busy event loop takes long to hand it back (17 ms instead of 7 for 200 rows,
measured). Rows that a statement reads out of a JSON text instead cost several times as much: the text is read anew for each column.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

#: In one statement at most. Sizes are powers of two, so that few statements are prepared.
ROWS_AT_ONCE = 256


def insert(connection: Connection, table: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]], then: str = "") -> None:
    """`then` follows the rows in the statement, such as what to do where one is there already."""
    for part in _parts(rows):
        straight(connection, _insert(table, columns, len(part), then), tuple(chain.from_iterable(part)))


def straight(connection: Connection, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
    """Run a statement of the hot path by the driver itself: SQLAlchemy's part in one takes longer than SQLite's. Raises what it would."""
    driver: Any = connection.connection.driver_connection
    try:
        cursor: sqlite3.Cursor = driver.execute(statement, values)
    except sqlite3.Error as error:
        raise DBAPIError.instance(statement, None, error, sqlite3.Error, hide_parameters=True) from error
    return cursor


def _parts(rows: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    done, size = 0, ROWS_AT_ONCE
    while done < len(rows):
        while size > len(rows) - done:
            size //= 2
        yield rows[done : done + size]
        done += size


@cache
def _insert(table: str, columns: tuple[str, ...], count: int, then: str) -> str:
    marks = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([marks] * count)}{then}"
