"""Writes the read tables of routing, in the transactions of its turns: each batch in one statement a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete
from sqlalchemy.engine import Connection

from domain.assignment.rows import decode_agent, decode_work
from storage.ports import RowChange
from storage.sql.routing_tables import routing_agents, routing_work

_json = msgspec.json.Encoder().encode
_gone_agents = delete(routing_agents).where(*(routing_agents.c[name] == bindparam(f"of_{name}") for name in ("app_id", "agent_id")))
_gone_work = delete(routing_work).where(*(routing_work.c[name] == bindparam(f"of_{name}") for name in ("app_id", "ticket_id")))


class _Upsert:
    """One statement that writes any number of rows: SQLite reads them from a JSON text, PostgreSQL from an array for each column.

    The first two columns are the key.
    """

    def __init__(self, table: str, **columns: str) -> None:
        names, first = ", ".join(columns), list(columns)[:2]
        taken = ", ".join(f"json_extract(value, '$[{at}]')" for at in range(len(columns)))
        arrays = ", ".join(f"${at}::{kind}[]" for at, kind in enumerate(columns.values(), 1))
        rest = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in first)
        into = f"INSERT INTO {table} ({names}) SELECT"
        then = f" ON CONFLICT ({', '.join(first)}) DO UPDATE SET {rest}"
        # Without a WHERE, SQLite takes ON for that of a join.
        self._sqlite = f"{into} {taken} FROM json_each(?) WHERE true{then}"
        self._postgresql = f"{into} * FROM unnest({arrays}){then}"

    def write(self, connection: Connection, rows: list[tuple[Any, ...]]) -> None:
        if not rows:
            return
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(self._sqlite, (_json(rows).decode(),))
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
    _delete(connection, _gone_agents, "agent_id", changes)


def write_work(connection: Connection, changes: Sequence[tuple[str, RowChange]]) -> None:
    _work.write(connection, [(app, *msgspec.structs.astuple(decode_work(one.row))) for app, one in changes if one.row is not None])
    _delete(connection, _gone_work, "ticket_id", changes)


def _delete(connection: Connection, statement: Any, key: str, changes: Sequence[tuple[str, RowChange]]) -> None:
    gone = [{"of_app_id": app, f"of_{key}": change.key} for app, change in changes if change.row is None]
    if gone:
        connection.execute(statement, gone)
