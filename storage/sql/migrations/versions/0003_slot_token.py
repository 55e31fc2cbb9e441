"""The slot table holds what links show at an owner's door, so that every server of an installation can reach it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
compatible_from = "0002"

Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("slots", sa.Column("token", Word, nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    with op.batch_alter_table("slots") as slots:
        slots.drop_column("token")
