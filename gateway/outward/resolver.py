"""Names of hosts become addresses here, and each address is looked at before a socket is opened to it.

The connection is made to the very addresses that were checked: the name is not asked for again, so there is nothing to rebind. The
factory of sockets looks once more, at the last moment, also at what never was a name.
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from gateway.outward.addresses import Reach

MAX_LOOKUPS = 8


class ForbiddenAddress(OSError):
    """A socket was about to be opened inward."""


class SystemResolver(AbstractResolver):
    """The system's names, asked in threads of its own: a name server that never answers must not take the threads of others."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(MAX_LOOKUPS, thread_name_prefix="outward-names")

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        """Raises OSError where there is no such name."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, socket.getaddrinfo, host, port, family, socket.SOCK_STREAM)
        return [_result(host, port, kind, protocol, str(address[0])) for kind, _, protocol, _, address in found]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _result(host: str, port: int, family: int, protocol: int, address: str) -> ResolveResult:
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=protocol, flags=socket.AI_NUMERICHOST)


class CheckedResolver(AbstractResolver):
    """Asks `inner`. One forbidden address among the answers refuses them all: who mixes the two means no good."""

    def __init__(self, inner: AbstractResolver, reach: Reach) -> None:
        self._inner, self._reach = inner, reach

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """Raises Refused (`forbidden_address`), and OSError where there is no such name."""
        found = await self._inner.resolve(host, port, family)
        for one in found:
            self._reach.check(one["host"])
        return found

    async def close(self) -> None:
        await self._inner.close()


def socket_factory(reach: Reach) -> Any:
    """Opens sockets to what may be reached, and to nothing else."""

    def opened(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not reach.permits(address[0]):
            raise ForbiddenAddress("not an address that may be called")
        return socket.socket(family=family, type=kind, proto=protocol)

    return opened
