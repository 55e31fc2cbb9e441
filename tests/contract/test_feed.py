"""The contract of `Feed`, kept alike inside the node and by Redis Streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from itertools import count

import pytest

from domain.errors import Unavailable
from storage.memory import MemoryFeed
from storage.ports import Feed, Published, Withdrawn
from storage.redis.feed import RedisFeed
from tests.services import Server

_apps = count(1)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
async def make(request: pytest.FixtureRequest) -> AsyncIterator[Callable[[int], Feed]]:
    """Makes a feed that keeps about so many events of an app."""
    made: list[Feed] = []

    def build(kept: int) -> Feed:
        made.append(MemoryFeed(kept) if request.param == "memory" else RedisFeed(request.getfixturevalue("redis_url"), kept))
        return made[-1]

    yield build
    for feed in made:
        await feed.close()


@pytest.fixture
def feed(make: Callable[[int], Feed]) -> Feed:
    return make(10_000)


@pytest.fixture
def app() -> str:
    return f"app_{next(_apps)}"


def events(app: str, first: int, last: int) -> list[Published]:
    return [Published(app, "c1", seq, b'{"\xc3\xa9":1}') for seq in range(first, last + 1)]


async def test_events_are_read_in_order_and_whole(feed: Feed, app: str) -> None:
    sent = events(app, 1, 20)
    await feed.publish(sent[:15])
    await feed.publish(sent[15:])
    read = await feed.read(app, "", 100, 0)
    assert [each for _, each in read] == sent
    positions = [position for position, _ in read]
    assert positions == sorted(set(positions))


async def test_what_was_redacted_is_not_read_any_more(feed: Feed, app: str) -> None:
    """Single events, and all before one; those of others stay, and positions do not change."""
    await feed.publish([*events(app, 1, 2500), Published(app, "c2", 1, b"{}")])
    before = dict(await feed.read(app, "", 5000, 0))
    await feed.withdraw(Withdrawn(app, "c1", frozenset({2000, 2400}), 1500))
    after = dict(await feed.read(app, "", 5000, 0))
    assert ([*range(1500, 2000), *range(2001, 2400), *range(2401, 2501), 1]) == [one.seq for one in after.values()]
    assert after.items() <= before.items()


async def test_a_reader_goes_on_from_its_position(feed: Feed, app: str) -> None:
    await feed.publish(events(app, 1, 5))
    first = await feed.read(app, "", 2, 0)
    second = await feed.read(app, first[-1][0], 2, 0)
    third = await feed.read(app, second[-1][0], 2, 0)
    assert [each.seq for _, each in first + second + third] == [1, 2, 3, 4, 5]
    assert await feed.read(app, third[-1][0], 2, 0) == []


async def test_apps_are_apart(feed: Feed, app: str) -> None:
    await feed.publish(events(app, 1, 1) + events(f"{app}x", 2, 2))
    assert [each.seq for _, each in await feed.read(app, "", 10, 0)] == [1]


async def test_a_waiting_reader_is_woken(feed: Feed, app: str) -> None:
    waiting = asyncio.create_task(feed.read(app, "", 10, 3))
    await feed.publish(events(app, 1, 1))
    async with asyncio.timeout(2):
        assert [each.seq for _, each in await waiting] == [1]


async def test_waiting_ends_with_nothing(feed: Feed, app: str) -> None:
    assert await feed.read(app, "", 10, 0.05) == []


async def test_the_dollar_means_only_what_is_new(feed: Feed, app: str) -> None:
    await feed.publish(events(app, 1, 3))
    assert await feed.read(app, "$", 10, 0.01) == []
    waiting = asyncio.create_task(feed.read(app, "$", 10, 3))
    for seq in range(4, 100):  # whether the reader waits already cannot be seen from outside
        await feed.publish(events(app, seq, seq))
        if (await asyncio.wait({waiting}, timeout=0.02))[0]:
            break
    assert (await waiting)[0][1].seq > 3


async def test_only_so_many_are_kept(make: Callable[[int], Feed], app: str) -> None:
    """About: Redis drops whole blocks. The newest are never dropped."""
    feed = make(100)
    await feed.publish(events(app, 1, 2000))
    kept = [each.seq for _, each in await feed.read(app, "", 5000, 0)]
    assert 100 <= len(kept) < 400
    assert kept[-1] == 2000


async def test_nothing_to_publish_is_no_error(feed: Feed) -> None:
    await feed.publish([])


@pytest.mark.redis
async def test_a_redis_that_is_away_is_unavailable_and_found_again(redis: Server, redis_url: str, app: str) -> None:
    feed = RedisFeed(redis_url)
    await feed.publish(events(app, 1, 1))
    redis.stop()
    try:
        with pytest.raises(Unavailable):
            await feed.publish(events(app, 2, 2))
        with pytest.raises(Unavailable):
            await feed.read(app, "", 10, 0.1)
    finally:
        redis.start()
    await feed.publish(events(app, 3, 3))
    assert [each.seq for _, each in await feed.read(app, "", 10, 0)] == [3]
    await feed.close()
