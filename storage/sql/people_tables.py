"""Organizations, who belongs to them, and who was deleted. Never holds a query."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, LargeBinary, PrimaryKeyConstraint, Table

from storage.sql.tables import BigKey, Word, metadata

deleted_people = Table(
    "deleted_people",
    metadata,
    *(Column(column, Word, nullable=False) for column in ("app_id", "id", "kind", "role", "name")),
    Column("at_ms", BigKey, nullable=False),
    PrimaryKeyConstraint("app_id", "id"),
)
"""Of whom nothing else is left. `kind` is `user` or `account`; `name` is an agent's, whose words stay; of a customer it is empty."""

organizations = Table(
    "organizations",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("number", BigKey, nullable=False),
    Column("name", Word, nullable=False),
    Column("folded", Word, nullable=False),
    Column("external_id", Word),
    Column("body", LargeBinary, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("updated_ms", BigKey, nullable=False),
    PrimaryKeyConstraint("app_id", "number"),
    Index("uq_organizations_app_id_folded", "app_id", "folded", unique=True),
    Index("uq_organizations_app_id_external_id", "app_id", "external_id", unique=True),
)
"""`folded` is the name without case and accents, by which it is found, and of which there is one. `body` is JSON."""

organization_members = Table(
    "organization_members",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("user_id", Word, nullable=False),
    Column("organization", BigKey, nullable=False),
    Column("number", BigKey, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    PrimaryKeyConstraint("app_id", "user_id", "organization"),
    Index("uq_organization_members_app_id_number", "app_id", "number", unique=True),
    Index("ix_organization_members_app_id_organization", "app_id", "organization"),
)
