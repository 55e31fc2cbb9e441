"""What `benchmarks/pages.py` measures, in short: that it can be measured, and that a long conversation does not grow in the browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from benchmarks import pages
from benchmarks.server import Running
from tests.serving import Serving

pytestmark = pytest.mark.asyncio(loop_scope="session")

RATE, SECONDS = 150.0, 3.0
#: Each message that is drawn is five of them or more; the messenger itself and 200 messages are fewer.
NODES = 2_300


@pytest.fixture
def server(served: Serving) -> Running:
    assert served.process is not None
    return Running(served.url, served.credentials, served.process.pid, 0.0, None)


async def test_pages_can_be_used_soon_and_less_is_loaded_again(server: Running, browser: Browser) -> None:
    first, again = await pages.load(server, browser, "slow-4g", ["the workspace, to sign in"])
    assert 0 < again["kb"] < first["kb"] / 10
    assert first["usable_ms"] > 150, "the line is slow"


async def test_a_long_conversation_stays_short_in_the_browser(server: Running, browser: Browser) -> None:
    workspace, messenger = await pages.memory(server, browser, RATE, SECONDS)
    assert min(workspace["messages"], messenger["messages"]) > RATE * SECONDS / 2
    assert messenger["nodes"] < NODES
