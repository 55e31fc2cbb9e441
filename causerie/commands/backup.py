"""`causerie backup` and `causerie restore`: the embedded database as one file, and back. PostgreSQL has pg_dump and pg_restore."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from causerie.commands.terminal import Data, run, settings_of
from causerie.settings import Settings

if TYPE_CHECKING:
    from storage.sql.backup import Copy


def backup(
    to: Annotated[Path, typer.Argument(help="The file to write. It must not be there yet.")],
    data: Data = None,
) -> None:
    """Copy the database into one file, also while the server runs. The copy holds the secrets of all keys: keep it as safe."""
    made = run(_backup(settings_of(data=data), to))
    typer.echo(f"{made.path}: {made.size_bytes / (1 << 20):.1f} MiB, schema {made.schema.revision}, checked.", err=True)


def restore(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="A file that `causerie backup` wrote.")],
    data: Data = None,
) -> None:
    """Make the database of a backup, in a data folder that is empty or not there yet. The next start brings it to this version."""
    made = run(_restore(settings_of(data=data), source))
    typer.echo(f"{made.path}: {made.size_bytes / (1 << 20):.1f} MiB, schema {made.schema.revision}, checked.", err=True)


async def _backup(settings: Settings, to: Path) -> Copy:
    from storage.sql.backup import copy

    return await asyncio.to_thread(copy, _file(settings, "pg_dump"), to, "quick_check")


async def _restore(settings: Settings, source: Path) -> Copy:
    from domain.errors import Refused
    from storage.sql.backup import copy

    file = _file(settings, "pg_restore")
    if settings.data.exists() and any(settings.data.iterdir()):
        raise Refused("conflict", f"{settings.data} is not empty: name a new folder by --data, or move what is there away.")
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = await asyncio.to_thread(copy, source, file, "integrity_check")
    if made.schema.is_newer and made.schema.problem is not None:
        file.unlink()
        raise Refused("conflict", made.schema.problem)
    return made


def _file(settings: Settings, instead: str) -> Path:
    """The file of the embedded database. Raises `Refused` on PostgreSQL."""
    from causerie.commands import offline
    from domain.errors import Refused

    file = offline.database_file(settings)
    if file is None:
        raise Refused("bad_request", f"The database is PostgreSQL: use {instead}, as docs/how-to/backup.md tells.")
    return file
