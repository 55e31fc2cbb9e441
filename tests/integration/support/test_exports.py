"""Exports of people and of what happened to tickets."""

from __future__ import annotations

from typing import Any

import pytest

from tests import zenpy_client
from tests.support_server import ADMIN, SupportServer
from tests.zenpy_client import run

HOUR_MS = 3_600_000


async def pages(server: SupportServer, path: str, name: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        answer = await server.get(path, **query)
        found += answer[name]
        if answer["end_of_stream"]:
            return found
        path, query = answer.get("after_url") or answer["next_page"], {}


async def test_people_as_they_changed(server: SupportServer) -> None:
    for number in range(5):
        await server.call("POST", "/users.json", {"user": {"name": f"Person {number}", "email": f"p{number}@example.org"}})
    those = (await server.get("/users/search.json", query="person"))["users"]
    server.router.clock.ahead_ms = HOUR_MS
    by_cursor = await pages(server, "/incremental/users/cursor.json", "users", start_time=1, per_page=2)
    assert [f"Person {number}" for number in range(5)] == [one["name"] for one in by_cursor if one["role"] == "end-user"]
    assert {"Ada", "Ana Bell"} == {one["name"] for one in by_cursor if one["role"] != "end-user"}
    start_s = server.router.now_ms() // 1000
    await server.call("PUT", f"/users/{those[0]['id']}.json", {"user": {"notes": "Changed"}})
    await server.call("DELETE", f"/users/{those[1]['id']}.json")
    assert [] == (await server.get("/incremental/users.json", start_time=start_s - 100))["users"], "the last minute is for the next time"
    server.router.clock.ahead_ms = 2 * HOUR_MS
    by_time = await pages(server, "/incremental/users.json", "users", start_time=start_s)
    assert {(those[0]["id"], True), (those[1]["id"], False)} == {(one["id"], one["active"]) for one in by_time}
    assert "Person 1" not in str(by_time)


async def test_what_happened_to_tickets(server: SupportServer) -> None:
    tickets = [await server.ticket(subject=f"Parcel {number}") for number in range(3)]
    await server.call("PUT", f"/tickets/{tickets[0]['id']}.json", {"ticket": {"status": "open", "comment": {"body": "We look"}}})
    server.router.clock.ahead_ms = HOUR_MS
    told = await pages(server, "/incremental/ticket_events.json", "ticket_events", start_time=1, per_page=2, include="comment_events")
    known = {one["id"]: one for one in told}
    assert 4 == len(known)
    last = [one for one in known.values() if one["ticket_id"] == tickets[0]["id"]][-1]
    assert {"Comment", "Change"} <= {part["event_type"] for part in last["child_events"]}
    assert "open" in [part.get("status") for part in last["child_events"]]
    plain = await pages(server, "/incremental/ticket_events.json", "ticket_events", start_time=1)
    assert "Comment" not in {part["event_type"] for one in plain for part in one["child_events"]}


async def test_all_audits_the_newest_first(server: SupportServer) -> None:
    tickets = [await server.ticket(subject=f"Parcel {number}") for number in range(5)]
    seen, url = list[int](), "/ticket_audits.json?limit=2"
    while url:
        answer = await server.get(url)
        seen += [one["ticket_id"] for one in answer["audits"]]
        url = answer["after_url"]
        last = answer
    assert [one["id"] for one in tickets][::-1] == seen
    before = await server.get(last["before_url"])
    assert [tickets[2]["id"], tickets[1]["id"]] == [one["ticket_id"] for one in before["audits"]]
    await server.call("DELETE", f"/tickets/{tickets[0]['id']}.json")
    await server.done(await server.call("DELETE", f"/deleted_tickets/{tickets[0]['id']}.json"))
    assert tickets[0]["id"] not in [one["ticket_id"] for one in (await server.get("/ticket_audits.json"))["audits"]]
    assert 403 == (await server.call("GET", "/ticket_audits.json", headers=server.agent))[0]


async def test_exports_by_the_client(server: SupportServer) -> None:
    pytest.importorskip("zenpy")
    await server.ticket(requester={"name": "Amy Day", "email": "amy@example.org"})
    server.router.clock.ahead_ms = HOUR_MS

    def work() -> None:
        desk = zenpy_client.client(server.url, ADMIN, server.token, disable_cache=True)
        assert {"Ada", "Ana Bell", "Amy Day"} == {one.name for one in desk.users.incremental(start_time=1)}
        assert {"Ada", "Ana Bell", "Amy Day"} == {one.name for one in desk.users.incremental(start_time=1, paginate_by_time=True)}
        assert 1 == len(list(desk.tickets.events(start_time=1)))
        assert 1 == len(list(desk.tickets.audits()))

    await run(work)
