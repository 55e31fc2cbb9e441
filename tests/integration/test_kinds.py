"""Hosts of two kinds under Ray, one of which is killed: what was said to its actors is done once, when it is back."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.integration.two_kinds import ROUNDS

pytestmark = [pytest.mark.serves]

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("link", ["unix", pytest.param("ray", marks=pytest.mark.long)])
async def test_a_bot_host_that_was_killed_does_what_it_was_told(tmp_path: Path, link: str) -> None:
    """The conversations did not wait for it. Without a standby, Ray starts it again, and it takes its slot itself."""
    argv = [sys.executable, "-m", "tests.integration.two_kinds", f"sqlite:///{tmp_path / 'causerie.db'}", link]
    process = await asyncio.create_subprocess_exec(*argv, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    out, err = await asyncio.wait_for(process.communicate(), 90)
    assert 0 == process.returncode, err.decode()[-2000:]
    found = json.loads(out.splitlines()[-1])
    assert found["title"].startswith("ray::BotHost")
    assert ([ROUNDS * (ROUNDS + 1) // 2], [ROUNDS], 0) == (found["totals"], found["seqs"], found["pending"]), found
    assert found["generation"] >= 1 and found["away_s"] < 15, found
