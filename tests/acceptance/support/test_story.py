"""From a customer's first word to the solved ticket, over a running server: the customer on a socket, the agents by PyPI `zenpy`."""

from __future__ import annotations

from typing import Any

import pytest

from tests import zenpy_client
from tests.people import People, eventually
from tests.zenpy_client import run

api = pytest.importorskip("zenpy.lib.api_objects")


def client(people: People) -> Any:
    return zenpy_client.client(people.url, people.credentials["admin"]["email"], people.app.secret, disable_cache=True)


async def test_a_conversation_is_a_ticket_to_its_agents(people: People) -> None:
    visitor, conversation = await people.talking("My vase came broken")
    await visitor.subscribe(conversation)
    desk = client(people)

    def ours() -> Any:
        for one in desk.tickets(sort_by="created_at", sort_order="desc"):
            if "My vase came broken" in [said.body for said in desk.tickets.comments(one.id)]:
                return one
        return None

    one = await eventually(lambda: run(ours))
    me = await run(desk.users.me)

    def answer() -> Any:
        one.assignee, one.comment, one.tags = me, api.Comment(body="We send another"), ["broken"]
        desk.tickets.update(one)
        return desk.tickets.update(api.Ticket(id=one.id, comment=api.Comment(body="Second this week", public=False)))

    assert "open" == (await run(answer)).ticket.status
    heard = await visitor.hears(conversation, "We send another")
    assert me.name == heard["payload"]["message"]["author"]["displayName"]
    await visitor.say("Thank you!", conversation)

    def said() -> list[tuple[str, bool]]:
        return [(each.body, each.public) for each in desk.tickets.comments(one.id)]

    expected = [("My vase came broken", True), ("We send another", True), ("Second this week", False), ("Thank you!", True)]
    assert expected == await run(said)
    assert [one.id] == [each.id for each in await run(lambda: list(desk.search(type="ticket", tags="broken", assignee="me")))]
    solved = await run(lambda: desk.tickets.update(api.Ticket(id=one.id, status="solved")))
    assert "solved" == solved.ticket.status


async def test_many_tickets_are_one_job(people: People) -> None:
    def work() -> None:
        desk = client(people)
        made = [api.Ticket(subject=f"Job {number}", comment=api.Comment(body="x"), tags=["job"]) for number in range(15)]
        job = desk.tickets.create(made)
        while job.status in ("queued", "working"):
            job = desk.job_status(id=job.id)
        assert ("completed", 15) == (job.status, len({result.id for result in job.results}))
        assert 15 == desk.search.count("tags:job", type="ticket")

    await run(work)
