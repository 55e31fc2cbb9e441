"""Read tables that actors keep up to date in the transactions of their turns. Whoever adds such a table names its writer here."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from functools import cache

from sqlalchemy.engine import Connection

from storage.ports import RowChange

Writer = Callable[[Connection, Sequence[tuple[str, RowChange]]], None]
"""Writes (app, change) pairs, no row twice, in the order of app and key: whoever waits for another's row holds none that it waits for."""

#: By the name of the table, as `module:function`: imported where it is needed.
WRITERS: dict[str, str] = {
    "ticket_audits": "storage.sql.ticket_audits:write",
    "tickets": "storage.sql.tickets_rows:write",
    "routing_agents": "storage.sql.routing_rows:write_agents",
    "routing_work": "storage.sql.routing_rows:write_work",
}


def write(connection: Connection, changes: Sequence[tuple[str, RowChange]]) -> None:
    """The last change of each row, table by table."""
    last = {(change.table, app, change.key): change for app, change in changes}
    tables: dict[str, list[tuple[str, RowChange]]] = {}
    for (table, app, _), change in sorted(last.items(), key=lambda one: one[0]):
        tables.setdefault(table, []).append((app, change))
    for table, those in tables.items():
        _writer(table)(connection, those)


@cache
def _writer(table: str) -> Writer:
    module, _, name = WRITERS[table].partition(":")
    return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]
