"""One closed loop for all systems: what it does for a message is the same whoever answers, and it says how much that cost.

A message is in flight until it was acked *and* shown to the agent: a system that acks quickly and delivers slowly would gather a
backlog otherwise, and its rate would be one that it cannot keep up. A run begins with a warm-up that does not count, so that pools are
open and compilers have done their work. What is acked or delivered within the time counts; the run ends when the last message has
landed, or `LOST_S` later.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import statistics
import time
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiohttp

from benchmarks.peers.system import Agent, Service, Shape, Visitor

WORDS = "bonjour " * 12
AGENTS = 4
WARM_S = 2.0
LOST_S = 20.0
#: What a message waits for.
_ACK, _AGENT = 1, 2


@dataclass(frozen=True, slots=True)
class Figures:
    """Rates of a second, times in milliseconds. `lost` are acked messages that no agent was shown, `doubled` those shown twice,
    `reordered` those shown after a later one of the same visitor. `driver_us` is the load generator's own time for a message."""

    acked_per_s: float
    delivered_per_s: float
    ack_p50_ms: float
    ack_p99_ms: float
    delivery_p50_ms: float
    delivery_p99_ms: float
    lost: int
    doubled: int
    reordered: int
    driver_us: float


class Talk:
    """What one visitor has said: when, and what each message waits for, by number."""

    __slots__ = ("label", "newest", "sent", "visitor", "waits")

    def __init__(self, label: str, visitor: Visitor) -> None:
        self.label, self.visitor = label, visitor
        self.sent, self.waits = array("d"), bytearray()
        self.newest = -1


class Samples:
    """What the clients see between `begin` and `end`, by the clock given; the `Witness` of all clients of a run.

    Messages are named `<visitor>-<number>`, and their texts begin with the name. Whoever has landed one says the next, until the time
    is over; `over` is done when the last has landed.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.begin = self.end = math.inf
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.clock = clock
        self._talks: dict[str, Talk] = {}
        self._flying = self._doubled = self._reordered = 0
        self._acks, self._deliveries = array("d"), array("d")

    def start(self, visitors: dict[str, Visitor], in_flight: int, begin: float, end: float) -> None:
        """Let each visitor, whose name is the key, say its first messages."""
        self.begin, self.end = begin, end
        self._talks = {label: Talk(label, visitor) for label, visitor in visitors.items()}
        for talk in self._talks.values():
            for _ in range(in_flight):
                self._say(talk, self.clock())

    def _say(self, talk: Talk, now: float) -> None:
        name = f"{talk.label}-{len(talk.sent)}"
        talk.sent.append(now)
        talk.waits.append(_ACK | _AGENT)
        self._flying += 1
        talk.visitor.send(name, f"{name} {WORDS}")

    def acked(self, name: str) -> None:
        label, _, number = name.rpartition("-")
        self._seen(self._talks[label], int(number), _ACK, self._acks)

    def delivered(self, text: str) -> None:
        """What this run did not send is passed over."""
        label, _, number = text.partition(" ")[0].rpartition("-")
        talk = self._talks.get(label)
        if talk is None:
            return
        place = int(number)
        if not talk.waits[place] & _AGENT:
            self._doubled += 1
            return
        if place < talk.newest:
            self._reordered += 1
        else:
            talk.newest = place
        self._seen(talk, place, _AGENT, self._deliveries)

    def failed(self, failure: Exception) -> None:
        if not self.over.done():
            self.over.set_exception(failure)

    def _seen(self, talk: Talk, number: int, what: int, ages: array[float]) -> None:
        now, waited = self.clock(), talk.waits[number]
        if self.begin <= now < self.end:
            ages.append(now - talk.sent[number])
        left = talk.waits[number] = waited & ~what
        if waited and not left:
            self._flying -= 1
            if now < self.end:
                self._say(talk, now)
            elif not self._flying and not self.over.done():
                self.over.set_result(None)

    def figures(self, processor_s: float) -> Figures:
        took, talks = self.end - self.begin, self._talks.values()
        return Figures(
            round(len(self._acks) / took, 1),
            round(len(self._deliveries) / took, 1),
            *quantiles_ms(self._acks),
            *quantiles_ms(self._deliveries),
            lost=sum(talk.waits.count(_AGENT) for talk in talks),
            doubled=self._doubled,
            reordered=self._reordered,
            driver_us=round(processor_s / max(1, sum(len(talk.sent) for talk in talks)) * 1e6, 1),
        )


def quantiles_ms(seconds: Sequence[float]) -> tuple[float, float]:
    """The 50th and the 99th of a hundred."""
    if len(seconds) < 2:
        raise ValueError(f"{len(seconds)} samples are no measurement: give it more seconds")
    parts = statistics.quantiles(seconds, n=100, method="inclusive")
    return round(parts[49] * 1000, 2), round(parts[98] * 1000, 2)


async def meet(agent: Agent, numbers: range) -> list[Visitor]:
    return [await agent.meet(number) for number in numbers]


async def measure(service: Service, shape: Shape, seconds: float, label: str) -> Figures:
    """One run. `label` begins the names of its messages, and differs from that of every other run against the same service."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=120)) as http:
        samples = Samples()
        agents = [await service.agent(http, number, samples) for number in range(min(AGENTS, shape.visitors))]
        groups = await asyncio.gather(*(meet(one, range(n, shape.visitors, len(agents))) for n, one in enumerate(agents)))
        visitors = {f"{label}.{n}": visitor for n, visitor in enumerate(visitor for group in groups for visitor in group)}
        try:
            return await loop(visitors, shape.in_flight, samples, WARM_S, seconds, WARM_S + seconds + LOST_S)
        finally:
            for agent in agents:
                agent.close()
            for visitor in visitors.values():
                visitor.close()


async def loop(visitors: dict[str, Visitor], in_flight: int, samples: Samples, warm_s: float, seconds: float, patience_s: float) -> Figures:
    """Let the visitors talk until it is over. A session that fails ends it all."""
    used, begin = time.process_time(), samples.clock() + warm_s
    samples.start(visitors, in_flight, begin, begin + seconds)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            await samples.over
    return samples.figures(time.process_time() - used)
