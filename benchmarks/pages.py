"""What people wait for, and what their browsers hold: the pages in a real Chromium.

    python -m benchmarks.pages [--part load] [--part memory] [--network slow-4g] [--seconds 60] [--rate 50]

`load`: each page in a browser that has never seen it, and then again. `usable_ms` is from the address to the moment at which that can
be used for which people come, and `kb` what was transferred until then and in the second after it. `slow-4g` is what Lighthouse calls
so: 1.6 Mbit/s down, 0.75 up, 150 ms there and back.

`memory`: the workspace with one conversation open, and a customer's messenger, while messages come at an even pace. The heap is looked at
behind a collection of garbage. `heap_kb_per_1000` is how it grows, by the line through all looks but the first.

Needs the distribution's Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import uvloop
from playwright.async_api import Browser, CDPSession, FrameLocator, Page, async_playwright

from benchmarks import results
from benchmarks.clients import Agent, Crowd, Samples
from benchmarks.server import Running, running
from benchmarks.throughput import paced

NAMES = ("chromium", "chromium-browser", "google-chrome")
WAIT_MS = 60_000
SETTLE_S = 1.0
VISITORS = 10
LOOKS = 12
SESSION = "causerie.session"
"""Where the workspace keeps who is signed in."""
NETWORKS: dict[str, dict[str, Any] | None] = {
    "slow-4g": {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8},
    "none": None,
}

Usable = Callable[[Page], Awaitable[None]]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise SystemExit(f"no {' or '.join(NAMES)} on this machine: install the distribution's chromium")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=path, args=[*arguments, "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            await browser.close()


# -- load


async def launcher(page: Page) -> None:
    """The page of a shop: the widget's button is there."""
    await page.locator("[data-causerie] .launcher").wait_for()


async def messenger(page: Page) -> None:
    """The same, and a customer may write: as soon as they can, they have pressed the button."""
    await page.locator("[data-causerie] .launcher").click()
    await _frame(page).locator("textarea").wait_for()


async def article(page: Page) -> None:
    await page.locator("article h1, main h1").first.wait_for()


async def sign_in(page: Page) -> None:
    await page.locator("input[type=email]").wait_for()


async def inbox(page: Page) -> None:
    """Who they are, which the page knows when it is connected."""
    await page.locator(".me").wait_for()


#: By name: the address, whether an agent is signed in, and when it can be used.
PAGES: dict[str, tuple[str, bool, Usable]] = {
    "a shop with the widget's button": ("/demo", False, launcher),
    "a shop, and the messenger opened": ("/demo", False, messenger),
    "an article of the help centre": ("/hc", False, article),
    "the workspace, to sign in": ("/workspace", False, sign_in),
    "the workspace, signed in": ("/workspace", True, inbox),
}


async def load(server: Running, browser: Browser, network: str, names: Sequence[str] = tuple(PAGES)) -> list[results.Row]:
    rows = []
    session, written = await _agent_session(server), await _article(server)
    for name in names:
        path, signed, usable = PAGES[name]
        path = written if usable is article else path
        async with await browser.new_context() as context:
            context.set_default_timeout(WAIT_MS)
            if signed:
                await context.add_init_script(f"sessionStorage.setItem('{SESSION}', {json.dumps(session)})")
            for visit in ("first", "again"):
                page = await context.new_page()
                cdp = await context.new_cdp_session(page)
                got = await _listen(cdp, NETWORKS[network])
                begun = time.perf_counter()
                await page.goto(server.url + path, wait_until="commit")
                await usable(page)
                took_ms = round((time.perf_counter() - begun) * 1000)
                await asyncio.sleep(SETTLE_S)  # what a page still loads behind what can be used
                row = {"part": "load", "page": name, "visit": visit, "network": network, "usable_ms": took_ms}
                rows.append({**row, "kb": round(sum(got) / 1000, 1), "requests": len(got)})
                await page.close()
    return rows


async def _article(server: Running) -> str:
    """One of some length, as an administrator writes it. Returns its path."""
    auth = {"Authorization": aiohttp.encode_basic_auth(server.credentials["key_id"], server.credentials["secret"])}
    body = "".join(f"<h2>Step {number}</h2><p>{'Take the label and the box. ' * 12}</p>" for number in range(8))
    async with aiohttp.ClientSession(headers=auth) as http:

        async def made(path: str, kind: str, **fields: str) -> Any:
            async with http.post(f"{server.url}/api/v2/help_center{path}", json={kind: {"locale": "en-us", **fields}}) as answer:
                answer.raise_for_status()
                return (await answer.json())[kind]

        category = await made("/categories", "category", name="Shop")
        section = await made(f"/categories/{category['id']}/sections", "section", name="Returns")
        written = await made(f"/sections/{section['id']}/articles", "article", title="How to return an order", body=body)
        return "/hc/" + str(written["html_url"]).partition("/hc/")[2]


async def _listen(cdp: CDPSession, network: dict[str, Any] | None) -> list[int]:
    """The sizes, in bytes on the line, of what is being loaded from now on."""
    got: list[int] = []
    await cdp.send("Network.enable")
    if network is not None:
        await cdp.send("Network.emulateNetworkConditions", network)
    cdp.on("Network.loadingFinished", lambda event: got.append(round(event["encodedDataLength"])))
    return got


# -- memory


async def memory(server: Running, browser: Browser, rate: float, seconds: float) -> list[results.Row]:
    """Of the crowd's messages all reach the agent's page by the inbox, and those of the conversation that is open in full."""
    crowd = await Crowd.gather(server, VISITORS)
    async with await browser.new_context() as context:
        context.set_default_timeout(WAIT_MS)
        await context.add_init_script(f"sessionStorage.setItem('{SESSION}', {json.dumps(await _agent_session(server))})")
        page = await context.new_page()
        await page.goto(f"{server.url}/workspace/c/{crowd.visitors[0].conversation}")
        await page.locator(".talk-log").wait_for()
        sending = asyncio.create_task(paced(crowd, rate, seconds))
        rows = [await _followed("the workspace", page, crowd.samples, seconds)]
        await sending
    crowd.close()
    async with await browser.new_context() as context:
        context.set_default_timeout(WAIT_MS)
        page = await context.new_page()
        begun = _conversation(page)
        await page.goto(f"{server.url}/demo")
        await messenger(page)
        await _frame(page).locator("textarea").fill("hello")
        await _frame(page).locator(".send").click()
        samples = Samples()
        async with aiohttp.ClientSession() as http:
            agent = await Agent.open(http, server, samples)
        await agent.follow([conversation := await asyncio.wait_for(begun, WAIT_MS / 1000)])
        writing = asyncio.create_task(_write(agent, conversation, rate, seconds))
        rows.append(await _followed("the messenger", page, samples, seconds))
        await writing
        agent.close()
    return rows


async def _write(agent: Agent, conversation: str, rate: float, seconds: float) -> None:
    begun = time.perf_counter()
    for count in range(round(rate * seconds)):
        agent.say([conversation])
        await asyncio.sleep(max(0.0, begun + (count + 1) / rate - time.perf_counter()))


def _conversation(page: Page) -> asyncio.Future[str]:
    """In which the customer of a page writes, as soon as a message of theirs is acknowledged."""
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def received(data: str | bytes) -> None:
        for line in str(data).split("\n"):
            frame = json.loads(line)
            if frame["type"] == "ack" and not found.done():
                found.set_result(frame["conversation"])

    page.on("websocket", lambda socket: socket.on("framereceived", received))
    return found


async def _followed(name: str, page: Page, samples: Samples, seconds: float) -> results.Row:
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("Performance.enable")
    looks: list[tuple[int, float, int]] = []
    for _ in range(LOOKS):
        await asyncio.sleep(seconds / LOOKS)
        count = len(samples.delivered)
        await cdp.send("HeapProfiler.collectGarbage")
        found = {one["name"]: one["value"] for one in (await cdp.send("Performance.getMetrics"))["metrics"]}
        looks.append((count, found["JSHeapUsedSize"], round(found["Nodes"])))
    slope = statistics.linear_regression([one[0] for one in looks[1:]], [one[1] for one in looks[1:]]).slope
    return {
        "part": "memory",
        "page": name,
        "messages": looks[-1][0],
        "heap_mb_at_first": round(looks[0][1] / 1e6, 1),
        "heap_mb": round(looks[-1][1] / 1e6, 1),
        "heap_kb_per_1000": round(slope),  # bytes a message are kilobytes a thousand
        "nodes_at_first": looks[0][2],
        "nodes": looks[-1][2],
    }


def _frame(page: Page) -> FrameLocator:
    return page.frame_locator("[data-causerie] iframe")


async def _agent_session(server: Running) -> str:
    """As the workspace keeps it."""
    async with aiohttp.ClientSession() as http, http.post(f"{server.url}/agent/v1/sessions", json=server.credentials["agent"]) as answer:
        answer.raise_for_status()
        return await answer.text()


PARTS = ("load", "memory")


async def measure(server: Running, parts: Sequence[str], options: argparse.Namespace) -> list[results.Row]:
    async with chromium() as browser:
        rows = await load(server, browser, options.network) if "load" in parts else []
        return rows + (await memory(server, browser, options.rate, options.seconds) if "memory" in parts else [])


def main() -> None:
    parser = results.parser(__doc__, seconds=60.0)
    parser.add_argument("--part", action="append", choices=PARTS, help="may be repeated; both unless given")
    parser.add_argument("--network", choices=NETWORKS, default="slow-4g")
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second while memory is followed")
    options = parser.parse_args()
    with results.recorded("pages", options) as (rows, database_url):
        for run in range(1, options.runs + 1):
            with running(database_url, standby_hosts=0) as server:
                rows += [{"run": run, **row} for row in uvloop.run(measure(server, options.part or PARTS, options))]


if __name__ == "__main__":
    main()
