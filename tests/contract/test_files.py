"""The contract of `Files`. One implementation so far: a folder."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from domain.errors import Refused, Unavailable
from storage.files import DRAFTS, Files, FolderFiles

APP, OTHER = "a" * 24, "b" * 24
KEY, KEY_2 = "c" * 32, "d" * 32


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


@pytest.fixture
def files(root: Path) -> Files:
    return FolderFiles(root)


async def kept(files: Files, data: bytes, key: str = KEY, app_id: str = APP) -> None:
    draft = await files.draft(len(data))
    await draft.write(data)
    await draft.keep(app_id, key)
    await draft.drop()


async def content(files: Files, key: str = KEY, app_id: str = APP) -> bytes:
    reading = await files.open(app_id, key)
    try:
        return await reading.read(0, reading.size)
    finally:
        await reading.close()


def everything(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


async def test_a_file_is_read_as_it_was_written_whole_and_in_parts(files: Files) -> None:
    data = os.urandom(700_000)
    draft = await files.draft(len(data))
    for first in range(0, len(data), 65_536):
        await draft.write(data[first : first + 65_536])
    await draft.keep(APP, KEY)
    assert data == await content(files)
    reading = await files.open(APP, KEY)
    assert (700_000, data[5:10], data[-3:], b"") == (
        reading.size,
        await reading.read(5, 5),
        await reading.read(699_997, 100),
        await reading.read(700_000, 10),
    )
    await reading.close()


async def test_a_draft_is_seen_by_nobody_and_leaves_nothing(files: Files, root: Path) -> None:
    draft = await files.draft(10)
    await draft.write(b"half")
    with pytest.raises(Refused, match="not_found"):
        await files.open(APP, KEY)
    await draft.drop()
    await draft.drop()
    assert [] == everything(root)


async def test_a_kept_file_is_not_dropped(files: Files, root: Path) -> None:
    await kept(files, b"hello")
    (path,) = everything(root)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert b"hello" == await content(files)


async def test_deletion_is_of_what_is_named(files: Files) -> None:
    for app_id, key in ((APP, KEY), (APP, KEY_2), (OTHER, KEY)):
        await kept(files, b"x", key, app_id)
    await files.delete(APP, [KEY, "e" * 32])
    with pytest.raises(Refused):
        await files.open(APP, KEY)
    assert b"x" == await content(files, KEY_2) == await content(files, KEY, OTHER)
    assert [APP, OTHER] == await files.apps()
    await files.delete_app(APP)
    await files.delete_app(APP)
    assert [OTHER] == await files.apps()


async def test_drafts_of_processes_that_died_go_when_they_are_old(files: Files, root: Path) -> None:
    await files.draft(1)
    assert 0 == await files.drop_drafts(3_600)
    (path,) = everything(root)
    os.utime(path, (0, 0))
    assert 1 == await files.drop_drafts(3_600)
    assert [] == everything(root)


async def test_where_nothing_was_ever_kept_there_is_nothing(files: Files) -> None:
    assert ([], 0) == (await files.apps(), await files.drop_drafts(0))
    await files.delete(APP, [KEY])


class TestFolder:
    async def test_what_is_reserved_stays_free(self, root: Path) -> None:
        with pytest.raises(Unavailable, match="storage_full"):
            await FolderFiles(root, reserve=2**62).draft(1)
        assert [] == everything(root)

    async def test_a_disk_that_is_full_is_said_and_nothing_is_left(self, files: Files, root: Path) -> None:
        """`/dev/full` is a disk without room."""
        draft = await files.draft(1)
        (path,) = everything(root / DRAFTS)
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, next(int(fd) for fd in os.listdir("/proc/self/fd") if _is(fd, path)))
        os.close(full)
        with pytest.raises(Unavailable, match="storage_full"):
            await draft.write(b"x" * 300_000)
        await draft.drop()
        assert [] == everything(root)

    async def test_a_store_that_does_not_answer_is_unavailable(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("no folder")
        with pytest.raises(Unavailable) as failure:
            await FolderFiles(tmp_path / "file").draft(1)
        assert ("unavailable", errno.ENOTDIR) == (failure.value.code, failure.value.__cause__.errno)  # type: ignore[union-attr]

    @pytest.mark.parametrize(("app_id", "key"), [("..", KEY), (APP, "../x"), (APP, "C" * 32), ("", KEY)])
    async def test_no_name_leads_out_of_the_folder(self, files: Files, app_id: str, key: str) -> None:
        with pytest.raises(AssertionError):
            await files.open(app_id, key)


def _is(descriptor: str, path: Path) -> bool:
    try:
        return Path(os.readlink(f"/proc/self/fd/{descriptor}")) == path
    except OSError:
        return False
