"""The journal: actors, events, members, effects, slots, counters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
compatible_from = "0001"

# A migration keeps its own copy of the types: those of `storage.sql.tables` may change after it.
Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    _create_actors()
    _create_events()
    _create_members()
    _create_effects()
    _create_slots()


def downgrade() -> None:
    for table in ("counters", "slots", "effects", "members", "events", "actors"):
        op.drop_table(table)


def _create_actors() -> None:
    op.create_table(
        "actors",
        sa.Column("key", Big, autoincrement=False, nullable=False),
        sa.Column("kind", Word, nullable=False),
        sa.Column("app_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("snapshot_seq", Big, nullable=False),
        sa.Column("snapshot", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("key", name="pk_actors"),
    )
    op.create_index("uq_actors_kind_app_id_id", "actors", ["kind", "app_id", "id"], unique=True)


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("actor", Big, autoincrement=False, nullable=False),
        sa.Column("seq", Big, autoincrement=False, nullable=False),
        sa.Column("is_message", sa.Boolean(), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("command_key", Big),
        sa.Column("digest", Big, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "seq", name="pk_events"),
    )
    has_key = sa.text("command_key IS NOT NULL")
    op.create_index(
        "uq_events_actor_command_key", "events", ["actor", "command_key"], unique=True, sqlite_where=has_key, postgresql_where=has_key
    )


def _create_members() -> None:
    op.create_table(
        "members",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("user_id", Word, nullable=False),
        sa.Column("kind", Word, nullable=False),
        sa.Column("actor_id", Word, nullable=False),
        sa.PrimaryKeyConstraint("app_id", "user_id", "kind", "actor_id", name="pk_members"),
    )


def _create_effects() -> None:
    op.create_table(
        "effects",
        sa.Column("id", Big, autoincrement=True, nullable=False),
        sa.Column("kind", Word, nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("actor", Big, nullable=False),
        sa.Column("app_id", Word, nullable=False),
        sa.Column("actor_id", Word, nullable=False),
        sa.Column("target", Word, nullable=False),
        sa.Column("name", Word, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("due_ms", Big, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_effects"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_effects_kind_shard", "effects", ["kind", "shard"])
    op.create_index("ix_effects_actor", "effects", ["actor"])


def _create_slots() -> None:
    op.create_table(
        "slots",
        sa.Column("kind", Word, nullable=False),
        sa.Column("slot", Word, nullable=False),
        sa.Column("generation", Big, nullable=False),
        sa.Column("owner", Word, nullable=False),
        sa.Column("address", Word, nullable=False),
        sa.PrimaryKeyConstraint("kind", "slot", name="pk_slots"),
    )
    op.create_table(
        "counters",
        sa.Column("name", Word, nullable=False),
        sa.Column("next", Big, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
