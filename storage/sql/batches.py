"""What a batch of entries comes to, table by table: the same rows for both databases, whose modules `..._commits` write them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, bindparam, func, update
from sqlalchemy.engine import Connection

from storage.effects import remaining
from storage.ports import EffectRow, Entry, NewEffect
from storage.redaction import STUB_BYTES
from storage.sql.tables import events

#: Columns of the tables that batches append to, with PostgreSQL's types.
ACTOR = {
    "key": "bigint", "kind": "text", "app_id": "text", "id": "text", "shard": "int", "snapshot_seq": "bigint", "snapshot": "bytea",
}  # fmt: skip
EVENT = {
    "actor": "bigint", "seq": "bigint", "is_message": "boolean", "personal": "boolean",
    "version": "smallint", "command_key": "bigint", "digest": "bigint", "body": "bytea",
}  # fmt: skip
EFFECT = {
    "id": "bigint", "kind": "text", "shard": "int", "actor": "bigint", "app_id": "text", "actor_id": "text",
    "target": "text", "name": "text", "payload": "bytea", "due_ms": "bigint",
}  # fmt: skip
TALLY = {"app_id": "text", "subject": "text", "key": "text", "n": "bigint"}
RAISED = " ON CONFLICT (app_id, subject, key) DO UPDATE SET n = tallies.n + excluded.n"

_redact = (
    update(events).where(events.c.actor == bindparam("of"), events.c.seq == bindparam("at")).values(body=bindparam("to"), is_message=False)
)
_of_older = (events.c.actor == bindparam("of"), events.c.seq < bindparam("before"))
_cut = update(events).values(body=func.substr(events.c.body, 1, STUB_BYTES), is_message=False, personal=False)
_cut_personal, _cut_all = _cut.where(*_of_older, events.c.personal), _cut.where(*_of_older)

Wanted = list[tuple[Entry, NewEffect]]


def new_actors(entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    """Rows of `ACTOR`."""
    return [
        (entry.key, entry.actor.kind, entry.actor.app, entry.actor.id, entry.shard, *(entry.snapshot or (0, None)))
        for entry in entries
        if entry.is_new
    ]


def event_rows(entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    """Rows of `EVENT`."""
    return [
        (entry.key, event.seq, event.is_message, event.personal, event.version, event.command_key, event.digest, event.body)
        for entry in entries
        for event in entry.events
    ]


def snapshots(entries: Sequence[Entry]) -> list[tuple[int, int, bytes]]:
    """(actor's key, seq, state) of actors that are there already."""
    return [(entry.key, *entry.snapshot) for entry in entries if entry.snapshot is not None and not entry.is_new]


def member_changes(entries: Sequence[Entry]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """(app, user, kind, actor) of those who are members from now on, and of those who are not."""
    latest = {(entry.actor, change.user_id): change.present for entry in entries for change in entry.members}
    rows = [((name.app, user_id, name.kind, name.id), present) for (name, user_id), present in latest.items()]
    return [row for row, present in rows if present], [row for row, present in rows if not present]


def tallies(entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    """Rows of `TALLY`, in one order for all hosts: whoever waits for another's row holds none that it waits for."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for entry in entries:
        for count in entry.counts:
            sums[entry.actor.app, count.subject, count.key] += count.n
    return [(*name, n) for name, n in sorted(sums.items())]


def wanted_effects(entries: Sequence[Entry]) -> Wanted:
    return [(entry, effect) for entry in entries for effect in remaining(entry.effects)]


def cancelled(entries: Sequence[Entry], wanted: Wanted) -> list[tuple[Any, ...]]:
    """(actor's key, target, name) of pending effects that go: also those that an effect of the same name replaces."""
    gone = [(entry.key, *each) for entry in entries for each in entry.cancelled]
    return gone + [(entry.key, effect.target, effect.name) for entry, effect in wanted if effect.name]


def effect_values(id: int, entry: Entry, effect: NewEffect) -> tuple[Any, ...]:
    """A row of `EFFECT`."""
    name = entry.actor
    return id, name.kind, entry.shard, entry.key, name.app, name.id, effect.target, effect.name, effect.payload, effect.due_ms


def made_effects(ids: Sequence[int], wanted: Wanted) -> list[EffectRow]:
    return [
        EffectRow(id=id, actor=entry.actor, target=effect.target, payload=effect.payload, due_ms=effect.due_ms, name=effect.name)
        for id, (entry, effect) in zip(ids, wanted, strict=True)
    ]


def redact(connection: Connection, entries: Sequence[Entry]) -> None:
    """Replace the content of older events."""
    many(connection, _redact, [{"of": entry.key, "at": seq, "to": body} for entry in entries for seq, body in entry.redactions])
    many(connection, _cut_personal, [{"of": entry.key, "before": entry.redact_before} for entry in entries if entry.redact_before])
    many(connection, _cut_all, [{"of": entry.key, "before": entry.redact_all_before} for entry in entries if entry.redact_all_before])


def many(connection: Connection, statement: Executable, rows: list[dict[str, Any]]) -> None:
    """Run a statement for each row, if there is any."""
    if rows:
        connection.execute(statement, rows)
