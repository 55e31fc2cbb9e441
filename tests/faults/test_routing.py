"""The desk whose hosts are killed in the middle of offers, under load: one ticket for each conversation and one agent for each ticket, none
forgotten, no gap in the inbox."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import psutil
import pytest

from tests.people import People, eventually, people_of
from tests.serving import Serving
from tests.stream_client import Connection, Json, agent_session, basic_auth, new_id

AGENT = "/agent/v1/stream"
PAUSE_S = (0.3, 2.0)
WAIT_S = 60.0


class Worker:
    """An agent who accepts whatever is offered and solves it after a while. `assigned`: how often each conversation was given."""

    def __init__(self, one: Connection, name: str, seed: int) -> None:
        self._one, self.name, self._chance = one, name, random.Random(seed)
        self.assigned: Counter[str] = Counter()
        self.offers, self.position = 0, 0
        self.asked = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self) -> None:
        await self._one.send(type="subscribe", topic="inbox")
        self.position = (await self._one.take("routing", WAIT_S))["position"]
        await self._insists(type="availability", status="online")

    async def works(self) -> None:
        while True:
            frame = await self._one.take("routed", 600)
            self.position += 1
            assert self.position == frame["position"], "the inbox has a gap, or says something twice"
            event, payload = frame["event"]["type"], frame["event"]["payload"]
            if payload.get("agentId") != self.name:
                continue
            if event == "routing:offered":
                self.offers += 1
                self.asked.set()
                self._go(self._accepts(payload["ticketId"]))
            elif event == "routing:assigned":
                self.assigned[payload["conversationId"]] += 1
                self._go(self._solves(payload["conversationId"]))

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accepts(self, ticket: str) -> None:
        await asyncio.sleep(self._chance.uniform(0, 0.3))
        await self._insists(type="accept", ticket=ticket)

    async def _solves(self, conversation: str) -> None:
        await asyncio.sleep(self._chance.uniform(0, 0.5))
        await self._insists(type="status", conversation=conversation, status="solved")

    async def _insists(self, **frame: object) -> Json:
        """Say it, and again under the same id while it is refused for a while."""
        identifier = new_id("w")
        while True:
            await self._one.send(id=identifier, **frame)
            answer = await self._one.take(("ack", "refused"), WAIT_S, id=identifier)
            if answer["type"] == "ack" or "retry_after" not in answer:
                return answer
            await asyncio.sleep(answer["retry_after"])


async def customers(people: People, over: asyncio.Event, asked: list[str]) -> None:
    while not over.is_set():
        visitor, conversation = await people.talking("I want to speak to somebody")
        asked.append(conversation)
        await visitor.close()
        await asyncio.sleep(0.2)


async def kills(served: Serving, workers: list[Worker], seed: int, seconds: float) -> int:
    """kill -9 of the owners of routing and tickets in turn, each time while somebody is asked."""
    chance, until, done = random.Random(seed), asyncio.get_running_loop().time() + seconds, 0
    while asyncio.get_running_loop().time() < until:
        worker = chance.choice(workers)
        worker.asked.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(worker.asked.wait(), WAIT_S)
        with contextlib.suppress(psutil.Error, KeyError):  # the last one is not replaced yet
            (await asyncio.to_thread(served.owner, ("assignment", "ticket")[done % 2])).kill()
            done += 1
        await asyncio.sleep(chance.uniform(*PAUSE_S))
    return done


async def the_host_dies(served: Serving, seed: int, seconds: float, crowd: int) -> None:
    async with people_of(served) as people:
        await people.settle()
        workers: list[Worker] = []
        for role in ("agent", "admin"):
            c = people.credentials[role]
            session = await agent_session(people.http, people.url, c["email"], c["password"], people.app.id)
            one = await people.welcome(AGENT, session["token"])
            workers.append(Worker(one, session["agent"]["id"], seed))
            await workers[-1].begin()
        working = [asyncio.create_task(worker.works()) for worker in workers]
        over, asked = asyncio.Event(), list[str]()
        crowds = [asyncio.create_task(customers(people, over, asked)) for _ in range(crowd)]
        killed = await kills(served, workers, seed, seconds)
        over.set()
        await asyncio.gather(*crowds)

        async def all_done() -> bool:
            assert not any(task.done() for task in working), [task.exception() for task in working if task.done()]
            return sum(len(worker.assigned) for worker in workers) >= len(asked) and await _quiet(people)

        await eventually(all_done, 60)
        for task in working:
            task.cancel()
        given = Counter[str]()
        for worker in workers:
            given.update(worker.assigned)
        print(f"seed {seed}: {killed} hosts killed, {len(asked)} tickets, {sum(worker.offers for worker in workers)} offers")
        assert killed >= 1
        assert {1} == {given[conversation] for conversation in asked}
        await _all_solved(people, asked)


async def _all_solved(people: People, asked: list[str]) -> None:
    """One ticket for each conversation, with a number of its own, which its agent has solved."""
    tickets = [ticket async for ticket in _tickets(people) if ticket["conversation_id"] in asked]
    assert sorted(asked) == sorted(ticket["conversation_id"] for ticket in tickets)
    assert len(asked) == len({ticket["id"] for ticket in tickets})
    assert {"solved"} == {ticket["status"] for ticket in tickets}
    assert all(ticket["assignee_id"] for ticket in tickets)


async def _tickets(people: People) -> AsyncIterator[Json]:
    c = people.credentials["admin"]
    address: str | None = f"{people.url}/api/v2/tickets?app_id={people.app.id}&page[size]=100"
    while address:
        async with people.http.get(address, headers=basic_auth(c["email"], c["password"])) as answer:
            page = await answer.json()
        for ticket in page["tickets"]:
            yield ticket
        address = page["links"]["next"] if page["meta"]["has_more"] else None


async def _quiet(people: People) -> bool:
    """Nothing waits, is offered, or is assigned."""
    c = people.credentials["admin"]
    async with people.http.get(
        f"{people.url}/api/v2/routing/lines?app_id={people.app.id}", headers=basic_auth(c["email"], c["password"])
    ) as answer:
        return answer.status == 200 and not (await answer.json())["lines"]


async def test_the_host_of_routing_dies_in_the_middle_of_offers(served: Serving) -> None:
    await the_host_dies(served, seed=5, seconds=8.0, crowd=3)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
async def test_it_dies_for_two_minutes(served: Serving, seed: int) -> None:
    await the_host_dies(served, seed=100 + seed, seconds=120.0, crowd=8)
