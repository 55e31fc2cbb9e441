"""The PostgreSQL and the Redis that systems are measured on: fresh for each, with the server's own defaults, and asked what they do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from storage.sql.database import open_database
from tests import services


@dataclass(frozen=True, slots=True)
class Found:
    """A database that runs. `fsync` is what it answers."""

    url: str
    port: int
    version: str
    fsync: str


@contextmanager
def postgresql() -> Iterator[Found]:
    server = services.start_postgres()
    try:
        version, fsync, commit = asyncio.run(_ask(server.url(), "server_version", "fsync", "synchronous_commit"))
        yield Found(server.url(), server.port, version.partition(" ")[0], f"PostgreSQL fsync={fsync}, synchronous_commit={commit}")
    finally:
        server.remove()


async def _ask(url: str, *names: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [str(await connection.fetchval(f"SHOW {name}")) for name in names]
    finally:
        await connection.close()


@contextmanager
def redis() -> Iterator[str]:
    """Its address."""
    server = services.start_redis()
    try:
        yield f"redis://127.0.0.1:{server.port}/0"
    finally:
        server.remove()


async def execute(url: str, statements: str) -> None:
    """Several statements without parameters, in PostgreSQL."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


def sqlite_fsync(file: Path) -> str:
    """What a connection answers that is opened as Causerie opens all of its own."""
    levels = ("OFF", "NORMAL", "FULL", "EXTRA")

    async def ask() -> str:
        database = open_database(file)
        try:
            level = await database.read(lambda connection: connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
            mode = await database.read(lambda connection: connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
        finally:
            await database.close()
        return f"SQLite journal_mode={mode.upper()}, synchronous={levels[level]}"

    return asyncio.run(ask())
