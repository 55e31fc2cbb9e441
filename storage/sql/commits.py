"""Writes a batch of entries in one transaction: the hot path. Never decides what to write.

Each statement is built once and runs once for the whole batch, and those that have nothing to do are not sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

import msgspec
from sqlalchemy import Executable, bindparam, delete, func, insert, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from storage.effects import remaining
from storage.ports import Claim, EffectRow, Entry, Fenced
from storage.redaction import STUB_BYTES
from storage.sql import read_rows
from storage.sql.slots import check_fence
from storage.sql.tables import actors, effects, events, members

_insert_actors = insert(actors)
_redact = (
    update(events)
    .where(events.c.actor == bindparam("of"), events.c.seq == bindparam("at"))
    .values(body=bindparam("to"), is_message=False, personal=False)
)
_of_older = (events.c.actor == bindparam("of"), events.c.seq < bindparam("before"))
_cut = update(events).values(body=func.substr(events.c.body, 1, STUB_BYTES), is_message=False, personal=False)
_cut_personal, _cut_all = _cut.where(*_of_older, events.c.personal), _cut.where(*_of_older)
_snapshot = update(actors).where(actors.c.key == bindparam("of")).values(snapshot_seq=bindparam("at"), snapshot=bindparam("state"))
_join = {
    "sqlite": sqlite.insert(members).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(members).on_conflict_do_nothing(),
}
_leave = delete(members).where(*(members.c[name] == bindparam(f"of_{name}") for name in ("app_id", "user_id", "kind", "actor_id")))
_cancel = delete(effects).where(*(effects.c[name] == bindparam(f"of_{name}") for name in ("actor", "target", "name")))
_effect_ids = {
    # Alone to write, this transaction may take what follows the highest id that was ever given.
    "sqlite": text("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'effects'"),
    "postgresql": text("SELECT nextval(pg_get_serial_sequence('effects', 'id')) FROM generate_series(1, :count)"),
}


def commit(connection: Connection, claim: Claim, entries: Sequence[Entry]) -> list[EffectRow]:
    """The work of `Journal.commit`."""
    check_fence(connection, claim)
    _many(connection, _insert_actors, [_new_actor(entry) for entry in entries if entry.is_new])
    _insert_event_rows(connection, entries)
    _rewrite(connection, entries)
    _change_members(connection, entries)
    _count(connection, entries)
    read_rows.write(connection, [(entry.actor.app, change) for entry in entries for change in entry.rows])
    return _change_effects(connection, entries)


def only_appends(entry: Entry) -> bool:
    """Whether the entry is nothing but events of an actor that is there: most are."""
    return bool(entry.events) and not (
        entry.is_new
        or entry.snapshot is not None
        or entry.effects
        or entry.settled
        or entry.members
        or entry.redactions
        or entry.redact_before
        or entry.redact_all_before
        or entry.cancelled
        or entry.counts
        or entry.rows
    )


def append(connection: Connection, claim: Claim, entries: Sequence[Entry]) -> None:
    """The work of `Journal.commit` for entries that only append, on PostgreSQL: one statement, fence and all, hence one round trip."""
    columns = tuple(map(list, zip(*_event_rows(entries), strict=True)))
    done = connection.exec_driver_sql(_APPEND, (*columns, claim.kind, claim.slot, claim.generation)).rowcount
    if done != len(columns[0]):
        raise Fenced(f"{claim.kind}/{claim.slot}: generation {claim.generation} was replaced")


def settle(connection: Connection, claim: Claim, effect_ids: Sequence[int]) -> None:
    check_fence(connection, claim)
    _settle(connection, effect_ids)


def _many(connection: Connection, statement: Executable, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(statement, rows)


def _new_actor(entry: Entry) -> dict[str, Any]:
    seq, state = entry.snapshot or (0, None)
    name = entry.actor
    return {
        "key": entry.key, "kind": name.kind, "app_id": name.app, "id": name.id,
        "shard": entry.shard, "snapshot_seq": seq, "snapshot": state,
    }  # fmt: skip


def _insert_event_rows(connection: Connection, entries: Sequence[Entry]) -> None:
    _insert_rows(connection, _EVENTS, _event_rows(entries))


def _event_rows(entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    """The values of `_EVENTS`, row by row."""
    return [
        (entry.key, event.seq, event.is_message, event.personal, event.version, event.command_key, event.digest, event.body)
        for entry in entries
        for event in entry.events
    ]


class _Columns:
    """A table that many rows are appended to in one statement: its columns, with PostgreSQL's types.

    SQLite's driver gives up the interpreter's lock for each step, and a busy event loop takes long to hand it back (17 ms instead
    of 7 for 200 rows, measured); PostgreSQL binds and runs a statement for each row.
    """

    def __init__(self, table: str, **columns: str) -> None:
        self._insert = f"INSERT INTO {table} ({', '.join(columns)})"
        self._marks = f"({', '.join('?' * len(columns))})"
        arrays = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(columns.values(), 1))
        self.of_arrays = f"{self._insert} SELECT * FROM unnest({arrays})"
        self.of_rows = cache(self._of_rows)

    def _of_rows(self, count: int) -> str:
        return f"{self._insert} VALUES {', '.join([self._marks] * count)}"


#: In one statement at most, on SQLite. Sizes are powers of two, so that few statements are prepared.
_ROWS_AT_ONCE = 256
_EVENTS = _Columns(
    "events", actor="bigint", seq="bigint", is_message="boolean", personal="boolean",
    version="smallint", command_key="bigint", digest="bigint", body="bytea",
)  # fmt: skip
_EFFECTS = _Columns(
    "effects", id="bigint", kind="text", shard="int", actor="bigint", app_id="text", actor_id="text",
    target="text", name="text", payload="bytea", due_ms="bigint",
)  # fmt: skip


#: FOR SHARE waits for a claim in flight and then looks again, so that the events of a generation that was replaced find no fence.
_APPEND = (
    "WITH fence AS MATERIALIZED (SELECT 1 FROM slots WHERE kind = $9 AND slot = $10 AND generation = $11 FOR SHARE)"
    f" {_EVENTS.of_arrays} WHERE EXISTS (SELECT 1 FROM fence)"
)


def _insert_rows(connection: Connection, columns: _Columns, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(columns.of_arrays, tuple(map(list, zip(*rows, strict=True))))
        return
    done, size = 0, _ROWS_AT_ONCE
    while done < len(rows):
        while size > len(rows) - done:
            size //= 2
        connection.exec_driver_sql(columns.of_rows(size), tuple(chain.from_iterable(rows[done : done + size])))
        done += size


def _rewrite(connection: Connection, entries: Sequence[Entry]) -> None:
    """What changes rows that are there: redactions and snapshots."""
    _many(connection, _redact, [{"of": entry.key, "at": seq, "to": body} for entry in entries for seq, body in entry.redactions])
    _many(connection, _cut_personal, [{"of": entry.key, "before": entry.redact_before} for entry in entries if entry.redact_before])
    _many(connection, _cut_all, [{"of": entry.key, "before": entry.redact_all_before} for entry in entries if entry.redact_all_before])
    due = [(entry.key, *entry.snapshot) for entry in entries if entry.snapshot is not None and not entry.is_new]
    _many(connection, _snapshot, [{"of": key, "at": seq, "state": state} for key, seq, state in due])


def _change_members(connection: Connection, entries: Sequence[Entry]) -> None:
    latest = {(entry.actor, change.user_id): change.present for entry in entries for change in entry.members}
    if not latest:
        return
    rows = [
        ({"app_id": name.app, "user_id": user_id, "kind": name.kind, "actor_id": name.id}, present)
        for (name, user_id), present in latest.items()
    ]
    _many(connection, _join[connection.dialect.name], [row for row, present in rows if present])
    _many(connection, _leave, [{f"of_{name}": value for name, value in row.items()} for row, present in rows if not present])


_tally = {
    "sqlite": "INSERT INTO tallies (app_id, subject, key, n)"
    " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]')"
    " FROM json_each(?) WHERE true",  # without a WHERE, SQLite takes ON for that of a join
    "postgresql": "INSERT INTO tallies (app_id, subject, key, n) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])",
}
_raised = " ON CONFLICT (app_id, subject, key) DO UPDATE SET n = tallies.n + excluded.n"


def _count(connection: Connection, entries: Sequence[Entry]) -> None:
    """One row for each tally of the batch, in one order for all hosts: whoever waits for another's row holds none that it waits for."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for entry in entries:
        for count in entry.counts:
            sums[entry.actor.app, count.subject, count.key] += count.n
    if not sums:
        return
    rows = [(*name, n) for name, n in sorted(sums.items())]
    dialect = connection.dialect.name
    given = (msgspec.json.encode(rows).decode(),) if dialect == "sqlite" else tuple(map(list, zip(*rows, strict=True)))
    connection.exec_driver_sql(_tally[dialect] + _raised, given)


def _change_effects(connection: Connection, entries: Sequence[Entry]) -> list[EffectRow]:
    """Settled and cancelled ones go first, so that an effect set again in the same entry stays."""
    _settle(connection, [each for entry in entries for each in entry.settled])
    wanted = [(entry, effect) for entry in entries for effect in remaining(entry.effects)]
    gone = [(entry.key, *each) for entry in entries for each in entry.cancelled]
    gone += [(entry.key, effect.target, effect.name) for entry, effect in wanted if effect.name]
    _many(connection, _cancel, [{"of_actor": key, "of_target": target, "of_name": name} for key, target, name in gone])
    ids = _new_effect_ids(connection, len(wanted)) if wanted else []
    made = [
        EffectRow(id=id, actor=entry.actor, target=effect.target, payload=effect.payload, due_ms=effect.due_ms, name=effect.name)
        for id, (entry, effect) in zip(ids, wanted, strict=True)
    ]
    _insert_rows(connection, _EFFECTS, [_effect_values(row, entry) for row, (entry, _) in zip(made, wanted, strict=True)])
    return made


_settled = {
    "sqlite": "DELETE FROM effects WHERE id IN (SELECT value FROM json_each(?))",
    "postgresql": "DELETE FROM effects WHERE id = ANY($1::bigint[])",
}


def _settle(connection: Connection, effect_ids: Sequence[int]) -> None:
    if effect_ids:
        given = msgspec.json.encode(effect_ids).decode() if connection.dialect.name == "sqlite" else list(effect_ids)
        connection.exec_driver_sql(_settled[connection.dialect.name], (given,))


def _new_effect_ids(connection: Connection, count: int) -> Sequence[int]:
    """Ids that were never given, ascending. Taking them first costs a tenth of an INSERT that returns them in order."""
    found = connection.execute(_effect_ids[connection.dialect.name], {"count": count}).scalars().all()
    return found if connection.dialect.name == "postgresql" else range(found[0], found[0] + count)


def _effect_values(row: EffectRow, entry: Entry) -> tuple[Any, ...]:
    name = row.actor
    return row.id, name.kind, entry.shard, entry.key, name.app, name.id, row.target, row.name, row.payload, row.due_ms
