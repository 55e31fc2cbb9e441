"""What is left of Unix sockets: nothing, of one that was closed; of one whose process was killed, nothing for long."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from actors.socket_link import STALE_S, SocketServer, remove_stale


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current one: the path of a Unix socket may have only some hundred characters."""
    monkeypatch.chdir(tmp_path)
    return Path()


def bound(path: Path, age_s: float, *, listens: bool = False) -> socket.socket:
    door = socket.socket(socket.AF_UNIX)
    door.bind(str(path))
    if listens:
        door.listen()
    then = path.stat().st_mtime - age_s
    os.utime(path, (then, then))
    return door


def test_what_a_killed_process_left_is_removed_and_nothing_else(folder: Path) -> None:
    dead = bound(folder / "host-1.sock", STALE_S + 5)
    live = bound(folder / "host-2.sock", STALE_S + 5, listens=True)
    coming = bound(folder / "host-3.sock", 0)
    other = bound(folder / "other.sock", STALE_S + 5)
    dead.close()
    remove_stale(folder, "host-*.sock")
    assert ["host-2.sock", "host-3.sock", "other.sock"] == sorted(one.name for one in folder.iterdir())
    for one in (live, coming, other):
        one.close()


async def test_a_server_that_closes_leaves_no_socket(folder: Path) -> None:
    server = SocketServer()
    await server.listen_unix("host-1.sock", lambda send, end: pytest.fail("nobody connects"))
    there = Path("host-1.sock").is_socket()
    await server.close()
    assert (True, []) == (there, list(folder.iterdir()))
