"""Thousands of visitors connected at once: what they cost while nothing happens, and how quick messages are between them.

    python -m benchmarks.connected [--visitors 4000] [--rate 400] [--seconds 30] [--postgresql]

First the clients are silent, then messages are due at an even pace from all of them in turn; ages count from the due moment. The silence
begins when the work is done that their first messages have brought about (`settle_s`): tickets, and the words by which they are found.
`idle_cores` and `busy_cores` are processor time by kind of process, in cores; `start_s` is from the command to being ready.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import uvloop

from benchmarks import results
from benchmarks.clients import Crowd
from benchmarks.processes import Census, allow_files, spent
from benchmarks.server import Running, running
from benchmarks.throughput import paced
from domain.ticket.reading import TOGETHER_MS

VISITORS = 4000
RATE = 400.0
SETTLE_S, LOOK_S, QUIET_CORES = 120.0, 2.0, 0.1


async def measure(server: Running, visitors: int, rate: float, seconds: float) -> dict[str, Any]:
    """Connect everybody, wait, then send. Raises `TimeoutError` when not everything arrives."""
    begun = time.perf_counter()
    crowd = await Crowd.gather(server, visitors)
    connected_s = time.perf_counter() - begun
    census = Census(server.pid, server.database_url)
    settle_s = await _settled(census)
    before, begun = census.cpu(), time.perf_counter()
    await asyncio.sleep(seconds)
    between, middle = census.cpu(), time.perf_counter()
    await paced(crowd, rate, seconds)
    after, ended = census.cpu(), time.perf_counter()
    memory = {kind: round(held.memory_mb) for kind, held in census.memory().items() if held.memory_mb}
    crowd.close()
    return {
        "visitors": visitors,
        "rate": rate,
        "seconds": round(ended - begun, 1),
        "start_s": round(server.ready_s, 1),
        "connect_s": round(connected_s, 1),
        "settle_s": settle_s,
        "delivered_per_s": round(len(crowd.samples.delivered) / (ended - middle)),
        **results.latencies("ack", crowd.samples.acked),
        **results.latencies("deliver", crowd.samples.delivered),
        "idle_cores": {kind: round(used / (middle - begun), 3) for kind, used in spent(before, between).items()},
        "busy_cores": {kind: round(used / (ended - middle), 3) for kind, used in spent(between, after).items()},
        "neighbours_cores": round(spent(before, after)["neighbours"] / (ended - begun), 2),
        "memory_mb": memory,
    }


async def _settled(census: Census) -> float:
    """Wait until the hosts have nothing left to do. After how many seconds that was."""
    begun = looked = time.perf_counter()
    await asyncio.sleep(TOGETHER_MS / 1000 + LOOK_S)
    before = census.cpu()
    while looked - begun < SETTLE_S:
        await asyncio.sleep(LOOK_S)
        now, at = census.cpu(), time.perf_counter()
        used = spent(before, now)
        if used["host"] + used["tickets"] < QUIET_CORES * (at - looked):
            break
        before, looked = now, at
    return round(looked - begun, 1)


def main() -> None:
    parser = results.parser(__doc__, seconds=30.0)
    parser.add_argument("--visitors", type=int, default=VISITORS)
    parser.add_argument("--rate", type=float, default=RATE, help="messages a second, of all visitors together")
    options = parser.parse_args()
    limit = allow_files(options.visitors + 1000)
    if limit < options.visitors + 200:
        parser.error(f"{limit} open files are allowed, and each visitor needs one: ulimit -n {options.visitors + 1000}")
    with results.recorded("connected", options) as (rows, database_url):
        for run in range(1, options.runs + 1):
            with running(database_url) as server:
                rows.append({"run": run, **uvloop.run(measure(server, options.visitors, options.rate, options.seconds))})


if __name__ == "__main__":
    main()
