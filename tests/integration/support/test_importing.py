"""Tickets that were elsewhere before keep their times, and no rule hears of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests import zenpy_client
from tests.support_server import ADMIN, SupportServer
from tests.zenpy_client import run

OLD: dict[str, Any] = {
    "subject": "An old story",
    "status": "solved",
    "created_at": "2020-01-01T10:00:00Z",
    "solved_at": "2020-01-03T10:00:00Z",
    "tags": ["old"],
}


async def test_a_ticket_comes_with_its_past(server: SupportServer) -> None:
    conditions = {"all": [{"field": "update_type", "operator": "is", "value": "Create"}]}
    rule = {"title": "Tag", "conditions": conditions, "actions": [{"field": "current_tags", "value": "new"}]}
    assert 201 == (await server.call("POST", "/triggers.json", {"trigger": rule}))[0]
    _, answer = await server.call("POST", "/users.json", {"user": {"name": "Amy Day", "email": "amy@example.org"}})
    amy, me = answer["user"]["id"], (await server.get("/users/me.json"))["user"]["id"]
    comments = [
        {"author_id": me, "value": "We have found it", "created_at": "2020-01-02T10:00:00Z"},
        {"author_id": amy, "value": "Where is it?", "created_at": "2020-01-01T10:00:00Z"},
        {"author_id": me, "value": "A note", "created_at": "2020-01-02T11:00:00Z", "public": False},
    ]
    given = {"ticket": OLD | {"requester_id": amy, "comments": comments}}
    status, answer = await server.call("POST", "/imports/tickets.json", given)
    ticket = answer["ticket"]
    assert (201, "2020-01-01T10:00:00Z", "solved", ["old"]) == (status, ticket["created_at"], ticket["status"], ticket["tags"])
    assert "Where is it?" == ticket["description"]
    said = (await server.get(f"/tickets/{ticket['id']}/comments.json"))["comments"]
    assert [("Where is it?", amy, True), ("We have found it", me, True), ("A note", me, False)] == [
        (one["body"], one["author_id"], one["public"]) for one in said
    ]
    assert ["2020-01-01T10:00:00Z", "2020-01-02T10:00:00Z", "2020-01-02T11:00:00Z"] == [one["created_at"] for one in said]
    metric = (await server.get(f"/tickets/{ticket['id']}/metrics.json"))["ticket_metric"]
    assert ("2020-01-03T10:00:00Z", 24 * 60) == (metric["solved_at"], metric["reply_time_in_minutes"]["calendar"])
    assert 1 == (await server.get("/search/count.json", query="note solved<2021-01-01"))["count"]
    later = {"ticket": OLD | {"created_at": "2999-01-01T10:00:00Z", "comments": comments}}
    assert 422 == (await server.call("POST", "/imports/tickets.json", later))[0]
    assert 403 == (await server.call("POST", "/imports/tickets.json", given, headers=server.agent))[0]


async def test_many_come_in_a_job(server: SupportServer) -> None:
    those = [OLD | {"subject": f"Old {number}", "comments": [{"value": "Hello"}]} for number in range(5)]
    job = await server.done(await server.call("POST", "/imports/tickets/create_many.json", {"tickets": those}))
    assert ("completed", 5) == (job["status"], len([one for one in job["results"] if one["success"]]))
    assert 5 == (await server.get("/search/count.json", query="tags:old created<2021-01-01"))["count"]


async def test_by_the_client(server: SupportServer) -> None:
    api = pytest.importorskip("zenpy.lib.api_objects")

    def work() -> None:
        desk = zenpy_client.client(server.url, ADMIN, server.token, disable_cache=True)
        comments = [{"value": "Hello", "created_at": "2020-01-01T10:00:00Z"}]
        made = desk.ticket_import.create(api.Ticket(subject="Old", created_at="2020-01-01T10:00:00Z", comments=comments))
        number = getattr(made, "ticket", made).id
        assert "2020-01-01T10:00:00Z" == desk.tickets(id=number).created_at

    await run(work)
