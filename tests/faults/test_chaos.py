"""The campaign in its short form: the same machinery as `make chaos`, with a seed of its own and faults that do not last."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos import summary
from tests.chaos.campaign import Campaign
from tests.chaos.faults import FAULTS
from tests.chaos.plan import plan
from tests.chaos.site import Shape, site

SECONDS = 30.0
LONGEST_S = 4.0
SEED = 11


POSTGRESQL = (pytest.mark.postgresql, pytest.mark.redis)
#: What only several servers can do and suffer, in the short time that there is. A rolling restart is tests/integration/test_servers.py.
AMONG_SERVERS = ("a slot is moved", "a server is killed", "a host is killed")


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("shape", "seconds", "names", "fewest"),
    [
        pytest.param(Shape("sqlite"), SECONDS, (), 4, id="sqlite"),
        pytest.param(Shape("postgresql"), SECONDS, (), 4, id="postgresql", marks=POSTGRESQL),
        pytest.param(
            Shape("postgresql", servers=2), 12.0, AMONG_SERVERS, len(AMONG_SERVERS), id="two-servers", marks=(*POSTGRESQL, pytest.mark.long)
        ),
    ],
)
async def test_whatever_breaks_nothing_is_lost_doubled_reordered_or_shown_to_others(
    shape: Shape, seconds: float, names: tuple[str, ...], fewest: int, tmp_path: Path
) -> None:
    """For the seed that is printed. What was wrong is in `epoch-*.txt` beside the servers' logs."""
    print(f"{shape}, seed {SEED}: `make chaos` with these goes on with it")
    faults = [fault for fault in FAULTS if not names or fault.name in names]
    async with site(tmp_path, shape) as place:
        found = summary.begun(shape, SEED, *await place.facts())
        run = Campaign(place, plan(faults, shape, SEED, longest_s=LONGEST_S), found, tmp_path / "summary.json", tmp_path)
        await run.run(seconds, fewest)
    print(summary.report(found))
    assert [] == found.violations
    assert found.steps >= fewest, "faults were inflicted"
    assert found == summary.read(tmp_path / "summary.json")
