"""The campaign in its short form: the same machinery as `make chaos`, with a seed of its own and faults that do not last."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos import summary
from tests.chaos.campaign import Campaign
from tests.chaos.faults import FAULTS
from tests.chaos.plan import plan
from tests.chaos.site import Database, site

SECONDS = 45.0
LONGEST_S = 4.0
SEED = 11
FEWEST_FAULTS = 4


@pytest.mark.timeout(400)
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.redis])])
async def test_whatever_breaks_nothing_is_lost_doubled_reordered_or_shown_to_others(database: Database, tmp_path: Path) -> None:
    """For the seed that is printed. What was wrong is in `epoch-*.txt` beside the server's log."""
    print(f"seed {SEED}: `make chaos DATABASE={database} SEED={SEED}` goes on with it")
    async with site(tmp_path, database) as place:
        found = summary.begun(database, SEED, *await place.facts())
        run = Campaign(place, plan(FAULTS, database, SEED, longest_s=LONGEST_S), found, tmp_path / "summary.json", tmp_path)
        await run.run(SECONDS)
    print(summary.report(found))
    assert [] == found.violations
    assert found.steps >= FEWEST_FAULTS, "faults were inflicted"
    assert found == summary.read(tmp_path / "summary.json")
