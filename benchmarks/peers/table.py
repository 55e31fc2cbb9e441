"""The table of one or more runs; of several, each figure is the median.

python -m benchmarks.peers.table benchmarks/results/peers-*.json
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.peers.results import load_rows

COLUMNS = ("acked_per_s", "delivered_per_s", "ack_p50_ms", "ack_p99_ms", "delivery_p50_ms", "lost", "reordered", "driver_us")
HEAD = (
    "system",
    "visitors x in flight",
    "acked/s",
    "delivered/s",
    "ack p50 ms",
    "p99",
    "delivery p50 ms",
    "lost",
    "reordered",
    "driver us",
    "runs",
)


def medians(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each system and shape, in the order of shapes and then of rates."""

    def place(row: dict[str, Any]) -> tuple[int, int, str]:
        return -row["visitors"], -row["in_flight"], row["system"]

    found = []
    for _, same in groupby(sorted(rows, key=place), key=place):
        runs = list(same)
        figures = {name: statistics.median(row[name] for row in runs) for name in COLUMNS}
        found.append({**runs[0], **figures, "runs": len(runs)})
    return sorted(found, key=lambda row: (-row["visitors"], -row["in_flight"], -row["acked_per_s"]))


def lines(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """In Markdown."""
    yield "| " + " | ".join(HEAD) + " |"
    yield "|---|" + "---|" * (len(HEAD) - 1)
    for row in medians(rows):
        figures = (f"{row[name]:,.0f}" if row[name] >= 100 else f"{row[name]:.3g}" for name in COLUMNS)
        yield f"| {row['system']} | {row['visitors']} x {row['in_flight']} | " + " | ".join(figures) + f" | {row['runs']} |"


def main() -> None:
    print("\n".join(lines(load_rows([Path(name) for name in sys.argv[1:]]))))


if __name__ == "__main__":
    main()
