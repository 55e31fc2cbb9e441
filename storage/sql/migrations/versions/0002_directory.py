"""The directory: apps, keys, users, identities, integrations, accounts, sessions, replies, secrets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
compatible_from = "0001"

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

TABLES = ("secrets", "replies", "sessions", "accounts", "integrations", "identities", "users", "api_keys", "apps")


def upgrade() -> None:
    _create_apps()
    _create_users()
    _create_integrations()
    _create_accounts()
    _create_sessions()
    _create_replies()
    op.create_table(
        "secrets",
        sa.Column("name", Word, nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secrets"),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _create_apps() -> None:
    op.create_table(
        "apps",
        sa.Column("id", Word, nullable=False),
        sa.Column("display_name", Word, nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("metadata", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_apps"),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", Word, nullable=False),
        sa.Column("app_id", Word),
        sa.Column("scope", Word, nullable=False),
        sa.Column("integration_id", Word),
        sa.Column("display_name", Word, nullable=False),
        sa.Column("secret", Word, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    op.create_index("ix_api_keys_app_id", "api_keys", ["app_id"])


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("external_id", Word),
        sa.Column("default_conversation_id", Word, nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.Column("metadata", sa.LargeBinary(), nullable=False),
        sa.Column("identities", sa.LargeBinary(), nullable=False),
        sa.Column("authenticated", sa.Boolean(), nullable=False),
        sa.Column("signed_up_ms", Big),
        sa.Column("to_be_retained", sa.Boolean(), nullable=False),
        sa.Column("zendesk_id", Word),
        sa.Column("brand_id", Word),
        sa.PrimaryKeyConstraint("app_id", "id", name="pk_users"),
    )
    op.create_index("uq_users_app_id_external_id", "users", ["app_id", "external_id"], unique=True)
    op.create_index("uq_users_app_id_default_conversation_id", "users", ["app_id", "default_conversation_id"], unique=True)
    op.create_table(
        "identities",
        sa.Column("app_id", Word, nullable=False),
        sa.Column("type", Word, nullable=False),
        sa.Column("value", Word, nullable=False),
        sa.Column("user_id", Word, nullable=False),
        sa.PrimaryKeyConstraint("app_id", "type", "value", "user_id", name="pk_identities"),
    )
    op.create_index("ix_identities_app_id_user_id", "identities", ["app_id", "user_id"])


def _create_integrations() -> None:
    op.create_table(
        "integrations",
        sa.Column("id", Word, nullable=False),
        sa.Column("app_id", Word, nullable=False),
        sa.Column("type", Word, nullable=False),
        sa.Column("status", Word, nullable=False),
        sa.Column("display_name", Word),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_integrations"),
    )
    op.create_index("ix_integrations_app_id", "integrations", ["app_id", "id"])


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", Word, nullable=False),
        sa.Column("app_id", Word),
        sa.Column("email", Word, nullable=False),
        sa.Column("password_hash", Word, nullable=False),
        sa.Column("role", Word, nullable=False),
        sa.Column("display_name", Word, nullable=False),
        sa.Column("avatar_url", Word),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    op.create_index("uq_accounts_email", "accounts", ["email"], unique=True)


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", Word, nullable=False),
        sa.Column("app_id", Word),
        sa.Column("user_id", Word),
        sa.Column("account_id", Word),
        sa.Column("key_id", Word),
        sa.Column("integration_id", Word),
        sa.Column("rights", sa.LargeBinary(), nullable=False),
        sa.Column("created_ms", Big, nullable=False),
        sa.Column("expires_ms", Big, nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_app_id_user_id", "sessions", ["app_id", "user_id"])
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_index("ix_sessions_key_id", "sessions", ["key_id"])
    op.create_index("ix_sessions_expires_ms", "sessions", ["expires_ms"])


def _create_replies() -> None:
    op.create_table(
        "replies",
        sa.Column("scope", sa.LargeBinary(), nullable=False),
        sa.Column("app_id", Word, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("expires_ms", Big, nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_replies"),
    )
    op.create_index("ix_replies_expires_ms", "replies", ["expires_ms"])
