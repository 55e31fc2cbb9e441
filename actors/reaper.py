"""Ends what a dead main process would leave behind. Started beside it, it waits for its end and then kills by a mark.

Every process that an installation starts inherits `CAUSERIE_INSTANCE`; after kill -9 of the main process, Ray's own
processes would live on for about a minute. Some of them write their title over their environment, and are known by the files
that they have open in the instance's folder. Run as `python -m actors.reaper <mark> <folder to remove>`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

MARK = "CAUSERIE_INSTANCE"
GRACE_S = 1.0


def start(mark: str, folder: str) -> subprocess.Popen[bytes]:
    """Start the reaper of this process. It acts when this process has ended, for whatever reason: then its pipe closes.

    Something written into the pipe says that there is nothing left to end.
    """
    argv = [sys.executable, "-m", "actors.reaper", mark, folder]
    return subprocess.Popen(argv, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - our own module, by our own interpreter


def belonging(mark: str, folder: str, spare: frozenset[int]) -> list[psutil.Process]:
    """All processes of an instance that this user may end, but not this one and not those of `spare`."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.pid not in spare and _belongs(process, mark, folder):
                found.append(process)
    return found


def _belongs(process: psutil.Process, mark: str, folder: str) -> bool:
    if process.environ().get(MARK) == mark:
        return True
    if not folder:
        return False
    links = Path(f"/proc/{process.pid}/fd")
    if not links.is_dir():
        return any(file.path.startswith(folder) for file in process.open_files())
    return any(str(os.readlink(link)).startswith(folder) for link in links.iterdir())


def reap(
    mark: str, folder: str, spare: frozenset[int] = frozenset(), timeout_s: float = 10.0, known: Iterable[psutil.Process] = ()
) -> list[psutil.Process]:
    """Kill everything of an instance, again and again until nothing new appears. Returns what is left.

    `known` are some of it that are seen in time: between writing their title and opening a file nothing else tells whose they are.
    """
    until = time.monotonic() + timeout_s
    left = [one for one in known if one.pid not in spare and one.is_running()] + belonging(mark, folder, spare)
    while left and time.monotonic() < until:
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(left, timeout=1.0)
        left = belonging(mark, folder, spare)
    return left


def main() -> None:
    mark, folder = sys.argv[1:3]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ended_well = sys.stdin.buffer.read()
    if not ended_well:
        reap(mark, folder)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
