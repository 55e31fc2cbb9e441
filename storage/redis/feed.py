"""The `Feed` as Redis Streams: one capped stream for each app, `causerie:<app>:feed`. Never the truth, which is the journal.

An entry has the fields `a` (the actor's id), `s` (the seq) and `b` (the event's wire JSON).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import redis.asyncio
import redis.exceptions

from domain.errors import Unavailable
from storage.ports import Published, Withdrawn

_CONNECT_S = 2
_ANSWER_S = 5
_SCAN = 1000


class RedisFeed:
    """Positions are the stream's ids, padded so that they sort as text."""

    def __init__(self, url: str, kept: int = 10_000) -> None:
        """`kept`: how many events each app's stream keeps, about: Redis drops whole blocks."""
        self._kept = kept
        self._client: Any = redis.asyncio.Redis.from_url(url, socket_connect_timeout=_CONNECT_S, socket_timeout=_ANSWER_S)

    async def publish(self, events: Sequence[Published]) -> None:
        """One round trip, whatever the number of events and apps."""
        streams: dict[str, list[Published]] = defaultdict(list)
        for event in events:
            streams[event.app].append(event)
        with _translated():
            async with self._client.pipeline(transaction=False) as pipeline:
                for app, batch in streams.items():
                    for event in batch:
                        fields = {"a": event.actor, "s": event.seq, "b": event.body}
                        pipeline.xadd(stream_key(app), fields, maxlen=self._kept, approximate=True)
                await pipeline.execute()

    async def withdraw(self, what: Withdrawn) -> None:
        """Looks through all that is kept of the app: deletion is rare, and the stream is capped."""
        start = "-"
        with _translated():
            while True:
                page = await self._client.xrange(stream_key(what.app), start, "+", count=_SCAN)
                gone = [id for id, fields in page if what.covers(fields[b"a"].decode(), int(fields[b"s"]))]
                if gone:
                    await self._client.xdel(stream_key(what.app), *gone)
                if len(page) < _SCAN:
                    return
                start = "(" + page[-1][0].decode()

    async def read(self, app: str, after: str, limit: int, wait_s: float) -> list[tuple[str, Published]]:
        start = after if after == "$" else _stream_id(after)
        with _translated():
            answer = await self._blocking_read(stream_key(app), start, limit, wait_s)
        return [(_position(id.decode()), _published(app, fields)) for id, fields in answer]

    async def close(self) -> None:
        with _translated():
            await self._client.aclose()

    async def _blocking_read(self, key: str, start: str, limit: int, wait_s: float) -> list[tuple[bytes, dict[bytes, bytes]]]:
        """XREAD; its BLOCK is bounded by the socket's timeout, so that a silent server is noticed."""
        block_ms = max(1, int(min(wait_s, _ANSWER_S - 1) * 1000)) if wait_s > 0 or start == "$" else None
        answer = await self._client.xread({key: start}, count=limit, block=block_ms)
        if not answer:
            return []
        streams = answer.values() if isinstance(answer, dict) else (entries for _, entries in answer)
        return [entry for entries in streams for entry in entries]


def stream_key(app: str) -> str:
    return f"causerie:{app}:feed"


def _position(stream_id: str) -> str:
    milliseconds, number = stream_id.split("-")
    return f"{int(milliseconds):016d}-{int(number):010d}"


def _stream_id(position: str) -> str:
    if not position:
        return "0-0"
    milliseconds, number = position.split("-")
    return f"{int(milliseconds)}-{int(number)}"


def _published(app: str, fields: dict[bytes, bytes]) -> Published:
    return Published(app=app, actor=fields[b"a"].decode(), seq=int(fields[b"s"]), body=fields[b"b"])


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (redis.exceptions.RedisError, OSError) as error:
        raise Unavailable("unavailable", "The feed cannot be reached.", retry_after_s=1) from error
