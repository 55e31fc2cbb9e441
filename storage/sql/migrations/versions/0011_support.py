"""Tickets as lists read them, what tickets and users are found by, and jobs. Users that are there already are marked."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.sql import directory_rows, user_marks

revision = "0011"
down_revision = "0010"
compatible_from = "0005"

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

_AT_ONCE = 500


def upgrade() -> None:
    _create_tickets()
    for table in ("ticket_marks", "user_marks"):
        columns = [sa.Column(name, Word, nullable=False) for name in ("app_id", "kind", "value", "id")]
        key = sa.PrimaryKeyConstraint("app_id", "kind", "value", "id", name=f"pk_{table}")
        op.create_table(table, *columns, key, sqlite_with_rowid=False)
        op.create_index(f"ix_{table}_app_id_id", table, ["app_id", "id"])
    _create_jobs()
    _mark_users(op.get_bind())


def downgrade() -> None:
    for table in ("support_jobs", "user_marks", "ticket_marks", "tickets"):
        op.drop_table(table)


def _create_tickets() -> None:
    needed: dict[str, Any] = {"app_id": Word, "id": Word, "number": Big, "status": sa.SmallInteger()}
    optional: dict[str, Any] = {"priority": sa.SmallInteger(), "type": Word, "group_id": Big}
    optional |= dict.fromkeys(("assignee_id", "requester_id", "submitter_id", "external_id", "brand_id"), Word)
    optional |= dict.fromkeys(("rated_ms", "problem_number", "status_ms", "assigned_ms", "solved_ms", "waiting_ms", "due_ms"), Big)
    needed |= dict.fromkeys(("channel", "session", "score", "subject", "text"), Word)
    needed |= {"created_ms": Big, "updated_ms": Big, "deleted": sa.SmallInteger(), "marks": Big, "body": sa.LargeBinary()}
    columns = [sa.Column(name, kind, nullable=False) for name, kind in needed.items()]
    columns += [sa.Column(name, kind) for name, kind in optional.items()]
    op.create_table("tickets", *columns, sa.PrimaryKeyConstraint("app_id", "id", name="pk_tickets"))
    op.create_index("uq_tickets_app_id_number", "tickets", ["app_id", "number"], unique=True)
    for column in ("updated_ms", "assignee_id", "group_id", "requester_id", "status"):
        op.create_index(f"ix_tickets_app_id_{column}", "tickets", ["app_id", column])
    given = sa.text("external_id IS NOT NULL")
    op.create_index("ix_tickets_app_id_external_id", "tickets", ["app_id", "external_id"], sqlite_where=given, postgresql_where=given)


def _create_jobs() -> None:
    columns: dict[str, Any] = dict.fromkeys(("app_id", "id", "kind", "status"), Word)
    columns |= dict.fromkeys(("total", "progress", "created_ms", "lease_ms"), Big)
    columns |= {"work": sa.LargeBinary(), "results": sa.LargeBinary()}
    made = [sa.Column(name, kind, nullable=False) for name, kind in columns.items()]
    op.create_table("support_jobs", *made, sa.PrimaryKeyConstraint("app_id", "id", name="pk_support_jobs"))
    op.create_index("ix_support_jobs_status_lease_ms", "support_jobs", ["status", "lease_ms"])


def _mark_users(connection: sa.Connection) -> None:
    names = ("external_id", "default_conversation_id", "zendesk_id", "brand_id")
    kept: list[Any] = [
        sa.column(name) for name in (*names, "profile", "metadata", "identities", "authenticated", "signed_up_ms", "to_be_retained")
    ]
    users, place = sa.table("users", sa.column("app_id"), sa.column("id"), *kept), ("", "")
    while True:
        behind = sa.or_(users.c.app_id > place[0], sa.and_(users.c.app_id == place[0], users.c.id > place[1]))
        found = connection.execute(sa.select(users).where(behind).order_by(users.c.app_id, users.c.id).limit(_AT_ONCE)).all()
        for row in found:
            user_marks.write(connection, directory_rows.to_user(row))
        if len(found) < _AT_ONCE:
            return
        place = found[-1].app_id, found[-1].id
