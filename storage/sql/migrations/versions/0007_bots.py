"""Bots: drafts, versions and releases of flows, settings, secrets, previews. Only new tables: an earlier program does not see them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
compatible_from = "0005"

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

TABLES = ("bot_previews", "bot_secrets", "release_flows", "bot_releases", "flow_versions", "flows", "bots")


def upgrade() -> None:
    _create_bots()
    _create_flows()
    _create_releases()
    _create_secrets()
    _create_previews()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _word(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, Word, nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _bytes(name: str, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _instant(name: str) -> sa.Column[int]:
    return sa.Column(name, Big, nullable=False)


def _create_bots() -> None:
    op.create_table(
        "bots",
        _word("app_id"),
        _bytes("settings"),
        _bytes("entry", nullable=True),
        _number("revision"),
        _number("live", nullable=True),
        _number("last_release"),
        _instant("updated_ms"),
        _word("updated_by"),
        sa.PrimaryKeyConstraint("app_id", name="pk_bots"),
    )


def _create_flows() -> None:
    op.create_table(
        "flows",
        *(_word("app_id"), _word("id"), _word("name"), _bytes("draft"), _number("revision"), _number("last_version")),
        *(_instant("created_ms"), _instant("updated_ms"), _word("updated_by")),
        sa.PrimaryKeyConstraint("app_id", "id", name="pk_flows"),
    )
    op.create_table(
        "flow_versions",
        *(_word("app_id"), _word("flow_id"), _number("number"), _bytes("definition"), _word("note")),
        *(_instant("created_ms"), _word("created_by")),
        sa.PrimaryKeyConstraint("app_id", "flow_id", "number", name="pk_flow_versions"),
    )


def _create_releases() -> None:
    op.create_table(
        "bot_releases",
        *(_word("app_id"), _number("number"), _bytes("settings"), _bytes("entry"), _word("note")),
        *(_instant("created_ms"), _word("created_by")),
        sa.PrimaryKeyConstraint("app_id", "number", name="pk_bot_releases"),
    )
    op.create_table(
        "release_flows",
        *(_word("app_id"), _number("release"), _word("flow_id"), _number("version")),
        sa.PrimaryKeyConstraint("app_id", "release", "flow_id", name="pk_release_flows"),
    )
    op.create_index("ix_release_flows_app_id_flow_id_version", "release_flows", ["app_id", "flow_id", "version"])


def _create_secrets() -> None:
    op.create_table(
        "bot_secrets",
        *(_word("app_id"), _word("name"), _word("value"), _instant("updated_ms"), _word("updated_by")),
        sa.PrimaryKeyConstraint("app_id", "name", name="pk_bot_secrets"),
    )


def _create_previews() -> None:
    op.create_table(
        "bot_previews",
        *(_word("app_id"), _word("id"), _bytes("release"), _bytes("body"), _number("revision"), _instant("expires_ms")),
        sa.PrimaryKeyConstraint("app_id", "id", name="pk_bot_previews"),
    )
    op.create_index("ix_bot_previews_expires_ms", "bot_previews", ["expires_ms"])
