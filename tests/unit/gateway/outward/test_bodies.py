"""An answer's body is read within its limit, packed or not."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator

import pytest

from gateway.outward.bodies import read
from gateway.outward.requests import Failed


async def chunks(body: bytes, size: int = 1_000) -> AsyncIterator[bytes]:
    for at in range(0, len(body), size):
        yield body[at : at + size]


@pytest.mark.parametrize(
    ("encoding", "wire"),
    [("", b"x" * 5_000), ("identity", b"x" * 5_000), ("gzip", gzip.compress(b"x" * 5_000)), ("Deflate", zlib.compress(b"x" * 5_000))],
)
async def test_a_body_of_the_limit_is_read_and_one_byte_more_is_not(encoding: str, wire: bytes) -> None:
    assert b"x" * 5_000 == await read(chunks(wire), encoding, 5_000)
    with pytest.raises(Failed) as caught:
        await read(chunks(wire), encoding, 4_999)
    assert "too_large" == caught.value.reason


async def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 10_000_000, 1)
    tracemalloc.start()
    with pytest.raises(Failed):
        await read(chunks(bomb, 65_536), "gzip", 1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize(
    ("encoding", "wire"), [("gzip", b"none"), ("gzip", gzip.compress(b"cut")[:-9]), ("br", b"x"), ("gzip, gzip", b"x")]
)
async def test_what_cannot_be_unpacked_is_a_bad_answer(encoding: str, wire: bytes) -> None:
    with pytest.raises(Failed) as caught:
        await read(chunks(wire), encoding, 1_000)
    assert "bad_answer" == caught.value.reason
