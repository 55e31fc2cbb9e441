"""Visitors and agents of a benchmark: their sessions, their sockets, and how long their messages took.

A message carries the moment at which it was due in its id and in its text, so that its ack and its event tell its age by
themselves, in whichever process they arrive.
"""

from __future__ import annotations

import asyncio
import time
from array import array
from collections.abc import Callable, Sequence
from typing import Any, Self

import aiohttp
import msgspec

from benchmarks.server import Running
from benchmarks.wire import SETUP_S, Wire

WORDS = b"bonjour " * 12
AT_ONCE = 16

_ACK, _EVENT, _REFUSED, _BYE = b'{"type":"ack","id":"', b'{"type":"event"', b'{"type":"refused"', b'{"type":"bye"'
_SAYS = b'"text":"'
#: A time is written without digits: a long run of them looks like a card number, and would be masked.
_TO_LETTERS, _TO_DIGITS = bytes.maketrans(b"0123456789", b"ghijklmnop"), bytes.maketrans(b"ghijklmnop", b"0123456789")


def now_us() -> int:
    return time.perf_counter_ns() // 1000


class Samples:
    """Ages of messages in microseconds, at their acks and at their arrivals at an agent."""

    def __init__(self) -> None:
        self.acked, self.delivered = array("q"), array("q")
        self.sent = 0
        self.failure: Exception | None = None
        self._changed = asyncio.Event()

    def fail(self, failure: Exception) -> None:
        """A message was refused, or a socket lost: there is nothing to measure any more."""
        self.failure = self.failure or failure
        self._changed.set()

    def ack(self, age_us: int) -> None:
        self.acked.append(age_us)
        self._changed.set()

    def deliver(self, age_us: int) -> None:
        self.delivered.append(age_us)
        self._changed.set()

    async def complete(self, *, delivered: bool = True, timeout_s: float = 30.0) -> None:
        """Wait until everything that was sent is acked, and delivered if anybody follows. Raises what made it impossible."""
        async with asyncio.timeout(timeout_s):
            while self.failure is None and (len(self.acked) < self.sent or (delivered and len(self.delivered) < self.sent)):
                self._changed.clear()
                await self._changed.wait()
        if self.failure is not None:
            raise self.failure


def message(number: int, count: int, due_us: int, where: bytes = b"") -> bytes:
    """A text message of about 100 characters, to the default conversation unless `where` names another."""
    identifier = b"m%d-%d-%b" % (number, count, (b"%x" % due_us).translate(_TO_LETTERS))
    return b'{"type":"message",%b"id":"%b","content":{"type":"text","text":"%b %b"}}' % (where, identifier, identifier, WORDS)


def age_us(identifier: bytes) -> int:
    """How long ago a message was due, by its id."""
    return now_us() - int(identifier.rpartition(b"-")[2].translate(_TO_DIGITS), 16)


class Refused(Exception):
    """The server did not take a message."""


class Visitor:
    """A customer's socket. `again` is called for each ack of a measured message."""

    def __init__(self, wire: Wire, number: int, samples: Samples) -> None:
        self.number, self.conversation = number, ""
        self.again: Callable[[], None] = _nothing
        self._wire, self._samples, self._said = wire, samples, 0

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, server: Running, number: int, samples: Samples) -> Self:
        """A new visitor with a conversation, which a first message has brought into being."""
        session = await _session(http, server.url, "messaging", {"integrationId": server.credentials["web_integration_id"]})
        visitor = cls(await Wire.connect(server.url, "/messaging/v1/stream"), number, samples)
        await _hello(visitor._wire, session)
        visitor.conversation = await _first(visitor._wire)
        visitor._wire.took, visitor._wire.lost = visitor._took, samples.fail
        return visitor

    def say(self, *due_us: int) -> None:
        """A message for each of these moments, in one write."""
        first, self._said = self._said, self._said + len(due_us)
        self._samples.sent += len(due_us)
        self._wire.send(*(message(self.number, count, due) for count, due in enumerate(due_us, first)))

    def _took(self, payload: bytes) -> None:
        for line in payload.split(b"\n"):
            if line.startswith(_ACK):
                self._samples.ack(age_us(line[len(_ACK) : line.index(b'"', len(_ACK))]))
                self.again()
            elif line.startswith((_REFUSED, _BYE)):
                self._samples.fail(Refused(line))

    def close(self) -> None:
        self._wire.close()


class Agent:
    """An agent's socket, subscribed to conversations."""

    def __init__(self, wire: Wire, samples: Samples) -> None:
        self._wire, self._samples, self._said = wire, samples, 0

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, server: Running, samples: Samples) -> Self:
        """An agent who follows nothing yet."""
        session = await _session(http, server.url, "agent", server.credentials["agent"])
        agent = cls(await Wire.connect(server.url, "/agent/v1/stream"), samples)
        await _hello(agent._wire, session)
        agent._wire.took, agent._wire.lost = agent._took, samples.fail
        return agent

    async def follow(self, conversations: Sequence[str]) -> None:
        """Subscribe to conversations, and wait until all are followed."""
        waiting = set(conversations)

        def followed(payload: bytes) -> bool:
            for line in payload.split(b"\n"):
                frame = msgspec.json.decode(line)
                if frame["type"] == "subscribed":
                    waiting.discard(frame["topic"].partition(":")[2])
            return not waiting

        self._wire.send(*(b'{"type":"subscribe","topic":"conversation:%b","after":0}' % one.encode() for one in conversations))
        await self._wire.until(followed)

    def say(self, conversations: Sequence[str], *, internal: bool = False) -> None:
        """A message to each of these conversations, or a note in it, all in one write."""
        due_us, self._said = now_us(), self._said + len(conversations)
        self._samples.sent += len(conversations)
        numbered, where = enumerate(conversations, self._said), b'"internal":%b,"conversation":"%%b",' % (b"false", b"true")[internal]
        self.send(*(message(0, count, due_us, where % one.encode()) for count, one in numbered))

    def send(self, *payloads: bytes) -> None:
        """Other frames, all in one write."""
        self._wire.send(*payloads)

    def _took(self, payload: bytes) -> None:
        for line in payload.split(b"\n"):
            if line.startswith(_EVENT):
                begin = line.find(_SAYS) + len(_SAYS)
                identifier = line[begin : line.find(b" ", begin)]
                if identifier.startswith(b"m"):
                    self._samples.deliver(age_us(identifier))
            elif line.startswith(_ACK):
                self._samples.ack(age_us(line[len(_ACK) : line.index(b'"', len(_ACK))]))
            elif line.startswith((_REFUSED, _BYE)):
                self._samples.fail(Refused(line))

    def close(self) -> None:
        self._wire.close()


class Crowd:
    """All clients of a measurement: visitors, each with a conversation that one of the agents follows."""

    def __init__(self, visitors: list[Visitor], agents: list[Agent], samples: Samples) -> None:
        self.visitors, self._agents, self.samples = visitors, agents, samples

    @classmethod
    async def gather(cls, server: Running, visitors: int, agents: int = 4) -> Self:
        samples, gate = Samples(), asyncio.Semaphore(AT_ONCE)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as http:

            async def visitor(number: int) -> Visitor:
                async with gate:
                    return await Visitor.open(http, server, number, samples)

            people = await asyncio.gather(*(visitor(number) for number in range(visitors)))
            staff = [await Agent.open(http, server, samples) for _ in range(min(agents, visitors))]
        for number, agent in enumerate(staff):
            await agent.follow([one.conversation for one in people[number :: len(staff)]])
        return cls(people, staff, samples)

    def close(self) -> None:
        for visitor in self.visitors:
            visitor.close()
        for agent in self._agents:
            agent.close()


async def _session(http: aiohttp.ClientSession, url: str, side: str, body: dict[str, Any]) -> str:
    async with http.post(f"{url}/{side}/v1/sessions", json=body) as answer:
        answer.raise_for_status()
        return str((await answer.json())["token"])


async def _first(wire: Wire) -> str:
    """Bring the default conversation into being. A host of its own may need a while for it: then it is asked again."""
    until = time.monotonic() + SETUP_S
    while True:
        wire.send(b'{"type":"message","id":"first","content":{"type":"text","text":"first"}}')
        try:
            return str((await _answer(wire, "ack"))["conversation"])
        except Refused as error:
            retry_s = msgspec.json.decode(error.args[0]).get("retry_after")
            if retry_s is None or time.monotonic() > until:
                raise
            await asyncio.sleep(retry_s)


async def _hello(wire: Wire, token: str) -> None:
    wire.send(msgspec.json.encode({"type": "hello", "token": token}))
    await _answer(wire, "welcome")


async def _answer(wire: Wire, kind: str) -> dict[str, Any]:
    """The next frame of a kind. Raises `Refused`."""
    found: list[dict[str, Any]] = []

    def wanted(payload: bytes) -> bool:
        for line in payload.split(b"\n"):
            frame = msgspec.json.decode(line)
            if frame["type"] in ("refused", "bye"):
                raise Refused(line)
            if frame["type"] == kind:
                found.append(frame)
        return bool(found)

    await wire.until(wanted)
    return found[0]


def _nothing() -> None:
    """Nobody counts."""
