"""Copies a SQLite database while others write to it, and sees whether a copy is whole. PostgreSQL has tools of its own."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import msgspec

from domain.errors import Refused
from storage.sql.migrate import Schema

Depth = Literal["quick_check", "integrity_check"]
"""How closely a copy is looked at: its pages, or its indexes against its rows too."""


class Copy(msgspec.Struct, frozen=True):
    """A copy that was made."""

    path: Path
    size_bytes: int
    schema: Schema


def copy(source: Path, target: Path, depth: Depth) -> Copy:
    """The database as it was at one moment, as one file, on the disk and checked, which only its owner can read.

    Writers go on meanwhile. Raises `Refused` (there is a target, or the source is no whole database of ours) or `OSError`;
    then there is no target.
    """
    if not source.is_file():
        raise Refused("not_found", f"There is no file {source}.")
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # the name is ours; the content comes at once, or never
    except FileExistsError:
        raise Refused("conflict", f"{target} is there already, and is not overwritten.") from None
    part = target.with_name(f"{target.name}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with _told(source):
            schema = _fill(source, part, depth)
        _settle(part, target)
    except BaseException:
        for made in (part, target):
            made.unlink(missing_ok=True)
        raise
    return Copy(target, target.stat().st_size, schema)


def _fill(source: Path, part: Path, depth: Depth) -> Schema:
    """Copy all pages in one read transaction: in steps, each write of another process would begin the copy anew."""
    with contextlib.closing(_open(source, "ro")) as origin, contextlib.closing(_open(part, "rw")) as made:
        origin.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        problem = made.execute(f"PRAGMA {depth}(1)").fetchone()[0]
        if problem != "ok":
            raise Refused("conflict", f"{source} is damaged: {problem}")
        found = made.execute("SELECT version_num FROM alembic_version").fetchone()
        known = made.execute("SELECT 1 FROM sqlite_master WHERE name = 'compatible'").fetchone()
        oldest = made.execute("SELECT oldest FROM compatible").fetchone() if known else None
    if found is None:
        raise Refused("conflict", f"{source} is empty.")
    return Schema(found[0], oldest[0] if oldest else None)


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode={mode}", uri=True, timeout=30, isolation_level=None)


@contextlib.contextmanager
def _told(source: Path) -> Iterator[None]:
    """SQLite's errors in a sentence."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Refused("conflict", f"{source} could not be copied: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise Refused("conflict", f"{source} is no database, or is damaged: {error}.") from error


def _settle(part: Path, target: Path) -> None:
    """Give the copy its name once it is on the disk."""
    _sync(part)
    os.replace(part, target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
