"""Log lines that cannot be written."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
import structlog

from causerie import logs


@pytest.fixture(autouse=True)
def _configured_for_this_test() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_a_full_disk_under_the_log_fails_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """/dev/full takes nothing, as a disk that is full."""
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stderr", full)
        logs.configure("info", "json")
        structlog.get_logger().error("disk_full")
        with pytest.raises(OSError):
            full.close()


def test_a_line_is_written_where_it_can_be(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json")
    structlog.get_logger().info("told", n=1)
    assert '"event": "told"' in capsys.readouterr().err
