"""The migrations make what the table modules say, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from actors.placement import shard_of
from domain.errors import Refused
from storage.ports import ActorId, Database
from storage.sql.database import open_database
from storage.sql.migrate import Schema, migrate, newest_revision, schema
from storage.sql.schema import metadata
from tests.contract.test_expanding import to


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """The address of an empty database."""
    if request.param == "sqlite":
        return tmp_path / "empty.db"
    url: str = request.getfixturevalue("postgres_empty_url")
    return url


@pytest.fixture
async def database(where: str | Path) -> AsyncIterator[Database]:
    opened = open_database(where)
    yield opened
    await opened.close()


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


def partial_indexes(connection: Connection) -> set[str]:
    """Names of indexes with a condition, which alembic does not compare."""
    found = set()
    for table in inspect(connection).get_table_names():
        for index in inspect(connection).get_indexes(table):
            if any(key.endswith("_where") for key in index.get("dialect_options", {})):
                found.add(str(index["name"]))
    return found


async def test_migrated_is_what_the_tables_say(where: str | Path, database: Database) -> None:
    await migrate(where)
    assert await database.read(differences) == []
    indexes = [index for table in metadata.tables.values() for index in table.indexes]
    expected = {str(index.name) for index in indexes if index.dialect_options[database.dialect]["where"] is not None}
    assert await database.read(partial_indexes) == expected


async def test_processes_that_migrate_at_once_wait_for_each_other(where: str | Path, database: Database) -> None:
    await asyncio.gather(*(migrate(where) for _ in range(4)))
    assert newest_revision() == (await database.read(schema)).revision


async def test_migrating_again_changes_nothing(where: str | Path, database: Database) -> None:
    await migrate(where)
    await database.write(lambda connection: connection.execute(text("INSERT INTO counters VALUES ('kept', 1)")))
    await migrate(where)
    assert await database.read(lambda connection: connection.execute(text("SELECT count(*) FROM counters")).scalar()) == 1


async def test_a_migration_that_fails_leaves_the_database_as_it_was(where: str | Path, database: Database) -> None:
    """All or nothing, also for DDL."""
    await database.write(lambda connection: connection.execute(text("CREATE TABLE slots (x INTEGER)")))
    with pytest.raises(Exception):  # noqa: B017  - whichever the databases' words are for "exists already"
        await migrate(where)
    assert await database.read(lambda connection: inspect(connection).get_table_names()) == ["slots"]


def later(oldest: str) -> Any:
    """What a later version leaves: a revision that is not known here, and the oldest whose program may go on."""

    def write(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE compatible SET oldest = :oldest"), {"oldest": oldest})

    return write


async def test_a_later_schema_that_was_only_expanded_is_left_as_it_is(where: str | Path, database: Database) -> None:
    """The way back: this version starts on it, and changes nothing of it."""
    await migrate(where)
    await database.write(later(newest_revision()))
    await migrate(where)
    found = await database.read(schema)
    assert (Schema("9999", newest_revision()), True, None) == (found, found.is_newer, found.problem)


async def test_a_later_schema_that_needs_its_own_program_is_refused(where: str | Path, database: Database) -> None:
    await migrate(where)
    await database.write(later("9998"))
    with pytest.raises(Refused, match="newer version"):
        await migrate(where)
    assert "newer version" in str((await database.read(schema)).problem)


async def test_a_later_schema_that_says_nothing_is_refused(where: str | Path, database: Database) -> None:
    await migrate(where)
    await database.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    await database.write(lambda connection: connection.execute(text("DELETE FROM compatible")))
    with pytest.raises(Refused):
        await migrate(where)


def fill(connection: Connection) -> None:
    """More actors than a batch of the migration has, with their effects, as the schema before had them."""
    named = [{"key": n - 3, "app": f"app_{n % 7}", "id": f"c{n}"} for n in range(2_500)]
    actor = "INSERT INTO actors (key, kind, app_id, id, shard, snapshot_seq) VALUES (:key, 'conversation', :app, :id, 7, 0)"
    effect = (
        "INSERT INTO effects (kind, shard, actor, app_id, actor_id, target, name, payload, due_ms)"
        " VALUES ('conversation', 7, :key, :app, :id, 'timer', '', :payload, 0)"
    )
    connection.execute(text(actor), named)
    connection.execute(text(effect), [{**one, "payload": b"x"} for one in named])


def misplaced(connection: Connection) -> int:
    """How many actors and effects are not in their shard."""
    rows = [
        *connection.execute(text("SELECT app_id, id, shard FROM actors")),
        *connection.execute(text("SELECT app_id, actor_id, shard FROM effects")),
    ]
    assert 5_000 == len(rows)
    return sum(shard_of(ActorId("conversation", app, identifier)) != shard for app, identifier, shard in rows)


async def test_actors_and_their_effects_are_in_the_shards_of_today(where: str | Path, database: Database) -> None:
    """Whatever number of shards they were stored with."""
    await database.write(to("0004"))
    await database.write(fill)
    assert await database.read(misplaced) > 4_000
    await migrate(where)
    assert 0 == await database.read(misplaced)
