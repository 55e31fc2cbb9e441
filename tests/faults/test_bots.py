"""Bots whose hosts are killed in the middle of their steps: each message once and in order, each call under one key, exact counts."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator

import psutil
import pytest

from tests.people import People, people_of
from tests.serving import Serving
from tests.shop import BotApi, Json, Shop, live, shop, walk
from tests.stream_client import Connection, new_id, text_of

#: What the bot says on the way; `{}` is the customer's name.
SAID = ("Hello.", "Which way?", "To the left.", "Who are you?", "Noted: {}.", "Here they are.")
STEPS = ("hello", "menu", "way", "ask", "note", "noted", "pause", "people")
#: Between two kills. Those of one kind come half as often: a standby has to be there again.
PAUSE_S = (0.5, 2.5)
#: For the slowest answer: both processes of a kind may have been hit, and Ray has to start others.
WAIT_S = 60.0


class Walker:
    """A customer who goes all the way, whatever happens. Each event of the conversation must come once, in order."""

    def __init__(self, visitor: Connection, name: str) -> None:
        self.name, self.conversation = name, ""
        self._visitor, self._seq = visitor, 0

    async def goes(self) -> None:
        self.conversation = await self._insists({"type": "text", "text": "hello"})
        await self._visitor.subscribe(self.conversation)
        await self._hears("Which way?")
        await self._insists({"type": "text", "text": "Left"})
        form = await self._hears("Who are you?")
        answer = {"type": "text", "name": "name", "label": "Name", "text": self.name, "quotedMessageId": form["id"]}
        await self._insists({"type": "formResponse", "fields": [answer]})
        await self._hears("Here they are.")

    async def _insists(self, content: Json) -> str:
        """Send, and again under the same id while it is refused for a while. Returns the conversation."""
        identifier = new_id(self.name)
        where = {"conversation": self.conversation} if self.conversation else {}
        async with asyncio.timeout(WAIT_S):
            while True:
                await self._visitor.send(type="message", id=identifier, content=content, **where)
                answer = await self._visitor.take(("ack", "refused"), WAIT_S, id=identifier)
                if answer["type"] == "ack":
                    return str(answer["conversation"])
                await asyncio.sleep(answer["retry_after"])

    async def _hears(self, text: str) -> Json:
        """All events in their order, up to the message that says this."""
        while True:
            frame = await self._visitor.take("event", WAIT_S, when=lambda frame: frame["seq"] is not None)
            self._seq += 1
            assert self._seq == frame["seq"], (self.name, self._seq, frame)
            if text_of(frame["event"]) == text:
                message: Json = frame["event"]["payload"]["message"]
                return message


async def walks(people: People, name: str, over: asyncio.Event) -> AsyncIterator[Walker]:
    """One customer after the other, each with a conversation of their own, until the time is over."""
    number = 0
    while not over.is_set():
        number += 1
        visitor = await people.visitor()
        walker = Walker(visitor, f"{name}x{number}")
        await walker.goes()
        await visitor.close()
        yield walker


async def kills(served: Serving, api: Shop, seed: int, seconds: float) -> int:
    """kill -9 of the owners of bots and conversations in turn, those of bots while a call is under way. Returns how many died."""
    chance, until, done = random.Random(seed), asyncio.get_running_loop().time() + seconds, 0
    while asyncio.get_running_loop().time() < until:
        await asyncio.sleep(chance.uniform(*PAUSE_S))
        kind = ("bot", "conversation")[done % 2]
        if kind == "bot":
            api.waiting.clear()
            await asyncio.wait_for(api.waiting.wait(), WAIT_S)
            await asyncio.sleep(chance.uniform(0, api.pause_s))
        with contextlib.suppress(psutil.Error, KeyError):  # the last one is not replaced yet, or there was none yet
            (await asyncio.to_thread(served.owner, kind)).kill()
            done += 1
    return done


async def told(people: People, conversation: str) -> tuple[list[str], str]:
    """What the bot has said, and who has control, by the API."""
    _, found = await people.call("GET", f"/conversations/{conversation}")
    status, answer = await people.call("GET", f"/conversations/{conversation}/messages?page[size]=100")
    assert 200 == status, answer
    texts = [one["content"]["text"] for one in answer["messages"] if one["author"]["type"] == "business"]
    return texts, found["conversation"]["activeSwitchboardIntegration"]["name"]


async def check(people: People, bot: BotApi, api: Shop, walkers: list[Walker], version: int) -> None:
    for walker in walkers:
        said = [text.format(walker.name) for text in SAID]
        assert (said, "agentWorkspace") == await told(people, walker.conversation), walker.name
        assert 1 == len(api.keys(f"/notes/{walker.name}")), api.calls
    counts = await bot.counts("walk", version)
    every = len(walkers)
    assert {**dict.fromkeys(STEPS, (every, every, 0)), "lost": (0, 0, 0)} == counts


async def the_hosts_die(served: Serving, seed: int, seconds: float, customers: int) -> None:
    over, walkers = asyncio.Event(), list[Walker]()

    async def one_after_the_other(name: str) -> None:
        async for walker in walks(people, name, over):
            walkers.append(walker)

    async with people_of(served) as people, shop(pause_s=0.3) as api, live(bot := BotApi(people), [walk(api.url)]) as versions:
        async with asyncio.TaskGroup() as group:
            for number in range(customers):
                group.create_task(one_after_the_other(f"s{seed}n{number}"))
            killed = await kills(served, api, seed, seconds)
            over.set()
        print(f"seed {seed}: {killed} processes killed, {len(walkers)} conversations, {len(api.calls)} calls")
        assert killed > 2
        await check(people, bot, api, walkers, versions["walk"])


async def test_the_hosts_of_bots_and_conversations_die(served: Serving) -> None:
    await the_hosts_die(served, seed=7, seconds=10.0, customers=6)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
async def test_they_die_for_two_minutes(served: Serving, seed: int) -> None:
    await the_hosts_die(served, seed=100 + seed, seconds=120.0, customers=12)
