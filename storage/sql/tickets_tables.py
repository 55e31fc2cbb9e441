"""Tickets as lists, views, searches and exports read them; what people are found by; and jobs of many tickets. Never holds a query.

The ticket itself is its actor's, and each of its turns writes its row here.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, PrimaryKeyConstraint, SmallInteger, Table, text

from storage.sql.tables import BigKey, Word, metadata

tickets = Table(
    "tickets",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", Word, nullable=False),
    Column("number", BigKey, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("priority", SmallInteger),
    Column("type", Word),
    Column("group_id", BigKey),
    Column("assignee_id", Word),
    Column("requester_id", Word),
    Column("submitter_id", Word),
    Column("external_id", Word),
    Column("brand_id", Word),
    Column("channel", Word, nullable=False),
    Column("session", Word, nullable=False),
    Column("score", Word, nullable=False),
    Column("rated_ms", BigKey),
    Column("problem_number", BigKey),
    Column("subject", Word, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("updated_ms", BigKey, nullable=False),
    Column("status_ms", BigKey),
    Column("assigned_ms", BigKey),
    Column("solved_ms", BigKey),
    Column("waiting_ms", BigKey),
    Column("due_ms", BigKey),
    Column("deleted", SmallInteger, nullable=False),
    Column("text", Word, nullable=False),
    Column("marks", BigKey, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("app_id", "id"),
    Index("uq_tickets_app_id_number", "app_id", "number", unique=True),
    Index("ix_tickets_app_id_updated_ms", "app_id", "updated_ms"),
    Index("ix_tickets_app_id_assignee_id", "app_id", "assignee_id"),
    Index("ix_tickets_app_id_group_id", "app_id", "group_id"),
    Index("ix_tickets_app_id_requester_id", "app_id", "requester_id"),
    Index("ix_tickets_app_id_status", "app_id", "status"),
)
"""`body` is the ticket as JSON, the other columns are `domain.finding.filters.of_ticket`. `marks` is a hash of its marks: they are written
again only when it changes."""

Index(
    "ix_tickets_app_id_external_id",
    tickets.c.app_id,
    tickets.c.external_id,
    sqlite_where=text("external_id IS NOT NULL"),
    postgresql_where=text("external_id IS NOT NULL"),
)


def _marks(name: str) -> Table:
    """What things are found by: (kind, value) of each."""
    return Table(
        name,
        metadata,
        *(Column(column, Word, nullable=False) for column in ("app_id", "kind", "value", "id")),
        PrimaryKeyConstraint("app_id", "kind", "value", "id"),
        Index(f"ix_{name}_app_id_id", "app_id", "id"),
        sqlite_with_rowid=False,
    )


ticket_marks = _marks("ticket_marks")
"""Tags, followers, values of custom fields and words, by which tickets are found."""

user_marks = _marks("user_marks")
"""The same of users: the words of their names, and their addresses. Of whom nothing is known there is nothing."""

ticket_words = Table(
    "ticket_words",
    metadata,
    *(Column(column, Word, nullable=False) for column in ("app_id", "word", "id")),
    PrimaryKeyConstraint("app_id", "word", "id"),
    sqlite_with_rowid=False,
)
"""The words of comments and messages, by which tickets are found. Which ones a ticket has follows from its text."""

ticket_texts = Table(
    "ticket_texts",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", Word, nullable=False),
    Column("own_seq", BigKey, nullable=False),
    Column("talk_seq", BigKey, nullable=False),
    Column("text", Word, nullable=False),
    PrimaryKeyConstraint("app_id", "id"),
)
"""What was said on a ticket, as `domain.finding.filters.said_with` has it, and up to where its journal and that of its conversation were
read."""

ticket_audits = Table(
    "ticket_audits",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("at_ms", BigKey, nullable=False),
    Column("id", Word, nullable=False),
    Column("seq", BigKey, nullable=False),
    PrimaryKeyConstraint("app_id", "at_ms", "id", "seq"),
    sqlite_with_rowid=False,
)
"""When each event of each ticket was told. The event itself is the journal's."""

support_jobs = Table(
    "support_jobs",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", Word, nullable=False),
    Column("kind", Word, nullable=False),
    Column("status", Word, nullable=False),
    Column("total", BigKey, nullable=False),
    Column("progress", BigKey, nullable=False),
    Column("work", LargeBinary, nullable=False),
    Column("results", LargeBinary, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("lease_ms", BigKey, nullable=False),
    PrimaryKeyConstraint("app_id", "id"),
    Index("ix_support_jobs_status_lease_ms", "status", "lease_ms"),
)
"""Work on many tickets. `work` is what is still to do, as JSON; until `lease_ms` a gateway is at it."""
