"""Writes the rows of tickets in the transactions of their turns, see `storage.sql.read_rows`. Never reads a clock.

A turn rewrites one row. Marks are touched only when they change, and then only those that differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import msgspec
from sqlalchemy import BindParameter, bindparam, delete, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

from domain.finding import filters
from domain.finding.filters import Known
from domain.ticket.model import Ticket
from storage.ports import RowChange
from storage.sql import sqlite_rows, ticket_words
from storage.sql.tickets_tables import ticket_marks, tickets

decode = msgspec.json.Decoder(Ticket).decode

Key = tuple[str, str]
"""App and id."""
Mark = tuple[str, str, str, str]
"""A row of `ticket_marks`."""

_COLUMNS, _MARK = tuple(column.name for column in tickets.columns), ("app_id", "kind", "value", "id")
_VALUES = [name for name in _COLUMNS if name not in ("app_id", "id")]
_THEN = f" ON CONFLICT (app_id, id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _VALUES)}"
_AT_ONCE = 500


def _bound(*names: str) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(f"old_{name}") for name in names}


_new = postgresql.insert(tickets)
_upsert = _new.on_conflict_do_update(index_elements=["app_id", "id"], set_={name: _new.excluded[name] for name in _VALUES})
_gone = delete(tickets).where(*(tickets.c[name] == value for name, value in _bound("app_id", "id").items()))
_no_mark = delete(ticket_marks).where(*(ticket_marks.c[name] == value for name, value in _bound("app_id", "kind", "value", "id").items()))


def write(connection: Connection, changes: Sequence[tuple[str, RowChange]]) -> None:
    """The writer of `tickets`: a row is the ticket as JSON."""
    now = {(app, change.key): (decode(change.row), change.row) for app, change in changes if change.row is not None}
    known = {key: filters.of_ticket(ticket) for key, (ticket, _) in now.items()}
    hashes = {key: hashed(one) for key, one in known.items()}
    before = _hashes(connection, [(app, change.key) for app, change in changes])
    if now:
        _put(connection, [_row(key, body, known[key], hashes[key]) for key, (_, body) in now.items()])
    gone = [key for app, change in changes if change.row is None and (key := (app, change.key)) in before]
    if gone:
        ticket_words.forget(connection, gone)
        connection.execute(_gone, [{"old_app_id": app, "old_id": identifier} for app, identifier in gone])
    changed = [key for key in now if before.get(key) != hashes[key]]
    _mark(connection, {key: known[key] for key in changed}, [*(key for key in changed if key in before), *gone])


def hashed(known: Known) -> int:
    """64 bits, signed."""
    return int.from_bytes(blake2b(repr(sorted(known.marks)).encode(), digest_size=8).digest(), "big", signed=True)


def _row(key: Key, body: bytes, known: Known, marks: int) -> dict[str, Any]:
    return {**known.facts, "app_id": key[0], "id": key[1], "text": known.text, "marks": marks, "body": body}


def _put(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if connection.dialect.name == "sqlite":
        sqlite_rows.insert(connection, "tickets", _COLUMNS, [tuple(map(row.get, _COLUMNS)) for row in rows], _THEN)
    else:
        connection.execute(_upsert, rows)


def _hashes(connection: Connection, keys: Sequence[Key]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for app, identifiers in _by_app(keys):
        query = select(tickets.c.id, tickets.c.marks).where(tickets.c.app_id == app, tickets.c.id.in_(identifiers))
        found.update(((app, row.id), row.marks) for row in connection.execute(query))
    return found


def _mark(connection: Connection, now: dict[Key, Known], had: Sequence[Key]) -> None:
    """Those that differ; in one order everywhere, so that no two transactions wait for each other."""
    before: set[Mark] = set()
    for app, identifiers in _by_app(had):
        query = select(ticket_marks).where(ticket_marks.c.app_id == app, ticket_marks.c.id.in_(identifiers))
        before.update(map(tuple, connection.execute(query)))
    after = {(app, kind, value, identifier) for (app, identifier), one in now.items() for kind, value in one.marks}
    gone, new = sorted(before - after), sorted(after - before)
    if gone:
        connection.execute(_no_mark, [{f"old_{name}": value for name, value in zip(_MARK, one, strict=True)} for one in gone])
    if connection.dialect.name == "sqlite":
        sqlite_rows.insert(connection, "ticket_marks", _MARK, new)
    elif new:
        connection.execute(insert(ticket_marks), [dict(zip(_MARK, one, strict=True)) for one in new])


def _by_app(keys: Sequence[Key]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for app, identifier in keys:
        found.setdefault(app, []).append(identifier)
    return [(app, these[at : at + _AT_ONCE]) for app, these in found.items() for at in range(0, len(these), _AT_ONCE)]
