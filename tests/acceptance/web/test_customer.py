"""A customer, the ready-made bot and an agent, as the customer sees it: in English on a desk, in French on a telephone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.async_api import Browser

from tests.browsers import DESKTOP, PHONE, Visit, Widget
from tests.people import People, eventually
from tests.shop import BotApi, Json, live
from tests.stream_client import Connection

pytestmark = pytest.mark.asyncio(loop_scope="session")

FLOWS = Path(__file__).parents[3] / "causerie" / "flows"


class Words(NamedTuple):
    """What is said in one language."""

    locale: str
    hello: str
    greeting: str
    person: str
    form: str
    labels: tuple[str, str, str]
    submit: str
    submitted: str
    thanks: str
    placeholder: str


WORDS = {
    "en": Words(
        "en-GB",
        "Hello",
        "I am the assistant of this house",
        "Talk to a person",
        "Before I pass you on",
        ("Your name", "Your e-mail address", "Your question"),
        "Submit",
        "Submitted",
        "Thank you. ",
        "Write a message…",
    ),
    "fr": Words(
        "fr-FR",
        "Bonjour",
        "Je suis l'assistant de la maison",
        "Parler à quelqu'un",
        "Avant de vous passer quelqu'un",
        ("Votre nom", "Votre adresse e-mail", "Votre question"),
        "Valider",
        "Envoyé",
        "Merci. ",
        "Écrivez un message…",
    ),
}


def ready_made() -> tuple[list[Json], Json]:
    """(the flows that come with the product, the greeting first; their settings)."""
    read = {path.stem: json.loads(path.read_text()) for path in sorted(FLOWS.glob("*.json"))}
    settings = read.pop("settings")
    return [read.pop("greeting"), *read.values()], settings


@pytest.mark.parametrize(("language", "device"), [("en", DESKTOP), ("fr", PHONE)])
async def test_a_customer_is_greeted_helped_and_handed_over(people: People, browser: Browser, language: str, device: Any) -> None:
    words, bot = WORDS[language], BotApi(people)
    flows, settings = ready_made()
    await bot.done("PUT", "/secrets/shop", {"value": "open sesame"})
    async with live(bot, flows, settings), await Visit.begin(browser, **{**device, "locale": words.locale}) as visit:
        widget = await visit.open(f"{people.url}/demo")
        await widget.page.evaluate("locale => zE('messenger:set', 'locale', locale)", words.locale)
        await _talks_to_the_bot(widget, words)
        agent, conversation = await _waiting(people)
        await _talks_to_a_person(widget, agent, conversation)
        await widget.is_accessible()


async def _talks_to_the_bot(widget: Widget, words: Words) -> None:
    await widget.open()
    frame = widget.frame
    assert words.placeholder == await frame.locator("textarea").get_attribute("placeholder")
    await widget.say(words.hello)
    await widget.sees(words.greeting)
    await frame.get_by_role("button", name=words.person).click()
    await frame.locator(".form-text", has_text=words.form).wait_for()
    await frame.get_by_role("button", name=words.submit).click()
    await frame.locator(".field-error").nth(2).wait_for()  # what is missing is said beside its field
    for label, answer in zip(words.labels, ("Zoé", "zoe@example.com", "Where is my lamp?"), strict=True):
        await frame.get_by_label(label).fill(answer)
    await frame.get_by_role("button", name=words.submit).click()
    await frame.get_by_text(words.submitted, exact=True).first.wait_for()
    await widget.sees(words.thanks)


async def _waiting(people: People) -> tuple[Connection, str]:
    """An agent, and the conversation that was handed over to them last."""
    agent = await people.agent()
    await agent.send(type="subscribe", topic="inbox")
    snapshot = await agent.take("subscribed", topic="inbox")
    conversation: str = snapshot["conversations"][0]["id"]
    await agent.subscribe(conversation)
    return agent, conversation


async def _talks_to_a_person(widget: Widget, agent: Connection, conversation: str) -> None:
    await agent.send(type="activity", conversation=conversation, activity="typing:start")
    await widget.frame.locator(".typing").wait_for()
    await agent.say("It is Ben. On its way!", conversation)
    await widget.sees("It is Ben. On its way!")
    await widget.frame.locator(".typing").wait_for(state="detached")
    await widget.say("Thanks, Ben")
    await widget.marked("sent")
    await agent.hears(conversation, "Thanks, Ben")
    await agent.send(type="activity", conversation=conversation, activity="conversation:delivered")
    await widget.marked("delivered")
    await agent.send(type="activity", conversation=conversation, activity="conversation:read")
    await widget.marked("read")
    read = await agent.take("event", when=lambda frame: frame["event"] is not None and frame["event"]["type"] == "conversation:read")
    assert conversation == read["conversation"], "the agent sees that the customer has read"


async def test_messages_are_counted_while_the_widget_is_closed(people: People, browser: Browser) -> None:
    async with await Visit.begin(browser) as visit:
        widget = await visit.open(f"{people.url}/demo")
        await widget.page.evaluate("window.counts = []; void zE('messenger:on', 'unreadMessages', count => counts.push(count))")
        await widget.open()
        await widget.say("count for me")
        await widget.marked("sent")
        await widget.page.keyboard.press("Escape")
        agent, conversation = await _waiting(people)
        await agent.say("One for later", conversation)
        await widget.page.locator(".badge", has_text="1").wait_for()
        assert "One for later" in await widget.page.locator(".teaser").inner_text()
        await widget.page.locator(".teaser").click()
        await widget.page.locator(".badge").wait_for(state="hidden")
        await eventually(lambda: widget.page.evaluate("counts.join() === '1,0'"))
