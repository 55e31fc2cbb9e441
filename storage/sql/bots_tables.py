"""The tables of bots: drafts, versions and releases of flows, settings, secrets, previews. Never holds a query.

A version and a release are written once and never changed. JSON is kept as bytes: no query looks into it.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table

from storage.sql.tables import BigKey, Word, metadata

bots = Table(
    "bots",
    metadata,
    Column("app_id", Word, primary_key=True),
    Column("settings", LargeBinary, nullable=False),
    Column("entry", LargeBinary),
    Column("revision", Integer, nullable=False),
    Column("live", Integer),
    Column("last_release", Integer, nullable=False),
    Column("updated_ms", BigKey, nullable=False),
    Column("updated_by", Word, nullable=False),
)
"""One row for each app that has a bot; whoever changes what is live locks it. `live` is null when nothing is."""

flows = Table(
    "flows",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", Word, nullable=False),
    Column("name", Word, nullable=False),
    Column("draft", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("last_version", Integer, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("updated_ms", BigKey, nullable=False),
    Column("updated_by", Word, nullable=False),
    PrimaryKeyConstraint("app_id", "id"),
)

flow_versions = Table(
    "flow_versions",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("flow_id", Word, nullable=False),
    Column("number", Integer, nullable=False),
    Column("definition", LargeBinary, nullable=False),
    Column("note", Word, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("created_by", Word, nullable=False),
    PrimaryKeyConstraint("app_id", "flow_id", "number"),
)

bot_releases = Table(
    "bot_releases",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("number", Integer, nullable=False),
    Column("settings", LargeBinary, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Column("note", Word, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("created_by", Word, nullable=False),
    PrimaryKeyConstraint("app_id", "number"),
)

release_flows = Table(
    "release_flows",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("release", Integer, nullable=False),
    Column("flow_id", Word, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("app_id", "release", "flow_id"),
    Index("ix_release_flows_app_id_flow_id_version", "app_id", "flow_id", "version"),
)
"""Which versions a release is made of: their definitions are kept once, however many releases name them."""

bot_secrets = Table(
    "bot_secrets",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("name", Word, nullable=False),
    Column("value", Word, nullable=False),
    Column("updated_ms", BigKey, nullable=False),
    Column("updated_by", Word, nullable=False),
    PrimaryKeyConstraint("app_id", "name"),
)
"""As the other secrets of the house: who reads the database reads them. They leave it only into the calls that name them."""

bot_previews = Table(
    "bot_previews",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", Word, nullable=False),
    Column("release", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("expires_ms", BigKey, nullable=False),
    PrimaryKeyConstraint("app_id", "id"),
    Index("ix_bot_previews_expires_ms", "expires_ms"),
)
"""Draft conversations of authors: `release` is what is played, `body` where it has come to."""
