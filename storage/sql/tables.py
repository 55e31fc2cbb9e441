"""The journal's tables, as SQLAlchemy Core knows them, and the types that other table modules share. Never holds a query.

Other modules put their tables on the same `metadata`; `storage.sql.migrations` imports them all.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TEXT as POSTGRES_TEXT

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

#: 64 bits on both; SQLite only takes a column of the exact type INTEGER for its rowid.
BigKey = BigInteger().with_variant(Integer(), "sqlite")


class Bytes(LargeBinary):
    """Bytes as both drivers take them: SQLAlchemy's own type would wrap each value once more."""

    def bind_processor(self, dialect: Dialect) -> None:
        return None


#: Text that compares byte by byte on both, so that ids sort and page alike whatever the server's locale is.
Word = Text().with_variant(POSTGRES_TEXT(collation="C"), "postgresql")

actors = Table(
    "actors",
    metadata,
    Column("key", BigKey, primary_key=True, autoincrement=False),
    Column("kind", Word, nullable=False),
    Column("app_id", Word, nullable=False),
    Column("id", Word, nullable=False),
    Column("shard", Integer, nullable=False),
    Column("snapshot_seq", BigKey, nullable=False),
    Column("snapshot", Bytes),
    Index("uq_actors_kind_app_id_id", "kind", "app_id", "id", unique=True),
    Index("ix_actors_kind_app_id_key", "kind", "app_id", "key"),
)
"""One row for each actor. It is rewritten only for a snapshot: the head is the highest seq in `events`."""

events = Table(
    "events",
    metadata,
    Column("actor", BigKey, nullable=False, autoincrement=False),
    Column("seq", BigKey, nullable=False, autoincrement=False),
    Column("is_message", Boolean, nullable=False),
    Column("personal", Boolean, nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("command_key", BigKey),
    Column("digest", BigKey, nullable=False),
    Column("body", Bytes, nullable=False),
    PrimaryKeyConstraint("actor", "seq"),
)
"""Appended in the order of commits (on SQLite by the hidden rowid), beside two narrow unique indexes: twice as fast as clustering
by actor, measured."""

Index(
    "uq_events_actor_command_key",
    events.c.actor,
    events.c.command_key,
    unique=True,
    sqlite_where=text("command_key IS NOT NULL"),
    postgresql_where=text("command_key IS NOT NULL"),
)

members = Table(
    "members",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("user_id", Word, nullable=False),
    Column("kind", Word, nullable=False),
    Column("actor_id", Word, nullable=False),
    PrimaryKeyConstraint("app_id", "user_id", "kind", "actor_id"),
)

effects = Table(
    "effects",
    metadata,
    Column("id", BigKey, primary_key=True, autoincrement=True),
    Column("kind", Word, nullable=False),
    Column("shard", Integer, nullable=False),
    Column("actor", BigKey, nullable=False),
    Column("app_id", Word, nullable=False),
    Column("actor_id", Word, nullable=False),
    Column("target", Word, nullable=False),
    Column("name", Word, nullable=False),
    Column("payload", Bytes, nullable=False),
    Column("due_ms", BigKey, nullable=False),
    Index("ix_effects_actor", "actor"),
    sqlite_autoincrement=True,
)
"""`id` is the effect's idempotency key in the outer world, so it is never given twice: hence AUTOINCREMENT on SQLite."""

#: Hosts read timers by their instants, a page at a time, and all else when they begin. A query has to say this in just these words.
IS_TIMER, IS_NO_TIMER = text("target = 'timer'"), text("target <> 'timer'")
Index(
    "ix_effects_kind_due_ms",
    effects.c.kind,
    effects.c.due_ms,
    effects.c.id,
    effects.c.shard,
    sqlite_where=IS_TIMER,
    postgresql_where=IS_TIMER,
)
Index("ix_effects_kind_shard", effects.c.kind, effects.c.shard, sqlite_where=IS_NO_TIMER, postgresql_where=IS_NO_TIMER)

tallies = Table(
    "tallies",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("subject", Word, nullable=False),
    Column("key", Word, nullable=False),
    Column("n", BigKey, nullable=False),
    PrimaryKeyConstraint("app_id", "subject", "key"),
)
"""What actors have counted, in the transactions of their turns."""

slots = Table(
    "slots",
    metadata,
    Column("kind", Word, nullable=False),
    Column("slot", Word, nullable=False),
    Column("generation", BigKey, nullable=False),
    Column("owner", Word, nullable=False),
    Column("address", Word, nullable=False),
    Column("token", Word, nullable=False, server_default=text("''")),
    Column("since_ms", BigKey, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("kind", "slot"),
)

orders = Table(
    "orders",
    metadata,
    Column("name", Word, primary_key=True),
    Column("at_ms", BigKey, nullable=False),
)
"""What operators have asked for: see `storage.ports.Journal.orders`."""

compatible = Table(
    "compatible",
    metadata,
    Column("oldest", Word, primary_key=True),
)
"""One row: the oldest revision whose program may work on this schema. Programs that do not know this schema look here."""

counters = Table(
    "counters",
    metadata,
    Column("name", Word, primary_key=True),
    Column("next", BigKey, nullable=False),
)
