"""`causerie backup` and `causerie restore` on files: what is copied, what is refused, and what a failure leaves behind."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from causerie.cli import app
from causerie.settings import Settings

ROW_BYTES = 1000


def cli(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def told(result: Result) -> str:
    """What a refused command said, in one line."""
    assert (1, False) == (result.exit_code, "Traceback" in result.output), result.output
    return result.stderr.replace("\n", " ")


@pytest.fixture(autouse=True)
def data(sqlite_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder that the commands find by the environment: a migrated database, of which the log is not written back."""
    for field in Settings.__struct_fields__:
        monkeypatch.delenv(f"CAUSERIE_{field.upper()}", raising=False)
    folder = sqlite_path.parent / "data"
    folder.mkdir()
    sqlite_path.rename(folder / "causerie.db")
    monkeypatch.setenv("CAUSERIE_DATA", str(folder))
    return folder


@pytest.fixture
def writer(data: Path) -> Iterator[sqlite3.Connection]:
    """A server's connection, as far as SQLite can tell: what it commits is in the log beside the file."""
    with closing(sqlite3.connect(data / "causerie.db", check_same_thread=False, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        yield connection


def counters(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT name, next FROM counters"))


def test_what_was_committed_is_in_the_copy_and_comes_back(data: Path, writer: sqlite3.Connection, tmp_path: Path) -> None:
    """Also what is only in the log yet. One file, readable by its owner alone."""
    writer.execute("INSERT INTO counters VALUES ('kept', 7)")
    assert 0 == cli("backup", tmp_path / "copy.db").exit_code
    writer.execute("INSERT INTO counters VALUES ('later', 1)")
    assert 0 == cli("restore", tmp_path / "copy.db", "--data", tmp_path / "new").exit_code
    assert {"kept": 7} == counters(tmp_path / "new" / "causerie.db")
    assert ["copy.db", "data", "new"] == sorted(path.name for path in tmp_path.iterdir())
    assert (0o600, ["causerie.db"]) == (os.stat(tmp_path / "copy.db").st_mode & 0o777, os.listdir(tmp_path / "new"))


def test_writers_go_on_and_the_copy_is_of_one_moment(data: Path, writer: sqlite3.Connection, tmp_path: Path) -> None:
    """Each transaction writes two rows that must agree: a copy that mixed two moments would show it."""
    writer.execute("INSERT INTO counters VALUES ('one', 0), ('two', 0)")
    writer.execute("CREATE TABLE ballast (content)")
    writer.executemany("INSERT INTO ballast VALUES (?)", [(bytes(ROW_BYTES),)] * 3000)
    stop, writes = threading.Event(), 0

    def write() -> None:
        nonlocal writes
        while not stop.is_set():
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("UPDATE counters SET next = next + 1")
            writer.execute("COMMIT")
            writes += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for n in range(5):
            before = counters(data / "causerie.db")["one"]
            assert 0 == cli("backup", tmp_path / f"{n}.db").exit_code
            copied = counters(tmp_path / f"{n}.db")
            assert copied["one"] == copied["two"] >= before
    finally:
        stop.set()
        thread.join()
    assert writes > 5


def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")
    assert "is not overwritten" in told(cli("backup", tmp_path / "copy.db"))
    assert ("precious", ["copy.db", "data"]) == ((tmp_path / "copy.db").read_text(), sorted(os.listdir(tmp_path)))


@pytest.mark.parametrize("name", ["causerie.db", "notes.txt"])
def test_a_restore_asks_for_an_empty_folder(tmp_path: Path, name: str) -> None:
    assert 0 == cli("backup", tmp_path / "copy.db").exit_code
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / name).write_text("mine")
    assert "is not empty" in told(cli("restore", tmp_path / "copy.db", "--data", tmp_path / "taken"))
    assert ("mine", [name]) == ((tmp_path / "taken" / name).read_text(), os.listdir(tmp_path / "taken"))


def test_without_a_database_there_is_no_backup(tmp_path: Path) -> None:
    assert "There is no file" in told(cli("backup", tmp_path / "copy.db", "--data", tmp_path / "dtaa"))
    assert ["data"] == os.listdir(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "usb") in told(cli("backup", tmp_path / "usb" / "copy.db"))


@pytest.mark.parametrize("damage", ["cut", "text", "empty", "overwritten"])
def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(data: Path, tmp_path: Path, damage: str) -> None:
    assert 0 == cli("backup", tmp_path / "copy.db").exit_code
    whole = (tmp_path / "copy.db").read_bytes()
    middle = len(whole) // 2
    broken = {
        "cut": whole[:middle],
        "text": b"no database " * 99,
        "empty": b"",
        "overwritten": whole[:4096] + b"\xa5" * (len(whole) - 4096),
    }
    (tmp_path / "copy.db").write_bytes(broken[damage])
    told(cli("restore", tmp_path / "copy.db", "--data", tmp_path / "new"))
    assert [] == os.listdir(tmp_path / "new")


def test_a_backup_of_a_newer_version_is_left_to_that_version(writer: sqlite3.Connection, tmp_path: Path) -> None:
    writer.executescript("UPDATE alembic_version SET version_num = '9999'; UPDATE compatible SET oldest = '9999'")
    assert 0 == cli("backup", tmp_path / "copy.db").exit_code
    assert "newer version" in told(cli("restore", tmp_path / "copy.db", "--data", tmp_path / "new"))
    assert [] == os.listdir(tmp_path / "new")


@pytest.mark.parametrize(("command", "instead"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_postgresql_has_tools_of_its_own(command: str, instead: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUSERIE_DATABASE_URL", "postgresql://causerie@192.0.2.20/causerie")
    assert instead in told(cli(command, tmp_path / "copy.db"))
