"""Switchboards and their integrations: who answers the customers of an app."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
compatible_from = "0005"

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "switchboards",
        sa.Column("id", Word, nullable=False),
        sa.Column("app_id", Word, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("default_id", Word),
        sa.PrimaryKeyConstraint("id", name="pk_switchboards"),
    )
    op.create_index("uq_switchboards_app_id", "switchboards", ["app_id"], unique=True)
    op.create_table(
        "switchboard_integrations",
        sa.Column("id", Word, nullable=False),
        sa.Column("app_id", Word, nullable=False),
        sa.Column("switchboard_id", Word, nullable=False),
        sa.Column("name", Word, nullable=False),
        sa.Column("integration_id", Word, nullable=False),
        sa.Column("integration_type", Word, nullable=False),
        sa.Column("deliver_standby_events", sa.Boolean(), nullable=False),
        sa.Column("next_id", Word),
        sa.Column("history", sa.Integer()),
        sa.Column("patience_s", sa.Integer()),
        sa.Column("silences", sa.Integer(), nullable=False),
        sa.Column("passed_over_until_ms", Big, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_switchboard_integrations"),
    )
    op.create_index("uq_switchboard_integrations_switchboard_id_name", "switchboard_integrations", ["switchboard_id", "name"], unique=True)
    op.create_index("ix_switchboard_integrations_app_id", "switchboard_integrations", ["app_id", "id"])


def downgrade() -> None:
    for table in ("switchboard_integrations", "switchboards"):
        op.drop_table(table)
