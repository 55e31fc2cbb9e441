"""Processes of this node, by what the system says of them. Never ends one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import psutil


def lives(pid: int, titles: Iterable[str]) -> bool:
    """Whether there is such a process, with one of these words in its command line: the pid may be another's by now."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and any(title in part for part in process.cmdline() for title in titles)
    return False


def descendants(names: Iterable[str]) -> list[psutil.Process]:
    """Those of this process that are called so."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if process.name() in names:
                found.append(process)
    return found
