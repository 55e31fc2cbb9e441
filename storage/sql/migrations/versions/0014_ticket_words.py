"""What is said on tickets can be found. Tickets that are there already are found by it when something is said on them again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
compatible_from = "0005"

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "ticket_words",
        *(sa.Column(name, Word, nullable=False) for name in ("app_id", "word", "id")),
        sa.PrimaryKeyConstraint("app_id", "word", "id", name="pk_ticket_words"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ticket_texts",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("own_seq", Big, nullable=False),
        sa.Column("talk_seq", Big, nullable=False),
        sa.Column("text", Word, nullable=False),
        sa.PrimaryKeyConstraint("app_id", "id", name="pk_ticket_texts"),
    )


def downgrade() -> None:
    op.drop_table("ticket_texts")
    op.drop_table("ticket_words")
