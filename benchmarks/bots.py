"""Turns of bots a second: a visitor's message, the bot's answer to it, and that on the visitor's socket; both are durable.

    python -m benchmarks.bots [--visitors 200 --visitors 50 ...] [--rate 200] [--seconds 10] [--runs 3] [--postgresql]

First the closed loop, with so many visitors: each writes again when the bot has answered. Then the open loop: at `--rate` messages a
second, `turn_p50_ms` and the others are from the moment at which the visitor's message was due to the bot's on the socket.

The bot asks, by quick replies, and takes whatever is written as a reason to ask the same again, quoting it. So a turn is a
message in, a search among the phrases of the release, a step left and entered, a timer set, and a message out.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import uvloop

from benchmarks import results
from benchmarks.clients import AT_ONCE, Crowd, Samples, Visitor, age_us
from benchmarks.processes import Census, per_thousand, spent
from benchmarks.server import Running, running
from benchmarks.throughput import closed, paced
from benchmarks.wire import SETUP_S

VISITORS = (200, 50)
RATE, RATED = 200.0, 100
"""Of the open loop: turns a second, and how many visitors share them."""

FLOW: dict[str, Any] = {
    "id": "echo",
    "name": "Echo",
    "language": "en",
    "languages": ["fr"],
    "phrases": {"en": ["start all over again"], "fr": ["tout recommencer"]},
    "start": "ask",
    "steps": [
        {
            "id": "ask",
            "type": "options",
            "text": {"en": "{{said}}"},
            "options": [{"name": "yes", "label": {"en": "Enough"}}, {"name": "no", "label": {"en": "Still more"}}],
            "exits": {"yes": "end", "no": "ask", "other": "ask"},
        },
        {"id": "end", "type": "end"},
    ],
}

_ACK, _EVENT, _REFUSED, _BYE = b'{"type":"ack","id":"', b'{"type":"event"', b'{"type":"refused"', b'{"type":"bye"'
_BUSINESS, _SAYS = b'"author":{"type":"business"', b'"text":"'


class Guest(Visitor):
    """A visitor who waits for the bot. `again` is called for each answer to a measured message."""

    async def hear(self) -> None:
        """Follow the own conversation, and wait for what the bot says to the first message: its host may just be starting."""
        self._answered = asyncio.Event()
        self._wire.send(b'{"type":"subscribe","topic":"conversation:%b","after":0}' % self.conversation.encode())
        async with asyncio.timeout(SETUP_S):
            await self._answered.wait()

    def _took(self, payload: bytes) -> None:
        for line in payload.split(b"\n"):
            if line.startswith(_EVENT):
                self._saw(line)
            elif line.startswith(_ACK):
                self._samples.ack(age_us(line[len(_ACK) : line.index(b'"', len(_ACK))]))
            elif line.startswith((_REFUSED, _BYE)):
                self._samples.fail(RuntimeError(line.decode()))

    def _saw(self, line: bytes) -> None:
        author = line.find(_BUSINESS)
        if author < 0:
            return
        self._answered.set()
        begin = line.find(_SAYS, author) + len(_SAYS)
        identifier = line[begin : line.find(b" ", begin)]
        if identifier.startswith(b"m"):
            self._samples.deliver(age_us(identifier))
            self.again()


async def publish(http: aiohttp.ClientSession, server: Running) -> None:
    """Make `FLOW` what the server's bot runs, if it is not so yet."""
    c, api = server.credentials, f"{server.url}/api/v2/bot"
    auth = {"Authorization": aiohttp.encode_basic_auth(c["key_id"], c["secret"])}
    async with http.get(f"{api}/flows/{FLOW['id']}", headers=auth) as answer:
        if answer.status == 200:
            return
    for path, body in (("/flows", {"flow": FLOW}), (f"/flows/{FLOW['id']}/publish", {})):
        async with http.post(api + path, json=body, headers=auth) as answer:
            answer.raise_for_status()


async def gather(server: Running, visitors: int) -> Crowd:
    """Visitors, each of whom the bot has answered once."""
    samples, gate = Samples(), asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as http:
        await publish(http, server)

        async def guest(number: int) -> Guest:
            async with gate:
                made = await Guest.open(http, server, number, samples)
                await made.hear()
                return made

        return Crowd(list(await asyncio.gather(*(guest(number) for number in range(visitors)))), [], samples)


async def measure(server: Running, visitors: int, rate: float | None, seconds: float) -> dict[str, Any]:
    """One measurement against a server that is ready: closed, or open at a rate."""
    crowd = await gather(server, visitors)
    census = Census(server.pid, server.database_url)
    before, begun = census.cpu(), time.perf_counter()
    await (closed(crowd, 1, seconds) if rate is None else paced(crowd, rate, seconds))
    took, cpu_s = time.perf_counter() - begun, spent(before, census.cpu())
    crowd.close()
    samples = crowd.samples
    return {
        "visitors": visitors,
        **({} if rate is None else {"rate": rate}),
        "seconds": round(took, 1),
        "turns_per_s": round(len(samples.delivered) / took),
        **results.latencies("ack", samples.acked),
        **results.latencies("turn", samples.delivered),
        "cpu_ms": per_thousand(cpu_s, len(samples.delivered)),
        "neighbours_cores": round(cpu_s["neighbours"] / took, 2),
    }


def main() -> None:
    parser = results.parser(__doc__)
    parser.add_argument(
        "--visitors", type=int, action="append", help=f"of the closed loop, may be repeated; {' '.join(map(str, VISITORS))} unless given"
    )
    parser.add_argument("--rate", type=float, default=RATE, help="turns a second of the open loop")
    options = parser.parse_args()
    with results.recorded("bots", options) as (rows, database_url):
        for run in range(1, options.runs + 1):
            with running(database_url) as server:
                for visitors in options.visitors or VISITORS:
                    rows.append({"run": run, **uvloop.run(measure(server, visitors, None, options.seconds))})
                rows.append({"run": run, **uvloop.run(measure(server, RATED, options.rate, options.seconds))})


if __name__ == "__main__":
    main()
