"""A real Chromium, the distribution's, driven from tests; and what people see of the widget in it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Frame, FrameLocator, Page, WebSocket, async_playwright

from tests import own_contract
from tests.services import Missing

WEB = Path(__file__).parents[1] / "web"
NAMES = ("chromium", "chromium-browser", "google-chrome")
#: A shared machine of two cores draws slowly.
WAIT_MS = 15_000
#: Nothing moves, so that what is looked at stands still.
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}, "reduced_motion": "reduce"}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
#: What axe says of a finding that keeps people from what they want.
GRAVE = {"serious", "critical"}


def find_chromium() -> str:
    """Where it is. Raises Missing."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise Missing(f"no {' or '.join(NAMES)} on this machine: install the distribution's chromium")
    return found


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Raises Missing."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    path = find_chromium()
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=path, args=[*arguments, "--disable-dev-shm-usage"])
        yield browser
        await browser.close()


class Visit:
    """A browser of one person, with what its pages complained about. `async with`: at its end there must be no complaint."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = ()
        """Parts of complaints that this visit is about."""
        context.set_default_timeout(WAIT_MS)
        context.on("page", lambda page: page.on("websocket", self._watch))

    @classmethod
    async def begin(cls, browser: Browser, **options: Any) -> Visit:
        return cls(await browser.new_context(**{**DESKTOP, "locale": "en-GB", **options}))

    async def __aenter__(self) -> Visit:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await self.context.close()
        if kind is None:
            found = [one for one in self.complaints if not any(part in one for part in self.expected)]
            assert not found, "\n".join(found)

    async def page(self, url: str) -> Page:
        """Any page; what it complains about is heard."""
        page = await self.context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"pageerror: {error}"))
        await page.goto(url)
        return page

    async def open(self, url: str) -> Widget:
        """A page with the widget, which is there but closed."""
        page = await self.page(url)
        await page.locator("[data-causerie] .launcher").wait_for()
        return Widget(page)

    def _watch(self, socket: WebSocket) -> None:
        """What the page says on the stream, and hears, is as asyncapi.yaml says."""
        socket.on("framesent", lambda data: self._check(data, own_contract.check_said))
        socket.on("framereceived", lambda data: self._check(data, own_contract.check_frame))

    def _check(self, data: str | bytes, check: Callable[[Any], None]) -> None:
        try:
            for line in filter(None, str(data).split("\n")):
                check(json.loads(line))
        except own_contract.NotInTheContract as wrong:
            self.complaints.append(str(wrong))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")


class Widget:
    """The widget on a page. `frame` is the messenger's."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frame: FrameLocator = page.frame_locator("[data-causerie] iframe")

    async def zE(self, *call: object) -> Any:
        return await self.page.evaluate("call => { const back = zE(...call); return typeof back === 'function' ? null : back }", list(call))

    async def open(self) -> None:
        await self.page.locator("[data-causerie] .launcher").click()
        await self.frame.locator("textarea").wait_for()

    async def say(self, text: str) -> None:
        await self.frame.locator("textarea").fill(text)
        await self.frame.locator(".send").click()

    async def sees(self, text: str, count: int = 1) -> None:
        """So many messages have this text, when all has come."""
        found = self.frame.locator(".bubble", has_text=text)
        await found.nth(count - 1).wait_for()
        assert count == await found.count(), f"{text!r} {await found.count()} times"

    async def marked(self, mark: str) -> None:
        """The last message of one's own is marked so."""
        await self.frame.locator(f".mark.{mark}").wait_for()

    async def bubbles(self) -> list[str]:
        return await self.frame.locator(".bubble").all_inner_texts()

    async def is_accessible(self) -> None:
        """axe finds nothing grave in the messenger."""
        await accessible(next(one for one in self.page.frames if "/messenger/" in one.url))


async def accessible(page: Page | Frame) -> None:
    """axe finds nothing grave in a page or a frame."""
    found = await grave_findings(page)
    assert not found, "\n".join(map(str, found))


#: Until what fades or turns another colour has done so: half way, colours are nobody's choice.
SETTLED = """Promise.allSettled(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().iterations !== Infinity).map((one) => one.finished)).then(() => null)"""


async def grave_findings(frame: Page | Frame) -> list[tuple[str, list[str]]]:
    """What axe finds in a document that keeps people from what they want: (rule, where)."""
    await frame.evaluate(SETTLED)
    await frame.evaluate((WEB / "node_modules" / "axe-core" / "axe.min.js").read_text())
    found = await frame.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found["violations"] if one["impact"] in GRAVE]
