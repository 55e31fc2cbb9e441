"""Starts `causerie serve` as the process that it is for everybody: own port, own data folder, ended with all that it started.

Blocking, so that fixtures of any scope may use it; a test with clients in its event loop calls it in a thread.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.machines import Machine

COMMAND = Path(sys.executable).parent / "causerie"
START_S = 90.0
GONE_S = 20.0
MARK = "CAUSERIE_TEST_MARK"
LOG_LINES = 60
#: For tests in which no host dies. Each host process takes 2 s of a processor to start, beside the test.
NO_STANDBY: Mapping[str, str] = {"CAUSERIE_STANDBY_HOSTS": "0"}


class NotReady(Exception):
    """The server ended, or was not ready in time; the message has the end of its log."""


@dataclass(frozen=True)
class Answer:
    """What an address answers to a plain GET."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Serving:
    """One `causerie serve`. Rate limits are off unless `environment` says otherwise."""

    def __init__(
        self,
        folder: Path,
        *,
        environment: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        tls: ssl.SSLContext | None = None,
        machine: Machine | None = None,
    ) -> None:
        """`machine` is where it runs, if that is a machine of its own: then it listens there for everybody."""
        self.data, self.log = folder / "data", folder / "server.log"
        self.port = free_port()
        self.url = f"{'https' if tls else 'http'}://{machine.address if machine else '127.0.0.1'}:{self.port}"
        self.tls = tls
        self.command = [*(machine.command if machine else ()), str(COMMAND), "serve"]
        self.arguments = [*arguments, *(["--host", machine.address] if machine else ())]
        self.mark = secrets.token_hex(8)
        self.environment = {**_clean_environment(), "CAUSERIE_RATE_LIMITS": "off", **(environment or {}), MARK: self.mark}
        self.checkout: Path | None = None
        """Whose code it runs, if not this one's: Ray's workers look into the folder in which it is started before any other."""
        self.process: subprocess.Popen[bytes] | None = None
        self._known: dict[int, psutil.Process] = {}

    # -- life

    def start(self, timeout_s: float = START_S) -> float:
        """Start and wait for `/readyz`. Returns how many seconds it took. Raises `NotReady`."""
        begun = time.monotonic()
        self.data.parent.mkdir(parents=True, exist_ok=True)
        argv = [*self.command, "--port", str(self.port), "--data", str(self.data), *self.arguments]
        environment = self.environment if self.checkout is None else {**self.environment, "PYTHONPATH": str(self.checkout)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, env=environment, cwd=self.checkout
            )
        try:
            self.wait_ready(timeout_s)
        except NotReady:
            self.kill()
            raise
        return time.monotonic() - begun

    def wait_ready(self, timeout_s: float = START_S) -> None:
        """Raises `NotReady`."""

        def ready() -> bool:
            if self.process is None or self.process.poll() is not None:
                raise NotReady(f"the server ended with {self.process and self.process.returncode}\n{self.tail()}")
            return self.is_ready()

        if not wait_until(ready, timeout_s):
            raise NotReady(f"the server was not ready within {timeout_s:.0f} s\n{self.tail()}")
        self.processes()

    def is_ready(self) -> bool:
        try:
            return self.get("/readyz").status == 200
        except OSError:
            return False

    def stop(self) -> list[str]:
        """SIGTERM, as a service manager does it. Returns what still ran after `GONE_S`, and ends that too."""
        self.processes()
        self.signal_main(signal.SIGTERM)
        left = self.left(GONE_S)
        self.kill()
        return left

    def kill_main(self) -> None:
        """kill -9 of the main process alone."""
        self.processes()
        self.signal_main(signal.SIGKILL)

    def signal_main(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """kill -9 of everything that belongs to this server, until nothing is left."""

        def killed() -> bool:
            alive = self.processes()
            for process in alive:
                with contextlib.suppress(psutil.Error):
                    process.kill()
            if self.process is not None:
                self.process.poll()
            return not alive

        wait_until(killed, GONE_S)
        self._known.clear()

    # -- looking at it

    def get(self, path: str, timeout_s: float = 5.0, headers: Mapping[str, str] | None = None) -> Answer:
        """Raises `OSError` when nothing answers."""
        request = urllib.request.Request(self.url + path, headers=dict(headers or {}))
        try:
            with urllib.request.urlopen(request, timeout=timeout_s, context=self.tls) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    @property
    def credentials(self) -> Any:
        return json.loads((self.data / "credentials.json").read_text())

    def tail(self, lines: int = LOG_LINES) -> str:
        """Where the log is, and its end."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join([f"-- {self.log}", *text.splitlines()[-lines:]])

    def processes(self) -> list[psutil.Process]:
        """Everything alive that this server started: its tree, whoever has its environment, whoever has its files open."""
        if self.process is not None:
            with contextlib.suppress(psutil.Error):
                root = psutil.Process(self.process.pid)
                self._know([root, *root.children(recursive=True)])
        self._know(process for process in psutil.process_iter() if self._belongs(process))
        return [process for process in self._known.values() if is_alive(process)]

    def _know(self, found: Any) -> None:
        for process in found:
            if process.pid != os.getpid():
                self._known.setdefault(process.pid, process)
                if not self._known[process.pid].is_running():
                    self._known[process.pid] = process

    def _belongs(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == self.mark:
                return True
            links = Path(f"/proc/{process.pid}/fd")
            return process.pid != os.getpid() and any(os.readlink(link).startswith(f"{self.data}/") for link in links.iterdir())
        return False

    def left(self, timeout_s: float) -> list[str]:
        """The command lines of what still runs when nothing should, after waiting for it to end."""
        wait_until(lambda: not self.processes(), timeout_s)
        if self.process is not None:
            self.process.poll()
        return [title(process) for process in self.processes()]

    def hosts(self, kind: str = "ConversationHost") -> list[psutil.Process]:
        """The host processes of a kind, owners and standbys, as `ps` shows them."""
        return [process for process in self.processes() if title(process).startswith(f"ray::{kind}")]

    def owners(self, kind: str = "conversation") -> list[tuple[str, str]]:
        """(slot, `node/pid` of its owner) for the actors of a kind, by the embedded database."""
        with contextlib.closing(sqlite3.connect(f"file:{self.data / 'causerie.db'}?mode=ro", uri=True, timeout=5)) as database:
            return database.execute("SELECT slot, owner FROM slots WHERE kind = ?", (kind,)).fetchall()

    def owner(self, kind: str = "conversation") -> psutil.Process:
        """The process that owns the slot 0 of a kind."""
        return psutil.Process(int(dict(self.owners(kind))["0"].rpartition("/")[2]))


@contextlib.contextmanager
def serving(folder: Path, **options: Any) -> Iterator[Serving]:
    """A server for the length of a block. Whoever failed inside it finds the end of the log in what the test printed."""
    server = Serving(folder, **options)
    try:
        server.start()
        yield server
    except BaseException:
        print(server.tail())
        raise
    finally:
        server.signal_main(signal.SIGTERM)
        server.left(GONE_S / 2)
        server.kill()


@contextlib.contextmanager
def two_servers(folder: Path, database_url: str, **settings: object) -> Iterator[list[Serving]]:
    """On one database, each ready. `settings` are environment variables by their names without CAUSERIE_, in lower case."""
    given = {f"CAUSERIE_{name.upper()}": str(value) for name, value in {**settings, "database_url": database_url}.items()}
    made = [Serving(folder / name, environment=given) for name in "ab"]
    try:
        for server in made:
            server.start()
        yield made
    except BaseException:
        for server in made:
            print(server.tail())
        raise
    finally:
        for server in made:
            server.kill()


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())[:120] or process.name()
    except psutil.Error:
        return f"pid {process.pid}"


def is_called(process: psutil.Process, name: str) -> bool:
    try:
        return process.name() == name
    except psutil.Error:
        return False


def wait_until(condition: Callable[[], bool], timeout_s: float, pause_s: float = 0.1) -> bool:
    """Whether the condition came true in time. There is nothing to wait on in another process, so it is asked again and again."""
    until = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(pause_s)
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _clean_environment() -> dict[str, str]:
    """This process's own, without what would configure the server or its Ray behind the test's back."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("CAUSERIE_", "RAY_"))}
