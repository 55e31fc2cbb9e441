"""The tables of desks: what apps have set up for their agents. Never holds a query."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table

from storage.sql.tables import BigKey, Word, metadata

desks = Table(
    "desks",
    metadata,
    Column("app_id", Word, primary_key=True),
    Column("version", BigKey, nullable=False),
)
"""One row an app. Whoever changes anything of a desk raises its version first, and so waits for whoever else does."""

desk_rows = Table(
    "desk_rows",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("kind", Word, nullable=False),
    Column("number", BigKey, nullable=False),
    Column("position", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("updated_ms", BigKey, nullable=False),
    PrimaryKeyConstraint("app_id", "kind", "number"),
)

desk_log = Table(
    "desk_log",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("number", BigKey, nullable=False),
    Column("at_ms", BigKey, nullable=False),
    Column("who", Word, nullable=False),
    Column("action", Word, nullable=False),
    Column("kind", Word, nullable=False),
    Column("row_number", BigKey, nullable=False),
    Column("label", Word, nullable=False),
    Column("fields", Word, nullable=False),
    PrimaryKeyConstraint("app_id", "number"),
    Index("ix_desk_log_app_id_at_ms", "app_id", "at_ms"),
)
"""Who has changed what: the names of the fields, not what is in them."""
