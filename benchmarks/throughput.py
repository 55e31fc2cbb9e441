"""Messages a second from visitors' sockets: durable, acked, and delivered to an agent who follows the conversation.

    python -m benchmarks.throughput [--shape 200x8 --shape 50x1 ...] [--rate 2000] [--seconds 10] [--runs 3] [--postgresql]

Closed loop: each visitor keeps its share of messages in flight. With `--rate`, open loop: messages are due at an even pace,
whatever the server does, and their ages count from the moment at which they were due. A stall then shows in the ages of all
messages that it held up, which a closed loop would just not have sent.

The load generator is this process; the server and what belongs to it are others. `cpu_ms` is milliseconds of processor time for
one message. Beside each figure stands a bare aiohttp WebSocket echo of the same shape and the same minute.
"""

from __future__ import annotations

import asyncio
import re
import time
from functools import partial
from typing import Any

import uvloop

from benchmarks import results
from benchmarks.bare import bare_server, echo_rate
from benchmarks.clients import Crowd, Visitor, now_us
from benchmarks.processes import Census, per_thousand, spent
from benchmarks.server import Running, running

SHAPES = ("200x8", "50x1", "1x1")
ECHO_S = 2.0
TICK_S = 0.001


async def closed(crowd: Crowd, in_flight: int, seconds: float) -> None:
    """Every visitor keeps `in_flight` messages on their way until the time is over."""
    until = time.perf_counter() + seconds

    def again(visitor: Visitor) -> None:
        if time.perf_counter() < until:
            visitor.say(now_us())

    for visitor in crowd.visitors:
        visitor.again = partial(again, visitor)
        visitor.say(*[now_us()] * in_flight)
    await asyncio.sleep(seconds)
    await crowd.samples.complete()


async def paced(crowd: Crowd, rate: float, seconds: float) -> None:
    """`rate` messages a second from all visitors in turn, each as old as the moment at which it was due."""
    begun_us, sent, count, most = now_us(), 0, len(crowd.visitors), int(rate * seconds)
    while sent < most:
        due = min(int((now_us() - begun_us) * rate / 1e6) + 1, most)
        for number in range(sent, due):
            crowd.visitors[number % count].say(begun_us + int(number * 1e6 / rate))
        sent = max(sent, due)
        await asyncio.sleep(TICK_S)
    await crowd.samples.complete()


async def measure(server: Running, visitors: int, in_flight: int, rate: float | None, seconds: float) -> dict[str, Any]:
    """One measurement against a server that is ready."""
    crowd = await Crowd.gather(server, visitors)
    census = Census(server.pid, server.database_url)
    before, begun = census.cpu(), time.perf_counter()
    await (closed(crowd, in_flight, seconds) if rate is None else paced(crowd, rate, seconds))
    took, cpu_s = time.perf_counter() - begun, spent(before, census.cpu())
    crowd.close()
    samples = crowd.samples
    return {
        "visitors": visitors,
        **({"in_flight": in_flight} if rate is None else {"rate": rate}),
        "seconds": round(took, 1),
        "acked_per_s": round(len(samples.acked) / took),
        "delivered_per_s": round(len(samples.delivered) / took),
        **results.latencies("ack", samples.acked),
        **results.latencies("deliver", samples.delivered),
        "cpu_ms": per_thousand(cpu_s, len(samples.delivered)),
        "neighbours_cores": round(cpu_s["neighbours"] / took, 2),
    }


def beside_echo(server: Running, bare_url: str, visitors: int, in_flight: int, rate: float | None, seconds: float) -> dict[str, Any]:
    """A measurement, and the bare echo of the same shape just before it."""
    echo = echo_rate(bare_url, visitors, in_flight, min(ECHO_S, seconds))
    row = uvloop.run(measure(server, visitors, in_flight, rate, seconds))
    return {**row, "echo_per_s": round(echo), "echo_ratio": round(row["delivered_per_s"] / echo, 3)}


def shape(text: str) -> tuple[int, int]:
    """`200x8` is 200 visitors with 8 messages in flight each."""
    found = re.fullmatch(r"(\d+)x(\d+)", text)
    if found is None:
        raise ValueError(f"{text} is not VISITORSxIN_FLIGHT")
    return int(found[1]), int(found[2])


def main() -> None:
    parser = results.parser(__doc__)
    parser.add_argument(
        "--shape", type=shape, action="append", help=f"VISITORSxIN_FLIGHT, may be repeated; {' '.join(SHAPES)} unless given"
    )
    parser.add_argument("--rate", type=float, help="open loop: so many messages a second from all visitors together")
    options = parser.parse_args()
    with results.recorded("throughput", options) as (rows, database_url):
        for run in range(1, options.runs + 1):
            with bare_server() as bare, running(database_url) as server:
                for visitors, in_flight in options.shape or map(shape, SHAPES):
                    row = beside_echo(server, bare, visitors, in_flight, options.rate, options.seconds)
                    rows.append({"run": run, **row})


if __name__ == "__main__":
    main()
