"""The load of a campaign: that of `Load`, and beside it a second app, posts by the API, the same id on two sockets, and readers.

Whoever reads by the door `reading` may be made to stop reading. A stranger of the second app asks for the first app's conversations.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from typing import Any

import aiohttp

from tests import stream_client as stream
from tests.chaos.load import Load
from tests.people import App, People
from tests.serving import Serving
from tests.stream_client import PAUSE_S, Talker, new_id, topic_of

ANSWER_S = 90.0
POST_S = 20.0
AT_ONCE = 3
AT_ONCE_SHARE = 0.25
THEIRS = 2


class Crowd(Load):
    """Two apps. In the first visitors and an agent; in the second a program; in both somebody who posts by the API."""

    def __init__(self, server: Serving, *, seed: int, doors: Sequence[str] = (), reading: str | None = None, visitors: int = 6) -> None:
        super().__init__(server, visitors, seed=seed, pause_s=0.06, doors=doors)
        self._reading = reading or server.url
        self._theirs: list[str] = []
        self._inboxes: list[asyncio.Task[None]] = []

    async def _enter(self) -> None:
        await super()._enter()
        self._people = People(self.server, self.http)
        self._ours, self._other = self._people.app, await self._people.new_app("Other")
        await self._enter_others()
        for talker, conversation in self.talkers[:2]:
            self._goes(self._say_on_both(talker, await self._twin(talker), conversation))
        for app, conversation in ((self._ours, self.conversations()[0]), (self._other, self._theirs[0])):
            self._goes(self._post(app, f"{self.name}api{app.id[-4:]}", conversation))
        await self._enter_readers()
        for name in (self.agent.name, *(talker.name for talker, _ in self.talkers), *self.conversations()):
            self.chronicle.belongs(name, self._ours.id)

    # -- the second app

    async def _enter_others(self) -> None:
        token = (await stream.program_session(self.http, self.server.url, self._other.key_id, self._other.secret))["token"]
        program = Talker(self.http, self.server.url, stream.AGENT, token, f"{self.name}program", self.chronicle)
        self._joined(await program.open())
        for n in range(THEIRS):
            _, conversation = await self._people.person(f"{self.name}-{n}", self._other)
            await program.follow(conversation)
            self._theirs.append(conversation)
            self._goes(self._talk(program, conversation, program))
        for name in (program.name, *self._theirs):
            self.chronicle.belongs(name, self._other.id)

    # -- the same id on two sockets

    async def _twin(self, talker: Talker) -> Talker:
        """A second socket of the same visitor; what is said on both bears a name of its own, since two sockets have no order."""
        return self._joined(await talker.twin(f"{talker.name}twin").open())

    async def _say_on_both(self, talker: Talker, twin: Talker, conversation: str) -> None:
        while not self._over.is_set():
            message = new_id(f"{talker.name}both")
            with contextlib.suppress(TimeoutError):  # the chronicle has it
                await asyncio.gather(*(one.say("twice at once", conversation, message) for one in (talker, twin)))
            self.chronicle.counts["said on two sockets at once"] += 1
            await self._pause(10)

    # -- posts by the API

    async def _post(self, app: App, sender: str, conversation: str) -> None:
        """One after the other, now and then the same post several times at once."""
        while not self._over.is_set():
            message, times = new_id(sender), AT_ONCE if self.random.random() < AT_ONCE_SHARE else 1
            text = f"{message} by the API"
            self.chronicle.sent(sender, message, text, conversation)
            with contextlib.suppress(TimeoutError):  # the chronicle misses the answer
                async with asyncio.timeout(ANSWER_S):
                    await asyncio.gather(*(self._post_until_told(app, message, text, conversation) for _ in range(times)))
            self.chronicle.counts["posts at once" if times > 1 else "posts"] += 1
            await self._pause(5)

    async def _post_until_told(self, app: App, message: str, text: str, conversation: str) -> None:
        """The same post with the same key until it is answered for good."""
        body = {"author": {"type": "business"}, "content": {"type": "text", "text": text}}
        path, headers = f"/conversations/{conversation}/messages", {"Idempotency-Key": message}
        while True:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError, TimeoutError, json.JSONDecodeError):
                async with asyncio.timeout(POST_S):
                    status, answer = await self._people.call("POST", path, body, app=app, headers=headers)
                if status == 201:
                    return self.chronicle.posted(message, conversation, answer["messages"][0]["id"])
                if status < 500 and status != 429:
                    return self.chronicle.broken(f"refused: {message} was answered {status} {answer}")
            await asyncio.sleep(PAUSE_S)

    # -- who only reads

    async def _enter_readers(self) -> None:
        c = self.server.credentials["agent"]
        reader = await stream.agent(self.http, self._reading, c["email"], c["password"], f"{self.name}reader", self.chronicle)
        self._joined(reader)
        self.chronicle.belongs(reader.name, self._ours.id)
        for conversation in self.conversations():
            await reader.follow(conversation)
        agent = await stream.agent_session(self.http, self.server.url, c["email"], c["password"])
        program = await stream.program_session(self.http, self.server.url, self._other.key_id, self._other.secret)
        self._inboxes = [
            asyncio.create_task(self._look(f"{self.name}inbox", agent["token"], self._ours, ())),
            asyncio.create_task(self._look(f"{self.name}stranger", program["token"], self._other, self.conversations())),
        ]

    async def _look(self, name: str, token: str, app: App, others: Sequence[str]) -> None:
        """Look at an inbox, and try to follow others' conversations; come back whenever the socket ends."""
        self.chronicle.belongs(name, app.id)
        wanted = ["inbox", *map(topic_of, others)]
        while True:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError, TimeoutError):
                async with self.http.ws_connect(self.server.url + stream.AGENT, max_msg_size=64 << 20) as ws:
                    await ws.send_str(json.dumps({"type": "hello", "token": token}))
                    for topic in wanted:
                        await ws.send_str(json.dumps({"type": "subscribe", "topic": topic}))
                    async for message in ws:
                        for line in filter(None, message.data.split("\n")):
                            self._heard(name, json.loads(line))
            await asyncio.sleep(PAUSE_S)

    def _heard(self, name: str, frame: dict[str, Any]) -> None:
        if frame["type"] == "event":
            self.chronicle.heard(name, frame["conversation"])
        for shown in frame.get("conversations", ()):
            self.chronicle.heard(name, shown["id"])

    # -- the end

    async def _read_journals(self) -> dict[str, int]:
        heads = await super()._read_journals()
        program = await stream.program_session(self.http, self.server.url, self._other.key_id, self._other.secret)
        return heads | await self._read(program["token"], self._theirs)

    async def _leave(self) -> None:
        for task in self._inboxes:
            task.cancel()
        await super()._leave()
