"""Ids: 24 hexadecimal digits that sort by time, and the instants that stand beside them.

Ids of rows (apps, users, conversations) are seconds and 64 random bits. Ids of events are seconds, the actor's integer key
and the seq: unique without drawing anything, and a message's place is read off its id without a look-up.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

ID = re.compile(r"[0-9a-f]{24}\Z")


def row_id(now_ms: int, random_64: int) -> str:
    """An id for something that is made once: 8 digits of Unix seconds, 16 random ones."""
    return f"{now_ms // 1000 & 0xFFFFFFFF:08x}{random_64 & 0xFFFFFFFFFFFFFFFF:016x}"


def event_id(at_ms: int, actor_key: int, seq: int) -> str:
    """The id of an event, and of the message that it tells of. `actor_key` and `seq` are below 2**32."""
    return ((at_ms // 1000 & 0xFFFFFFFF) << 64 | actor_key << 32 | seq).to_bytes(12, "big").hex()  # a third of the time of formats


def place_of(identifier: str) -> tuple[int, int] | None:
    """(actor key, seq) of an event's id; None when it is not an id at all. Whether such an event exists is another question."""
    if not ID.match(identifier):
        return None
    return int(identifier[8:16], 16), int(identifier[16:], 16)


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(maxsize=256)
def instant(at_ms: int) -> str:
    """Unix milliseconds as `YYYY-MM-DDThh:mm:ss.SSSZ`, the specification's form."""
    return f"{_second(at_ms // 1000)}.{at_ms % 1000:03d}Z"


def milliseconds(text: str) -> int:
    """The inverse of `instant`."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)
