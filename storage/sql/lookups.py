"""Reads of the journal: each is one statement, and a batch of any size is the same statement. Never writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from sqlalchemy import Select, bindparam, func, select, true, tuple_
from sqlalchemy.engine import Connection

from storage.ports import ActorId, EffectRow, EventRow, Loaded, Seen
from storage.sql.rowsets import RowSet
from storage.sql.tables import IS_NO_TIMER, IS_TIMER, actors, effects, events, members, tallies

_EVENT = (events.c.seq, events.c.body, events.c.command_key, events.c.digest, events.c.is_message, events.c.version, events.c.personal)
_EFFECT = (
    effects.c.id,
    effects.c.kind,
    effects.c.app_id,
    effects.c.actor_id,
    effects.c.target,
    effects.c.payload,
    effects.c.due_ms,
    effects.c.name,
)

_of = events.c.actor == bindparam("key")
_limit: Any = bindparam("most", type_=events.c.seq.type)
_forward = select(*_EVENT).where(_of, events.c.seq > bindparam("after")).order_by(events.c.seq).limit(_limit)
_backward = select(*_EVENT).where(_of, events.c.seq < bindparam("before")).order_by(events.c.seq.desc()).limit(_limit)
_messages_forward = _forward.where(events.c.is_message)
_messages_backward = _backward.where(events.c.is_message)

_key = select(actors.c.key).where(actors.c.kind == bindparam("kind"), actors.c.app_id == bindparam("app"), actors.c.id == bindparam("id"))
_member = select(members.c.actor_id).where(
    members.c.app_id == bindparam("app"), members.c.user_id == bindparam("user"), members.c.kind == bindparam("kind")
)
_members_forward = _member.where(members.c.actor_id > bindparam("after")).order_by(members.c.actor_id).limit(_limit)
_members_backward = _member.where(members.c.actor_id < bindparam("before")).order_by(members.c.actor_id.desc()).limit(_limit)
_recent = (
    select(actors.c.id)
    .where(actors.c.kind == bindparam("kind"), actors.c.app_id == bindparam("app"), actors.c.key < bindparam("before"))
    .order_by(actors.c.key.desc())
    .limit(_limit)
)
_of_actor = (effects.c.actor == _key.scalar_subquery(),)
_of_shards = (effects.c.kind == bindparam("kind"), effects.c.shard >= bindparam("first"), effects.c.shard < bindparam("end"))
_effects = select(*_EFFECT).where(IS_NO_TIMER).order_by(effects.c.id)
_effects_of_actor, _effects_of_shards = _effects.where(*_of_actor), _effects.where(*_of_shards)
_timers = (
    select(*_EFFECT)
    .where(
        IS_TIMER,
        tuple_(effects.c.due_ms, effects.c.id) > tuple_(bindparam("after_ms"), bindparam("after")),
        effects.c.due_ms <= bindparam("until_ms"),
    )
    .order_by(effects.c.due_ms, effects.c.id)
    .limit(_limit)
)
_timers_of_actor, _timers_of_shards = _timers.where(*_of_actor), _timers.where(*_of_shards)
_tallies = select(tallies.c.key, tallies.c.n).where(tallies.c.app_id == bindparam("app"), tallies.c.subject == bindparam("of_subject"))


class Lookups:
    """The statements that depend on the dialect, and the methods' answers made from rows."""

    def __init__(self, dialect: Literal["sqlite", "postgresql"]) -> None:
        self._names = RowSet(dialect, "wanted", kind="text", app="text", id="text")
        self._floors = RowSet(dialect, "floors", key="int", seq="int")
        self._commands = RowSet(dialect, "commands", key="int", command="int")
        self._keys = RowSet(dialect, "keys", key="int")
        self._load_actors = _load_actors(self._names)
        self._load_events = _load_events(self._floors)
        self._seen = _seen(self._commands)
        self._heads = _heads(self._keys)

    def load(self, connection: Connection, wanted: Sequence[ActorId], tail: int) -> list[Loaded]:
        names = [(each.kind, each.app, each.id) for each in wanted]
        found = connection.execute(self._load_actors, self._names.parameters(names)).all()
        floors = self._floors.parameters([(key, seq - tail) for *_, key, seq, _ in found])
        tails: dict[int, list[EventRow]] = defaultdict(list)
        if found:
            for actor, *row in connection.execute(self._load_events, floors):
                tails[actor].append(EventRow(*row))
        return [
            Loaded(actor=ActorId(kind, app, id), key=key, snapshot_seq=seq, snapshot=state, events=tails[key])
            for kind, app, id, key, seq, state in found
        ]

    def seen(self, connection: Connection, commands: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Seen]:
        rows = connection.execute(self._seen, self._commands.parameters(commands))
        return {(actor, command): Seen(seq=seq, digest=digest, body=body) for actor, command, seq, digest, body in rows}

    def heads(self, connection: Connection, keys: Sequence[int]) -> dict[int, int]:
        rows = connection.execute(self._heads, self._keys.parameters([(key,) for key in keys]))
        return {key: head for key, head in rows if head is not None}


def read(connection: Connection, key: int, after: int, limit: int) -> list[EventRow]:
    return _events(connection, _forward, {"key": key, "after": after, "most": limit})


def read_back(connection: Connection, key: int, before: int, limit: int) -> list[EventRow]:
    return _events(connection, _backward, {"key": key, "before": before, "most": limit})[::-1]


def messages(connection: Connection, key: int, after: int | None, before: int | None, limit: int) -> list[EventRow]:
    if after is not None or before is None:
        return _events(connection, _messages_forward, {"key": key, "after": after or 0, "most": limit})
    return _events(connection, _messages_backward, {"key": key, "before": before, "most": limit})[::-1]


def find(connection: Connection, actor: ActorId) -> int | None:
    key: int | None = connection.execute(_key, {"kind": actor.kind, "app": actor.app, "id": actor.id}).scalar()
    return key


def recent(connection: Connection, kind: str, app: str, limit: int, before: int) -> list[ActorId]:
    ids = connection.execute(_recent, {"kind": kind, "app": app, "most": limit, "before": before}).scalars()
    return [ActorId(kind, app, id) for id in ids]


def by_member(connection: Connection, kind: str, app: str, user_id: str, after: str, before: str, limit: int) -> list[ActorId]:
    of = {"kind": kind, "app": app, "user": user_id, "most": limit}
    if before:
        ids = connection.execute(_members_backward, {**of, "before": before}).scalars().all()[::-1]
    else:
        ids = connection.execute(_members_forward, {**of, "after": after}).scalars().all()
    return [ActorId(kind, app, id) for id in ids]


def pending_effects(connection: Connection, kind: str, shards: tuple[int, int], actor: ActorId | None) -> list[EffectRow]:
    return _made(connection.execute(_effects_of_shards if actor is None else _effects_of_actor, _whose(kind, shards, actor)))


def timers(
    connection: Connection, kind: str, shards: tuple[int, int], after: tuple[int, int], until_ms: int, most: int, actor: ActorId | None
) -> list[EffectRow]:
    bounds = {"after_ms": after[0], "after": after[1], "until_ms": until_ms, "most": most}
    statement = _timers_of_shards if actor is None else _timers_of_actor
    return _made(connection.execute(statement, {**_whose(kind, shards, actor), **bounds}))


def _whose(kind: str, shards: tuple[int, int], actor: ActorId | None) -> dict[str, Any]:
    if actor is not None:
        return {"kind": actor.kind, "app": actor.app, "id": actor.id}
    return {"kind": kind, "first": shards[0], "end": shards[1]}


def _made(rows: Iterable[Any]) -> list[EffectRow]:
    return [
        EffectRow(id=id, actor=ActorId(of_kind, app, actor_id), target=target, payload=payload, due_ms=due_ms, name=name)
        for id, of_kind, app, actor_id, target, payload, due_ms, name in rows
    ]


def counted(connection: Connection, app: str, subject: str) -> dict[str, int]:
    return {row.key: row.n for row in connection.execute(_tallies, {"app": app, "of_subject": subject})}


def _events(connection: Connection, statement: Select[Any], parameters: dict[str, int]) -> list[EventRow]:
    return [EventRow(*row) for row in connection.execute(statement, parameters)]


def _load_actors(names: RowSet) -> Select[Any]:
    wanted = names.table.c
    match = (actors.c.kind == wanted.kind) & (actors.c.app_id == wanted.app) & (actors.c.id == wanted.id)
    columns = (actors.c.kind, actors.c.app_id, actors.c.id, actors.c.key, actors.c.snapshot_seq, actors.c.snapshot)
    return select(*columns).select_from(names.table.join(actors, match))


def _load_events(floors: RowSet) -> Select[Any]:
    """PostgreSQL gets the join as LATERAL: before the first ANALYZE it would rather scan the whole table, and a host just born waits."""
    floor = floors.table.c
    match = (events.c.actor == floor.key) & (events.c.seq > floor.seq)
    if floors.dialect == "sqlite":
        return select(events.c.actor, *_EVENT).select_from(floors.table.join(events, match)).order_by(events.c.actor, events.c.seq)
    each = select(*_EVENT).where(match).order_by(events.c.seq).lateral("each")
    return select(floor.key, *each.c).select_from(floors.table.join(each, true())).order_by(floor.key, each.c.seq)


def _seen(commands: RowSet) -> Select[Any]:
    match = (events.c.actor == commands.table.c.key) & (events.c.command_key == commands.table.c.command)
    columns = (events.c.actor, events.c.command_key, events.c.seq, events.c.digest, events.c.body)
    return select(*columns).select_from(commands.table.join(events, match))


def _heads(keys: RowSet) -> Select[Any]:
    head = select(func.max(events.c.seq)).where(events.c.actor == keys.table.c.key).scalar_subquery()
    return select(keys.table.c.key, head)
