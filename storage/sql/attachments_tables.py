"""The table of attachments: what is known of each file. The bytes are in `storage.files`. Never holds a query."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, PrimaryKeyConstraint, Table

from storage.sql.tables import BigKey, Word, metadata

attachments = Table(
    "attachments",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", Word, nullable=False),
    Column("key", Word, nullable=False),
    Column("name", Word, nullable=False),
    Column("media_type", Word, nullable=False),
    Column("size", BigKey, nullable=False),
    Column("access", Word, nullable=False),
    Column("sender", Word, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("for_message", Boolean, nullable=False),
    Column("used", Boolean, nullable=False),
    Column("user_id", Word),
    Column("conversation_id", Word),
    Column("expires_ms", BigKey),
    Column("width", Integer),
    Column("height", Integer),
    PrimaryKeyConstraint("app_id", "id"),
    Index("uq_attachments_app_id_key", "app_id", "key", unique=True),
    Index("ix_attachments_app_id_conversation_id", "app_id", "conversation_id"),
    Index("ix_attachments_app_id_user_id", "app_id", "user_id"),
    Index("ix_attachments_expires_ms", "expires_ms"),
)
"""`expires_ms` is set while nothing uses the file, and where its app keeps messages for a time only."""
