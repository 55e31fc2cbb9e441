"""Every kind of message in a browser, on light and on dark; and what people try to smuggle in with them, which stays text."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser

from tests.browsers import PHONE, Visit, Widget
from tests.people import People
from tests.pictures import png

pytestmark = pytest.mark.asyncio(loop_scope="session")

POISON = "<img src=x onerror=\"top.stolen=1\"><script>top.stolen=1</script>"
BUTTONS: list[Any] = [{"type": "postback", "text": "Choose it", "payload": "it"}, {"type": "link", "text": "Details", "uri": "https://example.com"}]
CONTENTS: list[Any] = [
    {"type": "text", "text": "Plain, with https://example.com/a"},
    {"type": "text", "htmlText": "<p>Rich <strong>words</strong></p><ul><li>one</li></ul>"},
    {"type": "text", "markdownText": "A *quoted* `word`\n\n> and a quote"},
    {"type": "carousel", "items": [{"title": "First card", "actions": BUTTONS}, {"title": "Second card", "actions": BUTTONS[:1]}]},
    {"type": "list", "items": [{"title": "A row", "description": "with words", "actions": BUTTONS[:1]}]},
    {"type": "form", "text": "A form", "fields": [{"type": "select", "name": "a", "label": "Which", "options": [{"name": "x", "label": "X"}]}]},
    {"type": "location", "coordinates": {"lat": 48.85, "long": 2.35}, "location": {"name": "A place"}},
    {"type": "text", "text": "Buttons", "actions": [*BUTTONS, {"type": "buy", "text": "Buy", "amount": 1250, "currency": "eur"}]},
    {"type": "text", "text": "Answers", "actions": [{"type": "reply", "text": "Yes", "payload": "y"}], "blockChatInput": True},
]


async def _talking(people: People, visit: Visit, first: str) -> tuple[Widget, str]:
    """A widget whose person has said something, and in which conversation."""
    widget = await visit.open(f"{people.url}/demo")
    await widget.open()
    await widget.say(first)
    await widget.marked("sent")
    agent = await people.agent()
    await agent.send(type="subscribe", topic="inbox")
    conversation: str = (await agent.take("subscribed", topic="inbox"))["conversations"][0]["id"]
    return widget, conversation


@pytest.mark.parametrize("look", [{"color_scheme": "light"}, {"color_scheme": "dark", **PHONE}], ids=["light", "dark"])
async def test_every_kind_of_message_is_shown_and_can_be_used_by_everybody(people: People, browser: Browser, look: Any) -> None:
    async with await Visit.begin(browser, **look) as visit:
        widget, conversation = await _talking(people, visit, "show me all")
        for content in CONTENTS:
            await people.posted(conversation, content)
        cited = {"author": {"type": "business", "subtypes": ["AI"]}, "references": [{"uri": "https://example.com/s", "title": "A source"}]}
        await people.made(f"/conversations/{conversation}/messages", {**cited, "content": {"type": "text", "text": "Cited"}})
        await people.posted(conversation, CONTENTS[-1])
        frame = widget.frame
        await frame.locator(".reply", has_text="Yes").wait_for()
        for selector in ("strong", "blockquote", ".card", ".row", ".form select", ".place", ".price", ".sources a", ".ai"):
            await frame.locator(selector).first.wait_for(state="attached")
        assert await frame.locator("textarea").is_disabled(), "while the newest message blocks it"
        await widget.is_accessible()
        await frame.locator(".reply", has_text="Yes").click()
        await widget.sees("Yes")
        await frame.locator(".reply").wait_for(state="detached")
        assert not await frame.locator("textarea").is_disabled()


async def test_a_pressed_button_reaches_the_business(people: People, browser: Browser) -> None:
    async with await Visit.begin(browser) as visit:
        widget, conversation = await _talking(people, visit, "a button please")
        agent = await people.agent()
        await agent.subscribe(conversation)
        await people.posted(conversation, CONTENTS[3])
        await widget.frame.locator(".card .action").first.click()
        pressed = await agent.take("event", when=lambda one: one["event"] is not None and one["event"]["type"] == "conversation:postback")
        assert "it" == pressed["event"]["payload"]["postback"]["payload"]


async def test_what_is_smuggled_in_stays_text(people: People, browser: Browser) -> None:
    fields = [{"type": "text", "name": "n", "label": POISON[:120], "placeholder": POISON[:120]}]
    poisoned: list[Any] = [
        {"type": "text", "text": POISON},
        {"type": "text", "htmlText": f"before {POISON} <a href='javascript:top.stolen=1'>click</a> <svg onload='top.stolen=1'></svg> after"},
        {"type": "text", "markdownText": f"{POISON} [click](javascript:top.stolen=1)"},
        {"type": "carousel", "items": [{"title": POISON[:120], "description": POISON[:120], "actions": BUTTONS}]},
        {"type": "list", "items": [{"title": POISON[:120], "actions": [{"type": "postback", "text": POISON, "payload": "x"}]}]},
        {"type": "form", "text": POISON, "fields": fields},
        {"type": "location", "coordinates": {"lat": 1, "long": 2}, "location": {"name": POISON, "address": POISON}},
        {"type": "text", "text": "the end", "actions": [{"type": "reply", "text": POISON, "payload": "x"}]},
    ]
    async with await Visit.begin(browser) as visit:
        visit.expected = ("Executing inline event handler",)  # which the browser has refused to do
        widget, conversation = await _talking(people, visit, POISON)
        for content in poisoned:
            await people.posted(conversation, content)
        body = {"author": {"type": "business", "displayName": POISON[:120]}, "content": {"type": "text", "text": "named"}}
        await people.made(f"/conversations/{conversation}/messages", body)
        await people.posted(conversation, poisoned[-1])
        await widget.frame.locator(".reply").wait_for()
        assert POISON == await widget.frame.locator(".bubble.own").first.inner_text()
        links = await widget.frame.locator("a[href]").evaluate_all("all => all.map(one => one.protocol)")
        assert set(links) <= {"https:"}
        assert 0 == await widget.frame.locator(".messages :is(script, svg[onload], img[onerror])").count()
        assert await widget.page.evaluate("window.stolen === undefined")


async def test_a_file_and_a_picture_go_out_and_are_shown(people: People, browser: Browser) -> None:
    async with await Visit.begin(browser) as visit:
        widget, _ = await _talking(people, visit, "files for you")
        chooser = widget.frame.locator("input[type=file]")
        files: list[Any] = [
            {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Hello."},
            {"name": "dot.png", "mimeType": "image/png", "buffer": png(3, 3)},
        ]
        await chooser.set_input_files(files)
        await widget.frame.locator(".file", has_text="note.txt").wait_for()
        await widget.frame.locator(".photo img").wait_for()
        assert 3 == await widget.frame.locator(".photo img").evaluate("one => one.decode().then(() => one.naturalWidth)")
