"""What actors count."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
compatible_from = "0005"

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("subject", Word, nullable=False),
        sa.Column("key", Word, nullable=False),
        sa.Column("n", Big, nullable=False),
        sa.PrimaryKeyConstraint("app_id", "subject", "key", name="pk_tallies"),
    )


def downgrade() -> None:
    op.drop_table("tallies")
