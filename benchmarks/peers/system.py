"""What the driver needs of a system that it measures. Each module beside this one that defines a `System` brings one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import aiohttp

from benchmarks.peers.packages import Packages


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed loop: so many visitors, and each keeps so many messages in flight."""

    visitors: int
    in_flight: int

    def __str__(self) -> str:
        return f"{self.visitors} x {self.in_flight}"


MANY, SOME, ONE = Shape(200, 8), Shape(50, 1), Shape(1, 1)


class Witness(Protocol):
    """Who is told what the clients see, in the step in which it arrives."""

    def acked(self, name: str) -> None:
        """A message is stored, says its sender's system; `name` is the sender's own id of it."""

    def delivered(self, text: str) -> None:
        """An agent is shown a message."""

    def failed(self, failure: Exception) -> None:
        """A message was refused, or a session ended: there is nothing to measure any more."""


class Visitor(Protocol):
    """A visitor's session, in a conversation of its own."""

    def send(self, name: str, text: str) -> None:
        """Write a message. `name` is the sender's own id of it."""

    def close(self) -> None: ...


class Agent(Protocol):
    """An agent's session."""

    async def meet(self, number: int) -> Visitor:
        """A new visitor, whose conversation this agent follows from now on."""

    def close(self) -> None: ...


class Service(Protocol):
    """A system that runs. `versions` are those of its parts; `fsync` is what the running database answers about itself."""

    versions: dict[str, str]
    fsync: str

    async def agent(self, http: aiohttp.ClientSession, number: int, witness: Witness) -> Agent: ...


class System(Protocol):
    """A system to measure. `settings` says what is not its default; `ack` says what an ack of it means."""

    name: str
    settings: str
    ack: str
    shapes: tuple[Shape, ...]

    def start(self, folder: Path, packages: Packages) -> AbstractContextManager[Service]:
        """Run it in an empty folder for the length of a block. Raises `tests.services.Missing` if it cannot be installed."""
