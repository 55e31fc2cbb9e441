"""The read tables of routing: its agents, and its work. Actors write them with their turns; what is true is in their journals."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, PrimaryKeyConstraint, SmallInteger, Table

from storage.sql.tables import BigKey, Word, metadata

routing_agents = Table(
    "routing_agents",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("agent_id", Word, nullable=False),
    Column("status", Word, nullable=False),
    Column("reason", Word, nullable=False),
    Column("since_ms", BigKey, nullable=False),
    Column("connected", Boolean, nullable=False),
    Column("channels", Word, nullable=False),
    PrimaryKeyConstraint("app_id", "agent_id"),
)

#: `line` is where it waits: a queue's number, or `0:` and the group's. Its order there: priority (down), due, eligible, ticket.
routing_work = Table(
    "routing_work",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("ticket_id", Word, nullable=False),
    Column("stage", Word, nullable=False),
    Column("line", Word, nullable=False),
    Column("queue", BigKey, nullable=False),
    Column("group_id", BigKey),
    Column("channel", Word, nullable=False),
    Column("conversation_id", Word),
    Column("agent_id", Word),
    Column("offer_id", Word),
    Column("until_ms", BigKey, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("due_ms", BigKey, nullable=False),
    Column("eligible_ms", BigKey, nullable=False),
    Column("since_ms", BigKey, nullable=False),
    Column("active", Boolean, nullable=False),
    PrimaryKeyConstraint("app_id", "ticket_id"),
)
Index(
    "ix_routing_work_app_id_agent_id",
    routing_work.c.app_id,
    routing_work.c.agent_id,
    sqlite_where=routing_work.c.agent_id.is_not(None),
    postgresql_where=routing_work.c.agent_id.is_not(None),
)
Index(
    "ix_routing_work_app_id_offer_id",
    routing_work.c.app_id,
    routing_work.c.offer_id,
    sqlite_where=routing_work.c.offer_id.is_not(None),
    postgresql_where=routing_work.c.offer_id.is_not(None),
)
