"""Clients of the stream, as the protocol asks them to be: pipelining, sending again in order what was not acked, resuming by seq.

The socket in front of them is the gateway's own; the WebSocket between is made up.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

from aiohttp import WSMsgType

from domain.conversation import events as ev
from domain.directory import App, User
from domain.errors import Unavailable
from gateway.identity import Identity
from gateway.stream.inbox import Inbox
from gateway.stream.socket import StreamSocket
from tests.boards import BoardsTwin
from tests.history import Acked, Finished, Said, Saw, Subscribed
from tests.simulation.world import Gateway, World

APP = App("app", "App")
OUTBOX_BYTES = 20_000
PATIENCE_S = 20.0


def visitor(n: int) -> Identity:
    user = User("app", f"{n:024x}", f"{n + 4096:024x}")
    return Identity("visitor", APP, f"user:{user.id}", ev.Author("user", user_id=user.id), ev.Source("web"), b"", 0, user=user)


def agent(n: int) -> Identity:
    return Identity("agent", APP, f"agent:{n}", ev.Author("business", ("agent",), agent_id=str(n)), ev.Source("agent"), b"", 0)


class Session:
    """One WebSocket, from hello to its end: a `StreamSocket` of a gateway, with wires that take their time."""

    def __init__(self, client: Client, gateway: Gateway) -> None:
        self.client, self.gateway, self.world = client, gateway, client.world
        self.up: asyncio.Queue[str | None] = asyncio.Queue()
        self.over = asyncio.Event()
        self.reader = f"{client.who.sender}#{client.sessions}"
        router = gateway.router
        self.socket = StreamSocket(self, client.who, router, BoardsTwin(), Inbox(router), _Limits(client), self._close)  # type: ignore[arg-type]
        self.socket.outbox.max_bytes, self.socket.outbox.room_bytes = OUTBOX_BYTES, OUTBOX_BYTES // 4
        self._tasks = [asyncio.create_task(self.socket.read()), asyncio.create_task(self.socket.outbox.run())]
        gateway.sessions[self] = None

    def say(self, **frame: Any) -> None:
        self.up.put_nowait(json.dumps(frame))

    async def __aiter__(self) -> AsyncIterator[Any]:
        while True:
            data = await self.up.get()
            await asyncio.sleep(self.client.rng.choice([0, 0, 0.001, 0.02]))
            yield SimpleNamespace(type=WSMsgType.TEXT, data=data)

    async def send_frame(self, data: bytes, kind: Any) -> None:
        slow = self.client.rng.random() < self.world.odds.slow_reader
        await asyncio.sleep(self.client.rng.uniform(1, 5) if slow else self.client.rng.choice([0, 0.001, 0.02]))
        for line in data.split(b"\n"):
            if not self.over.is_set():
                self.client.told(self, json.loads(line))

    def _close(self, code: str, reason: str) -> None:
        self.world.closed[code] += 1
        self.world.loop.call_soon(self.cut)

    def cut(self) -> None:
        """The socket breaks: what is under way is lost, both ways."""
        if self.over.is_set():
            return
        self.over.set()
        self.gateway.sessions.pop(self, None)
        self.socket.ended()
        for task in self._tasks:
            task.cancel()


class _Limits:
    """Refuses for a while, at random."""

    visitors = keys = None

    def __init__(self, client: Client) -> None:
        self._client = client

    def check(self, *_: object) -> None:
        if self._client.rng.random() < self._client.world.odds.limited:
            raise Unavailable("rate_limited", "slowly", 0.2)


class Client:
    """A person or a program that talks in some conversations and reads them."""

    def __init__(self, world: World, who: Identity, conversations: list[str]) -> None:
        self.world, self.who, self.conversations = world, who, conversations
        self.rng = world.source(who.sender)
        self.sessions = 0
        self.session: Session | None = None
        self.unacked: dict[str, list[str]] = defaultdict(list)
        self.again_at: dict[str, float] = {}
        self.subscribe_at: dict[str, float] = {}
        self.cursor: dict[str, int] = defaultdict(int)
        self.heads: dict[str, int] = defaultdict(int)
        self.count = 0
        self.heard_s = 0.0
        self.talking = True

    @property
    def sender(self) -> str:
        return self.who.sender

    async def run(self) -> None:
        while True:
            self._connect()
            assert self.session is not None
            session = self.session
            while not session.over.is_set():
                await asyncio.sleep(self.rng.choice([0.01, 0.05, 0.3]))
                self._act(session)
            await asyncio.sleep(self.rng.uniform(0, 0.5))

    def _connect(self) -> None:
        self.sessions += 1
        self.session = Session(self, self.rng.choice(self.world.gateways))
        self.heard_s = self.world.loop.time()
        for conversation in self.conversations:
            self.again_at[conversation] = self.subscribe_at[conversation] = 0.0

    def _act(self, session: Session) -> None:
        now = self.world.loop.time()
        if any(self.unacked.values()) and now - self.heard_s > PATIENCE_S:
            session.cut()
            return
        for conversation in self.conversations:
            if self.subscribe_at.get(conversation, now + 1) <= now:
                del self.subscribe_at[conversation]
                self._subscribe(session, conversation)
            if conversation in self.again_at:
                if self.again_at[conversation] <= now:
                    del self.again_at[conversation]
                    for identifier in self.unacked[conversation]:
                        self._send(session, conversation, identifier)
            elif self.talking and self._exists(conversation) and self.rng.random() < 0.3:
                self._talk(session, conversation)
        if self.rng.random() < 0.002 * self.talking:
            session.cut()

    def _exists(self, conversation: str) -> bool:
        """Visitors bring their own conversation into being. A refusal because it is not there yet would be final."""
        return self.who.user is not None or self.cursor[conversation] > 0

    def _talk(self, session: Session, conversation: str) -> None:
        for _ in range(self.rng.choice([1, 1, 2, 8])):
            self.count += 1
            identifier = f"m{self.count}"
            self.world.history.append(Said(conversation, self.sender, identifier))
            self.unacked[conversation].append(identifier)
            self._send(session, conversation, identifier)

    def _send(self, session: Session, conversation: str, identifier: str) -> None:
        named = {} if self.who.user and conversation == self.who.user.default_conversation_id else {"conversation": conversation}
        session.say(type="message", id=identifier, content={"type": "text", "text": f"{self.sender} {identifier} {'x' * 50}"}, **named)

    def _subscribe(self, session: Session, conversation: str) -> None:
        self.world.history.append(Subscribed(session.reader, conversation, self.cursor[conversation]))
        session.say(type="subscribe", topic=f"conversation:{conversation}", after=self.cursor[conversation])

    # -- what it is told

    def told(self, session: Session, frame: dict[str, Any]) -> None:
        self.heard_s = self.world.loop.time()
        match frame:
            case {"type": "ack", "id": str(identifier), "conversation": str(conversation), "seq": int(seq)}:
                self.world.history.append(Acked(conversation, self.sender, identifier, seq))
                self._settled(conversation, identifier)
            case {"type": "refused", "topic": str(topic)}:
                self.subscribe_at[topic.partition(":")[2]] = self.heard_s + 0.5
            case {"type": "refused", "id": str(identifier), "retry_after": float(pause_s) | int(pause_s)}:
                for conversation in self.conversations:
                    if identifier in self.unacked[conversation]:
                        self.again_at[conversation] = max(self.again_at.get(conversation, 0.0), self.heard_s + pause_s)
            case {"type": "refused"}:
                raise AssertionError(f"finally refused: {frame}")
            case {"type": "event", "seq": int(seq), "conversation": str(conversation), "event": event}:
                self.cursor[conversation] = seq
                self.world.history.append(Saw(session.reader, conversation, seq, said(event)))

    def _settled(self, conversation: str, identifier: str) -> None:
        if identifier in self.unacked[conversation]:
            self.unacked[conversation].remove(identifier)

    def behind(self) -> bool:
        """Whether there is something that it has not seen, or has not been answered."""
        late = any(self.cursor[name] < self.world_head(name) for name in self.conversations)
        return late or any(self.unacked.values())

    def world_head(self, conversation: str) -> int:
        return max((len(one.events) for one in self.world.journal._actors.values() if one.actor.id == conversation), default=0)

    def finish(self) -> None:
        assert self.session is not None
        self.world.history.extend(Finished(self.session.reader, name) for name in self.conversations if self.world_head(name))


def said(event: dict[str, Any] | None) -> tuple[str, str] | None:
    """(sender, id) of a message event."""
    if event is None or event["type"] != "conversation:message":
        return None
    sender, identifier, _ = event["payload"]["message"]["content"]["text"].split(" ")
    return sender, identifier
