"""Many rows as one bound value, so that a lookup is one prepared statement whatever the number of rows.

An expanding IN would make another statement for each length, and ends at the database's limit of variables. SQLite reads
the rows from a JSON text, PostgreSQL from one array for each column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, column, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.expression import ColumnClause, Subquery
from sqlalchemy.types import TypeEngine

_Kind = Literal["int", "text"]
_TYPES: dict[_Kind, TypeEngine[Any]] = {"int": BigInteger(), "text": Text()}
_ARRAYS: dict[_Kind, str] = {"int": "bigint[]", "text": "text[]"}


class RowSet:
    """A relation named `name` whose rows come with the statement's parameters, from `parameters`."""

    def __init__(self, dialect: Literal["sqlite", "postgresql"], name: str, **columns: _Kind) -> None:
        self.dialect, self._name = dialect, name
        self._names = [f"{name}_{each}" for each in columns]
        self.table: Subquery = self._select(columns)

    def parameters(self, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
        """What to pass along with a statement over `table`: integers have 64 bits, and nothing is null."""
        if self.dialect == "sqlite":
            return {self._name: msgspec.json.encode(rows).decode()}
        columns = zip(*rows, strict=True) if rows else ((),) * len(self._names)
        return dict(zip(self._names, map(list, columns), strict=True))

    def _select(self, columns: dict[str, _Kind]) -> Subquery:
        typed: list[ColumnClause[Any]] = [column(name, _TYPES[kind]) for name, kind in columns.items()]
        if self.dialect == "sqlite":
            extracted = ", ".join(f"json_extract(value, '$[{at}]') AS {name}" for at, name in enumerate(columns))
            query = text(f"SELECT {extracted} FROM json_each(:{self._name})")
        else:
            bound = dict(zip(self._names, columns.values(), strict=True))
            arrays = ", ".join(f"CAST(:{name} AS {_ARRAYS[kind]})" for name, kind in bound.items())
            query = text(f"SELECT * FROM unnest({arrays}) AS rows({', '.join(columns)})")
            query = query.bindparams(*(bindparam(name, type_=ARRAY(_TYPES[kind])) for name, kind in bound.items()))
        return query.columns(*typed).subquery(self._name)
