"""The read tables of routing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
compatible_from = "0005"

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "routing_agents",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("agent_id", Word, nullable=False),
        sa.Column("status", Word, nullable=False),
        sa.Column("reason", Word, nullable=False),
        sa.Column("since_ms", Big, nullable=False),
        sa.Column("connected", sa.Boolean(), nullable=False),
        sa.Column("channels", Word, nullable=False),
        sa.PrimaryKeyConstraint("app_id", "agent_id", name="pk_routing_agents"),
    )
    op.create_table(
        "routing_work",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("ticket_id", Word, nullable=False),
        sa.Column("stage", Word, nullable=False),
        sa.Column("line", Word, nullable=False),
        sa.Column("queue", Big, nullable=False),
        sa.Column("group_id", Big),
        sa.Column("channel", Word, nullable=False),
        sa.Column("conversation_id", Word),
        sa.Column("agent_id", Word),
        sa.Column("offer_id", Word),
        sa.Column("until_ms", Big, nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("due_ms", Big, nullable=False),
        sa.Column("eligible_ms", Big, nullable=False),
        sa.Column("since_ms", Big, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("app_id", "ticket_id", name="pk_routing_work"),
    )
    for name in ("agent_id", "offer_id"):
        some = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_routing_work_app_id_{name}", "routing_work", ["app_id", name], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    op.drop_table("routing_work")
    op.drop_table("routing_agents")
