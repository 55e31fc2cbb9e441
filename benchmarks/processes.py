"""Where processor time and memory go, by kind of process: gateway, hosts of conversations, hosts of bots, Ray's own, and so on."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec
import psutil

KINDS = ("gateway", "host", "bots", "tickets", "ray", "database", "load")
ACTORS = {"ConversationHost": "host", "BotHost": "bots", "TicketHost": "tickets", "AssignmentHost": "tickets", "Gateway": "gateway"}


class Held(msgspec.Struct):
    """Memory that processes have for themselves alone, and their open files."""

    memory_mb: float = 0.0
    files: int = 0


def own_bytes(process: psutil.Process) -> int:
    """What a process keeps in memory for itself. Pages of files do not count: the kernel takes them back when it needs room, and a
    host of an embedded database maps up to 256 MB of it."""
    held = process.memory_info()
    return int(held.rss - held.shared)


class Census:
    """The processes of one server, with this one as the load generator and, where it is local, the database's."""

    def __init__(self, server_pid: int, database_url: str | None) -> None:
        self._server = psutil.Process(server_pid)
        self._postmaster = _listening(database_url) if database_url else None

    def processes(self) -> Iterator[tuple[str, psutil.Process]]:
        """Each process with its kind."""
        yield "load", psutil.Process()
        yield "gateway", self._server
        for process in self._server.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                yield _kind(process.cmdline()[0]), process
        if self._postmaster is not None:
            yield "database", self._postmaster
            for process in self._postmaster.children():
                yield "database", process

    def cpu(self) -> dict[str, float]:
        """Seconds of processor time by kind. `neighbours` is everything else on the machine, the hypervisor's theft included."""
        found = dict.fromkeys(KINDS, 0.0)
        for kind, process in self.processes():
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                found[kind] += times.user + times.system
        machine = psutil.cpu_times()
        return {**found, "neighbours": sum(machine) - machine.idle - machine.iowait - sum(found.values())}

    def memory(self) -> dict[str, Held]:
        """What each kind holds."""
        found = {kind: Held() for kind in KINDS}
        for kind, process in self.processes():
            with contextlib.suppress(psutil.Error):
                found[kind].memory_mb += own_bytes(process) / 1e6
                found[kind].files += process.num_fds()
        return found

    def busiest_host(self) -> psutil.Process:
        """The host that owns the conversations: its standby does nothing."""
        return max((one for kind, one in self.processes() if kind == "host"), key=lambda one: one.cpu_times().user)


def others_cpu(database_url: str | None) -> float:
    """Seconds of processor time that all processes took but this one and, where it is local, the database's; theft included."""
    machine, postmaster = psutil.cpu_times(), _listening(database_url) if database_url else None
    taken = sum(machine) - machine.idle - machine.iowait
    for process in (psutil.Process(), *([postmaster, *postmaster.children()] if postmaster else [])):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            taken -= times.user + times.system
    return float(taken)


def _kind(command: str) -> str:
    """Of a process below the server, by how `ps` shows it. Ray's own may be called `ray::` too, and a worker is before it has an actor."""
    return next((kind for name, kind in ACTORS.items() if command.startswith(f"ray::{name}")), "ray")


def spent(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {kind: after[kind] - before[kind] for kind in after}


def per_thousand(cpu_s: dict[str, float], messages: int) -> dict[str, float]:
    """Seconds of processor time for 1,000 messages, which is milliseconds for one."""
    return {kind: round(seconds * 1000 / max(1, messages), 3) for kind, seconds in cpu_s.items() if kind != "neighbours"}


def _listening(url: str) -> psutil.Process | None:
    """The process on this machine that listens on the address, None if it is elsewhere or somebody else's."""
    where = urlsplit(url)
    if where.hostname not in ("127.0.0.1", "localhost", "::1"):
        return None
    port = where.port or 5432
    with contextlib.suppress(psutil.Error):
        listening = (one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN and one.pid)
        return next((psutil.Process(one.pid) for one in listening if tuple(one.laddr)[1:2] == (port,)), None)
    return None


def allow_files(wanted: int) -> int:
    """Raise this process's limit of open files, and so its children's, as far as allowed. Returns the limit."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if os.geteuid() == 0:
        limit, hard = wanted, max(wanted, hard)
    if soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return max(soft, limit)
