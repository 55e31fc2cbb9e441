"""A bare aiohttp server in a process of its own, and how much it does: the bound of whatever is built on it."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection

import uvloop
from aiohttp import web

from benchmarks.http_load import CLIENTS, Answers
from benchmarks.wire import Wire

TEXT = b"x" * 200


async def _echo(request: web.Request) -> web.WebSocketResponse:
    ws = web.WebSocketResponse(compress=False)
    await ws.prepare(request)
    with contextlib.suppress(ConnectionError):  # whoever measures leaves in the middle
        async for message in ws:
            await ws.send_str(message.data)
    return ws


async def _answer(request: web.Request) -> web.Response:
    return web.json_response(await request.json(), status=201)


async def _serve(ready: Connection) -> None:
    app = web.Application()
    app.add_routes([web.get("/echo", _echo), web.post("/json", _answer)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
    ready.send(runner.addresses[0][1])
    await asyncio.get_running_loop().create_future()


def _serving(ready: Connection) -> None:
    uvloop.run(_serve(ready))


@contextlib.contextmanager
def bare_server() -> Iterator[str]:
    """The address of a bare aiohttp server in another process: `/echo` and `/json`."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serving, args=(theirs,), daemon=True)
    process.start()
    try:
        if not ours.poll(20):
            raise RuntimeError("the bare server did not start")
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def echo_rate(bare_url: str, sockets: int, in_flight: int, seconds: float) -> float:
    """Round trips a second of WebSocket messages of 200 bytes."""
    return uvloop.run(_echoes(bare_url, sockets, in_flight, seconds))


async def _echoes(url: str, sockets: int, in_flight: int, seconds: float) -> float:
    done = 0

    def echo(wire: Wire) -> Callable[[bytes], None]:
        def took(payload: bytes) -> None:
            nonlocal done
            done += 1
            wire.send(TEXT)

        return took

    wires = [await Wire.connect(url, "/echo") for _ in range(sockets)]
    begun = time.perf_counter()
    for wire in wires:
        wire.took = echo(wire)
        wire.send(*[TEXT] * in_flight)
    await asyncio.sleep(seconds)
    rate = done / (time.perf_counter() - begun)
    for wire in wires:
        wire.close()
    return rate


def post_rate(bare_url: str, posters: int, seconds: float, body: bytes = b'{"text":"%b"}' % TEXT, client: str = "bare") -> Answers:
    """JSON posts to a handler that answers what it was sent."""
    return uvloop.run(CLIENTS[client]([f"{bare_url}/json"] * posters, {}, body, seconds))
