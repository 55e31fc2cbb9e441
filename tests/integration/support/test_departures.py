"""Deleting and suspending people under `/api/v2`, and what becomes of their tickets."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import encode_basic_auth

from tests import zenpy_client
from tests.people import eventually
from tests.support_server import ADMIN, AGENT, PASSWORD, SupportServer
from tests.zenpy_client import run

ROOT = {"Authorization": encode_basic_auth(ADMIN, PASSWORD)}
"""An admin of the whole installation."""


async def ana(server: SupportServer) -> int:
    found: int = (await server.get("/users/search.json", query="ana"))["users"][0]["id"]
    return found


async def until(server: SupportServer, path: str, name: str, expected: Any) -> dict[str, Any]:
    """What becomes of it when the jobs are done."""
    async with asyncio.timeout(5):
        while True:
            found: dict[str, Any] = (await server.get(path))["ticket"]
            if found[name] == expected:
                return found
            await asyncio.sleep(0.01)


async def test_an_agent_who_is_deleted_gives_open_tickets_back(server: SupportServer) -> None:
    agent = await ana(server)
    held, done = [await server.ticket(assignee_id=agent, **fields) for fields in ({}, {"status": "solved"})]
    status, answer = await server.call("DELETE", f"/users/{agent}.json", headers=ROOT)
    assert (200, False) == (status, answer["user"]["active"])
    after = await until(server, f"/tickets/{held['id']}.json", "assignee_id", None)
    assert (held["group_id"], "open") == (after["group_id"], after["status"])
    assert agent == (await server.get(f"/tickets/{done['id']}.json"))["ticket"]["assignee_id"], "who solved it has solved it"
    assert 404 == (await server.call("GET", f"/users/{agent}.json"))[0]
    assert 401 == (await server.call("GET", "/tickets.json", headers=server.agent))[0]
    [told] = (await server.get("/deleted_users.json"))["deleted_users"]
    assert (agent, "Ana Bell", False) == (told["id"], told["name"], told["active"])
    memberships = await server.get("/group_memberships.json")
    assert agent not in {one["user_id"] for one in memberships["group_memberships"]}


async def test_the_last_admin_stays(server: SupportServer) -> None:
    me = (await server.get("/users/me.json"))["user"]["id"]
    for method, body in (("DELETE", None), ("PUT", {"user": {"role": "agent"}}), ("PUT", {"user": {"suspended": True}})):
        assert 409 == (await server.call(method, f"/users/{me}.json", body, headers=ROOT))[0]
    for headers in (server.agent, server.admin):
        status = (await server.call("DELETE", f"/users/{me}.json", headers=headers))[0]
        assert 403 == status, "an app's key does not reach what all apps have"


async def test_who_is_suspended_may_do_nothing_until_they_may_again(server: SupportServer) -> None:
    agent = await ana(server)
    ticket = await server.ticket(assignee_id=agent)
    async with server.http.post("/agent/v1/sessions", json={"email": AGENT, "password": PASSWORD}) as response:
        token = (await response.json())["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert 200 == (await server.call("GET", "/tickets.json", headers=bearer))[0]
    status, answer = await server.call("PUT", f"/users/{agent}.json", {"user": {"suspended": True}}, headers=ROOT)
    assert (200, True) == (status, answer["user"]["suspended"])
    await until(server, f"/tickets/{ticket['id']}.json", "assignee_id", None)
    for headers in (bearer, server.agent):
        assert 401 == (await server.call("GET", "/tickets.json", headers=headers))[0]
    async with server.http.post("/agent/v1/sessions", json={"email": AGENT, "password": PASSWORD}) as response:
        assert 403 == response.status
    assert 422 == (await server.call("PUT", f"/tickets/{ticket['id']}.json", {"ticket": {"assignee_id": agent}}))[0]
    await server.call("PUT", f"/users/{agent}.json", {"user": {"suspended": False}}, headers=ROOT)
    assert 200 == (await server.call("GET", "/tickets.json", headers=server.agent))[0]


async def test_a_customer_who_is_deleted_is_in_no_ticket_any_more(server: SupportServer) -> None:
    requester = {"name": "Amy Day", "email": "amy@example.org"}
    own = await server.ticket(requester=requester, subject="Amy Day's parcel", comment={"body": "I am Amy, 12 Long Street"}, tags=["late"])
    amy = own["requester_id"]
    other = await server.ticket(comment={"body": "From the shop"}, follower_ids=[amy])
    said = {"ticket": {"comment": {"body": "Amy here", "author_id": amy}}}
    assert 200 == (await server.call("PUT", f"/tickets/{other['id']}.json", said))[0]
    await server.call("PUT", f"/tickets/{own['id']}.json", {"ticket": {"status": "solved", "comment": {"body": "Dear Amy"}}})
    assert 200 == (await server.call("DELETE", f"/users/{amy}.json"))[0]
    after = await until(server, f"/tickets/{own['id']}.json", "subject", "")
    assert ("", "solved", ["late"], amy) == (after["description"], after["status"], after["tags"], after["requester_id"])
    assert [] == (await until(server, f"/tickets/{other['id']}.json", "follower_ids", []))["follower_ids"]
    for path in (f"/tickets/{own['id']}/comments.json", f"/tickets/{own['id']}/audits.json", f"/tickets/{other['id']}/comments.json"):
        assert "Amy" not in str(await server.get(path)), path

    async def is_forgotten() -> bool:
        return not (await server.get("/search/count.json", query="amy"))["count"]

    await eventually(is_forgotten)
    report = await server.get("/reports/tickets.json", **{"from": "2025-06-15", "to": "2025-06-15"})
    line = report["report"]["total"]
    assert (2, 1) == (line["created"], line["solved"])


async def test_what_the_sunshine_api_forgets_tickets_forget(server: SupportServer) -> None:
    own = await server.ticket(requester={"name": "Amy Day", "email": "amy@example.org"}, comment={"body": "I am Amy"})
    shown = (await server.get(f"/users/{own['requester_id']}.json"))["user"]
    url = f"/sc/v2/apps/{server.app_id}/users/{shown['messaging_id']}/personalinformation"
    async with server.http.delete(url, headers=server.program) as response:
        assert 200 == response.status, await response.text()
    after = await until(server, f"/tickets/{own['id']}.json", "description", "")
    assert own["requester_id"] == after["requester_id"]


async def test_deleted_people_by_the_client(server: SupportServer) -> None:
    pytest.importorskip("zenpy")
    await server.ticket(requester={"name": "Amy Day", "email": "amy@example.org"})

    def work() -> None:
        desk = zenpy_client.client(server.url, ADMIN, server.token, disable_cache=True)
        amy = next(iter(desk.users.search(query="amy")))
        desk.users.delete(amy)
        assert [amy.id] == [one.id for one in desk.users.deleted()]
        desk.users.permanently_delete(amy)
        assert [] == list(desk.users.deleted())

    await run(work)


async def test_what_agents_keep_of_a_person(server: SupportServer) -> None:
    fields = {"name": "Amy Day", "tags": ["VIP", "late payer"], "notes": "Calls on Mondays", "phone": "+33 1 23 45", "details": "Shop"}
    _, answer = await server.call("POST", "/users.json", {"user": fields})
    amy = answer["user"]
    assert (["vip", "late", "payer"], "Calls on Mondays", "+33 1 23 45") == (amy["tags"], amy["notes"], amy["phone"])
    for query in ("tags:vip", "notes:mondays", "phone:+3312345", "mondays type:user"):
        assert [amy["id"]] == [one["id"] for one in (await server.get("/search.json", query=query))["results"]], query
    _, answer = await server.call("PUT", f"/users/{amy['id']}.json", {"user": {"tags": [], "notes": None}})
    assert ([], None, "Shop") == (answer["user"]["tags"], answer["user"]["notes"], answer["user"]["details"])
