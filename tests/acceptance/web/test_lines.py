"""Lines that break, pages that are loaded again, several tabs: nothing is lost, doubled or out of order, and the customer is told."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.browsers import Visit
from tests.chaos.proxy import Proxy
from tests.people import People, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: What browsers say themselves of a line that is cut, which is what these tests do.
BROKEN = ("ERR_CONNECTION", "ERR_NETWORK", "ERR_EMPTY_RESPONSE", "WebSocket connection", "ERR_TIMED_OUT")


async def _texts(people: People, first: str) -> list[str]:
    """What the journal holds of the conversation in which `first` was said."""
    agent = await people.agent()
    await agent.send(type="subscribe", topic="inbox")
    for one in (await agent.take("subscribed", topic="inbox"))["conversations"]:
        _, answer = await people.call("GET", f"/conversations/{one['id']}/messages?page[size]=100")
        said: list[str] = [message["content"].get("text", "") for message in answer["messages"]]
        if first in said:
            return said
    raise AssertionError(f"no conversation holds {first!r}")


async def test_what_is_said_without_a_line_goes_out_once_and_in_order(people: People, browser: Browser) -> None:
    async with Proxy(people.server.port) as proxy, await Visit.begin(browser) as visit:
        visit.expected = BROKEN
        widget = await visit.open(f"{proxy.url}/demo")
        await widget.open()
        await widget.say("before the cut")
        await widget.marked("sent")
        with proxy.black_hole():
            proxy.reset()
            await widget.frame.locator(".banner").wait_for()
            for text in ("first", "second", "third"):
                await widget.say(text)
            assert 3 == await widget.frame.locator(".entry.waiting, .entry.sending").count()
            proxy.reset()
        await widget.marked("sent")
        await widget.frame.locator(".banner").wait_for(state="detached")
        assert ["before the cut", "first", "second", "third"] == await widget.bubbles()
        assert ["before the cut", "first", "second", "third"] == await _texts(people, "before the cut")


async def test_what_waits_outlives_a_reload(people: People, browser: Browser) -> None:
    async with Proxy(people.server.port) as proxy, await Visit.begin(browser) as visit:
        visit.expected = BROKEN
        widget = await visit.open(f"{proxy.url}/demo")
        await widget.open()
        await widget.say("before the reload")
        await widget.marked("sent")
        with proxy.black_hole():
            proxy.reset()
            await widget.say("kept for later")
            await widget.frame.locator(".entry.waiting").wait_for()
        await widget.page.reload()
        await widget.page.locator("[data-causerie] .launcher").click()
        await widget.sees("kept for later")
        await widget.marked("sent")
        assert ["before the reload", "kept for later"] == await _texts(people, "before the reload")


async def test_tabs_of_one_person_show_the_same(people: People, browser: Browser) -> None:
    async with await Visit.begin(browser) as visit:
        one = await visit.open(f"{people.url}/demo")
        await one.open()
        await one.say("from the first tab")
        await one.marked("sent")
        other = await visit.open(f"{people.url}/demo")
        await other.open()
        await other.sees("from the first tab")
        await other.say("from the second tab")
        await one.sees("from the second tab")
        expected = ["from the first tab", "from the second tab"]
        assert (expected, expected) == (await one.bubbles(), await other.bubbles())


async def test_history_comes_page_by_page(people: People, browser: Browser) -> None:
    async with await Visit.begin(browser) as visit:
        widget = await visit.open(f"{people.url}/demo")
        await widget.open()
        await widget.say("message 0")
        await widget.marked("sent")
        agent = await people.agent()
        await agent.send(type="subscribe", topic="inbox")
        conversation = (await agent.take("subscribed", topic="inbox"))["conversations"][0]["id"]
        for number in range(1, 71):
            await agent.say(f"message {number}.", conversation)
        await widget.page.reload()
        await widget.open()
        await widget.sees("message 70.")
        assert len(await widget.bubbles()) < 71
        log = widget.frame.locator(".log")

        async def all_there() -> bool:
            await log.evaluate("box => box.scrollTo(0, 0)")
            return len(await widget.bubbles()) == 71

        await eventually(all_there)
        assert ["message 0", *(f"message {number}." for number in range(1, 71))] == await widget.bubbles()


async def test_several_conversations_are_kept_apart(people: People, browser: Browser) -> None:
    async with await Visit.begin(browser) as visit:
        widget = await visit.open(f"{people.url}/demo")
        await widget.open()
        await widget.say("about a lamp")
        await widget.marked("sent")
        await widget.frame.get_by_role("button", name="All conversations").click()
        await widget.frame.locator(".begin").click()
        await widget.say("about a shade")
        await widget.marked("sent")
        assert ["about a shade"] == await widget.bubbles()
        await widget.frame.get_by_role("button", name="All conversations").click()
        rows = widget.frame.locator(".conversation-row")
        await rows.nth(1).wait_for()
        assert ["about a shade", "about a lamp"] == await widget.frame.locator(".conversation-text").all_inner_texts()
        await rows.nth(1).click()
        await widget.sees("about a lamp")
        assert ["about a lamp"] == await widget.bubbles()
