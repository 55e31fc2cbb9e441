"""Where the bytes of attachments are: the port `Files`, and a folder as its one implementation so far. What they mean is the directory's.

Servers on several nodes share the folder (a network file system). An object store would be another implementation.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import secrets
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from domain.attachments import KEY
from domain.errors import Refused, Unavailable
from domain.ids import ID

P = ParamSpec("P")
T = TypeVar("T")

DRAFTS = "drafts"
_BUFFER_BYTES = 262_144
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Draft(Protocol):
    """A file that is being written. Nobody sees it before it is kept."""

    async def write(self, chunk: bytes) -> None:
        """Raises `Unavailable` (`storage_full`)."""

    async def keep(self, app_id: str, key: str) -> None:
        """Make it durable under its name. Raises `Unavailable` (`storage_full`)."""

    async def drop(self) -> None:
        """Leave nothing behind, unless it was kept."""


class Reading(Protocol):
    """A file that is being read."""

    size: int

    async def read(self, first: int, count: int) -> bytes:
        """Up to `count` bytes from `first`, none past the end."""

    async def close(self) -> None: ...


class Files(Protocol):
    """Files by app and key (32 hexadecimal digits). Each fails with `Unavailable` when the store does not answer."""

    async def draft(self, expected: int) -> Draft:
        """A new file of about so many bytes. Raises `Unavailable` (`storage_full`) when there is no room."""

    async def open(self, app_id: str, key: str) -> Reading:
        """Raises `Refused` (`not_found`)."""

    async def delete(self, app_id: str, keys: Sequence[str]) -> None:
        """Those that are there."""

    async def delete_app(self, app_id: str) -> None:
        """All of an app."""

    async def apps(self) -> list[str]:
        """The apps that have files."""

    async def drop_drafts(self, older_than_s: float) -> int:
        """Clear up what was left by uploads that were broken off with their process."""


class FolderFiles:
    """Files in a folder: `<app>/<first two digits of the key>/<key>`. `reserve` bytes of the disk stay free for the database beside."""

    def __init__(self, root: Path, reserve: int = 0) -> None:
        self._root, self._reserve = root, reserve

    async def draft(self, expected: int) -> Draft:
        return await _in_thread(self._draft, expected)

    async def open(self, app_id: str, key: str) -> Reading:
        try:
            return await _in_thread(_FolderReading, self._path(app_id, key))
        except FileNotFoundError:
            raise Refused("not_found", "Attachment not found") from None

    async def delete(self, app_id: str, keys: Sequence[str]) -> None:
        await _in_thread(_unlink, [self._path(app_id, key) for key in keys])

    async def delete_app(self, app_id: str) -> None:
        assert ID.match(app_id), "an app's id names its folder"
        await _in_thread(shutil.rmtree, self._root / app_id, True)

    async def apps(self) -> list[str]:
        return await _in_thread(lambda: sorted(name for name in _names(self._root) if ID.match(name)))

    async def drop_drafts(self, older_than_s: float) -> int:
        return await _in_thread(self._drop_drafts, time.time() - older_than_s)

    def _draft(self, expected: int) -> Draft:
        folder = self._root / DRAFTS
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        disk = os.statvfs(folder)
        if disk.f_bavail * disk.f_frsize - expected < self._reserve:
            raise full()
        return _FolderDraft(folder / secrets.token_hex(16), self._path)

    def _path(self, app_id: str, key: str) -> Path:
        assert ID.match(app_id), "an app's id names its folder"
        assert KEY.match(key), "a key names its file"
        return self._root / app_id / key[:2] / key

    def _drop_drafts(self, before_s: float) -> int:
        dropped = 0
        for path in (self._root / DRAFTS / name for name in _names(self._root / DRAFTS)):
            with contextlib.suppress(FileNotFoundError):  # another server was quicker
                if path.stat().st_mtime < before_s:
                    path.unlink()
                    dropped += 1
        return dropped


class _FolderDraft:
    def __init__(self, path: Path, place: Callable[[str, str], Path]) -> None:
        self._path, self._place, self._over = path, place, False
        self._descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        self._buffer = bytearray()

    async def write(self, chunk: bytes) -> None:
        self._buffer += chunk
        if len(self._buffer) >= _BUFFER_BYTES:
            await self._flush()

    async def keep(self, app_id: str, key: str) -> None:
        await self._flush()
        await _in_thread(self._keep, self._place(app_id, key))

    async def drop(self) -> None:
        if not self._over:
            await _in_thread(self._drop)

    async def _flush(self) -> None:
        waiting, self._buffer = self._buffer, bytearray()
        await _in_thread(_write_all, self._descriptor, waiting)

    def _keep(self, path: Path) -> None:
        """The bytes are on the disk before the name is."""
        os.fsync(self._descriptor)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.rename(path)
        self._over = True
        os.close(self._descriptor)
        _sync_folder(path.parent)

    def _drop(self) -> None:
        self._over = True
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


class _FolderReading:
    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY)
        self.size = os.fstat(self._descriptor).st_size

    async def read(self, first: int, count: int) -> bytes:
        return await _in_thread(os.pread, self._descriptor, count, first)

    async def close(self) -> None:
        os.close(self._descriptor)


def full() -> Unavailable:
    """No room for more files."""
    return Unavailable("storage_full", "There is no room for more files", 60.0)


async def _in_thread(work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """What waits for a disk does not hold the loop up. The system's errors become ours; that something is not there stays what it is."""
    try:
        return await asyncio.to_thread(work, *args, **options)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise full() if error.errno in _FULL else Unavailable("unavailable", "The store of files does not answer", 5.0) from error


def _unlink(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []


def _write_all(descriptor: int, data: bytearray) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
