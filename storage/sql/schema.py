"""All tables: importing this fills `metadata` from every module that has some. Never holds a table itself."""

from __future__ import annotations

import importlib
import importlib.util

from storage.sql.tables import metadata

__all__ = ["metadata"]

for _module in ("storage.sql.directory_tables", "storage.sql.bots_tables", "storage.sql.help_tables"):
    if importlib.util.find_spec(_module):
        importlib.import_module(_module)
