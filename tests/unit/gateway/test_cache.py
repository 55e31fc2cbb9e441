"""What is remembered, for how long, and what is not."""

from __future__ import annotations

import asyncio

import pytest

from gateway.cache import Cache


class Source:
    def __init__(self) -> None:
        self.asked, self.value = 0, 1
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None

    async def __call__(self) -> int:
        self.asked += 1
        value = self.value
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return value


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def cache(now: list[float]) -> Cache[str, int]:
    return Cache(lambda: now[0], ttl_s=1.0, capacity=2)


async def test_a_value_is_fresh_for_its_time(cache: Cache[str, int], source: Source, now: list[float]) -> None:
    for now[0] in (0.0, 0.99, 1.0):
        await cache.get("a", source)
    assert 2 == source.asked


async def test_many_who_ask_at_once_are_one_question(cache: Cache[str, int], source: Source) -> None:
    source.gate.clear()
    waiting = [asyncio.ensure_future(cache.get("a", source)) for _ in range(100)]
    await asyncio.sleep(0)
    waiting.pop().cancel()
    source.gate.set()
    assert [1] * 99 == await asyncio.gather(*waiting)
    assert 1 == source.asked


async def test_what_is_forgotten_while_it_is_fetched_is_fetched_again(cache: Cache[str, int], source: Source) -> None:
    source.gate.clear()
    early = asyncio.ensure_future(cache.get("a", source))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    source.value = 2
    cache.forget("a")
    late = asyncio.ensure_future(cache.get("a", source))
    source.gate.set()
    assert (1, 2) == (await early, await late)
    assert 2 == await cache.get("a", source)
    assert 2 == source.asked


async def test_a_failure_reaches_everybody_and_is_not_remembered(cache: Cache[str, int], source: Source) -> None:
    source.error = ValueError("no")
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            await cache.get("a", source)
    source.error = None
    assert 1 == await cache.get("a", source)


async def test_the_least_recently_used_goes_first(cache: Cache[str, int], source: Source) -> None:
    for name in ("a", "b", "a", "c", "a"):
        await cache.get(name, source)
    assert 3 == source.asked
    await cache.get("b", source)
    assert 4 == source.asked
