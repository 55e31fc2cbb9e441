"""What can be asked of a host by Ray, from any process of the cluster. Never starts or ends one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

import ray
from ray.exceptions import ActorDiedError, RayError

from actors import blocking
from actors.owners import actor_of
from actors.ray_link import RayWire
from storage.ports import SlotRow

NAMESPACE = "causerie"
CALL_S = 3.0
ASK_S = 1.0

REMOTE = {"max_restarts": -1, "max_task_retries": 0, "max_concurrency": 10_000}
QUIET: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.WARNING, "configure_logging": False}


def named(name: str) -> Any:
    """The handle of a host actor. Blocking. Raises `ValueError` when there is none."""
    return ray.get_actor(name, NAMESPACE)


async def owns(handles: blocking.Found[Any], row: SlotRow) -> bool | None:
    """What the owner says of itself; False when it is dead, None when it is out of reach, starts again, or is of another Ray."""
    try:
        call = (await handles.named(actor_of(row))).owns.remote(row.kind, row.slot, row.generation)
        return bool(await blocking.within(ASK_S, call))
    except ActorDiedError:
        return False
    except (ValueError, RayError, TimeoutError):
        return None


class Wires:
    """The wires by Ray calls of one process, and what it knows of the hosts behind them.

    Whoever calls a Ray that was shut down is ended by it on the spot, so nothing may be left of them when it is.
    """

    def __init__(self) -> None:
        self.handles = blocking.Found(named, ASK_S)
        self._open: WeakSet[RayWire] = WeakSet()
        self._closed = False

    async def connect(self, address: str, attach: Callable[..., Any]) -> None:
        """A wire to the host `ray:<its name>` (`Connect`)."""
        try:
            handle = await self.handles.named(address.removeprefix("ray:"))
        except (ValueError, RayError) as error:
            raise ConnectionError(f"no host {address}") from error
        if self._closed:
            raise ConnectionError("Ray starts anew")
        wire = RayWire(_Calls(handle), (RayError, ConnectionError))
        self._open.add(wire)
        wire.open(attach)

    async def close(self) -> None:
        """Before Ray is shut down. Links find that their wires have ended, and look for the next ones."""
        self._closed = True
        await asyncio.gather(*(wire.close() for wire in tuple(self._open)))
        self.handles.forget()

    def reopen(self) -> None:
        """Ray is there again."""
        self._closed = False


class _Calls:
    """The calls of a Ray handle, by the names of `ray_link.Calls`."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    async def push(self, line: str, data: bytes) -> None:
        await self._handle.push.remote(line, data)

    async def pull(self, line: str) -> bytes:
        return bytes(await self._handle.pull.remote(line))
