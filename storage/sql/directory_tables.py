"""The directory's tables: small rows under unique indexes. Never holds a query.

Every row of a tenant carries its `app_id`. JSON is kept as bytes, encoded by msgspec: no query looks into it.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, false, text

from storage.sql.tables import BigKey, Word, metadata

apps = Table(
    "apps",
    metadata,
    Column("id", Word, primary_key=True),
    Column("display_name", Word, nullable=False),
    Column("settings", LargeBinary, nullable=False),
    Column("metadata", LargeBinary, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Word, primary_key=True),
    Column("app_id", Word),
    Column("scope", Word, nullable=False),
    Column("integration_id", Word),
    Column("display_name", Word, nullable=False),
    Column("secret", Word, nullable=False),
    Index("ix_api_keys_app_id", "app_id"),
)
"""`app_id` is null for keys of the account, which may do everything in every app."""

users = Table(
    "users",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", Word, nullable=False),
    Column("external_id", Word),
    Column("default_conversation_id", Word, nullable=False),
    Column("profile", LargeBinary, nullable=False),
    Column("metadata", LargeBinary, nullable=False),
    Column("identities", LargeBinary, nullable=False),
    Column("authenticated", Boolean, nullable=False),
    Column("signed_up_ms", BigKey),
    Column("to_be_retained", Boolean, nullable=False),
    Column("zendesk_id", Word),
    Column("brand_id", Word),
    Column("suspended", Boolean, nullable=False, server_default=false()),
    Column("updated_ms", BigKey, nullable=False, server_default=text("0")),
    Column("about", LargeBinary),
    PrimaryKeyConstraint("app_id", "id"),
    Index("ix_users_app_id_updated_ms_id", "app_id", "updated_ms", "id"),
    Index("uq_users_app_id_external_id", "app_id", "external_id", unique=True),
    Index("uq_users_app_id_default_conversation_id", "app_id", "default_conversation_id", unique=True),
)
"""A null `external_id` collides with nothing, on both databases."""

identities = Table(
    "identities",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("type", Word, nullable=False),
    Column("value", Word, nullable=False),
    Column("user_id", Word, nullable=False),
    PrimaryKeyConstraint("app_id", "type", "value", "user_id"),
    Index("ix_identities_app_id_user_id", "app_id", "user_id"),
)
"""An index over `users.identities`: who has this address? `value` is in lower case."""

integrations = Table(
    "integrations",
    metadata,
    Column("id", Word, primary_key=True),
    Column("app_id", Word, nullable=False),
    Column("type", Word, nullable=False),
    Column("status", Word, nullable=False),
    Column("display_name", Word),
    Column("settings", LargeBinary, nullable=False),
    Index("ix_integrations_app_id", "app_id", "id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Word, primary_key=True),
    Column("app_id", Word),
    Column("email", Word, nullable=False),
    Column("password_hash", Word, nullable=False),
    Column("role", Word, nullable=False),
    Column("display_name", Word, nullable=False),
    Column("avatar_url", Word),
    Column("suspended", Boolean, nullable=False, server_default=false()),
    Column("updated_ms", BigKey, nullable=False, server_default=text("0")),
    Index("uq_accounts_email", "email", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("kind", Word, nullable=False),
    Column("app_id", Word),
    Column("user_id", Word),
    Column("account_id", Word),
    Column("key_id", Word),
    Column("integration_id", Word),
    Column("rights", LargeBinary, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("expires_ms", BigKey, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Index("ix_sessions_app_id_user_id", "app_id", "user_id"),
    Index("ix_sessions_account_id", "account_id"),
    Index("ix_sessions_key_id", "key_id"),
    Index("ix_sessions_expires_ms", "expires_ms"),
)

replies = Table(
    "replies",
    metadata,
    Column("scope", LargeBinary, primary_key=True),
    Column("app_id", Word, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("expires_ms", BigKey, nullable=False),
    Index("ix_replies_expires_ms", "expires_ms"),
)
"""Answers to posts with an `Idempotency-Key`. `scope` is a hash of app, API key, path and idempotency key."""

switchboards = Table(
    "switchboards",
    metadata,
    Column("id", Word, primary_key=True),
    Column("app_id", Word, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("default_id", Word),
    Index("uq_switchboards_app_id", "app_id", unique=True),
)

switchboard_integrations = Table(
    "switchboard_integrations",
    metadata,
    Column("id", Word, primary_key=True),
    Column("app_id", Word, nullable=False),
    Column("switchboard_id", Word, nullable=False),
    Column("name", Word, nullable=False),
    Column("integration_id", Word, nullable=False),
    Column("integration_type", Word, nullable=False),
    Column("deliver_standby_events", Boolean, nullable=False),
    Column("next_id", Word),
    Column("history", Integer),
    Column("patience_s", Integer),
    Column("silences", Integer, nullable=False),
    Column("passed_over_until_ms", BigKey, nullable=False),
    Index("uq_switchboard_integrations_switchboard_id_name", "switchboard_id", "name", unique=True),
    Index("ix_switchboard_integrations_app_id", "app_id", "id"),
)
"""Members of switchboards. `silences` and `passed_over_until_ms` are the breaker of programs that do not answer."""

secrets = Table(
    "secrets",
    metadata,
    Column("name", Word, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""The installation's own secrets, drawn once."""
