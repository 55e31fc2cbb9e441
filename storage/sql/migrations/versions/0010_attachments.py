"""Attachments. A new table: an earlier program does not see it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
compatible_from = "0005"

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    words = ("app_id", "id", "key", "name", "media_type", "access", "sender")
    op.create_table(
        "attachments",
        *(sa.Column(name, Word, nullable=False) for name in words),
        *(sa.Column(name, Big, nullable=False) for name in ("size", "created_ms")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("for_message", "used")),
        *(sa.Column(name, Word) for name in ("user_id", "conversation_id")),
        sa.Column("expires_ms", Big),
        *(sa.Column(name, sa.Integer()) for name in ("width", "height")),
        sa.PrimaryKeyConstraint("app_id", "id", name="pk_attachments"),
    )
    op.create_index("uq_attachments_app_id_key", "attachments", ["app_id", "key"], unique=True)
    op.create_index("ix_attachments_app_id_conversation_id", "attachments", ["app_id", "conversation_id"])
    op.create_index("ix_attachments_app_id_user_id", "attachments", ["app_id", "user_id"])
    op.create_index("ix_attachments_expires_ms", "attachments", ["expires_ms"])


def downgrade() -> None:
    op.drop_table("attachments")
