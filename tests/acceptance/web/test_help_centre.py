"""The help centre in a browser: without a script, with one, and inside the messenger; and what people smuggle in, which stays text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browsers import PHONE, Visit, accessible
from tests.people import People, people_of
from tests.serving import Serving

pytestmark = pytest.mark.asyncio(loop_scope="session")

POISON = '"><img src=x onerror="top.stolen=1"><script>top.stolen=1</script>'
HARM = '<p onclick="top.stolen=1">Poison</p><script>top.stolen=1</script><a href="javascript:top.stolen=1">x</a>'
LONG = "".join(f"<h2>Step {number}</h2><p>{'Take the label and the box. ' * 12}</p>" for number in range(1, 7))


class Centre:
    """A help centre of an app of its own, with a widget."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.paths: dict[str, str] = {}

    def url(self, path: str) -> str:
        return f"{self.people.url}{path}{'&' if '?' in path else '?'}app_id={self.people.app.id}"

    async def made(self, path: str, kind: str, **fields: Any) -> Any:
        address = f"{self.people.url}/api/v2/help_center{path}"
        async with self.people.http.post(address, json={kind: fields}, headers=self.people.app.auth) as answer:
            assert answer.status == 201, await answer.text()
            return (await answer.json())[kind]

    async def write(self) -> None:
        category = await self.made("/en-us/categories", "category", name="Shop", description="All of it")
        sections = f"/categories/{category['id']}/sections"
        section = await self.made(sections, "section", name="Returns", locale="en-us")
        for name, title, body in (
            ("late", "Late parcels", "<p>Wait for a day, then write to us.</p>"),
            ("long", "How to return an order", LONG),
            ("poison", f"Poison {POISON}", HARM),
        ):
            fields = {"title": title, "body": body, "locale": "en-us", "promoted": name == "long"}
            article = await self.made(f"/sections/{section['id']}/articles", "article", **fields)
            self.paths[name] = "/hc/" + article["html_url"].partition("/hc/")[2]
            if name == "late":
                words = {"locale": "fr", "title": "Colis en retard", "body": "<p>Attendez un jour.</p>"}
                await self.made(f"/articles/{article['id']}/translations", "translation", **words)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def centre(served: Serving) -> AsyncIterator[Centre]:
    async with people_of(served) as people:
        await people.settle()
        made = Centre(people)
        await made.write()
        yield made


async def is_safe(page: Page) -> None:
    assert await page.evaluate("top.stolen === undefined && document.querySelector('img[src=x], [onerror], [onclick], [href^=javascript]') === null")


async def test_everything_can_be_read_and_done_without_a_script(centre: Centre, browser: Browser) -> None:
    async with await Visit.begin(browser, java_script_enabled=False, locale="en-GB") as visit:
        page = await visit.page(centre.url("/hc"))
        await page.get_by_role("searchbox").fill("parcel too late")
        await page.keyboard.press("Enter")
        await page.locator("mark", has_text="day").or_(page.locator(".results h2")).first.wait_for()
        await page.get_by_role("link", name="Late parcels").click()
        await page.get_by_role("button", name="Yes, it was helpful").click()
        await page.get_by_text("1 of 1 person").wait_for()
        await page.get_by_role("button", name="No, it was not helpful").click()
        await page.get_by_text("0 of 1 person").wait_for()
        await page.locator("details.languages summary").click()
        await page.locator("details.languages").get_by_role("link", name="Français").click()
        assert ("fr", "Colis en retard") == (await page.locator("html").get_attribute("lang"), await page.locator("h1").inner_text())
        await page.goto(centre.url(centre.paths["long"]))
        assert 6 == await page.locator(".outline li").count()
        await page.get_by_role("link", name="Returns").first.click()
        assert "Returns" == await page.locator("h1").inner_text()


async def test_articles_are_suggested_while_one_types(centre: Centre, browser: Browser) -> None:
    async with await Visit.begin(browser) as visit:
        page = (await visit.open(centre.url("/hc/en-us"))).page
        await page.keyboard.press("Tab")
        assert "Skip to the content" == await page.evaluate("document.activeElement.textContent")
        field = page.get_by_role("combobox")
        await field.press_sequentially("retur")
        option = page.get_by_role("option", name="How to return an order")
        await option.wait_for()
        await page.keyboard.press("ArrowDown")
        assert await option.get_attribute("id") == await field.get_attribute("aria-activedescendant")
        await accessible(page)
        await page.keyboard.press("Escape")
        await option.wait_for(state="hidden")
        await field.press_sequentially("n ord")
        await option.wait_for()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.locator("h1", has_text="How to return an order").wait_for()
        await accessible(page)


async def test_a_vote_is_taken_in_place(centre: Centre, browser: Browser) -> None:
    async with await Visit.begin(browser, color_scheme="dark", **PHONE) as visit:
        page = (await visit.open(centre.url(centre.paths["long"]))).page
        yes = page.get_by_role("button", name="Yes, it was helpful")
        await yes.click()
        await page.get_by_text("1 of 1 person").wait_for()
        await yes.click()
        await page.get_by_text("Thank you").wait_for()
        await page.reload()
        assert ("true", 1) == (await yes.get_attribute("aria-pressed"), await page.get_by_text("1 of 1 person").count())
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the telephone"
        await accessible(page)


async def test_what_is_smuggled_in_stays_text(centre: Centre, browser: Browser) -> None:
    async with await Visit.begin(browser) as visit:
        page = (await visit.open(centre.url("/hc/en-us"))).page
        await page.get_by_role("combobox").fill("poison")
        await page.get_by_role("option").first.wait_for()
        await is_safe(page)
        for path in (centre.paths["poison"], f"/hc/en-us/search?query={quote('poison ' + POISON)}", "/hc/en-us"):
            await page.goto(centre.url(path))
            assert "<script>" in await page.locator("main").inner_text()
            await is_safe(page)


async def test_articles_are_found_and_read_inside_the_messenger(centre: Centre, browser: Browser) -> None:
    people = centre.people
    async with await Visit.begin(browser) as visit:
        widget = await visit.open(centre.url("/hc/en-us"))
        await widget.open()
        frame = widget.frame
        await frame.locator(".help-entry").click()
        await frame.get_by_role("searchbox").fill("parcel too late")
        await frame.locator(".help-lines button", has_text="Late parcels").click()
        await frame.locator(".help-article", has_text="Wait for a day").wait_for()
        await widget.is_accessible()
        await frame.get_by_role("button", name="Contact us").click()
        await widget.say("still late")
        await widget.marked("sent")
        agent = await people.agent()
        await agent.send(type="subscribe", topic="inbox")
        conversation = (await agent.take("subscribed", topic="inbox"))["conversations"][0]["id"]
        link = {"type": "link", "text": "Read more", "uri": people.url + centre.paths["long"]}
        await people.posted(conversation, {"type": "carousel", "items": [{"title": "How to return an order", "actions": [link]}]})
        await frame.get_by_role("link", name="Read more").click()
        await frame.locator(".help-article", has_text="Take the label").wait_for()
        await frame.get_by_role("button", name="Back").click()
        await widget.sees("still late")
        assert 1 == len(visit.context.pages), "nothing was opened beside"
