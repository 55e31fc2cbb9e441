"""The clock that can be set is wrong by what it is told, and time by which waits are measured goes on as it was."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.chaos.site import CLOCK

SAYS = "import time; print(time.time_ns(), time.time(), time.monotonic())"
SLACK_S = 30.0


@pytest.mark.parametrize("wrong_s", [0, 3_600, -3_600])
def test_the_time_of_day_is_wrong_by_so_much(wrong_s: int, tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_bytes(struct.pack("=q", wrong_s * 1_000_000_000))
    environment = {**os.environ, "PYTHONPATH": str(CLOCK), "CHAOS_CLOCK": str(file)}
    told = subprocess.run([sys.executable, "-c", SAYS], env=environment, check=True, capture_output=True, text=True).stdout.split()
    assert time.time() + wrong_s == pytest.approx(int(told[0]) / 1e9, abs=SLACK_S)
    assert time.time() + wrong_s == pytest.approx(float(told[1]), abs=SLACK_S)
    assert time.monotonic() == pytest.approx(float(told[2]), abs=SLACK_S)
