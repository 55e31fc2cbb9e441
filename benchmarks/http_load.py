"""HTTP posts over connections that are kept alive, one after the other on each: by a client that is as cheap as `wire` is, and by
aiohttp's, which takes as much as clients do."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections import Counter
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

import aiohttp
import msgspec

from benchmarks.clients import now_us


class Answers(msgspec.Struct):
    """What came back: how many a second, their ages in microseconds, and how often which status."""

    per_s: float
    ages_us: array[int]
    statuses: dict[int, int]


class Poster(asyncio.Protocol):
    """One connection that posts again as soon as it is answered."""

    def __init__(self, request: bytes, over: Callable[[], bool]) -> None:
        self._request, self._over = request, over
        self._transport: asyncio.Transport | None = None
        self._rest, self._sent_us = b"", 0
        self.ages_us, self.statuses = array("q"), Counter[int]()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._post()

    def _post(self) -> None:
        assert self._transport is not None, "connected"
        self._sent_us = now_us()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        head, found, body = data.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            self._rest = data
            return
        self._rest = b""
        self.ages_us.append(now_us() - self._sent_us)
        self.statuses[int(head[9:12])] += 1
        if not self._over():
            self._post()
        elif not self.done.done():
            self.done.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed the connection"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])


async def post_for(urls: list[str], headers: dict[str, str], body: bytes, seconds: float) -> Answers:
    """Post `body` to each of `urls`, on a connection each, until the time is over. Raises `ConnectionError`."""
    begun = time.perf_counter()
    posters = [await _opened(url, headers, body, lambda: time.perf_counter() - begun > seconds) for url in urls]
    await asyncio.gather(*(poster.done for poster in posters))
    took = time.perf_counter() - begun
    for poster in posters:
        poster.close()
    ages, statuses = array("q"), Counter[int]()
    for poster in posters:
        ages.extend(poster.ages_us)
        statuses += poster.statuses
    return Answers(len(ages) / took, ages, dict(statuses))


async def post_by_aiohttp(urls: list[str], headers: dict[str, str], body: bytes, seconds: float) -> Answers:
    """The same by aiohttp's client, which reads the answers. Raises `aiohttp.ClientError`."""
    begun, ages, statuses = time.perf_counter(), array("q"), Counter[int]()
    async with aiohttp.ClientSession(
        headers={"Content-Type": "application/json", **headers}, connector=aiohttp.TCPConnector(limit=len(urls))
    ) as http:

        async def post(url: str) -> None:
            while time.perf_counter() - begun < seconds:
                sent_us = now_us()
                async with http.post(url, data=body) as answer:
                    await answer.json()
                ages.append(now_us() - sent_us)
                statuses[answer.status] += 1

        await asyncio.gather(*map(post, urls))
    return Answers(len(ages) / (time.perf_counter() - begun), ages, dict(statuses))


CLIENTS = {"bare": post_for, "aiohttp": post_by_aiohttp}


async def _opened(url: str, headers: dict[str, str], body: bytes, over: Callable[[], bool]) -> Poster:
    where = urlsplit(url)
    own = {"Host": where.netloc, "Content-Type": "application/json", "Content-Length": len(body)}
    head = "".join(f"{name}: {value}\r\n" for name, value in {**own, **headers}.items())
    request = f"POST {where.path} HTTP/1.1\r\n{head}\r\n".encode() + body
    loop = asyncio.get_running_loop()
    _, poster = await loop.create_connection(lambda: Poster(request, over), where.hostname or "", where.port or 80)
    return poster
