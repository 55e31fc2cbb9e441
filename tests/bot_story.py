"""The story of a customer, a bot and an agent, in English or French. Where it runs is the caller's."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

from tests.people import People, eventually
from tests.serving import COMMAND, Serving
from tests.shop import BotApi, Json, Shop, desk, live, shop
from tests.stream_client import Connection, text_of


class Words(NamedTuple):
    """What is said in one language, and the article that answers the question."""

    locale: str
    hello: str
    greeting: str
    question: str
    article: str
    no: str
    told: str
    bye: str
    shelf: str
    late: str
    enough: str
    solved: str


WORDS = {
    "en": Words(
        "en-GB",
        "good morning",
        "Hello Zoe, I am Ada.",
        "I want to send something back, how do I return it?",
        "How to return an item",
        "No",
        "A-77: shipped, 2026-12-01.",
        "A colleague is coming.",
        "How many are left in the warehouse?",
        "There are 7 left.",
        "That was all, thank you",
        "Goodbye!",
    ),
    "fr": Words(
        "fr-CA",
        "salut",
        "Bonjour Zoe, je suis Ada.",
        "comment retourner un article ?",
        "Comment retourner un article",
        "Non",
        "A-77 : shipped, 2026-12-01.",
        "Un collègue arrive.",
        "Combien en reste-t-il à l'entrepôt ?",
        "Il en reste 7.",
        "Ce sera tout, merci",
        "Au revoir !",
    ),
}


async def import_samples(server: Serving) -> None:
    """The articles of the samples, by the command that an operator has."""
    command = (str(COMMAND), "help", "import", "samples", "--app", server.credentials["app_id"], "--data", str(server.data))
    done = await asyncio.create_subprocess_exec(*command, env=server.environment, stdout=asyncio.subprocess.DEVNULL)
    assert 0 == await done.wait()


async def the_bots_story(people: People, language: str) -> None:
    """From the greeting to the people, and back to the bot. The articles are there already."""
    words, bot = WORDS[language], BotApi(people)
    async with shop() as api:
        await bot.done("PUT", "/secrets/shop", {"value": "open sesame"})
        async with live(bot, desk(api.url)) as versions:
            story = Story(people, words, api, bot, versions)
            await story.begins()
            await story.is_handed_over()
            await story.comes_too_late()
            await story.begins_again()
            await story.is_told_in_order()


class Story:
    """Its chapters, in order."""

    visitor: Connection
    agent: Connection
    conversation: str
    user: Json

    def __init__(self, people: People, words: Words, api: Shop, bot: BotApi, versions: dict[str, int]) -> None:
        self.people, self.words, self.api, self.bot, self.versions = people, words, api, bot, versions

    async def begins(self) -> None:
        """The bot greets in the person's language, offers options, and suggests the article that answers."""
        person = {"externalId": f"zoe-{self.words.locale}", "profile": {"givenName": "Zoe", "locale": self.words.locale}}
        self.user = await self.people.made("/users", person)
        self.visitor = await self.people.visitor(jwt=self.people.app.jwt(person["externalId"]))  # type: ignore[arg-type]
        self.conversation = (await self.visitor.say(self.words.hello))["conversation"]
        await self.visitor.subscribe(self.conversation)
        self.agent = await self.people.agent()
        await self.agent.subscribe(self.conversation)
        greeting = await self.visitor.hears(self.conversation, self.words.greeting)
        author = greeting["payload"]["message"]["author"]
        assert ("business", "Ada") == (author["type"], author["displayName"])
        assert 2 == len((await self._asked())["content"]["actions"])
        await self.visitor.say(self.words.question, self.conversation)
        cards = (await self._shown("carousel"))["content"]["items"]
        assert self.words.article in [one["title"] for one in cards]
        assert all(action["uri"].startswith(self.people.url) for one in cards for action in one["actions"])

    async def is_handed_over(self) -> None:
        """Details are asked for; the shop fails once and is called again under the same key; agents learn what the bot has learned."""
        await self._press(await self._asked(), self.words.no)
        form = await self._shown("form")
        await self.visitor.post({"type": "formResponse", "fields": _filled(form, order="A-77", email="zoe@example.com")}, self.conversation)
        await self.visitor.hears(self.conversation, self.words.told)
        assert [2] == list(self.api.keys("/orders/A-77").values())
        await self.visitor.hears(self.conversation, self.words.bye)
        passed = (await self._told("switchboard:passControl"))["payload"]
        assert "agentWorkspace" == passed["conversation"]["activeSwitchboardIntegration"]["name"]
        learned = {name.removeprefix("dataCapture."): value for name, value in passed["metadata"].items()}
        assert learned == {"ticketField.order": "A-77", "ticketField.day": "2026-12-01", "systemField.tags": "desk,bot"}
        await self.agent.say("It is Ben.", self.conversation)
        await self.visitor.hears(self.conversation, "It is Ben.")
        await eventually(self._email_is_known)

    async def comes_too_late(self) -> None:
        """While the bot waits for the shop, an agent writes. What the bot says then is refused."""
        await self._gives_back()
        await self.visitor.say(self.words.shelf, self.conversation)
        await asyncio.wait_for(self.api.waiting.wait(), 15)
        await self.agent.say("Let me look.", self.conversation)
        taken = await self._told("switchboard:passControl")
        assert "takenOver" == taken["payload"]["reason"]
        self.api.gate.set()
        await eventually(self._is_given_up)
        await self.agent.say("There are six.", self.conversation)
        await self.visitor.hears(self.conversation, "There are six.")

    async def begins_again(self) -> None:
        """Solved by the bot; whoever writes after that is greeted by it."""
        await self._gives_back()
        await self.visitor.say(self.words.enough, self.conversation)
        await self.visitor.hears(self.conversation, self.words.solved)
        assert "ticketSolved" == (await self._told("switchboard:releaseControl"))["payload"]["reason"]
        await self.visitor.say(self.words.hello, self.conversation)
        await self.visitor.hears(self.conversation, self.words.greeting)

    async def is_told_in_order(self) -> None:
        """All of it, by the API: nothing twice, and nothing of what came too late."""
        path = f"/conversations/{self.conversation}/messages?page[size]=100"
        status, answer = await self.people.call("GET", path)
        texts = [one["content"].get("text") for one in answer["messages"]]
        words = self.words
        business = ["It is Ben.", "Let me look.", "There are six.", words.told, words.bye, words.solved]
        assert (200, [1] * len(business), 2) == (status, [texts.count(one) for one in business], texts.count(words.greeting))
        assert words.late not in texts
        assert words.late not in [text_of(one["event"]) for one in self.visitor.frames if one["type"] == "event"]

    # -- what happens again and again

    async def _asked(self) -> Json:
        """The bot's next text with buttons that nobody looked at."""
        return await self._shown("text", "actions")

    async def _shown(self, kind: str, part: str = "type") -> Json:
        """The bot's next message of this type, and with this part, that nobody looked at."""

        def is_it(frame: Json) -> bool:
            content: Json = (frame["event"] or {}).get("payload", {}).get("message", {}).get("content", {})
            return content.get("type") == kind and part in content

        frame = await self.visitor.take("event", when=is_it)
        found: Json = frame["event"]["payload"]["message"]
        return found

    async def _press(self, message: Json, label: str) -> None:
        payload = next(one["payload"] for one in message["content"]["actions"] if one["text"] == label)
        await self.visitor.post({"type": "text", "text": label, "payload": payload}, self.conversation)

    async def _told(self, kind: str) -> Json:
        """The next event of this type, as the agent is told of it."""
        frame = await self.agent.take("event", when=lambda frame: frame["event"] is not None and frame["event"]["type"] == kind)
        event: Json = frame["event"]
        return event

    async def _gives_back(self) -> None:
        await self.agent.send(type="control", id=f"back-{len(self.api.calls)}", conversation=self.conversation, action="release")
        await self._told("switchboard:releaseControl")

    async def _email_is_known(self) -> bool:
        _, answer = await self.people.call("GET", f"/users/{self.user['id']}")
        return bool(answer["user"]["profile"].get("email") == "zoe@example.com")

    async def _is_given_up(self) -> bool:
        return (await self.bot.counts("shelf", self.versions["shelf"]))["found"] == (1, 0, 1)


def _filled(form: Json, **answers: str) -> list[Any]:
    """The answers to a form, as a page sends them."""
    fields = [(one["name"], one["type"], one["label"]) for one in form["content"]["fields"]]
    return [
        {"type": kind, "name": name, "label": label, kind: answers[name], "quotedMessageId": form["id"]} for name, kind, label in fields
    ]
