"""Writes what a program measured: one line of JSON to read, and a dated file that says on what machine and with what it was."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import uvloop

from benchmarks.server import database

FOLDER = Path(__file__).with_name("results")
PACKAGES = ("ray", "aiohttp", "sqlalchemy", "uvloop")

Row = dict[str, Any]


def parser(about: str | None, seconds: float = 10.0) -> argparse.ArgumentParser:
    """The options that all programs have."""
    made = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--seconds", type=float, default=seconds, help="how long each measurement takes")
    made.add_argument("--runs", type=int, default=1, help="measure all of it so often, each time with a fresh server")
    made.add_argument("--out", type=Path, default=FOLDER, help="the folder for the JSON file")
    made.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own; otherwise CAUSERIE_DATABASE_URL or SQLite")
    return made


@contextmanager
def recorded(benchmark: str, options: argparse.Namespace) -> Iterator[tuple[list[Row], str | None]]:
    """An empty list for the rows, and the database's address for `running`. At the end the result is printed and kept.

    So are the rows that there are when the program is interrupted or fails: to measure them took minutes.
    """
    rows: list[Row] = []
    with database(options.postgresql) as url:
        about = durability(url)
        try:
            yield rows, url
        finally:
            if rows:
                write(benchmark, rows, options.out, about)


def write(benchmark: str, rows: Sequence[Row], out: Path, database: Row) -> None:
    """Print the result, and keep it in a dated file. `rows` are the measurements, each with its settings."""
    at = datetime.now(UTC)
    result = {
        "benchmark": benchmark,
        "at": at.isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "database": database,
        "rows": list(rows),
    }
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{benchmark}-{database['name'].lower()}-{at:%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result), flush=True)


def machine() -> Row:
    return {"cores": os.cpu_count(), "cpu": _cpu_model(), "ram_gb": round(psutil.virtual_memory().total / 2**30), "os": platform.system()}


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def versions() -> Row:
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}, "sqlite": sqlite3.sqlite_version}


def durability(url: str | None) -> Row:
    """Which database, and what it does before it says that a commit is done."""
    if url is None:
        return {"name": "SQLite", "version": sqlite3.sqlite_version, "fsync": "WAL, synchronous=FULL: one fsync a commit"}
    shown = uvloop.run(_shown(url, ("server_version", "fsync", "synchronous_commit")))
    return {"name": "PostgreSQL", "version": shown[0], "fsync": f"fsync={shown[1]}, synchronous_commit={shown[2]}"}


async def _shown(url: str, names: Sequence[str]) -> list[str]:
    connection = await asyncpg.connect(url)
    found = [await connection.fetchval(f"SHOW {name}") for name in names]
    await connection.close()
    return found


def latencies(name: str, ages_us: Sequence[int]) -> Row:
    """`<name>_p50_ms`, `_p95_ms` and `_p99_ms`."""
    parts = statistics.quantiles(ages_us, n=100) if len(ages_us) > 1 else list(ages_us) * 99
    return {f"{name}_p{q}_ms": round(parts[q - 1] / 1000, 2) for q in (50, 95, 99)} if parts else {}
