"""What a campaign found, as one dated file of JSON that can be read, added to by a later run, and shown."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec

from tests.chaos.site import Database, Link, Mode, Shape

MEASURED = (
    "seconds from the moment when the fault was inflicted (or healed, where `counts_from` says so) until every visitor's conversation"
    " had the ack of a message that was first sent after that moment; one figure for each fault, the slowest conversation's;"
    " none for faults that were inflicted on top of each other"
)


class Times(msgspec.Struct, frozen=True):
    """Recovery times in seconds."""

    count: int
    p50: float
    p95: float
    max: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Times | None:
        found = sorted(seconds)
        if not found:
            return None
        cuts = statistics.quantiles(found, n=20, method="inclusive") if len(found) > 1 else found * 19
        return cls(len(found), *(round(one, 3) for one in (cuts[9], cuts[18], found[-1])))


class Inflicted(msgspec.Struct):
    """One kind of fault: how often it was inflicted, and how long recovery took each time."""

    counts_from: str
    times: int = 0
    recovered_s: list[float] = []
    recovery: Times | None = None
    planned: bool = False


class Summary(msgspec.Struct):
    """A campaign so far. `steps` is the number of the next step of the plan."""

    begun: str
    database: Database
    seed: int
    machine: dict[str, str | int]
    durability: str
    servers: int = 1
    placement: Mode = "shared"
    link: Link = "socket"
    only: str = ""
    """The words that the names of all faults of the plan have; empty for the whole plan."""
    measured: str = MEASURED
    updated: str = ""
    seconds: float = 0.0
    steps: int = 0
    epochs: int = 0
    counts: dict[str, int] = {}
    faults: dict[str, Inflicted] = {}
    recovery: Times | None = None
    planned: Times | None = None
    """Of what is no fault: planned moves. `recovery` is without them."""
    violations: list[str] = []

    @property
    def shape(self) -> Shape:
        return Shape(self.database, self.servers, self.placement, self.link)

    def count(self, more: dict[str, int]) -> None:
        for name, number in more.items():
            self.counts[name] = self.counts.get(name, 0) + number

    def inflicted(self, name: str, counts_from: str, recovered_s: float | None, *, planned: bool = False) -> None:
        fault = self.faults.setdefault(name, Inflicted(counts_from, planned=planned))
        fault.times += 1
        if recovered_s is not None:
            fault.recovered_s.append(round(recovered_s, 3))
            fault.recovery = Times.of(fault.recovered_s)
        self.recovery, self.planned = (
            Times.of(s for one in self.faults.values() if one.planned is planned for s in one.recovered_s) for planned in (False, True)
        )


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def begun(shape: Shape, seed: int, versions: dict[str, str], durability: str, only: str = "") -> Summary:
    """An empty summary of a run on this machine, which it describes without naming it."""
    machine: dict[str, str | int] = {
        "cores": os.cpu_count() or 0,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "ray": metadata.version("ray"),
        **versions,
    }
    return Summary(
        now(), shape.database, seed, machine, durability, servers=shape.servers, placement=shape.placement, link=shape.link, only=only
    )


def file_for(folder: Path, summary: Summary) -> Path:
    stamp = summary.begun.replace(":", "").replace("-", "")
    return folder / f"chaos-{stamp}-{summary.shape}-seed-{summary.seed}.json"


def write(summary: Summary, path: Path) -> None:
    """In one piece: whoever reads meanwhile has the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    summary.updated = now()
    half = path.with_suffix(".part")
    half.write_bytes(_NUMBERS.sub(_in_one_line, msgspec.json.format(msgspec.json.encode(summary), indent=2)) + b"\n")
    half.replace(path)


#: Lists and records of nothing but numbers: a long campaign has hundreds, and a file is to be read.
_NUMBERS = re.compile(rb'[\[{]((?:\s*(?:"\w+": )?[-+.\deE]+,?)+)\s*[\]}]')


def _in_one_line(found: re.Match[bytes]) -> bytes:
    return b" ".join(found[0].split())


def read(path: Path) -> Summary:
    return msgspec.json.decode(path.read_bytes(), type=Summary)


def report(summary: Summary) -> str:
    """For people."""
    one = summary
    lines = [
        (
            f"{one.shape}, seed {one.seed}, {one.only or 'all faults'}, begun {one.begun}:"
            f" {one.seconds:.0f} s, {one.steps} steps, {one.epochs} epochs"
        ),
        ", ".join(f"{name} {value}" for name, value in one.machine.items()) + f"; {one.durability}",
        ", ".join(f"{number:,} {name}" for name, number in one.counts.items()),
        "",
        f"{'fault':34}{'times':>6}{'p50 s':>9}{'p95 s':>9}{'max s':>9}",
        *(_row(name, fault.times, fault.recovery) for name, fault in sorted(one.faults.items())),
        _row("all faults", sum(fault.times for fault in one.faults.values() if not fault.planned), one.recovery),
        *([_row("what is planned", one.planned.count, one.planned)] if one.planned else []),
        "",
        f"{len(one.violations)} violations" if one.violations else "no violation",
        *(f"  {found}" for found in one.violations),
    ]
    return "\n".join(lines)


def _row(name: str, times: int, recovery: Times | None) -> str:
    figures: list[Any] = ["", "", ""] if recovery is None else [f"{one:.2f}" for one in (recovery.p50, recovery.p95, recovery.max)]
    return f"{name:34}{times:>6}" + "".join(f"{one:>9}" for one in figures)
