"""Writes a batch of entries on SQLite, in one transaction: the hot path. Never decides what to write.

Each statement is built once and runs once for the whole batch, and those that have nothing to do are not run.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, delete, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection

from storage.ports import Claim, EffectRow, Entry, Fenced
from storage.sql import batches, read_rows, sqlite_rows
from storage.sql.sqlite_rows import straight
from storage.sql.tables import actors, effects, members

_snapshot = update(actors).where(actors.c.key == bindparam("of")).values(snapshot_seq=bindparam("at"), snapshot=bindparam("state"))
_join = sqlite.insert(members).on_conflict_do_nothing()
_MEMBER = ("app_id", "user_id", "kind", "actor_id")
_leave = delete(members).where(*(members.c[name] == bindparam(f"of_{name}") for name in _MEMBER))
_cancel = delete(effects).where(*(effects.c[name] == bindparam(f"of_{name}") for name in ("actor", "target", "name")))
#: Alone to write, this transaction may take what follows the highest id that was ever given.
_NEXT_EFFECT = "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'effects'"
_GENERATION = "SELECT generation FROM slots WHERE kind = ? AND slot = ?"
_SETTLE = "DELETE FROM effects WHERE id IN (SELECT value FROM json_each(?))"
_TALLY = (
    "INSERT INTO tallies (app_id, subject, key, n)"
    " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]')"
    " FROM json_each(?) WHERE true" + batches.RAISED  # without a WHERE, SQLite takes ON for that of a join
)


def commit(connection: Connection, claim: Claim, entries: Sequence[Entry]) -> list[EffectRow]:
    """The work of `Journal.commit`."""
    _check_fence(connection, claim)
    sqlite_rows.insert(connection, "actors", tuple(batches.ACTOR), batches.new_actors(entries))
    sqlite_rows.insert(connection, "events", tuple(batches.EVENT), batches.event_rows(entries))
    batches.redact(connection, entries)
    batches.many(connection, _snapshot, [{"of": key, "at": seq, "state": state} for key, seq, state in batches.snapshots(entries)])
    _change_members(connection, entries)
    _count(connection, entries)
    read_rows.write(connection, [(entry.actor.app, change) for entry in entries for change in entry.rows])
    return _change_effects(connection, entries)


def settle(connection: Connection, claim: Claim, effect_ids: Sequence[int]) -> None:
    _check_fence(connection, claim)
    _settle(connection, effect_ids)


def _check_fence(connection: Connection, claim: Claim) -> None:
    """Raise `Fenced` unless the claim is still the slot's."""
    found = straight(connection, _GENERATION, (claim.kind, claim.slot)).fetchone()
    if found is None or found[0] != claim.generation:
        raise Fenced(f"{claim.kind}/{claim.slot}: generation {claim.generation} was replaced by {found and found[0]}")


def _change_members(connection: Connection, entries: Sequence[Entry]) -> None:
    joined, left = batches.member_changes(entries)
    batches.many(connection, _join, [dict(zip(_MEMBER, row, strict=True)) for row in joined])
    batches.many(connection, _leave, [{f"of_{name}": value for name, value in zip(_MEMBER, row, strict=True)} for row in left])


def _count(connection: Connection, entries: Sequence[Entry]) -> None:
    rows = batches.tallies(entries)
    if rows:
        straight(connection, _TALLY, (msgspec.json.encode(rows).decode(),))


def _change_effects(connection: Connection, entries: Sequence[Entry]) -> list[EffectRow]:
    """Settled and cancelled ones go first, so that an effect set again in the same entry stays."""
    _settle(connection, [each for entry in entries for each in entry.settled])
    wanted = batches.wanted_effects(entries)
    gone = batches.cancelled(entries, wanted)
    batches.many(connection, _cancel, [{"of_actor": key, "of_target": target, "of_name": name} for key, target, name in gone])
    if not wanted:
        return []
    (first,) = straight(connection, _NEXT_EFFECT).fetchone()  # a tenth of the cost of an INSERT that returns ids in order
    ids = range(first, first + len(wanted))
    rows = [batches.effect_values(id, entry, effect) for id, (entry, effect) in zip(ids, wanted, strict=True)]
    sqlite_rows.insert(connection, "effects", tuple(batches.EFFECT), rows)
    return batches.made_effects(ids, wanted)


def _settle(connection: Connection, effect_ids: Sequence[int]) -> None:
    if effect_ids:
        straight(connection, _SETTLE, (msgspec.json.encode(effect_ids).decode(),))
