"""Hours of steady traffic: does memory grow, do files stay open, do messages get slower?

    python -m benchmarks.soak MINUTES [--visitors 100] [--rate 200] [--postgresql]

Every few seconds memory and open files by kind of process are noted, and the ages of the messages since the last time. Through
what was noted after the first fifth, in which caches fill, goes a straight line: its slope is told for an hour. Ends with 1 if a
slope is above its bound and the growth is more than noise.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

import uvloop

from benchmarks import results
from benchmarks.clients import Crowd
from benchmarks.processes import Census
from benchmarks.server import Running, running
from benchmarks.throughput import paced

WARM_UP = 0.2
MOST_NOTES = 500
BOUNDS = {"memory_mb": (50.0, 8.0), "files": (20.0, 4.0), "p50_ms": (1.0, 1.0), "p99_ms": (20.0, 20.0)}
"""By the end of a figure's name: the growth in an hour that is allowed, and the growth over the run that is only noise."""

Note = dict[str, float]


async def notes(server: Running, visitors: int, rate: float, seconds: float) -> list[Note]:
    """Send for so long, and note how the processes and the messages are."""
    crowd = await Crowd.gather(server, visitors)
    census, found, seen = Census(server.pid, server.database_url), list[Note](), 0
    sending = asyncio.create_task(paced(crowd, rate, seconds))
    begun, pause_s = time.perf_counter(), max(1.0, seconds / MOST_NOTES)
    while not sending.done():
        await asyncio.wait({sending}, timeout=pause_s)
        ages, seen = crowd.samples.delivered[seen:], len(crowd.samples.delivered)
        note = {"at_s": time.perf_counter() - begun, **results.latencies("deliver", ages)}
        for kind, held in census.memory().items():
            note |= {f"{kind}_memory_mb": held.memory_mb, f"{kind}_files": float(held.files)}
        found.append(note)
    await sending
    crowd.close()
    return found


def slopes(found: Sequence[Note]) -> list[dict[str, Any]]:
    """How each figure grows. The generator's own are left out: it keeps the ages of all messages."""
    late = [note for note in found if note["at_s"] >= found[-1]["at_s"] * WARM_UP and "deliver_p50_ms" in note]
    names = [name for name in late[0] if not name.startswith("load_")]
    return [_slope(name, bound, late) for name in names for end, bound in BOUNDS.items() if name.endswith(end)]


def _slope(name: str, bound: tuple[float, float], late: Sequence[Note]) -> dict[str, Any]:
    times = [note["at_s"] for note in late]
    slope = statistics.linear_regression(times, [note[name] for note in late]).slope
    per_hour, grown = slope * 3600, slope * (times[-1] - times[0])
    steady = per_hour <= bound[0] or grown <= bound[1]
    return {
        "what": name,
        "last": round(late[-1][name], 2),
        "per_hour": round(per_hour, 2),
        "bound_per_hour": bound[0],
        "grown": round(grown, 2),
        "steady": steady,
    }


def main() -> int:
    parser = results.parser(__doc__)
    parser.add_argument("minutes", type=float)
    parser.add_argument("--visitors", type=int, default=100)
    parser.add_argument("--rate", type=float, default=200.0, help="messages a second, of all visitors together")
    options = parser.parse_args()
    with results.recorded("soak", options) as (rows, database_url), running(database_url) as server:
        found = uvloop.run(notes(server, options.visitors, options.rate, options.minutes * 60))
        settings = {"minutes": options.minutes, "visitors": options.visitors, "rate": options.rate}
        rows += [{**settings, **row} for row in slopes(found)]
    growing = [row["what"] for row in rows if not row["steady"]]
    for name in growing:
        print(f"{name} grows", file=sys.stderr)
    return 1 if growing else 0


if __name__ == "__main__":
    sys.exit(main())
