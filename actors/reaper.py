"""Ends what a dead main process would leave behind. Started beside it, it waits for its end and then kills by a mark.

Every process that an installation starts inherits `CAUSERIE_INSTANCE`; after kill -9 of the main process, Ray's own
processes would live on for about a minute. Run as `python -m actors.reaper <mark> <folder to remove>`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time

import psutil

MARK = "CAUSERIE_INSTANCE"
GRACE_S = 1.0


def start(mark: str, folder: str) -> subprocess.Popen[bytes]:
    """Start the reaper of this process. It acts when this process has ended, for whatever reason: then its pipe closes."""
    argv = [sys.executable, "-m", "actors.reaper", mark, folder]
    return subprocess.Popen(argv, stdin=subprocess.PIPE, start_new_session=True)


def marked(mark: str) -> list[psutil.Process]:
    """All processes of this user that bear the mark, but not this one."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                found.append(process)
    return found


def reap(mark: str, spare: frozenset[int] = frozenset(), timeout_s: float = 10.0) -> list[psutil.Process]:
    """Kill everything that bears the mark, again and again until nothing new appears. Returns what is left."""
    until = time.monotonic() + timeout_s
    left = [process for process in marked(mark) if process.pid not in spare]
    while left and time.monotonic() < until:
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(left, timeout=1.0)
        left = [process for process in marked(mark) if process.pid not in spare]
    return left


def main() -> None:
    mark, folder = sys.argv[1:3]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdin.buffer.read()
    reap(mark)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
