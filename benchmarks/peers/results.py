"""The file of a run: one JSON object with the machine, the versions, the settings of durability, and a row for each measurement."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from benchmarks.peers.driver import Figures
from benchmarks.peers.system import Shape, System
from causerie.commands.checks import fsync_ms


@dataclass(slots=True)
class Results:
    """What a run found. `skipped` says why a system was not measured."""

    date: datetime = field(default_factory=lambda: datetime.now(UTC))
    versions: dict[str, str] = field(default_factory=lambda: {"python": platform.python_version()})
    fsync: dict[str, str] = field(default_factory=dict)
    acks: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, system: System, shape: Shape, seconds: float, figures: Figures) -> dict[str, Any]:
        row = {"system": system.name, "settings": system.settings, **asdict(shape), "seconds": seconds, **asdict(figures)}
        self.rows.append(row)
        return row

    def write(self, folder: Path) -> Path:
        """Into a file that bears the date."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"peers-{self.date:%Y-%m-%d-%H%M%S}.json"
        head = {
            "benchmark": "peers",
            "date": self.date.isoformat(timespec="seconds"),
            "machine": machine(),
            "database": {"name": "of each system, see fsync"},
        }
        body = {name: getattr(self, name) for name in ("versions", "fsync", "acks", "skipped", "rows")}
        path.write_text(json.dumps({**head, **body}, indent=1) + "\n")
        return path


def machine() -> dict[str, Any]:
    """What the figures depend on; `fsync_ms` is that of the folder where the databases are."""
    return {
        "cores": os.cpu_count(),
        "cpu": _processor(),
        "ram_gb": round(psutil.virtual_memory().total / (1 << 30)),
        "os": f"{platform.system()} {platform.release()}",
        "fsync_ms": round(fsync_ms(Path(tempfile.gettempdir())), 3),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def load_rows(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The rows of several files."""
    return [row for path in paths for row in json.loads(path.read_text())["rows"]]
