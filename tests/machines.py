"""Several machines on this one: namespaces with names, processes and addresses of their own, plugged into a switch.

This process is on the switch too, at `Network.address`: what it listens on there, the machines reach. An unplugged machine hears
nothing and is not heard, and nobody is told: packets vanish, as they do when a cable or a switch is at fault.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import socket
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests import services

LIBC = ctypes.CDLL(None, use_errno=True)
#: The first process of a machine: it gives it its name, and ends all others there when it ends.
INIT = 'set -e; echo "$0" > /proc/sys/kernel/hostname; echo up; sleep infinity & wait $!'


class Forbidden(Exception):
    """This user may not make namespaces here, or the kernel has none."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine. `command` before the words of a command line makes the process run there."""

    name: str
    address: str
    init: int
    """The pid of its first process."""
    switch: str
    port: str

    @property
    def command(self) -> list[str]:
        return ["nsenter", "--target", str(self.init), "--net", "--uts", "--pid", "--mount"]

    def opened(self, kind: Any) -> socket.socket:
        """A socket of this process that was opened there, and so stays there: an aiohttp connector's `socket_factory`."""
        with ThreadPoolExecutor(1) as thread, Path(f"/proc/{self.init}/ns/net").open() as there:
            return thread.submit(_opened, there.fileno(), *kind[:3]).result()

    @contextlib.contextmanager
    def unplugged(self) -> Iterator[None]:
        _run("ip", "link", "set", self.port, "nomaster")
        try:
            yield
        finally:
            _run("ip", "link", "set", self.port, "master", self.switch)


@dataclass(frozen=True, slots=True)
class Network:
    """`address` is this process's own."""

    address: str
    machines: list[Machine]


@contextlib.contextmanager
def network(names: Sequence[str]) -> Iterator[Network]:
    """A switch with a machine of each name. Raises `Forbidden`, and `services.Missing` where there is no `ip`.

    The thread that makes it has to live as long as it does.
    """
    if os.geteuid() != 0:
        raise Forbidden("only root makes namespaces")
    services.iproute2()
    mark, subnet = secrets.token_hex(3), f"10.{200 + secrets.randbelow(50)}.{secrets.randbelow(250)}"
    switch = f"sw{mark}"
    with contextlib.ExitStack() as made:
        try:
            _run("ip", "link", "add", switch, "type", "bridge")
            made.callback(_run, "ip", "link", "del", switch)
            _run("ip", "address", "add", f"{subnet}.1/24", "dev", switch)
            _run("ip", "link", "set", switch, "up")
            machines = [
                Machine(name, f"{subnet}.{n}", made.enter_context(_booted(name)), switch, f"p{n}{mark}") for n, name in enumerate(names, 2)
            ]
            for machine in machines:
                _plug(machine)
        except subprocess.CalledProcessError as error:
            raise Forbidden(f"`{' '.join(error.cmd)}`: {error.stderr.strip()}") from None
        yield Network(f"{subnet}.1", machines)


@contextlib.contextmanager
def _booted(name: str) -> Iterator[int]:
    """The namespaces of one machine, by the pid of its first process. Nothing that runs in them is left afterwards."""
    argv = ["unshare", "--net", "--uts", "--pid", "--mount-proc", "--kill-child", "sh", "-c", INIT, name]
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=services.die_with_parent()
    ) as unshare:
        try:
            assert unshare.stdout is not None
            if unshare.stdout.readline() != "up\n":
                raise subprocess.CalledProcessError(unshare.wait(), argv, stderr=unshare.communicate()[1])
            (init,) = psutil.Process(unshare.pid).children()
            yield init.pid
        finally:
            unshare.kill()


def _opened(there: int, *kind: int) -> socket.socket:
    """For a thread of its own, which stays there."""
    if LIBC.setns(there, 0) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    return socket.socket(*kind)


def _plug(machine: Machine) -> None:
    """The machine takes its end of the cable along when it ends, and with it the other end."""
    inside = [*machine.command, "ip"]
    _run("ip", "link", "add", machine.port, "type", "veth", "peer", "name", "eth0", "netns", str(machine.init))
    _run("ip", "link", "set", machine.port, "master", machine.switch, "up")
    _run(*inside, "address", "add", f"{machine.address}/24", "dev", "eth0")
    for device in ("lo", "eth0"):
        _run(*inside, "link", "set", device, "up")


def _run(*argv: str) -> None:
    """Raises `subprocess.CalledProcessError`."""
    subprocess.run(argv, check=True, capture_output=True, text=True)
