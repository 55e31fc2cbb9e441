"""All tables: importing this fills `metadata` from every module that has some. Never holds a table itself."""

from __future__ import annotations

from storage.sql import (
    attachments_tables,
    bots_tables,
    desk_tables,
    directory_tables,
    help_tables,
    people_tables,
    routing_tables,
    tickets_tables,
)
from storage.sql.tables import metadata

__all__ = [
    "attachments_tables",
    "bots_tables",
    "desk_tables",
    "directory_tables",
    "help_tables",
    "metadata",
    "people_tables",
    "routing_tables",
    "tickets_tables",
]
