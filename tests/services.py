"""Starts a real PostgreSQL and a real Redis for tests: on free ports, in temporary folders, gone when the test process is gone.

Other programs that tests need and a machine may lack are found here too.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

_INSTALL_S = 180
_START_S = 20

S = TypeVar("S", bound="Server")


class Missing(Exception):
    """The service is not on this machine and could not be installed."""


class Server:
    """A server process that can be stopped and started again over the same folder and port."""

    def __init__(self, command: list[str], folder: Path, port: int, user: str | None, stop_signal: signal.Signals) -> None:
        self._command, self._user, self._stop_signal = command, user, stop_signal
        self.folder, self.port = folder, port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command, stdout=log, stderr=log, cwd=self.folder, user=self._user,
                start_new_session=True,  # Ctrl-C is for the tests, which may still have questions
                preexec_fn=die_with_parent(self._stop_signal),
            )  # fmt: skip
        self._wait_until_listening()

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(self._stop_signal)
            self.process.wait(timeout=_START_S)
            self.process = None

    def kill(self) -> None:
        """kill -9 of the process that was started, and of nothing that it started."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=_START_S)
            self.process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait_until_listening(self) -> None:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)  # there is nothing to wait on: the port opens when it opens
        raise RuntimeError(f"{self._command[0]} did not start:\n{(self.folder / 'log').read_text()[-2000:]}")


class Postgres(Server):
    """`url(name)` is the address of one of its databases, by its superuser `causerie`."""

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://causerie@127.0.0.1:{self.port}/{database}"

    def tool(self, name: str) -> str:
        """One of the programs that come with the server: `pg_dump`."""
        return str(_postgres_folder() / name)

    def start(self) -> None:
        super().start()
        ready = [str(_postgres_folder() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        deadline = time.monotonic() + _START_S
        while subprocess.run(ready, check=False).returncode != 0:
            if time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL does not become ready")
            time.sleep(0.02)


def start_postgres() -> Postgres:
    """A fresh cluster with the server's own defaults (fsync is on). Root runs it as another user, since PostgreSQL refuses root."""
    binaries = _postgres_folder()
    user = _unprivileged_user() if os.geteuid() == 0 else None
    folder, port = _folder("postgres", user), _free_port()
    data = folder / "data"
    subprocess.run(
        [str(binaries / "initdb"), "-D", str(data), "-U", "causerie", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
        check=True, capture_output=True, cwd=folder, user=user,
    )  # fmt: skip
    command = [str(binaries / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    return _started(Postgres(command, folder, port, user, signal.SIGQUIT))


def start_redis() -> Server:
    """An empty server that writes nothing to disk."""
    binary = shutil.which("redis-server") or _installed("redis-server", lambda: shutil.which("redis-server"))
    folder, port = _folder("redis", None), _free_port()
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    return _started(Server(command, folder, port, None, signal.SIGTERM))


def strace() -> str:
    """The path of strace, which is installed if need be. Raises `Missing`."""
    return shutil.which("strace") or _installed("strace", lambda: shutil.which("strace"))


def iproute2() -> str:
    """The path of `ip`, which is installed if need be. Raises `Missing`."""
    return shutil.which("ip") or _installed("iproute2", lambda: shutil.which("ip"))


def _started(server: S) -> S:
    server.start()
    return server


def _postgres_folder() -> Path:
    return Path(_find_postgres() or _installed("postgresql", _find_postgres))


def _find_postgres() -> str | None:
    """The folder that has initdb, postgres and pg_isready: the newest of Debian's, or that of the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    return next((str(folder) for folder in folders if (folder / "postgres").exists() and (folder / "pg_isready").exists()), None)


def _installed(package: str, find: Callable[[], str | None]) -> str:
    """Install a Debian package, if this is root on a machine that has them; `Missing` says why not."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Missing(f"{package} is not installed, and only root with apt-get could install it")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "--no-install-recommends", package]
    try:
        subprocess.run(command, check=True, capture_output=True, env=environment, timeout=_INSTALL_S)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Missing(f"apt-get could not install {package}: {type(error).__name__}") from None
    found = find()
    if found is None:
        raise Missing(f"{package} was installed but cannot be found")
    return found


def _unprivileged_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _folder(name: str, owner: str | None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"causerie-{name}-"))
    if owner is not None:
        shutil.chown(folder, user=owner)
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def die_with_parent(sent: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """For a `preexec_fn`: Linux sends `sent` to the child when the thread that started it ends, however it ends."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(1, int(sent))  # 1: PR_SET_PDEATHSIG
