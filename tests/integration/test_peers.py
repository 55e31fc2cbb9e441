"""The comparison's own systems do the whole task, and the driver sees it: each message acked is one that an agent was shown."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
import uvloop

from benchmarks.peers.causerie import Causerie
from benchmarks.peers.driver import measure
from benchmarks.peers.own_designs import NaiveDesign, UsualDesign
from benchmarks.peers.packages import Packages
from benchmarks.peers.system import Shape, System
from tests.services import Missing

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]


@pytest.mark.parametrize(
    "system",
    [UsualDesign(), *(pytest.param(one, marks=pytest.mark.long) for one in (Causerie("sqlite"), NaiveDesign()))],
    ids=lambda system: system.name,
)
def test_every_acked_message_is_delivered_in_order(system: System, tmp_path: Path) -> None:
    with ExitStack() as stack:
        try:
            service = stack.enter_context(system.start(tmp_path, Packages(tmp_path)))
        except Missing as missing:
            pytest.skip(str(missing))
        figures = uvloop.run(measure(service, Shape(2, 4), 1.0, "run"))
    assert figures.acked_per_s > 0
    assert figures.delivered_per_s > 0
    assert (0, 0, 0) == (figures.lost, figures.doubled, figures.reordered)
    assert "synchronous=FULL" in service.fsync or "fsync=on" in service.fsync
