"""Writes the read tables of routing, in the transactions of its turns: each batch in one statement a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy.engine import Connection

from domain.assignment.rows import decode_agent, decode_work
from storage.ports import RowChange
from storage.sql import sqlite_rows

_json = msgspec.json.Encoder().encode


class _Upsert:
    """Writes any number of rows in a statement or a few. The first two columns are the key."""

    def __init__(self, table: str, **columns: str) -> None:
        self._table, self._columns = table, tuple(columns)
        first, rest = self._columns[:2], self._columns[2:]
        arrays = ", ".join(f"${at}::{kind}[]" for at, kind in enumerate(columns.values(), 1))
        self._then = f" ON CONFLICT ({', '.join(first)}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in rest)}"
        self._postgresql = f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({arrays}){self._then}"

    def write(self, connection: Connection, rows: list[tuple[Any, ...]]) -> None:
        if not rows:
            return
        if connection.dialect.name == "sqlite":
            sqlite_rows.insert(connection, self._table, self._columns, rows, self._then)
        else:
            connection.exec_driver_sql(self._postgresql, tuple(map(list, zip(*rows, strict=True))))


_agents = _Upsert(
    "routing_agents", app_id="text", agent_id="text", status="text", reason="text", since_ms="bigint", connected="boolean", channels="text"
)
_work = _Upsert(
    "routing_work", app_id="text", ticket_id="text", stage="text", line="text", queue="bigint", group_id="bigint", channel="text",
    conversation_id="text", agent_id="text", offer_id="text", until_ms="bigint", priority="smallint", due_ms="bigint",
    eligible_ms="bigint", since_ms="bigint", active="boolean",
)  # fmt: skip


def write_agents(connection: Connection, changes: Sequence[tuple[str, RowChange]]) -> None:
    rows = []
    for app, change in changes:
        if change.row is not None:
            *plain, channels = msgspec.structs.astuple(decode_agent(change.row))
            rows.append((app, *plain, _json(channels).decode()))
    _agents.write(connection, rows)
    _delete(connection, "routing_agents", "agent_id", changes)


def write_work(connection: Connection, changes: Sequence[tuple[str, RowChange]]) -> None:
    _work.write(connection, [(app, *msgspec.structs.astuple(decode_work(one.row))) for app, one in changes if one.row is not None])
    _delete(connection, "routing_work", "ticket_id", changes)


def _delete(connection: Connection, table: str, key: str, changes: Sequence[tuple[str, RowChange]]) -> None:
    """Those that go, in one statement for each app."""
    gone: dict[str, list[str]] = {}
    for app, change in changes:
        if change.row is None:
            gone.setdefault(app, []).append(change.key)
    of = f"DELETE FROM {table} WHERE app_id = "
    for app, keys in gone.items():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"{of}? AND {key} IN (SELECT value FROM json_each(?))", (app, _json(keys).decode()))
        else:
            connection.exec_driver_sql(f"{of}$1 AND {key} = ANY($2::text[])", (app, keys))
