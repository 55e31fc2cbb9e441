"""A campaign's summary adds up, can be read again and added to, and says nothing of where it was made."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.chaos import summary
from tests.chaos.site import Shape
from tests.chaos.summary import Summary, Times


def made() -> Summary:
    one = summary.begun(Shape("sqlite"), 7, {"sqlite": "3"}, "one fsync a commit")
    one.inflicted("a host is killed", "fault", 0.1)
    one.inflicted("a host is killed", "fault", 0.3)
    one.inflicted("the disk is full", "healing", 1.1)
    one.count({"messages acked": 10})
    return one


def test_times_are_quantiles_of_what_was_measured() -> None:
    assert None is Times.of([])
    assert Times(1, 0.25, 0.25, 0.25) == Times.of([0.25])
    assert Times(101, 50.0, 95.0, 100.0) == Times.of(range(101))


def test_recovery_is_told_for_each_fault_and_for_all() -> None:
    one = made()
    assert Times(2, 0.2, 0.29, 0.3) == one.faults["a host is killed"].recovery
    assert one.recovery is not None and (3, 1.1) == (one.recovery.count, one.recovery.max)


def test_a_fault_without_recovery_has_no_time() -> None:
    one = made()
    one.inflicted("the disk is full", "healing", None)
    assert 2 == one.faults["the disk is full"].times
    assert Times(1, 1.1, 1.1, 1.1) == one.faults["the disk is full"].recovery


def test_a_summary_is_read_as_it_was_written_and_goes_on(tmp_path: Path) -> None:
    one, file = made(), tmp_path / "results" / "one.json"
    summary.write(one, file)
    again = summary.read(file)
    assert one == again
    again.count({"messages acked": 5, "posts": 1})
    again.inflicted("a host is killed", "fault", 0.2)
    assert {"messages acked": 15, "posts": 1} == again.counts
    assert [0.1, 0.3, 0.2] == again.faults["a host is killed"].recovered_s
    assert [file] == list(file.parent.iterdir()), "no half of a file is left"


def test_two_summaries_share_nothing() -> None:
    made().violations.append("lost: one")
    assert [] == made().violations


def test_the_file_names_no_host_and_no_path(tmp_path: Path) -> None:
    file = summary.file_for(tmp_path, made())
    summary.write(made(), file)
    assert "sqlite-seed-7.json" in file.name
    assert socket.gethostname() not in file.read_text() or len(socket.gethostname()) < 4
    assert str(tmp_path) not in file.read_text()


def test_the_report_says_what_was_violated() -> None:
    one = made()
    assert "no violation" in summary.report(one)
    one.violations.append("lost: ann's m1")
    assert "1 violations\n  lost: ann's m1" in summary.report(one)


def test_what_is_planned_is_told_apart() -> None:
    one = made()
    one.inflicted("a slot is moved", "fault", 9.0, planned=True)
    assert one.recovery is not None and (3, 1.1) == (one.recovery.count, one.recovery.max)
    assert Times(1, 9.0, 9.0, 9.0) == one.planned
    assert "what is planned" in summary.report(one) and "what is planned" not in summary.report(made())


def test_the_file_of_a_long_run_is_short(tmp_path: Path) -> None:
    """And the shape of the run is in it."""
    one = summary.begun(Shape("postgresql", 2, "dedicated"), 7, {}, "")
    for n in range(3_000):
        one.inflicted(f"fault {n % 30}", "fault", n / 7)
    file = summary.file_for(tmp_path, one)
    summary.write(one, file)
    assert one == summary.read(file) and one.shape == summary.read(file).shape
    assert "-postgresql-2-servers-dedicated-" in file.name
    assert 400 > len(file.read_text().splitlines())
