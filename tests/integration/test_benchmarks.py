"""The programs in benchmarks/ run: a second each, so that they do not rot. What they find out is nobody's business here."""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import bare, bots, ceiling, connected, load, memory, report, rest, results, soak, throughput
from benchmarks.server import Running, running

pytestmark = [pytest.mark.serves]

SECONDS = 0.5


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(standby_hosts=0) as ready:
        yield ready


@pytest.fixture(scope="module")
def bare_url() -> Iterator[str]:
    with bare.bare_server() as url:
        yield url


def test_closed_loop(server: Running, bare_url: str) -> None:
    """Everything that was sent is acked and delivered, and takes processor time."""
    row = throughput.beside_echo(server, bare_url, visitors=4, in_flight=2, rate=None, seconds=SECONDS)
    assert row["acked_per_s"] == row["delivered_per_s"] > 0
    assert {"gateway", "host", "load"} <= {kind for kind, spent in row["cpu_ms"].items() if spent > 0}
    assert 0 < row["deliver_p50_ms"] <= row["deliver_p99_ms"]
    assert row["echo_ratio"] < 1


def test_open_loop(server: Running, bare_url: str) -> None:
    """What is due is sent, no more and no less."""
    row = throughput.beside_echo(server, bare_url, visitors=4, in_flight=1, rate=50.0, seconds=1.0)
    assert 50.0 == row["rate"]
    assert row["delivered_per_s"] == pytest.approx(50, abs=10)


async def test_open_loop_counts_from_the_due_moment(server: Running) -> None:
    """A stall of the generator's own makes messages late, though each is answered at once."""
    crowd = await throughput.Crowd.gather(server, 1)
    sending = asyncio.create_task(throughput.paced(crowd, 100.0, 0.5))
    await asyncio.sleep(0.05)
    throughput.time.sleep(0.2)
    await sending
    crowd.close()
    assert max(crowd.samples.delivered) > 150_000


def test_rest(server: Running) -> None:
    assert 0 < asyncio.run(rest.measure(server, 2, SECONDS))["posts_per_s"]


def test_connected(server: Running) -> None:
    row = asyncio.run(connected.measure(server, 20, 40.0, 1.0))
    assert row["delivered_per_s"] > 0
    assert row["idle_cores"].keys() == row["busy_cores"].keys()


def test_soak(server: Running) -> None:
    """Memory, files and latency of the server's processes are followed; those of the generator are not."""
    notes = asyncio.run(soak.notes(server, 4, 40.0, 4.0))
    names = {row["what"] for row in soak.slopes(notes)}
    assert {"host_memory_mb", "gateway_files", "deliver_p50_ms"} <= names
    assert not [name for name in names if name.startswith("load")]


def test_soak_finds_what_grows() -> None:
    """A megabyte a second is above the bound, half a percent of it is noise."""
    growing = [{"at_s": float(n), "deliver_p50_ms": 1.0, "host_memory_mb": 100.0 + n} for n in range(100)]
    steady = [{**note, "host_memory_mb": 100.0 + note["at_s"] / 200} for note in growing]
    assert [False] == [row["steady"] for row in soak.slopes(growing) if row["what"] == "host_memory_mb"]
    assert [True] == [row["steady"] for row in soak.slopes(steady) if row["what"] == "host_memory_mb"]


@pytest.mark.parametrize(("shape", "name"), [("steady", "message seen by agent"), ("ramp", "message")])
def test_load(server: Running, tmp_path: Path, shape: str, name: str) -> None:
    """Locust's people find their way, and locust writes its report."""
    options = argparse.Namespace(users=8, seconds=3, scenario="mixed", shape=shape, report=tmp_path / "load.html")
    keys = tmp_path / "credentials.json"
    keys.write_text(json.dumps(server.credentials))
    ran = subprocess.run(
        load.command(options, server), env=load.environment(options, keys), capture_output=True, text=True, timeout=60, check=False
    )
    assert 0 == ran.returncode, ran.stderr
    assert name in options.report.read_text()


@pytest.mark.parametrize("rate", [None, 40.0])
def test_bots(server: Running, rate: float | None) -> None:
    """Every message has its answer. The last one on this server: from now on its bot speaks."""
    row = asyncio.run(bots.measure(server, 4, rate, SECONDS))
    assert row["turns_per_s"] > 0
    assert 0 < row["ack_p50_ms"] <= row["turn_p50_ms"] <= row["turn_p99_ms"]
    assert row["cpu_ms"]["bots"] > 0


def test_ceiling() -> None:
    rows = ceiling.measure(0.1, None)
    assert [] == [row["what"] for row in rows if row["per_s"] <= 0]


def test_memory() -> None:
    """Conversations made in bulk come alive in the host, and take memory there."""
    options = argparse.Namespace(live=2_000, rest=500, fill_seconds=20.0)
    rows = {row["what"]: row for row in memory.shared(options)}
    assert 500 == rows["at rest in the database"]["conversations"]
    assert 1_000 < rows["live in a shared host"]["bytes_each"] < 20_000


def test_results_become_a_page(tmp_path: Path) -> None:
    """Rows of the same settings are one line with their median; peers are compared within their file."""
    database = {"name": "SQLite", "version": "3", "fsync": "FULL"}
    rows: list[dict[str, Any]] = [
        {"run": run, "visitors": 50, "in_flight": 1, "delivered_per_s": rate, "cpu_ms": {"host": 0.1}}
        for run, rate in enumerate((90, 300, 70))
    ]
    results.write("throughput", rows, tmp_path, database)
    peers = [
        {"system": name, "visitors": 50, "in_flight": 1, "delivered_per_s": rate} for name, rate in (("Causerie", 400), ("other", 100))
    ]
    results.write("peers", peers, tmp_path, database)
    files = [json.loads(path.read_text()) for path in tmp_path.glob("*.json")]
    page = report.page(files, tmp_path)
    assert "| SQLite | 50 | 1 | 90 | 0.1 | 3 |" in page
    assert "| other | 50 | 1 | 100 | 1 | 0.25 |" in page
    assert "90</text>" in (tmp_path / "throughput.svg").read_text()
