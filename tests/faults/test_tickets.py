"""The life of a ticket, with kill -9 of the host of tickets or of routing at each of its steps: one ticket, one agent, every timer once,
nothing forgotten in a line, and audits without a gap.

A seed says which host dies at which step, and when: as the step begins, a moment later, or once its answer is there. The journal is judged.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Coroutine
from typing import Any

import psutil
import pytest

from domain.assignment import events as routing
from domain.ticket import events as ev
from tests.people import People, eventually, people_of
from tests.serving import Serving
from tests.stream_client import AGENT, Connection, Json, agent_session, basic_auth, new_id

WAIT_S = 60.0
KINDS = ("ticket", "assignment")
#: After so long the first reply is late, the customer is asked, and what is solved is closed.
LATE_S, SURVEY_S, CLOSE_S = 2, 1, 3
TICKETS = {"survey": "solved", "survey_delay_s": SURVEY_S, "close_after_s": CLOSE_S}
POLICY = {
    "title": "Quickly",
    "filter": {"all": [{"field": "status", "operator": "less_than", "value": "solved"}]},
    "policy_metrics": [{"priority": "normal", "metric": "first_reply_time", "target_in_seconds": LATE_S}],
}


class Desk:
    """The administrator's way in."""

    def __init__(self, people: People) -> None:
        self._people = people

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Again while the answer is that it may work later."""
        c, address = self._people.credentials["admin"], f"{self._people.url}/api/v2{path}"
        signed = {**basic_auth(c["email"], c["password"]), **headers}
        async with asyncio.timeout(WAIT_S):
            while True:
                given = {"json": body, "headers": signed, "params": {"app_id": self._people.app.id}}
                async with self._people.http.request(method, address, **given) as answer:
                    if answer.status < 500:
                        assert answer.status < 300, (path, answer.status, await answer.text())
                        return await answer.json()
                await asyncio.sleep(0.1)

    async def ticket(self, number: int) -> Json:
        found: Json = (await self.ask("GET", f"/tickets/{number}"))["ticket"]
        return found

    async def tickets(self) -> list[Json]:
        found: list[Json] = (await self.ask("GET", "/tickets"))["tickets"]
        return found

    async def becomes(self, number: int, **wanted: Any) -> Json:
        async def is_so() -> Json | None:
            one = await self.ticket(number)
            return one if all(one[name] == value for name, value in wanted.items()) else None

        found: Json = await eventually(is_so, WAIT_S)
        return found


class Agent:
    """Somebody who is there, and accepts what they are offered."""

    def __init__(self, one: Connection, name: str) -> None:
        self.one, self.name = one, name

    @classmethod
    async def begun(cls, people: People) -> Agent:
        c = people.credentials["agent"]
        session = await agent_session(people.http, people.url, c["email"], c["password"], people.app.id)
        made = cls(await people.welcome(AGENT, session["token"]), session["agent"]["id"])
        await made.one.send(type="subscribe", topic="inbox")
        await made.one.take("routing", WAIT_S)
        await made.insists(type="availability", status="online")
        return made

    async def is_offered(self, known: frozenset[str] = frozenset()) -> str:
        """The ticket that they are asked to take, but none of those that are known."""

        def is_new(frame: Json) -> bool:
            event = frame["event"]
            return event["type"] == "routing:offered" and event["payload"]["ticketId"] not in known

        frame = await self.one.take("routed", WAIT_S, when=is_new)
        ticket: str = frame["event"]["payload"]["ticketId"]
        return ticket

    async def insists(self, **frame: object) -> Json:
        """Say it, and again under the same id while it is refused for a while."""
        identifier = new_id("w")
        while True:
            await self.one.send(id=identifier, **frame)
            answer = await self.one.take(("ack", "refused"), WAIT_S, id=identifier)
            if answer["type"] == "ack":
                return answer
            assert "retry_after" in answer, answer
            await asyncio.sleep(answer["retry_after"])


class Life:
    """A ticket's life, step by step. At each step a host dies."""

    def __init__(self, served: Serving, people: People, agent: Agent, seed: int) -> None:
        self.served, self.people, self.agent, self.desk = served, people, agent, Desk(people)
        self._chance = random.Random(seed)
        self.killed: Counter[str] = Counter()
        self.steps = 0

    async def step(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do it while a host dies, and wait until it is done."""
        self.steps += 1
        kind, after_s = self._chance.choice(KINDS), self._chance.choice((0.0, 0.0, 0.005, 0.03, None))
        if after_s is None:
            result = await work
            await self._kill(kind)
            return result
        doing = asyncio.create_task(work)
        await asyncio.sleep(after_s)
        await self._kill(kind)
        return await doing

    async def _kill(self, kind: str) -> None:
        with contextlib.suppress(psutil.Error, KeyError, ValueError):  # the one before it is not replaced yet
            (await asyncio.to_thread(self.served.owner, kind)).kill()
            self.killed[kind] += 1

    async def lives(self) -> tuple[int, int, int]:
        """The numbers of the ticket, of its follow-up, and of the one that was merged into that."""
        visitor, conversation = await self.step(self.people.talking("My parcel is late"))
        name = await self.step(self.agent.is_offered())
        await self.step(self.agent.insists(type="accept", ticket=name))
        (one,) = await eventually(self.desk.tickets, WAIT_S)
        number = int(one["id"])
        await self.step(self._is_late(number))
        await self.agent.one.subscribe(conversation)
        await self.step(self.agent.one.insist("I am looking for it", conversation, new_id("m"), WAIT_S))
        await self.step(self.desk.ask("PUT", f"/tickets/{number}", {"ticket": {"status": "pending"}}))
        await self.step(self.agent.insists(type="status", conversation=conversation, status="solved"))
        await self.step(self._is_asked(number, conversation))
        await self.step(visitor.insist("5", conversation, new_id("m"), WAIT_S))
        await self.step(self.desk.becomes(number, status="closed"))
        for words in ("Thank you", "It is broken, too"):  # the first is what they think of it
            await self.step(visitor.insist(words, conversation, new_id("m"), WAIT_S))
        other = await self.step(self._follows_up(name))
        third = await self._another()
        await self.step(self.desk.ask("POST", f"/tickets/{other}/merge", {"ids": [third]}))
        await self.desk.becomes(third, status="closed")
        await self.step(self.agent.insists(type="status", conversation=conversation, status="solved"))
        await self.desk.becomes(other, status="closed")
        return number, other, third

    async def _is_late(self, number: int) -> None:
        async def has() -> bool:
            return any(
                b'"ticket:breach"' in body for events in bodies(self.served, self.people, "ticket").values() for _, _, body in events
            )

        await eventually(has, WAIT_S)

    async def _is_asked(self, number: int, conversation: str) -> None:
        async def has() -> bool:
            status, answer = await self.people.call("GET", f"/conversations/{conversation}/messages?page[size]=100")
            return status == 200 and any(one["content"].get("actions") for one in answer["messages"])

        await eventually(has, WAIT_S)

    async def _follows_up(self, first: str) -> int:
        """Somebody takes the new one, too."""
        await self.agent.insists(type="accept", ticket=await self.agent.is_offered(frozenset({first})))

        async def second() -> Json | None:
            return next((one for one in await self.desk.tickets() if one["via_followup_source_id"]), None)

        found: Json = await eventually(second, WAIT_S)
        return int(found["id"])

    async def _another(self) -> int:
        """Made by the API, once however often it is asked for."""
        body = {"ticket": {"subject": "The same", "comment": {"body": "Broken"}}}
        made = await self.step(self.desk.ask("POST", "/tickets", body, **{"Idempotency-Key": new_id("k")}))
        return int(made["ticket"]["id"])


# -- what the journal says


def bodies(served: Serving, people: People, kind: str) -> dict[str, list[tuple[int, int, bytes]]]:
    """(seq, version, JSON) of all events of the app's actors of a kind, by actor."""
    found: dict[str, list[tuple[int, int, bytes]]] = defaultdict(list)
    query = "SELECT a.id, e.seq, e.version, e.body FROM actors a JOIN events e ON e.actor = a.key WHERE a.kind = ? AND a.app_id = ?"
    for name, seq, version, body in sorted(_rows(served, query, kind, people.app.id)):
        found[name].append((seq, version, body))
    return found


def _rows(served: Serving, query: str, *given: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(f"file:{served.data / 'causerie.db'}?mode=ro", uri=True, timeout=5)) as database:
        return database.execute(query, given).fetchall()


def told(served: Serving, people: People, kind: str, decode: Any) -> dict[str, list[Any]]:
    """The events, whose seqs have no gap."""
    found = {}
    for name, rows in bodies(served, people, kind).items():
        assert [*range(1, len(rows) + 1)] == [seq for seq, _, _ in rows], (kind, name)
        found[name] = [decode(body, version)[1] for _, version, body in rows]
    return found


def judge_ticket(events: list[Any], agent: str, *, taken: int = 1, surveyed: int = 1) -> None:
    """Everything that is to happen once has happened once. `taken`: how many agents it had."""
    count = Counter(type(event) for event in events)
    assert (1, surveyed) == (count[ev.Created], count[ev.Surveyed])
    assert count[ev.Breached] <= 1, "whether those that were never answered were solved in time is a matter of chance"
    changes = [change for event in events for change in event.changes]
    assert [agent] * taken == [change.value for change in changes if change.field == "assignee_id"]
    statuses = [change.value for change in changes if change.field == "status"]
    assert (1, "closed") == (statuses.count("closed"), statuses[-1]), statuses


def judge_routing(events: list[Any]) -> None:
    """Each piece of work was assigned once, and none is left."""
    assigned = Counter(event.ticket_id for event in events if isinstance(event, routing.Assigned))
    assert {1} == set(assigned.values()), assigned
    last = {event.ticket_id: event for event in events if hasattr(event, "ticket_id")}
    assert {routing.Withdrawn} == {type(event) for event in last.values()}, last


async def judge(served: Serving, people: People, agent: Agent, numbers: tuple[int, int, int]) -> None:
    async def is_quiet() -> bool:
        """No effect is under way, and no timer of a closed ticket waits."""
        query = "SELECT kind, target FROM effects WHERE app_id = ? AND kind IN ('ticket', 'assignment')"
        return all(left == ("assignment", "timer") for left in _rows(served, query, people.app.id))

    await eventually(is_quiet, WAIT_S)
    tickets = told(served, people, "ticket", ev.decode)
    by_number = {event.number: events for events in tickets.values() for event in events if isinstance(event, ev.Created)}
    first, other, third = numbers
    assert {first, other, third} == set(by_number) and len(tickets) == 3
    judge_ticket(by_number[first], agent.name)
    assert 1 == sum(isinstance(event, ev.Breached) for event in by_number[first])
    assert 2 == sum(isinstance(event, ev.Rated) for event in by_number[first]), "the score, and the words to it"
    judge_ticket(by_number[other], agent.name)
    judge_ticket(by_number[third], agent.name, taken=0, surveyed=0)
    assert 1 == sum(isinstance(event, ev.Merged) for event in by_number[third])
    assert 1 == sum(isinstance(event, ev.TookIn) for event in by_number[other])
    (lines,) = told(served, people, "assignment", routing.decode).values()
    judge_routing(lines)


async def a_host_dies_at_each_step(served: Serving, seed: int) -> None:
    async with people_of(served) as people:
        await people.settle()
        desk = Desk(people)
        await desk.ask("PUT", "/desk/settings", {"settings": {"tickets": TICKETS}})
        await desk.ask("POST", "/slas/policies", {"sla_policy": POLICY})
        agent = await Agent.begun(people)
        life = Life(served, people, agent, seed)
        numbers = await life.lives()
        await judge(served, people, agent, numbers)
        print(f"seed {seed}: {life.steps} steps, killed {dict(life.killed)}")
        assert sum(life.killed.values()) >= life.steps // 3, "those that were not killed were not there yet, after the last time"


async def test_a_host_dies_at_each_step_of_a_tickets_life(served: Serving) -> None:
    await a_host_dies_at_each_step(served, seed=3)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(12))
async def test_another_one_dies_at_another_moment(served: Serving, seed: int) -> None:
    await a_host_dies_at_each_step(served, seed=100 + seed)
