"""What apps set up for their agents: rows of all kinds, a version over them, and a log of who changed what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
compatible_from = "0005"

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "desks",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("version", Big, nullable=False),
        sa.PrimaryKeyConstraint("app_id", name="pk_desks"),
    )
    op.create_table(
        "desk_rows",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("kind", Word, nullable=False),
        sa.Column("number", Big, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_ms", Big, nullable=False),
        sa.Column("updated_ms", Big, nullable=False),
        sa.PrimaryKeyConstraint("app_id", "kind", "number", name="pk_desk_rows"),
    )
    op.create_table(
        "desk_log",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("number", Big, nullable=False),
        sa.Column("at_ms", Big, nullable=False),
        *(sa.Column(name, Word, nullable=False) for name in ("who", "action", "kind")),
        sa.Column("row_number", Big, nullable=False),
        *(sa.Column(name, Word, nullable=False) for name in ("label", "fields")),
        sa.PrimaryKeyConstraint("app_id", "number", name="pk_desk_log"),
    )
    op.create_index("ix_desk_log_app_id_at_ms", "desk_log", ["app_id", "at_ms"])


def downgrade() -> None:
    for table in ("desk_log", "desk_rows", "desks"):
        op.drop_table(table)
