"""Visitors who talk and an agent who answers, whatever happens to the server meanwhile; at the end their history is judged."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import aiohttp

from tests import stream_client as stream
from tests.chaos.chronicle import Chronicle, Watch
from tests.history import Finished
from tests.people import eventually
from tests.serving import Serving
from tests.stream_client import Connection, Talker, new_id, text_of

WINDOW = 4
BACK_S = 30.0
CAUGHT_UP_S = 45.0
LAST_WORDS_S = 120.0


class Load:
    """`async with Load(server) as load`: they talk inside the block, and `load.judged()` ends it."""

    def __init__(
        self,
        server: Serving,
        visitors: int = 6,
        *,
        seed: int = 1,
        words: int = 12,
        pause_s: float = 0.02,
        doors: Sequence[str] = (),
    ) -> None:
        """`doors` are addresses by which the visitors come, in turn: the server's own unless given."""
        self.server, self.chronicle, self.random = server, Chronicle(), random.Random(seed)
        self._count, self._words, self._pause_s = visitors, words, pause_s
        self._doors = list(doors) or [server.url]
        self.talkers: list[tuple[Talker, str]] = []
        self.clients: list[Talker] = []
        """All that are to be closed at the end: talkers, and those who only read."""
        self._over = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self.name = new_id("load").replace("-", "")
        try:
            await self._enter()
        except BaseException:
            await self._leave()
            raise
        return self

    async def _enter(self) -> None:
        c, url = self.server.credentials, self.server.url
        who = c["agent"]["email"], c["agent"]["password"]
        self.agent = self._joined(await stream.agent(self.http, url, *who, f"{self.name}agent", self.chronicle))
        for n in range(self._count):
            door, name = self._doors[n % len(self._doors)], f"{self.name}visitor{n}"
            await self.joins(await stream.visitor(self.http, door, c["web_integration_id"], name, self.chronicle))

    def _joined(self, client: Talker) -> Talker:
        self.clients.append(client)
        return client

    async def joins(self, talker: Talker) -> str:
        """One more visitor, who talks from now on. Returns the conversation."""
        self._joined(talker)
        conversation = (await talker.say("hello", None))["conversation"]
        await talker.follow(conversation)
        await self.agent.follow(conversation)
        self.talkers.append((talker, conversation))
        self._goes(self._talk(talker, conversation, self.agent))
        return str(conversation)

    def _goes(self, work: Awaitable[None]) -> None:
        self._loops.append(asyncio.ensure_future(work))

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._leave()
        if kind is not None:
            print(self.server.tail())

    async def _leave(self) -> None:
        for task in self._loops:
            task.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        for client in self.clients:
            await client.close()
        await self.http.close()

    async def _talk(self, talker: Talker, conversation: str, other: Talker) -> None:
        """Up to `WINDOW` messages unacked; the other one answers every fifth."""
        free, posts, n = asyncio.Semaphore(WINDOW), set[asyncio.Task[None]](), 0

        async def say(who: Talker) -> None:
            with contextlib.suppress(TimeoutError):  # the chronicle has it
                await who.say("salut " * self._words, conversation)
            free.release()

        while not self._over.is_set():
            await free.acquire()
            n += 1
            post = asyncio.create_task(say(other if n % 5 == 0 else talker))
            posts.add(post)
            post.add_done_callback(posts.discard)
            await self._pause()
        await asyncio.gather(*posts)

    async def _pause(self, times: float = 1.0) -> None:
        await asyncio.sleep(self.random.random() * 2 * self._pause_s * times)

    # -- how it goes on

    async def goes_on(self, acks: int = 60, timeout_s: float = BACK_S) -> float:
        """Wait for so many more acks. Returns after how many seconds the last of them came."""
        wanted, begun = self.chronicle.acks + acks, asyncio.get_running_loop().time()

        async def reached() -> bool:
            return self.chronicle.acks >= wanted

        await eventually(reached, timeout_s, 0.02)
        return asyncio.get_running_loop().time() - begun

    def watch(self) -> Watch:
        """Begin to wait for the next ack in each conversation."""
        return self.chronicle.watch(self.conversations())

    def conversations(self) -> list[str]:
        return [conversation for _, conversation in self.talkers]

    # -- the end

    async def judged(self) -> list[str]:
        """Let everyone finish and catch up, read every journal from its start, and say what was wrong."""
        self._over.set()
        done, late = await asyncio.wait(self._loops, timeout=LAST_WORDS_S)
        for task in done:
            await task
        if late:
            self.chronicle.broken(f"unanswered: {len(late)} senders were not done {LAST_WORDS_S} s after the end")
        heads = await self._read_journals()

        async def caught_up() -> bool:
            return all(reader.after.get(one, 0) >= head for one, head in heads.items() for reader in self._readers(one))

        with contextlib.suppress(TimeoutError):  # the judge says who is behind
            await eventually(caught_up, CAUGHT_UP_S)
        self.chronicle.records += [Finished(reader.name, one) for one in heads for reader in self._readers(one)]
        self.chronicle.counts["reconnects"] += sum(client.connects - 1 for client in self.clients)
        return await asyncio.to_thread(self.chronicle.faults)

    def _readers(self, conversation: str) -> list[Talker]:
        return [client for client in self.clients if conversation in client.after]

    async def _read_journals(self) -> dict[str, int]:
        """By a reader who has seen nothing before. Returns the last seq of each conversation."""
        c = self.server.credentials
        session = await stream.agent_session(self.http, self.server.url, c["agent"]["email"], c["agent"]["password"])
        return await self._read(session["token"], self.conversations())

    async def _read(self, token: str, conversations: list[str]) -> dict[str, int]:
        heads = {}
        async with await Connection.open(self.http, self.server.url, stream.AGENT, token) as reader:
            await reader.take("welcome")
            for conversation in conversations:
                await reader.send(type="history", id="head", conversation=conversation, limit=1)
                heads[conversation] = (await reader.take("page", id="head"))["events"][-1]["seq"]
                await reader.subscribe(conversation)
                for seq, event in enumerate(await reader.events(conversation, 1, heads[conversation]), 1):
                    at_ms = round(datetime.fromisoformat(event["createdAt"]).timestamp() * 1000)
                    self.chronicle.stored(conversation, seq, text_of(event), event["id"], at_ms)
        return heads
