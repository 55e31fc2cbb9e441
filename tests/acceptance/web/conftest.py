"""A browser for the whole floor, and people in its event loop. Without a Chromium these tests are skipped, and fail where CI=true."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests import browsers
from tests.people import People, people_of
from tests.services import Missing
from tests.serving import Serving


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    try:
        browsers.find_chromium()
    except Missing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    async with browsers.chromium() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def people(served: Serving) -> AsyncIterator[People]:
    async with people_of(served) as found:
        yield found
