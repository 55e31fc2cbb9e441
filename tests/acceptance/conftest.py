"""One server for the whole floor, on its embedded defaults; only what people and programs outside can reach is used here.

Its bots may call APIs of the tests' own, on this machine.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.people import People, people_of
from tests.serving import Serving, serving
from tests.shop import OUTWARD


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("served"), environment=OUTWARD) as server:
        yield server


@pytest.fixture
async def people(served: Serving) -> AsyncIterator[People]:
    async with people_of(served) as found:
        yield found


@pytest.fixture
async def plain(people: People) -> AsyncIterator[None]:
    """Without a switchboard: each thing that is said has the next seq."""
    await people.with_switchboard(False)
    yield
    await people.with_switchboard(True)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failure comes with the end of the server's log."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    server = getattr(item, "funcargs", {}).get("served")
    if report.failed and server is not None:
        report.sections.append(("server", server.tail()))
