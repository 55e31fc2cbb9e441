"""Visitors who talk and an agent who answers, whatever happens to the server meanwhile; at the end their history is judged."""

from __future__ import annotations

import asyncio
import contextlib
import random
from types import TracebackType
from typing import Self

import aiohttp

from tests import stream_client as stream
from tests.history import Acked, Finished, Record, Said, Saw, Stored, Subscribed, violations
from tests.people import eventually
from tests.serving import Serving
from tests.stream_client import Connection, Talker, new_id, text_of

WINDOW = 4
BACK_S = 30.0
CAUGHT_UP_S = 45.0


def author_of(message: str) -> str:
    """The sender, by whose name their ids begin."""
    return message.rpartition("-")[0]


def message_in(text: str | None) -> tuple[str, str] | None:
    """(sender, id) of a message, whose text begins with its id."""
    if text is None:
        return None
    identifier = text.partition(" ")[0]
    return author_of(identifier), identifier


class Chronicle:
    """The records of a run for the judge, and what the judge does not look at: whole texts, and frames against the protocol."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.wrong: list[str] = []
        self.acks = 0
        self._texts: dict[str, str] = {}
        self._nowhere: set[str] = set()
        self._open: set[str] = set()

    def sent(self, sender: str, message: str, text: str, conversation: str | None) -> None:
        self._texts[message] = text
        self._open.add(message)
        if conversation is None:
            self._nowhere.add(message)
        else:
            self.records.append(Said(conversation, sender, message))

    def acked(self, message: str, conversation: str, seq: int) -> None:
        if message in self._nowhere:
            self._nowhere.discard(message)
            self.records.append(Said(conversation, author_of(message), message))
        self.acks += message in self._open
        self._open.discard(message)
        self.records.append(Acked(conversation, author_of(message), message, seq))

    def refused(self, message: str) -> None:
        self.wrong.append(f"{message} was refused for good")

    def followed(self, reader: str, conversation: str, after: int) -> None:
        self.records.append(Subscribed(reader, conversation, after))

    def saw(self, reader: str, conversation: str, seq: int, text: str | None) -> None:
        self.records.append(Saw(reader, conversation, seq, self._known(text)))

    def broken(self, what: str) -> None:
        self.wrong.append(what)

    def stored(self, conversation: str, seq: int, text: str | None) -> None:
        self.records.append(Stored(conversation, seq, self._known(text)))

    def _known(self, text: str | None) -> tuple[str, str] | None:
        found = message_in(text)
        if found is not None and self._texts.get(found[1]) != text:
            self.wrong.append(f"{found[1]} came with another text")
        return found

    def faults(self) -> list[str]:
        unanswered = [f"{message} was neither acked nor refused" for message in sorted(self._open)]
        return [*self.wrong, *unanswered, *violations(self.records)]


class Load:
    """`async with Load(server) as load`: they talk inside the block, and `load.judged()` ends it."""

    def __init__(self, server: Serving, visitors: int = 6, *, seed: int = 1, words: int = 12, pause_s: float = 0.02) -> None:
        self.server, self.chronicle, self.random = server, Chronicle(), random.Random(seed)
        self._count, self._words, self._pause_s = visitors, words, pause_s
        self.talkers: list[tuple[Talker, str]] = []
        self._over = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        c = self.server.credentials
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        name, url = new_id("load"), self.server.url
        self.agent = await stream.agent(self._http, url, c["agent"]["email"], c["agent"]["password"], f"{name}agent", self.chronicle)
        for n in range(self._count):
            talker = await stream.visitor(self._http, url, c["web_integration_id"], f"{name}visitor{n}", self.chronicle)
            conversation = (await talker.say("hello", None))["conversation"]
            await talker.follow(conversation)
            await self.agent.follow(conversation)
            self.talkers.append((talker, conversation))
        self._loops = [asyncio.create_task(self._talk(*one)) for one in self.talkers]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for task in self._loops:
            task.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        for talker in (self.agent, *(one for one, _ in self.talkers)):
            await talker.close()
        await self._http.close()
        if kind is not None:
            print(self.server.tail())

    async def _talk(self, talker: Talker, conversation: str) -> None:
        """Up to `WINDOW` messages unacked; the agent answers every fifth."""
        free, posts, n = asyncio.Semaphore(WINDOW), set[asyncio.Task[None]](), 0

        async def say(who: Talker) -> None:
            with contextlib.suppress(TimeoutError):  # the chronicle has it
                await who.say("salut " * self._words, conversation)
            free.release()

        while not self._over.is_set():
            await free.acquire()
            n += 1
            post = asyncio.create_task(say(self.agent if n % 5 == 0 else talker))
            posts.add(post)
            post.add_done_callback(posts.discard)
            await asyncio.sleep(self.random.random() * 2 * self._pause_s)
        await asyncio.gather(*posts)

    async def goes_on(self, acks: int = 60, timeout_s: float = BACK_S) -> float:
        """Wait for so many more acks. Returns after how many seconds the last of them came."""
        wanted, begun = self.chronicle.acks + acks, asyncio.get_running_loop().time()

        async def reached() -> bool:
            return self.chronicle.acks >= wanted

        await eventually(reached, timeout_s, 0.02)
        return asyncio.get_running_loop().time() - begun

    async def judged(self) -> list[str]:
        """Let everyone finish and catch up, read every journal from its start, and say what was wrong."""
        self._over.set()
        await asyncio.wait_for(asyncio.gather(*self._loops), 120)
        heads = await self._read_journals()

        async def caught_up() -> bool:
            return all(reader.after.get(one, 0) >= head for one, head in heads.items() for reader in self._readers(one))

        with contextlib.suppress(TimeoutError):  # the judge says who is behind
            await eventually(caught_up, CAUGHT_UP_S)
        self.chronicle.records += [Finished(reader.name, one) for one in heads for reader in self._readers(one)]
        return self.chronicle.faults()

    def _readers(self, conversation: str) -> list[Talker]:
        return [self.agent, *(talker for talker, own in self.talkers if own == conversation)]

    async def _read_journals(self) -> dict[str, int]:
        """By a reader who has seen nothing before. Returns the last seq of each conversation."""
        c, heads = self.server.credentials, {}
        session = await stream.agent_session(self._http, self.server.url, c["agent"]["email"], c["agent"]["password"])
        async with await Connection.open(self._http, self.server.url, stream.AGENT, session["token"]) as reader:
            await reader.take("welcome")
            for _, conversation in self.talkers:
                await reader.send(type="history", id="head", conversation=conversation, limit=1)
                heads[conversation] = (await reader.take("page", id="head"))["events"][-1]["seq"]
                await reader.subscribe(conversation)
                for seq, event in enumerate(await reader.events(conversation, 1, heads[conversation]), 1):
                    self.chronicle.stored(conversation, seq, text_of(event))
        return heads
