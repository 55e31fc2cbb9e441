"""Measures Causerie and its peers one after the other, prints a table and writes a file.

    python -m benchmarks.peers [--only NAME ...] [--seconds 10] [--runs 1] [--out benchmarks/results] [--packages FOLDER]

A peer that cannot be installed is skipped, and the report says why. What is installed goes into a temporary folder, or into the one
that is named, where the next run finds it.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import uvloop

from benchmarks.peers import table
from benchmarks.peers.causerie import Causerie
from benchmarks.peers.driver import measure
from benchmarks.peers.ejabberd import Ejabberd
from benchmarks.peers.own_designs import NaiveDesign, UsualDesign
from benchmarks.peers.packages import Packages
from benchmarks.peers.results import Results
from benchmarks.peers.socketio import SocketIo
from benchmarks.peers.synapse import Synapse
from benchmarks.peers.system import System
from tests.services import Missing

SYSTEMS: tuple[System, ...] = (
    Causerie("sqlite"),
    Causerie("postgresql"),
    UsualDesign(),
    SocketIo(),
    NaiveDesign(),
    Ejabberd(),
    Synapse(),
)


def compare(systems: list[System], seconds: float, runs: int, packages: Packages, out: Path) -> Results:
    """The file is written after each system: a run that is cut off keeps what it has measured."""
    results = Results()
    for run in range(runs):
        for system in systems:
            try:
                run_one(system, seconds, packages, results)
            except Missing as missing:
                results.skipped[system.name] = str(missing)
                print(f"{system.name} is skipped: {missing}", flush=True)
            print(f"  in {results.write(out)}", flush=True)
        print(f"run {run + 1} of {runs} is done", flush=True)
    return results


def run_one(system: System, seconds: float, packages: Packages, results: Results) -> None:
    """All shapes of a system against one start of it."""
    with tempfile.TemporaryDirectory(prefix="causerie-peer-") as folder, system.start(Path(folder), packages) as service:
        results.versions |= service.versions
        results.fsync[system.name], results.acks[system.name] = service.fsync, system.ack
        print(f"{system.name}: {system.settings}; {service.fsync}", flush=True)
        for shape in system.shapes:
            figures = uvloop.run(measure(service, shape, seconds, label=f"s{shape.visitors}x{shape.in_flight}"))
            row = results.add(system, shape, seconds, figures)
            print(f"  {shape}: {row['acked_per_s']} acked/s, p50 {row['ack_p50_ms']} ms, p99 {row['ack_p99_ms']} ms", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=[system.name for system in SYSTEMS], help="may be given more than once")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement, after a warm-up")
    parser.add_argument("--runs", type=int, default=1, help="of the whole comparison; the table has medians")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--packages", type=Path, help="a folder that keeps what was installed")
    options = parser.parse_args()
    chosen = [system for system in SYSTEMS if not options.only or system.name in options.only]
    with tempfile.TemporaryDirectory(prefix="causerie-packages-") as folder:
        results = compare(chosen, options.seconds, options.runs, Packages(options.packages or Path(folder)), options.out)
    print(*table.lines(results.rows), sep="\n")


if __name__ == "__main__":
    main()
