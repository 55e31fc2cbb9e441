"""Writes a batch of entries on PostgreSQL: one statement, fence and all, hence one round trip and a transaction by itself.

The statement is put together from the parts that the batch needs, each over arrays of its columns. All of them see the database as it was
when the statement began, and none does anything where the fence has no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from storage.ports import Claim, EffectRow, Entry, Fenced
from storage.sql import batches, read_rows


class _Part(NamedTuple):
    """SQL with the arrays of its columns as `{0}`, `{1}` and so on, and what those columns are."""

    sql: str
    types: tuple[str, ...]


def _columns(table: str, columns: dict[str, str], after: str = "") -> _Part:
    arrays = ", ".join(f"{{{n}}}" for n in range(len(columns)))
    sql = f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({arrays}) WHERE EXISTS (SELECT FROM fence){after}"
    return _Part(sql, tuple(columns.values()))


def _matching(statement: str, columns: dict[str, str]) -> _Part:
    """A change of the rows that match an array's, which is known as `given`."""
    arrays = ", ".join(f"{{{n}}}" for n in range(len(columns)))
    source = f"unnest({arrays}) AS given ({', '.join(columns)})"
    return _Part(statement.format(given=source) + " AND EXISTS (SELECT FROM fence)", tuple(columns.values()))


_MEMBER = {"app_id": "text", "user_id": "text", "kind": "text", "actor_id": "text"}
_NEW_EFFECT = {name: kind for name, kind in batches.EFFECT.items() if name != "id"}
_effect_names, _effect_arrays = ", ".join(_NEW_EFFECT), ", ".join(f"{{{n}}}" for n in range(len(_NEW_EFFECT)))

#: In the order in which they stand in a statement. That is not the order in which they happen: no two touch the same row.
_PARTS: dict[str, _Part] = {
    "actors": _columns("actors", batches.ACTOR),
    "events": _columns("events", batches.EVENT),
    "snapshots": _matching(
        "UPDATE actors SET snapshot_seq = given.at, snapshot = given.state FROM {given} WHERE actors.key = given.key",
        {"key": "bigint", "at": "bigint", "state": "bytea"},
    ),
    "joined": _columns("members", _MEMBER, " ON CONFLICT DO NOTHING"),
    "left": _matching(
        f"DELETE FROM members USING {{given}} WHERE {' AND '.join(f'members.{name} = given.{name}' for name in _MEMBER)}", _MEMBER
    ),
    "tallies": _columns("tallies", batches.TALLY, batches.RAISED),
    "settled": _Part("DELETE FROM effects WHERE id = ANY({0}) AND EXISTS (SELECT FROM fence)", ("bigint",)),
    "cancelled": _matching(
        "DELETE FROM effects USING {given}"
        " WHERE effects.actor = given.actor AND effects.target = given.target AND effects.name = given.name",
        {"actor": "bigint", "target": "text", "name": "text"},
    ),
    # Numbers are drawn in the order of the rows: what is sorted is not sorted again.
    "effects": _Part(
        f"INSERT INTO effects (id, {_effect_names}) SELECT nextval(pg_get_serial_sequence('effects', 'id')), {_effect_names}"
        f" FROM (SELECT * FROM unnest({_effect_arrays}) WITH ORDINALITY AS given ({_effect_names}, place)"
        " WHERE EXISTS (SELECT FROM fence) ORDER BY place) AS given RETURNING id",
        tuple(_NEW_EFFECT.values()),
    ),
}

#: FOR SHARE waits for a claim in flight and then looks again, so that a generation that was replaced finds no fence.
_FENCE = "fence AS MATERIALIZED (SELECT FROM slots WHERE kind = $1 AND slot = $2 AND generation = $3 FOR SHARE)"


def is_single(entries: Iterable[Entry]) -> bool:
    """Whether `commit` is one statement for these: only what changes older events, and rows of read tables, takes more."""
    return not any(entry.rows or entry.redactions or entry.redact_before or entry.redact_all_before for entry in entries)


def commit(connection: Connection, claim: Claim, entries: Sequence[Entry]) -> list[EffectRow]:
    """The work of `Journal.commit`."""
    wanted = batches.wanted_effects(entries)
    joined, left = batches.member_changes(entries)
    parts: dict[str, list[tuple[Any, ...]]] = {
        "actors": batches.new_actors(entries),
        "events": batches.event_rows(entries),
        "snapshots": batches.snapshots(entries),
        "joined": joined,
        "left": left,
        "tallies": batches.tallies(entries),
        "settled": [(each,) for entry in entries for each in entry.settled],
        "cancelled": batches.cancelled(entries, wanted),
        "effects": [batches.effect_values(0, entry, effect)[1:] for entry, effect in wanted],
    }
    ids = _run(connection, claim, {name: rows for name, rows in parts.items() if rows})
    batches.redact(connection, entries)
    read_rows.write(connection, [(entry.actor.app, change) for entry in entries for change in entry.rows])
    return batches.made_effects(ids, wanted)


def settle(connection: Connection, claim: Claim, effect_ids: Sequence[int]) -> None:
    _run(connection, claim, {"settled": [(each,) for each in effect_ids]} if effect_ids else {})


def _run(connection: Connection, claim: Claim, parts: dict[str, list[tuple[Any, ...]]]) -> list[int]:
    """The ids of the effects that were made. Raises `Fenced`."""
    arrays = [list(column) for name in parts for column in zip(*parts[name], strict=True)]
    fenced, ids = connection.exec_driver_sql(_statement(tuple(parts)), (claim.kind, claim.slot, claim.generation, *arrays)).one()
    if fenced:
        raise Fenced(f"{claim.kind}/{claim.slot}: generation {claim.generation} was replaced")
    return list(ids)


@cache
def _statement(names: tuple[str, ...]) -> str:
    """Of these parts. There are few mixtures, and each is prepared once on a connection."""
    steps, number = [_FENCE], 4
    for name in names:
        part = _PARTS[name]
        arrays = [f"${at}::{kind}[]" for at, kind in enumerate(part.types, number)]
        steps.append(f"new_{name} AS ({part.sql.format(*arrays)})")
        number += len(arrays)
    ids = "ARRAY(SELECT id FROM new_effects ORDER BY id)" if "effects" in names else "'{}'::bigint[]"
    return f"WITH {', '.join(steps)} SELECT NOT EXISTS (SELECT FROM fence), {ids}"
