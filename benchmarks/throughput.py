"""Messages a second from visitors' sockets, durable, acked, and delivered to an agent's socket; closed loop.

    python -m benchmarks.throughput [--visitors 200] [--window 8] [--seconds 10]

Each visitor keeps `window` messages in flight. Prints one line of JSON with the machine and the durability that it was measured
with, and the rate of a bare aiohttp WebSocket echo in the same run: machines differ, and so do their neighbours; compare ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import time
from typing import Any

import aiohttp
import msgspec
import uvloop
from aiohttp import web

from benchmarks.server import Running, running

WORDS = "bonjour " * 12
ECHO_S = 3.0

_decode = msgspec.json.Decoder().decode


class Samples:
    """What the clients saw: seconds from sending to the ack, and to the agent."""

    def __init__(self) -> None:
        self.sent: dict[str, float] = {}
        self.acked: list[float] = []
        self.delivered: list[float] = []
        self._some = asyncio.Event()

    def shown(self, seconds: float) -> None:
        """A message reached the agent."""
        self.delivered.append(seconds)
        self._some.set()

    async def all_delivered(self) -> None:
        """Wait until the agent has seen all that was acked."""
        while len(self.delivered) < len(self.acked):
            self._some.clear()
            await self._some.wait()


async def echo_rate(http: aiohttp.ClientSession, sockets: int = 50) -> float:
    """Round trips a second of a bare echo with client and server in this process."""

    async def echo(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        async for message in ws:
            await ws.send_str(message.data)
        return ws

    app = web.Application()
    app.router.add_get("/", echo)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert runner.addresses, "the site is listening"
    url, until = f"http://127.0.0.1:{runner.addresses[0][1]}/", time.perf_counter() + ECHO_S
    rounds = await asyncio.gather(*(_echo(http, url, until) for _ in range(sockets)))
    await runner.cleanup()
    return sum(rounds) / ECHO_S


async def _echo(http: aiohttp.ClientSession, url: str, until: float) -> int:
    done = 0
    async with http.ws_connect(url, compress=0) as ws:
        while time.perf_counter() < until:
            await ws.send_str(WORDS)
            await ws.receive()
            done += 1
    return done


class Client:
    """One socket of the stream."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str, side: str, session: dict[str, str]) -> Client:
        async with http.post(f"{url}/{side}/v1/sessions", json=session) as answer:
            answer.raise_for_status()
            token = (await answer.json())["token"]
        client = cls(await http.ws_connect(f"{url}/{side}/v1/stream", compress=0, max_msg_size=64 << 20))
        await client.send(type="hello", token=token)
        await client.until("welcome")
        return client

    async def send(self, **frame: Any) -> None:
        await self.ws.send_str(json.dumps(frame))

    async def frames(self) -> list[dict[str, Any]]:
        message = await self.ws.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise ConnectionError(f"the socket ended: {message.type.name}")
        return [_decode(line) for line in message.data.split("\n")]

    async def until(self, kind: str) -> dict[str, Any]:
        while True:
            for frame in await self.frames():
                if frame["type"] == kind:
                    return frame


async def listen(agent: Client, samples: Samples) -> None:
    """Note when each message reaches the agent."""
    while True:
        frames = await agent.frames()
        now = time.perf_counter()
        for frame in frames:
            if frame["type"] == "event" and frame["event"]["type"] == "conversation:message":
                begun = samples.sent.get(frame["event"]["payload"]["message"]["content"]["text"].partition(" ")[0])
                if begun is not None:
                    samples.shown(now - begun)


async def talk(visitor: Client, name: str, samples: Samples, window: int, until: float) -> None:
    """Keep `window` messages in flight until the time is over, then wait for the last acks."""
    count, flying = 0, 0
    while flying or time.perf_counter() < until:
        while flying < window and time.perf_counter() < until:
            identifier = f"{name}-{count}"
            samples.sent[identifier] = time.perf_counter()
            await visitor.send(type="message", id=identifier, content={"type": "text", "text": f"{identifier} {WORDS}"})
            count, flying = count + 1, flying + 1
        frames = await visitor.frames()
        now = time.perf_counter()
        for frame in frames:
            if frame["type"] == "refused":
                raise RuntimeError(f"refused: {frame}")
            if frame["type"] == "ack":
                samples.acked.append(now - samples.sent[frame["id"]])
                flying -= 1


async def measure(server: Running, visitors: int, window: int, seconds: float) -> dict[str, Any]:
    """One run against a server that is ready."""
    samples, keys = Samples(), server.credentials
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        echo = await echo_rate(http)
        agents = [await Client.open(http, server.url, "agent", keys["agent"]) for _ in range(4)]
        people = []
        for n in range(visitors):
            visitor = await Client.open(http, server.url, "messaging", {"integrationId": keys["web_integration_id"]})
            await visitor.send(type="message", id="first", content={"type": "text", "text": "first"})
            conversation = (await visitor.until("ack"))["conversation"]
            await agents[n % len(agents)].send(type="subscribe", topic=f"conversation:{conversation}", after=0)
            people.append(visitor)
        listeners = [asyncio.create_task(listen(agent, samples)) for agent in agents]
        begun = time.perf_counter()
        talks = (talk(one, f"m{n}", samples, window, begun + seconds) for n, one in enumerate(people))
        await asyncio.gather(*talks)
        async with asyncio.timeout(20):
            await samples.all_delivered()
        took = time.perf_counter() - begun
        for task in listeners:
            task.cancel()
    return report(samples, took, echo)


def report(samples: Samples, took: float, echo: float) -> dict[str, Any]:
    """The figures of a run, latencies in milliseconds."""
    rate = len(samples.delivered) / took
    return {
        "delivered_per_s": round(rate),
        "ack_ms": quantiles(samples.acked),
        "deliver_ms": quantiles(samples.delivered),
        "echo_per_s": round(echo),
        "ratio_to_echo": round(rate / echo, 3),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "durability": "PostgreSQL" if os.environ.get("CAUSERIE_DATABASE_URL") else "SQLite, synchronous=FULL, one fsync a commit",
    }


def quantiles(seconds: list[float]) -> dict[str, float]:
    parts = statistics.quantiles(seconds, n=100)
    return {f"p{q}": round(parts[q - 1] * 1000, 2) for q in (50, 95, 99)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=200)
    parser.add_argument("--window", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    with running() as server:
        figures = uvloop.run(measure(server, options.visitors, options.window, options.seconds))
    print(json.dumps({"visitors": options.visitors, "window": options.window, **figures}))


if __name__ == "__main__":
    main()
