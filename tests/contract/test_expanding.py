"""Migrations expand: what worked on the schema before works on the schema after, so that two versions may run at once.

Three things are held: no migration takes anything away from the code before it; the judge of that sees what would; and today's
code works on a schema that a later version has expanded.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from actors.answers import Answer
from storage.ports import Database
from storage.sql import migrate
from storage.sql.bootstrap import bootstrap
from storage.sql.database import open_database
from storage.sql.directory import Directory
from storage.sql.journal import SqlJournal
from storage.sql.schema import metadata
from tests import conversations as talk
from tests.hosts import new_host, tell

ANN = talk.actor("a" * 24)


@dataclass(frozen=True)
class Column:
    type: str
    nullable: bool = True
    default: bool = False


@dataclass(frozen=True)
class Shape:
    """A table as its writers and readers see it: columns by name, and sets of columns that must be unique."""

    columns: dict[str, Column]
    unique: frozenset[tuple[str, ...]] = frozenset()


Schema = dict[str, Shape]


def schema_of(connection: Connection) -> Schema:
    found = inspect(connection)
    return {table: Shape(_columns(found, table), _unique(found, table)) for table in found.get_table_names()}


def _columns(found: Any, table: str) -> dict[str, Column]:
    key = found.get_pk_constraint(table)["constrained_columns"]
    return {
        one["name"]: Column(str(one["type"]), one["nullable"], one["default"] is not None or [one["name"]] == key)
        for one in found.get_columns(table)
    }


def _unique(found: Any, table: str) -> frozenset[tuple[str, ...]]:
    indexes = [one["column_names"] for one in found.get_indexes(table) if one["unique"]]
    constraints = [one["column_names"] for one in found.get_unique_constraints(table)]
    return frozenset(tuple(sorted(columns)) for columns in [*indexes, *constraints, found.get_pk_constraint(table)["constrained_columns"]])


def taken_away(before: Schema, after: Schema) -> list[str]:
    """What the code of `before` could no longer do on `after`: read a column, insert without knowing one, or write what it wrote."""
    lost = [f"the table {table} is gone" for table in before if table not in after]
    for table, old in before.items():
        new = after.get(table, old)
        lost += [f"{table}.{name} is gone" for name in old.columns if name not in new.columns]
        lost += [f"{table}.{name} is of another type" for name, one in old.columns.items() if new.columns.get(name, one).type != one.type]
        lost += [f"{table}.{name} must now be given" for name, one in new.columns.items() if _demanded(old.columns.get(name), one)]
        lost += [f"{table}: {columns} must now be unique" for columns in new.unique - old.unique]
    return lost


def _demanded(old: Column | None, new: Column) -> bool:
    if new.nullable or new.default:
        return False
    return old is None or old.nullable or old.default


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    where = tmp_path / "empty.db" if request.param == "sqlite" else request.getfixturevalue("postgres_empty_url")
    opened = open_database(where)
    yield opened
    await opened.close()


def revisions() -> list[tuple[str, str]]:
    """From the first to the newest, each with the oldest one whose program may go on."""
    scripts = ScriptDirectory.from_config(migrate._config()).walk_revisions()
    return [(script.revision, script.module.compatible_from) for script in scripts][::-1]


def to(revision: str) -> Callable[[Connection], None]:
    def upgrade(connection: Connection) -> None:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    return upgrade


async def test_no_migration_takes_anything_from_the_programs_that_it_lets_go_on(empty: Database) -> None:
    """If this fails, make it two migrations: one that adds, and, a release later, one that takes away (and lets only that one go on)."""
    schemas: dict[str, Schema] = {}
    for revision, oldest in revisions():
        await empty.write(to(revision))
        schemas[revision] = await empty.read(schema_of)
        let_on = [schema for known, schema in schemas.items() if oldest <= known]
        assert [[]] * len(let_on) == [taken_away(before, schemas[revision]) for before in let_on], revision
    assert set(metadata.tables) <= set(schemas[revision])


def test_most_migrations_let_the_program_before_go_on() -> None:
    """Otherwise there is no way back, and no two versions at once."""
    assert all(oldest <= revision for revision, oldest in revisions())
    assert "0003" == dict(revisions())["0004"]


TABLE = Shape({"id": Column("INTEGER", False, True), "name": Column("TEXT", False), "note": Column("TEXT")}, frozenset({("id",)}))


def changed(unique: frozenset[tuple[str, ...]] = TABLE.unique, **columns: Column | None) -> Schema:
    """The table with other columns; None takes one away."""
    kept = {name: one for name, one in {**TABLE.columns, **columns}.items() if one is not None}
    return {"things": Shape(kept, unique)}


@pytest.mark.parametrize(
    ("after", "word"),
    [
        ({}, "table things is gone"),
        (changed(note=None), "things.note is gone"),
        (changed(name=Column("INTEGER", False)), "another type"),
        (changed(note=Column("TEXT", False)), "must now be given"),
        (changed(colour=Column("TEXT", False)), "must now be given"),
        (changed(TABLE.unique | {("name",)}), "must now be unique"),
    ],
)
def test_what_a_migration_takes_away_is_seen(after: Schema, word: str) -> None:
    assert word in " ".join(taken_away({"things": TABLE}, after))


@pytest.mark.parametrize(
    "after",
    [
        changed(),
        changed(colour=Column("TEXT")),
        changed(colour=Column("TEXT", False, True)),
        changed(name=Column("TEXT")),
        changed(frozenset()),
        {**changed(), "more": TABLE},
    ],
)
def test_what_a_migration_adds_is_no_loss(after: Schema) -> None:
    assert [] == taken_away({"things": TABLE}, after)


def expand(connection: Connection) -> None:
    """What later versions may do: columns and tables that today's code does not know, and a revision that it does not know."""
    for name in metadata.tables:
        connection.execute(text(f'ALTER TABLE "{name}" ADD COLUMN later_optional TEXT'))
        connection.execute(text(f'ALTER TABLE "{name}" ADD COLUMN later_given INTEGER NOT NULL DEFAULT 7'))
    connection.execute(text("CREATE TABLE later (id INTEGER PRIMARY KEY, content TEXT NOT NULL)"))
    connection.execute(text("CREATE INDEX ix_events_later ON events (later_given)"))
    connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


async def test_todays_code_works_on_a_schema_that_a_later_version_expanded(empty: Database) -> None:
    """A host that was running takes commands, a new one takes over from it and knows the repeats, and the directory reads and writes."""
    await empty.write(to("head"))
    journal = SqlJournal(empty)
    running = await new_host(journal)
    first = await tell(running, ANN, talk.post("ann", create=talk.create("ann")), key=1)
    await empty.write(expand)
    for repeated in (False, True):
        second = await tell(running, ANN, talk.post("ann"), key=2)
        assert (first.seq + 1, repeated) == (second.seq, second.repeated)
    await running.drain()
    successor = await new_host(journal)
    again = await tell(successor, ANN, talk.post("ann", create=talk.create("ann")), key=1)
    assert isinstance(again, Answer) and (first.seq, first.id) == (again.seq, again.id)
    for key in range(3, 40):  # far enough for a snapshot
        await tell(successor, ANN, talk.post("ann"), key=key)
    await successor.drain()
    assert [ANN] == [one.actor for one in await journal.load([ANN])]
    assert await _filled(Directory(empty))


async def _filled(directory: Directory) -> bool:
    """Whether the first run's rows went in, and come back."""
    numbers = iter(range(100))
    made = await bootstrap(directory, lambda: f"{next(numbers):024x}")
    assert made is not None
    app, key, account = (
        await directory.get_app(made.app_id),
        await directory.get_key(made.key_id),
        await directory.account_by_email(made.agent.email),
    )
    return None not in (app, key, account)
