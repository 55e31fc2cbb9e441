"""People who are suspended, what is known of people, who was deleted, organizations, and when things happened to people and tickets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
compatible_from = "0005"

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    for table in ("accounts", "users"):
        op.add_column(table, sa.Column("suspended", sa.Boolean(), nullable=False, server_default=sa.false()))
        op.add_column(table, sa.Column("updated_ms", Big, nullable=False, server_default=sa.text("0")))
    op.add_column("users", sa.Column("about", sa.LargeBinary(), nullable=True))
    op.create_index("ix_users_app_id_updated_ms_id", "users", ["app_id", "updated_ms", "id"])
    op.create_table(
        "ticket_audits",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("at_ms", Big, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("seq", Big, nullable=False),
        sa.PrimaryKeyConstraint("app_id", "at_ms", "id", "seq", name="pk_ticket_audits"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deleted_people",
        *(sa.Column(name, Word, nullable=False) for name in ("app_id", "id", "kind", "role", "name")),
        sa.Column("at_ms", Big, nullable=False),
        sa.PrimaryKeyConstraint("app_id", "id", name="pk_deleted_people"),
    )
    op.create_table(
        "organizations",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("number", Big, nullable=False),
        sa.Column("name", Word, nullable=False),
        sa.Column("folded", Word, nullable=False),
        sa.Column("external_id", Word),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_ms", Big, nullable=False),
        sa.Column("updated_ms", Big, nullable=False),
        sa.PrimaryKeyConstraint("app_id", "number", name="pk_organizations"),
    )
    op.create_index("uq_organizations_app_id_folded", "organizations", ["app_id", "folded"], unique=True)
    op.create_index("uq_organizations_app_id_external_id", "organizations", ["app_id", "external_id"], unique=True)
    op.create_table(
        "organization_members",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("user_id", Word, nullable=False),
        sa.Column("organization", Big, nullable=False),
        sa.Column("number", Big, nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_ms", Big, nullable=False),
        sa.PrimaryKeyConstraint("app_id", "user_id", "organization", name="pk_organization_members"),
    )
    op.create_index("uq_organization_members_app_id_number", "organization_members", ["app_id", "number"], unique=True)
    op.create_index("ix_organization_members_app_id_organization", "organization_members", ["app_id", "organization"])


def downgrade() -> None:
    op.drop_table("organization_members")
    op.drop_table("organizations")
    op.drop_table("deleted_people")
    op.drop_table("ticket_audits")
    op.drop_index("ix_users_app_id_updated_ms_id", "users")
    op.drop_column("users", "about")
    for table in ("users", "accounts"):
        op.drop_column(table, "updated_ms")
        op.drop_column(table, "suspended")
