"""The page of results: medians of quiet runs, a table for each part of a program."""

from __future__ import annotations

from pathlib import Path

from benchmarks.report import Row, page

ABOUT: Row = {"machine": {"cores": 2, "cpu": "C", "ram_gb": 8}, "versions": {"python": "3"}, "database": {"name": "SQLite"}}


def routing(*rows: Row) -> Row:
    return {"benchmark": "routing", **ABOUT, "rows": list(rows)}


def test_parts_of_a_program_have_tables_of_their_own(tmp_path: Path) -> None:
    updates = [{"run": n, "part": "updates", "tickets": 10, "updates_per_s": rate} for n, rate in ((1, 5), (2, 9), (3, 7))]
    shown = page([routing(*updates, {"run": 1, "part": "timers", "timers": 100, "late_p99_ms": 1.5})], tmp_path)
    assert "| database | part | tickets | updates per s | runs |\n|---|---|---|---|---|\n| SQLite | updates | 10 | 7 | 3 |\n" in shown
    assert "| database | part | timers | late p99 ms | runs |\n|---|---|---|---|---|\n| SQLite | timers | 100 | 1.5 | 1 |\n" in shown


def test_runs_beside_busy_neighbours_do_not_count(tmp_path: Path) -> None:
    quiet, busy = ({"run": 1, "part": "updates", "updates_per_s": rate, "neighbours_cores": cores} for rate, cores in ((5, 0.1), (1, 1.8)))
    assert "| 5 | 0.1 | 1 |" in page([routing(quiet, busy)], tmp_path)
