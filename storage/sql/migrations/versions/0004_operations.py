"""What operators ask for, since when a slot has its owner, and which program may work on this schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
compatible_from = "0003"

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("slots", sa.Column("since_ms", Big, nullable=False, server_default=sa.text("0")))
    op.create_table(
        "orders",
        sa.Column("name", Word, nullable=False),
        sa.Column("at_ms", Big, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_orders"),
    )
    op.create_table(
        "compatible",
        sa.Column("oldest", Word, nullable=False),
        sa.PrimaryKeyConstraint("oldest", name="pk_compatible"),
    )


def downgrade() -> None:
    for table in ("compatible", "orders"):
        op.drop_table(table)
    with op.batch_alter_table("slots") as slots:
        slots.drop_column("since_ms")
