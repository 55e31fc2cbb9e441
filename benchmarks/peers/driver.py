"""One closed loop for all systems: what it does for a message is the same whoever answers, and it says how much that cost.

A message is in flight until it was acked *and* shown to the agent: a system that acks quickly and delivers slowly would gather a
backlog otherwise, and its rate would be one that it cannot keep up. A run begins with a warm-up that does not count, so that pools are
open and compilers have done their work. What is acked or delivered within the time counts; the run ends when the last message has
landed, or `LOST_S` later.
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

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


class Samples:
    """What the clients saw between `begin` and `end`, by the clock given. Messages are named `<visitor>-<number>`."""

    def __init__(self, begin: float, end: float, clock: Callable[[], float] = time.perf_counter) -> None:
        self.begin, self.end, self._clock = begin, end, clock
        self._sent: dict[str, float] = {}
        self._waiting: dict[str, int] = {}
        self._permits: dict[str, asyncio.Semaphore] = {}
        self._acks: list[float] = []
        self._deliveries: list[float] = []
        self._newest: dict[str, int] = defaultdict(lambda: -1)
        self._doubled = self._reordered = 0

    @property
    def over(self) -> bool:
        return self._clock() >= self.end

    def permits(self, visitor: str, in_flight: int) -> asyncio.Semaphore:
        """A message takes one and gives it back when it has landed."""
        return self._permits.setdefault(visitor, asyncio.Semaphore(in_flight))

    def sent(self, name: str) -> None:
        self._waiting[name] = _ACK | _AGENT
        self._sent[name] = self._clock()

    def acked(self, names: Sequence[str]) -> None:
        now = self._clock()
        for name in names:
            self._no_longer_waits(name, _ACK)
            if self.begin <= now < self.end:
                self._acks.append(now - self._sent[name])

    def delivered(self, texts: Sequence[str]) -> None:
        """A text begins with the message's name; what this run did not send is passed over."""
        now = self._clock()
        for text in texts:
            name = text.partition(" ")[0]
            if name not in self._sent:
                continue
            if not self._no_longer_waits(name, _AGENT):
                self._doubled += 1
                continue
            self._look_at_order(name)
            if self.begin <= now < self.end:
                self._deliveries.append(now - self._sent[name])

    def _no_longer_waits(self, name: str, what: int) -> bool:
        """Whether it waited for that until now."""
        waited = self._waiting.get(name, 0)
        left = waited & ~what
        if left:
            self._waiting[name] = left
        elif waited:
            del self._waiting[name]
            self._permits[name.rpartition("-")[0]].release()
        return left != waited

    def _look_at_order(self, name: str) -> None:
        visitor, _, number = name.rpartition("-")
        if int(number) < self._newest[visitor]:
            self._reordered += 1
        else:
            self._newest[visitor] = int(number)

    def figures(self, processor_s: float) -> Figures:
        took = self.end - self.begin
        return Figures(
            round(len(self._acks) / took, 1),
            round(len(self._deliveries) / took, 1),
            *quantiles_ms(self._acks),
            *quantiles_ms(self._deliveries),
            lost=sum(left == _AGENT for left in self._waiting.values()),
            doubled=self._doubled,
            reordered=self._reordered,
            driver_us=round(processor_s / max(1, len(self._sent)) * 1e6, 1),
        )


def quantiles_ms(seconds: Sequence[float]) -> tuple[float, float]:
    """The 50th and the 99th of a hundred."""
    if len(seconds) < 2:
        raise ValueError(f"{len(seconds)} samples are no measurement: give it more seconds")
    parts = statistics.quantiles(seconds, n=100, method="inclusive")
    return round(parts[49] * 1000, 2), round(parts[98] * 1000, 2)


async def talk(visitor: Visitor, label: str, in_flight: int, samples: Samples) -> None:
    """Keep messages in flight until the time is over, then wait until all have landed."""
    permits, count = samples.permits(label, in_flight), 0
    await permits.acquire()
    while not samples.over:
        name = f"{label}-{count}"
        samples.sent(name)
        await visitor.send(name, f"{name} {WORDS}")
        count += 1
        await permits.acquire()
    for _ in range(in_flight - 1):
        await permits.acquire()


async def hear(visitor: Visitor, samples: Samples) -> None:
    while True:
        samples.acked(await visitor.acked())


async def listen(agent: Agent, samples: Samples) -> None:
    while True:
        samples.delivered(await agent.received())


async def meet(agent: Agent, numbers: range) -> list[Visitor]:
    return [await agent.meet(number) for number in numbers]


async def measure(service: Service, shape: Shape, seconds: float, label: str) -> Figures:
    """One run. `label` begins the names of its messages, and differs from that of every other run against the same service."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=120)) as http:
        agents = [await service.agent(http, number) for number in range(min(AGENTS, shape.visitors))]
        groups = await asyncio.gather(*(meet(one, range(n, shape.visitors, len(agents))) for n, one in enumerate(agents)))
        visitors = {f"{label}.{n}": visitor for n, visitor in enumerate(visitor for group in groups for visitor in group)}
        begin = time.perf_counter() + WARM_S
        return await loop(agents, visitors, shape.in_flight, Samples(begin, begin + seconds), WARM_S + seconds + LOST_S)


async def loop(agents: Sequence[Agent], visitors: dict[str, Visitor], in_flight: int, samples: Samples, patience_s: float) -> Figures:
    """Let the visitors talk and the agents listen until it is over. A session that fails ends it all."""
    used = time.process_time()
    readers = [asyncio.create_task(listen(agent, samples)) for agent in agents]
    readers += [asyncio.create_task(hear(visitor, samples)) for visitor in visitors.values()]
    talks = asyncio.gather(*(talk(visitor, label, in_flight, samples) for label, visitor in visitors.items()))
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await first_of(talks, *readers)
    finally:
        talks.cancel()
        for reader in readers:
            reader.cancel()
        await asyncio.gather(talks, *readers, return_exceptions=True)
    return samples.figures(time.process_time() - used)


async def first_of(*tasks: asyncio.Future[Any]) -> None:
    """Wait for the one that ends first, and raise what it raised."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
