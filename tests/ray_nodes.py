"""Ray nodes for tests: what `ray start` makes of a machine. Several of them may run on this one."""

from __future__ import annotations

import secrets
import subprocess
import tempfile
from pathlib import Path

import psutil

from tests.machines import Machine
from tests.serving import COMMAND, MARK, Serving, free_port, is_called, title, wait_until

LOOPBACK = "127.0.0.1"
START_TRIES = 3


class RayNode:
    """One node. Its processes, and those of the actors on it, bear a mark of their own."""

    def __init__(self, folder: Path, environment: dict[str, str], arguments: list[str], machine: Machine | None = None) -> None:
        self._serving = Serving(folder)  # only for what it knows of processes
        self._log = folder / "node.log"
        self._environment = {**self._serving.environment, **environment, MARK: self._serving.mark}
        start = [str(COMMAND.with_name("ray")), "start", *arguments, "--object-store-memory=80000000", "--block"]
        self._argv = [*(machine.command if machine else ()), *start]

    def start(self) -> None:
        """On a busy machine `ray start` gives up before the head has taken note of the node: then it is started again."""
        for _ in range(START_TRIES):
            with self._log.open("wb") as log:
                self._serving.process = subprocess.Popen(self._argv, stdout=log, stderr=log, start_new_session=True, env=self._environment)
            if wait_until(lambda: self.is_up() or not self._runs(), 60) and self._runs():
                return
            self._serving.kill()
        raise AssertionError(self._log.read_text())

    def _runs(self) -> bool:
        return self._serving.process is not None and self._serving.process.poll() is None

    def is_up(self) -> bool:
        return self._runs() and "Ray runtime started" in self._log.read_text()

    def actors(self, name: str) -> list[psutil.Process]:
        """The processes of the actors of a class on this node."""
        return [process for process in self._serving.processes() if title(process).startswith(f"ray::{name}")]

    def called(self, name: str) -> list[psutil.Process]:
        """Ray's own processes of this name."""
        return [process for process in self._serving.processes() if is_called(process, name)]

    def stop(self) -> None:
        """By kill -9 of everything on it, as when the machine loses its power."""
        self._serving.kill()


class RayCluster:
    """A head and, on request, workers. On machines of their own, or all on this one."""

    def __init__(self, folder: Path, head_cpus: int = 8, machine: Machine | None = None, redis: str | None = None) -> None:
        """`machine` is the head's; in the Redis at the address `redis` it keeps what it must know to go on after a restart."""
        self.address = f"{machine.address if machine else LOOPBACK}:{free_port()}"
        self.environment = {
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": secrets.token_hex(32),
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_worker_niceness": "0",
            "RAY_gcs_rpc_server_reconnect_timeout_s": "600",
        }
        self._folder = folder
        host, port = self.address.split(":")
        head = ["--head", f"--node-ip-address={host}", f"--port={port}", f"--num-cpus={head_cpus}", "--include-dashboard=false"]
        books = {"RAY_REDIS_ADDRESS": redis} if redis else {}
        self.head = RayNode(folder, self.environment | books, [*head, f"--temp-dir={folder}"], machine)
        self.workers: list[RayNode] = []

    def add_worker(self, cpus: int = 4, machine: Machine | None = None) -> RayNode:
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        address = f"--node-ip-address={machine.address if machine else LOOPBACK}"
        worker = RayNode(folder, self.environment, [f"--address={self.address}", address, f"--num-cpus={cpus}"], machine)
        self.workers.append(worker)
        worker.start()
        return worker

    def stop(self) -> None:
        for node in (*self.workers, self.head):
            node.stop()
