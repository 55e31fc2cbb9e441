"""Messages a second through the REST API: Basic auth, connections kept alive, one post at a time on each.

    python -m benchmarks.rest [--connections 50 --connections 200] [--seconds 10] [--runs 3] [--postgresql]

Each connection posts to a conversation of its own. Before it and after it, by the same client: the same JSON posted to
a bare aiohttp handler that reads it and sends it back. `ratio` is the one to the other. The client shares the cores, so the ratio
depends on what it takes: `bare` puts bytes together and decodes nothing, `aiohttp` is what programs use.
"""

from __future__ import annotations

import asyncio
import time
from itertools import product
from typing import Any

import aiohttp
import msgspec
import uvloop

from benchmarks import results
from benchmarks.bare import bare_server, post_rate
from benchmarks.http_load import CLIENTS
from benchmarks.processes import Census, per_thousand, spent
from benchmarks.server import Running, running

CONNECTIONS = (50, 200)
BODY = msgspec.json.encode({"author": {"type": "business"}, "content": {"type": "text", "text": "bonjour " * 12}})


def login(server: Running) -> dict[str, str]:
    return {"Authorization": aiohttp.encode_basic_auth(server.credentials["key_id"], server.credentials["secret"])}


async def conversations(server: Running, count: int) -> list[str]:
    """The addresses of the messages of new conversations, each with a user of its own."""
    keys = server.credentials
    app = f"{server.url}/sc/v2/apps/{keys['app_id']}"
    async with aiohttp.ClientSession(headers=login(server), raise_for_status=True) as http:

        async def conversation(number: int) -> str:
            async with http.post(f"{app}/users", json={"externalId": f"user-{number}-{time.time_ns()}"}) as answer:
                user = (await answer.json())["user"]["id"]
            body = {"type": "personal", "participants": [{"userId": user}]}
            async with http.post(f"{app}/conversations", json=body) as answer:
                return f"{app}/conversations/{(await answer.json())['conversation']['id']}/messages"

        return await asyncio.gather(*(conversation(number) for number in range(count)))


async def measure(server: Running, connections: int, seconds: float, client: str = "bare") -> dict[str, Any]:
    """Post to `connections` conversations until the time is over."""
    urls = await conversations(server, connections)
    census = Census(server.pid, server.database_url)
    before, begun = census.cpu(), time.perf_counter()
    answers = await CLIENTS[client](urls, login(server), BODY, seconds)
    took, cpu_s = time.perf_counter() - begun, spent(before, census.cpu())
    if set(answers.statuses) != {201}:
        raise RuntimeError(f"not every post was taken: {answers.statuses}")
    return {
        "client": client,
        "connections": connections,
        "seconds": round(took, 1),
        "posts_per_s": round(answers.per_s),
        **results.latencies("post", answers.ages_us),
        "cpu_ms": per_thousand(cpu_s, len(answers.ages_us)),
        "neighbours_cores": round(cpu_s["neighbours"] / took, 2),
    }


def main() -> None:
    parser = results.parser(__doc__)
    parser.add_argument("--connections", type=int, action="append", help=f"may be repeated; {CONNECTIONS} unless given")
    options = parser.parse_args()
    with results.recorded("rest", options) as (rows, database_url):
        for run in range(1, options.runs + 1):
            with bare_server() as bare, running(database_url) as server:
                for connections, client in product(options.connections or CONNECTIONS, CLIENTS):
                    before = post_rate(bare, connections, options.seconds / 3, BODY, client).per_s
                    row = uvloop.run(measure(server, connections, options.seconds, client))
                    bare_per_s = (before + post_rate(bare, connections, options.seconds / 3, BODY, client).per_s) / 2
                    rows.append({"run": run, **row, "bare_per_s": round(bare_per_s), "ratio": round(row["posts_per_s"] / bare_per_s, 2)})


if __name__ == "__main__":
    main()
