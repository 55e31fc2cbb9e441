"""One closed loop for all systems: what it does for a message is the same whoever answers, and it says how much that cost.

A run begins with a warm-up that does not count, so that pools are open and compilers have done their work. What is acked or delivered
within the time counts, what comes after it does not; but the run ends only when all that was acked was delivered, or `LOST_S` is over.
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


@dataclass(frozen=True, slots=True)
class Figures:
    """Rates of a second, times in milliseconds. `late` are acked messages that no agent was shown, `reordered` those shown after
    a later one of the same visitor, `driver_us` the processor time of the load generator for one message."""

    acked_per_s: float
    delivered_per_s: float
    ack_p50_ms: float
    ack_p99_ms: float
    delivery_p50_ms: float
    delivery_p99_ms: float
    late: int
    reordered: int
    driver_us: float


class Samples:
    """What the clients saw between `begin` and `end`, by the clock given."""

    def __init__(self, begin: float, end: float, clock: Callable[[], float] = time.perf_counter) -> None:
        self.begin, self.end, self._clock = begin, end, clock
        self._sent: dict[str, float] = {}
        self._acks: list[float] = []
        self._deliveries: list[float] = []
        self._acked, self._seen = 0, 0
        self._last: dict[str, int] = defaultdict(lambda: -1)
        self._reordered = 0
        self._news = asyncio.Event()

    @property
    def over(self) -> bool:
        return self._clock() >= self.end

    def sent(self, name: str) -> None:
        self._sent[name] = self._clock()

    def acked(self, names: Sequence[str]) -> None:
        now = self._clock()
        self._acked += len(names)
        if self.begin <= now < self.end:
            self._acks += [now - self._sent[name] for name in names]

    def delivered(self, texts: Sequence[str]) -> None:
        """A text begins with the message's name; what this run did not send is passed over."""
        now = self._clock()
        counts = self.begin <= now < self.end
        for text in texts:
            name = text.partition(" ")[0]
            sent = self._sent.get(name)
            if sent is not None:
                self._seen += 1
                self._look_at_order(name)
                if counts:
                    self._deliveries.append(now - sent)
        self._news.set()

    def _look_at_order(self, name: str) -> None:
        visitor, _, count = name.rpartition("-")
        if int(count) < self._last[visitor]:
            self._reordered += 1
        else:
            self._last[visitor] = int(count)

    async def all_delivered(self) -> None:
        while self._seen < self._acked:
            self._news.clear()
            await self._news.wait()

    def figures(self, processor_s: float) -> Figures:
        took = self.end - self.begin
        return Figures(
            round(len(self._acks) / took, 1),
            round(len(self._deliveries) / took, 1),
            *quantiles_ms(self._acks),
            *quantiles_ms(self._deliveries),
            late=self._acked - self._seen,
            reordered=self._reordered,
            driver_us=round(processor_s / max(1, self._acked) * 1e6, 1),
        )


def quantiles_ms(seconds: Sequence[float]) -> tuple[float, float]:
    """The 50th and the 99th of a hundred."""
    if len(seconds) < 2:
        raise ValueError(f"{len(seconds)} samples are no measurement: give it more seconds")
    parts = statistics.quantiles(seconds, n=100, method="inclusive")
    return round(parts[49] * 1000, 2), round(parts[98] * 1000, 2)


async def talk(visitor: Visitor, label: str, in_flight: int, samples: Samples) -> None:
    """Keep messages in flight until the time is over, then wait for the last acks."""
    count = flying = 0
    while flying or not samples.over:
        while flying < in_flight and not samples.over:
            name = f"{label}-{count}"
            samples.sent(name)
            await visitor.send(name, f"{name} {WORDS}")
            count, flying = count + 1, flying + 1
        if flying:
            names = await visitor.acked()
            samples.acked(names)
            flying -= len(names)


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
        visitors = [visitor for group in groups for visitor in group]
        begin = time.perf_counter() + WARM_S
        samples = Samples(begin, begin + seconds)
        return await loop(agents, visitors, shape.in_flight, samples, label)


async def loop(agents: Sequence[Agent], visitors: Sequence[Visitor], in_flight: int, samples: Samples, label: str) -> Figures:
    """Let the visitors talk and the agents listen until the samples say that it is over. A session that fails ends it all."""
    used = time.process_time()
    listeners = [asyncio.create_task(listen(agent, samples)) for agent in agents]
    try:
        talks = asyncio.gather(*(talk(one, f"{label}.{n}", in_flight, samples) for n, one in enumerate(visitors)))
        await first_of(talks, *listeners)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOST_S):
                await first_of(asyncio.ensure_future(samples.all_delivered()), *listeners)
    finally:
        for listener in listeners:
            listener.cancel()
        await asyncio.gather(*listeners, return_exceptions=True)
    return samples.figures(time.process_time() - used)


async def first_of(*tasks: asyncio.Future[Any]) -> None:
    """Wait for the one that ends first, and raise what it raised."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
