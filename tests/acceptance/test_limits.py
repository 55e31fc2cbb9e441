"""Rate limits as they come out of the box, on a server of their own: the others run without."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.people import People, people_of
from tests.serving import NO_STANDBY, Serving, serving

FLOOD = 1_500


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("limited"), environment={"CAUSERIE_RATE_LIMITS": "on", **NO_STANDBY}) as server:
        yield server


@pytest.fixture
async def flooder(limited: Serving) -> AsyncIterator[People]:
    """From an address of its own."""
    async with people_of(limited, local_addr=("127.0.0.9", 0)) as found:
        yield found


@pytest.fixture
async def neighbour(limited: Serving) -> AsyncIterator[People]:
    async with people_of(limited, local_addr=("127.0.0.8", 0)) as found:
        yield found


async def flood(people: People, headers: dict[str, str]) -> list[aiohttp.ClientResponse]:
    """The answers to very many requests at once."""

    async def one() -> aiohttp.ClientResponse:
        async with free, people.http.get(f"{people.url}/sc/v2/apps/{people.app.id}", headers=headers) as answer:
            await answer.read()
            return answer

    free = asyncio.Semaphore(64)
    return await asyncio.gather(*(one() for _ in range(FLOOD)))


async def test_a_flood_of_requests_meets_429_and_others_do_not(flooder: People, neighbour: People) -> None:
    answers = await flood(flooder, {"Authorization": "Basic " + "x" * 8})
    refused = [answer for answer in answers if answer.status == 429]
    assert refused and all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
    await neighbour.with_switchboard(False)
    visitor, conversation = await neighbour.talking("calm")
    assert 3 == (await visitor.say("still calm", conversation))["seq"]


async def test_forwarding_headers_of_strangers_are_not_believed(flooder: People) -> None:
    """A new address in each request would otherwise be a new bucket in each request."""

    async def one(n: int) -> int:
        headers = {"X-Forwarded-For": f"10.{n >> 8}.{n & 255}.1", "Forwarded": f"for=10.0.0.{n & 255}", "X-Real-IP": f"10.1.1.{n & 255}"}
        async with free, flooder.http.get(flooder.url + "/sc/v2/tokenInfo", headers=headers) as answer:
            return answer.status

    free = asyncio.Semaphore(64)
    assert 429 in await asyncio.gather(*(one(n) for n in range(FLOOD)))


async def test_a_flood_of_frames_is_refused_for_a_while_in_order(neighbour: People) -> None:
    await neighbour.with_switchboard(False)
    visitor, conversation = await neighbour.talking("first")
    for n in range(200):
        await visitor.send(type="message", id=f"f-{n}", conversation=conversation, content={"type": "text", "text": f"{n}"})
    answers = [await visitor.take("ack", id=f"f-{n}") for n in range(20)]
    assert list(range(3, 23)) == [answer["seq"] for answer in answers]
    last = await visitor.take("refused", id="f-199")
    assert ("out_of_order", True) == (last["code"], last["retry_after"] > 0)
    first = await visitor.take("refused", code="rate_limited")
    assert first["retry_after"] > 0
    await asyncio.sleep(first["retry_after"] + 0.2)  # as the server asks
    await visitor.send(type="message", id="later", conversation=conversation, content={"type": "text", "text": "too early"})
    assert "out_of_order" == (await visitor.refused("later"))["code"]
    n = int(first["id"].removeprefix("f-"))
    ack = await visitor.post({"type": "text", "text": f"{n}"}, conversation, first["id"])
    assert n + 3 == ack["seq"]


async def test_wrong_passwords_become_slow(flooder: People) -> None:
    who = flooder.credentials["agent"]
    statuses = []
    for _ in range(40):
        async with flooder.http.post(f"{flooder.url}/agent/v1/sessions", json={"email": who["email"], "password": "guess"}) as answer:
            statuses.append(answer.status)
        if statuses[-1] == 429:
            break
    assert [401, 429] == [statuses[0], statuses[-1]]
