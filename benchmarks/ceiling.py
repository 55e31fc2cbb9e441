"""What the machine and the libraries could do at best, with nothing of ours in between: compare ratios, not machines.

    python -m benchmarks.ceiling [--seconds 3] [--runs 3] [--postgresql]

Echoes and posts by bare aiohttp in a process of its own, commits by the bare driver, calls by bare Ray.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from benchmarks import results
from benchmarks.bare import bare_server, echo_rate, post_rate

SHAPES = ((200, 8), (50, 1), (1, 1))
ROW = b"x" * 800
ROWS = 64
POSTERS = 50


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


async def _calls(actor: Any, seconds: float) -> float:
    await actor.call.remote()
    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        await actor.call.remote()
        done += 1
    return done / (time.perf_counter() - begun)


def ray_rate(seconds: float) -> float:
    """Calls a second of an async actor by one caller, one after the other, in a Ray of its own."""
    import ray  # takes a second, and only this function needs it

    ray.init(address="local", num_cpus=1, include_dashboard=False, log_to_driver=False, configure_logging=False, namespace="ceiling")
    try:
        return uvloop.run(_calls(ray.remote(_Nothing).remote(), seconds))
    finally:
        ray.shutdown()


def measure(seconds: float, url: str | None) -> list[results.Row]:
    """A row for each thing that was measured."""
    with bare_server() as bare:
        found = {f"WebSocket echo {sockets}x{in_flight}": echo_rate(bare, sockets, in_flight, seconds) for sockets, in_flight in SHAPES}
        found[f"JSON post, {POSTERS} connections"] = post_rate(bare, POSTERS, seconds).per_s
    found[f"SQLite rows, {ROWS} a commit"] = sqlite_rate(seconds)
    if url is not None:
        found[f"PostgreSQL rows, {ROWS} a commit"] = uvloop.run(postgresql_rate(url, seconds))
    found["Ray calls, one caller"] = ray_rate(seconds)
    return [{"what": what, "per_s": round(rate), "seconds": seconds} for what, rate in found.items()]


def main() -> None:
    options = results.parser(__doc__, seconds=3.0).parse_args()
    with results.recorded("ceiling", options) as (rows, database_url):
        rows += [{"run": run, **row} for run in range(1, options.runs + 1) for row in measure(options.seconds, database_url)]


if __name__ == "__main__":
    main()
