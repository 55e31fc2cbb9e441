"""What the machine and the libraries could do at best, with nothing of ours in between: compare ratios, not machines.

    python -m benchmarks.ceiling [--seconds 3] [--postgresql]

Echoes and posts by bare aiohttp in a process of its own, commits by the bare driver, calls by bare Ray.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import asyncpg
import ray
import uvloop
from aiohttp import web

from benchmarks import results
from benchmarks.http_load import Answers, post_for
from benchmarks.wire import Wire

SHAPES = ((200, 8), (50, 1), (1, 1))
TEXT = b"x" * 200
ROW = b"x" * 800
ROWS = 64
POSTERS = 50


async def _echo(request: web.Request) -> web.WebSocketResponse:
    ws = web.WebSocketResponse(compress=False)
    await ws.prepare(request)
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


def echo_rate(sockets: int, in_flight: int, seconds: float) -> float:
    """Round trips a second of WebSocket messages of 200 bytes."""
    with bare_server() as url:
        return uvloop.run(_echoes(url, sockets, in_flight, seconds))


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


def post_rate(posters: int, seconds: float, body: bytes = b'{"text":"%b"}' % TEXT) -> Answers:
    """JSON posts to a handler that answers what it was sent."""
    with bare_server() as url:
        return uvloop.run(post_for([f"{url}/json"] * posters, {}, body, seconds))


def sqlite_rate(seconds: float) -> float:
    """Rows of 800 bytes a second, 64 in a commit, `synchronous=FULL`."""
    with tempfile.TemporaryDirectory(prefix="causerie-bench-") as folder:
        connection = sqlite3.connect(Path(folder) / "ceiling.db", isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE events (id INTEGER PRIMARY KEY, body BLOB)"):
            connection.execute(statement)
        rows, done, begun = [(ROW,)] * ROWS, 0, time.perf_counter()
        while time.perf_counter() - begun < seconds:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO events (body) VALUES (?)", rows)
            connection.execute("COMMIT")
            done += ROWS
        connection.close()
        return done / (time.perf_counter() - begun)


async def postgresql_rate(url: str, seconds: float) -> float:
    """The same on PostgreSQL, one transaction after the other."""
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE ceiling (id BIGSERIAL PRIMARY KEY, body BYTEA)")
    rows, done, begun = [(ROW,)] * ROWS, 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        await connection.executemany("INSERT INTO ceiling (body) VALUES ($1)", rows)
        done += ROWS
    rate = done / (time.perf_counter() - begun)
    await connection.execute("DROP TABLE ceiling")
    await connection.close()
    return rate


class _Nothing:
    async def call(self) -> None:
        """What a Ray call costs when nothing is done in it."""


async def ray_rate(seconds: float) -> float:
    """Calls a second of one async actor by one caller, one after the other."""
    actor: Any = ray.remote(_Nothing).remote()
    await actor.call.remote()
    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        await actor.call.remote()
        done += 1
    return done / (time.perf_counter() - begun)


def ray_calls(seconds: float) -> float:
    """In a Ray of its own."""
    ray.init(address="local", num_cpus=1, include_dashboard=False, log_to_driver=False, configure_logging=False, namespace="ceiling")
    try:
        return uvloop.run(ray_rate(seconds))
    finally:
        ray.shutdown()


def measure(seconds: float, url: str | None) -> list[results.Row]:
    """A row for each thing that was measured."""
    found = {f"WebSocket echo {sockets}x{in_flight}": echo_rate(sockets, in_flight, seconds) for sockets, in_flight in SHAPES}
    found[f"JSON post, {POSTERS} connections"] = post_rate(POSTERS, seconds).per_s
    found[f"SQLite rows, {ROWS} a commit"] = sqlite_rate(seconds)
    if url is not None:
        found[f"PostgreSQL rows, {ROWS} a commit"] = uvloop.run(postgresql_rate(url, seconds))
    found["Ray calls, one caller"] = ray_calls(seconds)
    return [{"what": what, "per_s": round(rate), "seconds": seconds} for what, rate in found.items()]


def main() -> None:
    options = results.parser(__doc__, seconds=3.0).parse_args()
    with results.recorded("ceiling", options) as (rows, database_url):
        rows += [{"run": run, **row} for run in range(1, options.runs + 1) for row in measure(options.seconds, database_url)]


if __name__ == "__main__":
    main()
