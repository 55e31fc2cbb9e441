"""Slots, their generations, orders about them, and the counter of actor keys: who may write. Never touches an event."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, bindparam, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from storage.ports import Claim, Database, Fenced, SlotRow
from storage.sql.tables import counters, orders, slots

_NAME_LIMIT = 63  # PostgreSQL cuts an application_name here

_generation = select(slots.c.generation).where(slots.c.kind == bindparam("kind"), slots.c.slot == bindparam("slot"))
_generation_taken = _generation.with_for_update()
_list = select(slots.c.kind, slots.c.slot, slots.c.generation, slots.c.owner, slots.c.address, slots.c.token, slots.c.since_ms).where(
    slots.c.kind == bindparam("of_kind")
)
_one = _list.where(slots.c.slot == bindparam("of_slot"))
_raise = (
    update(slots)
    .where(slots.c.kind == bindparam("of_kind"), slots.c.slot == bindparam("of_slot"))
    .values({name: bindparam(f"to_{name}") for name in ("generation", "owner", "address", "token", "since_ms")})
)
_backends = text(
    "SELECT pid, application_name FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
)
_terminate = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = :pid AND application_name = :name")


def backend_name(kind: str, slot: str, generation: int) -> str:
    """The `application_name` under which a host of this generation opens its database, so that the next one can end it."""
    suffix = f"-{generation}"
    return f"causerie-{kind}-{slot}"[: _NAME_LIMIT - len(suffix)] + suffix


def claim(connection: Connection, kind: str, slot: str, owner: str, address: str, expected: int | None, token: str, at_ms: int) -> Claim:
    """Raise the generation; the first claim of a slot makes it, with generation 1."""
    connection.execute(
        _insert(connection, slots).on_conflict_do_nothing(),
        {"kind": kind, "slot": slot, "generation": 0, "owner": "", "address": "", "token": ""},
    )
    found = connection.execute(_generation_taken, {"kind": kind, "slot": slot}).scalar_one()
    if expected is not None and found != expected:
        raise Fenced(f"{kind}/{slot}: expected generation {expected}, found {found}")
    values = {"to_generation": found + 1, "to_owner": owner, "to_address": address, "to_token": token, "to_since_ms": at_ms}
    connection.execute(_raise, {"of_kind": kind, "of_slot": slot, **values})
    return Claim(kind=kind, slot=slot, generation=found + 1)


async def end_backends(database: Database, kind: str, slot: str, expected: int | None) -> None:
    """End the connections of the generations up to the present one, on PostgreSQL: a paused host may hold the fence's lock.

    Done before the claim, which would wait for that lock. If `expected` is not the present generation it does nothing.
    """
    if database.dialect != "postgresql":
        return
    found = await database.read(lambda connection: connection.execute(_generation, {"kind": kind, "slot": slot}).scalar())
    if found is None or (expected is not None and found != expected):
        return
    old = {backend_name(kind, slot, each) for each in range(max(1, found - 31), found + 1)}

    def terminate(connection: Connection) -> None:
        for pid, name in connection.execute(_backends).all():
            if name in old:
                connection.execute(_terminate, {"pid": pid, "name": name})

    await database.write(terminate)


def listed(connection: Connection, kind: str, slot: str | None) -> list[SlotRow]:
    if slot is not None:
        return [SlotRow(*row) for row in connection.execute(_one, {"of_kind": kind, "of_slot": slot})]
    return [SlotRow(*row) for row in connection.execute(_list.order_by(slots.c.slot), {"of_kind": kind})]


def reserve(connection: Connection, name: str, count: int) -> int:
    """Advance the counter `name` by `count`; the value before, 1 at first."""
    statement = _insert(connection, counters).values(name=name, next=1 + count)
    statement = statement.on_conflict_do_update(index_elements=[counters.c.name], set_={"next": counters.c.next + count})
    return int(connection.execute(statement.returning(counters.c.next)).scalar_one()) - count


def count(connection: Connection, kind: str, wanted: int) -> int:
    """Into how many slots a kind is split: `wanted`, unless that was settled before or it is 0."""
    name = f"slots:{kind}"
    if wanted:
        connection.execute(_insert(connection, counters).on_conflict_do_nothing(), {"name": name, "next": wanted})
    return int(connection.execute(select(counters.c.next).where(counters.c.name == name)).scalar() or 0)


def resettle(connection: Connection, kind: str, count: int, gone: Sequence[SlotRow]) -> None:
    """Every slot's generation is raised, as by a claim: an owner that was taken for dead cannot write where others will."""
    of_kind, known = slots.c.kind == kind, {(row.slot, row.generation) for row in gone}
    rows = connection.execute(select(slots.c.slot, slots.c.generation, slots.c.address).where(of_kind).with_for_update()).all()
    owned = [slot for slot, generation, address in rows if address and (slot, generation) not in known]
    if owned:
        raise Fenced(f"{kind}: the slots {', '.join(owned)} have an owner")
    connection.execute(update(slots).where(of_kind).values(generation=slots.c.generation + 1, owner="", address="", token="", since_ms=0))
    _put(connection, counters, f"slots:{kind}", count)


def ordered(connection: Connection) -> dict[str, int]:
    return {row.name: row.at_ms for row in connection.execute(select(orders.c.name, orders.c.at_ms))}


def order(connection: Connection, name: str, at_ms: int) -> None:
    _put(connection, orders, name, at_ms)


def withdraw(connection: Connection, names: Sequence[str]) -> None:
    connection.execute(delete(orders).where(orders.c.name.in_(names)))


def _put(connection: Connection, table: Table, name: str, number: int) -> None:
    """A row of two columns, a name and a number, as it is from now on."""
    key, value = table.c
    statement = _insert(connection, table).values({key.name: name, value.name: number})
    connection.execute(statement.on_conflict_do_update(index_elements=[key], set_={value.name: number}))


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that has ON CONFLICT, which SQLAlchemy spells by dialect."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
