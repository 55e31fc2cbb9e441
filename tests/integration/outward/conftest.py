"""An outer world on this machine: a server, and names that lead to it or elsewhere."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from gateway.outward.addresses import Reach
from gateway.outward.client import Outward

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Names(AbstractResolver):
    """What each name leads to; of several lists the next at each question, as a name that is rebound answers."""

    def __init__(self, **known: list[list[str]]) -> None:
        self.known = {name.replace("_", "."): lists for name, lists in known.items()}
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        self.asked.append(host)
        lists = self.known.get(host)
        if not lists:
            raise OSError(f"no such name: {host}")
        addresses = lists.pop(0) if len(lists) > 1 else lists[0]
        return [ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0) for one in addresses]

    async def close(self) -> None:
        """Nothing is open."""


class World:
    """A server that answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.answers: list[Handler] = []
        self.released = asyncio.Event()
        self.port = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.bodies.append(await request.read())
        handler = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return await handler(request)

    def says(self, *responses: Callable[[], web.Response]) -> None:
        """One after the other; the last one for good."""

        def handler(make: Callable[[], web.Response]) -> Handler:
            async def handle(_: web.Request) -> web.StreamResponse:
                return make()

            return handle

        self.answers = [handler(make) for make in responses]

    def url(self, host: str = "api.example", path: str = "/") -> str:
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    server = TestServer(app)
    await server.start_server()
    assert server.port is not None
    made.port = server.port
    yield made
    made.released.set()
    await server.close()


@pytest.fixture
def names() -> Names:
    return Names(
        api_example=[["127.0.0.1"]], other_example=[["127.0.0.1"]], inner_example=[["10.0.0.1"]], mixed_example=[["127.0.0.1", "10.0.0.1"]]
    )


@pytest.fixture
async def outward(names: Names) -> AsyncIterator[Outward]:
    """Which may reach the server on this machine, and nothing else that is inward."""
    made = Outward(Reach(("127.0.0.1/32",), http=True), names)
    yield made
    await made.close()


def json(value: Any, status: int = 200, **headers: str) -> Callable[[], web.Response]:
    return lambda: web.json_response(value, status=status, headers=headers)


def redirect(location: str, status: int = 302) -> Callable[[], web.Response]:
    return lambda: web.Response(status=status, headers={"Location": location})
