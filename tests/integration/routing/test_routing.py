"""Routing over public interfaces: work is offered, accepted and handed on; the inbox shows it, and is resumed where it was left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.people import eventually
from tests.routing_server import PASSWORD, RoutingServer
from tests.stream_client import Connection, Json


@pytest.fixture
async def server(sqlite_path: Path) -> AsyncIterator[RoutingServer]:
    made = RoutingServer(sqlite_path)
    await made.start()
    yield made
    await made.close()


async def inbox(server: RoutingServer, name: str, after: int = 0) -> tuple[Connection, Json]:
    """An agent's socket that shows the inbox, and the snapshot, if there is one."""
    one = await server.agent(name)
    await one.send(type="subscribe", topic="inbox", after=after)
    await one.take("subscribed", topic="inbox")
    return one, {} if after else await one.take("routing", topic="inbox")


async def routed(one: Connection, kind: str, **fields: Any) -> Json:
    """The payload of the next such event on the inbox."""

    def fits(frame: Json) -> bool:
        event = frame["event"]
        return bool(event["type"] == kind and all(event["payload"].get(name) == value for name, value in fields.items()))

    payload: Json = (await one.take("routed", when=fits))["event"]["payload"]
    return payload


async def test_work_is_offered_accepted_and_handed_on(server: RoutingServer) -> None:
    sam, snapshot = await inbox(server, "sam")
    assert snapshot["position"] > 0
    ann, _ = await inbox(server, "ann")
    assert "ack" == (await server.says(ann, type="availability", status="online"))["type"]
    assert server.people["ann"].id == (await routed(sam, "routing:status"))["agentId"]
    visitor = await server.visitor()
    conversation = (await visitor.say("I want to speak to somebody"))["conversation"]
    queued = await routed(sam, "routing:queued", conversationId=conversation)
    offered = await routed(ann, "routing:offered", ticketId=queued["ticketId"])
    assert server.people["ann"].id == offered["agentId"]
    refusal = await server.says(sam, type="accept", ticket=queued["ticketId"])
    assert ("refused", "conflict") == (refusal["type"], refusal["code"])
    assert "ack" == (await server.says(ann, type="accept", ticket=queued["ticketId"]))["type"]
    assert "accepted" == (await routed(sam, "routing:assigned"))["how"]
    code, answer = await server.api("GET", "/agent_availabilities/me")
    counts = {one["attributes"]["name"]: one["attributes"]["work_item_count"] for one in answer["included"]}
    assert (200, "online", 1) == (code, answer["data"]["attributes"]["agent_status"]["name"], counts["messaging"])
    assert "ack" == (await server.says(sam, type="transfer", ticket=queued["ticketId"], agent=server.people["sam"].id))["type"]
    assert server.people["sam"].id == (await routed(ann, "routing:assigned", how="taken"))["agentId"]


async def test_the_inbox_is_resumed_where_it_was_left(server: RoutingServer) -> None:
    ann, snapshot = await inbox(server, "ann")
    await ann.close()
    for number in (3, 4, 3):
        assert 200 == (await server.api("PUT", "/agent_availabilities/agent_statuses/me", {"id": number}))[0]
    again, _ = await inbox(server, "ann", snapshot["position"])
    seen: list[Json] = []
    while 3 > sum(frame["event"]["type"] == "routing:status" for frame in seen):
        seen.append(await again.take("routed"))
    assert [snapshot["position"] + 1 + n for n in range(len(seen))] == [frame["position"] for frame in seen]


async def test_a_host_that_is_killed_in_the_middle_of_an_offer_loses_nothing(server: RoutingServer) -> None:
    ann, _ = await inbox(server, "ann")
    await server.says(ann, type="availability", status="online")
    visitor = await server.visitor()
    await visitor.say("hello")
    offered = await routed(ann, "routing:offered")
    await server.kill("assignment")
    await ann.send(type="accept", id="a", ticket=offered["ticketId"])
    await server.begin("assignment")
    await ann.take("ack", id="a")
    await routed(ann, "routing:assigned", ticketId=offered["ticketId"])
    code, answer = await server.api("GET", "/routing/lines")
    assert (200, [(0, 0, 1)]) == (code, [(line["waiting"], line["offered"], line["assigned"]) for line in answer["lines"]])


async def test_a_socket_that_breaks_is_noticed_and_one_that_comes_back_has_not_been_away(server: RoutingServer) -> None:
    sam, _ = await inbox(server, "sam")
    ann = await server.agent("ann")
    joined = await routed(sam, "routing:presence", joined=[server.people["ann"].id])
    await ann.close()
    assert joined["gateway"] == (await routed(sam, "routing:presence", left=[server.people["ann"].id]))["gateway"]
    await server.agent("ann")
    await routed(sam, "routing:presence", joined=[server.people["ann"].id])


async def test_who_is_there_is_listed_and_set_by_those_who_supervise(server: RoutingServer) -> None:
    code, answer = await server.api("GET", "/agent_availabilities")
    assert (200, 3) == (code, len(answer["data"]))
    numbers = {one["attributes"]["agent_id"] for one in answer["data"]}
    code, sams = await server.api("GET", "/agent_availabilities/me", name="sam")
    other = sams["data"]["attributes"]["agent_id"]
    assert other in numbers
    path = f"/agent_availabilities/agent_statuses/agents/{other}"
    assert 403 == (await server.api("PUT", path, {"id": 3}))[0]
    code, told = await server.api("PUT", path, {"id": 3}, "sam")
    assert (200, "online") == (code, told["data"]["attributes"]["agent_status"]["name"])
    code, shown = await server.api("GET", f"/agent_availabilities/{other}")
    assert "PUBLIC_API" == shown["data"]["attributes"]["agent_status"]["reason"]
    assert 422 == (await server.api("PUT", "/agent_availabilities/agent_statuses/me", {"id": 999_999}))[0]
    assert {2, 3, 4, 5} == {one["id"] for one in (await server.api("GET", "/agent_availabilities/agent_statuses"))[1]["default"]}
    paged = (await server.api("GET", "/agent_availabilities", None, "ann", **{"page[size]": "2"}))[1]
    assert (2, True) == (len(paged["data"]), paged["meta"]["has_more"])


async def test_what_waits_is_paged(server: RoutingServer) -> None:
    for n in range(3):
        await (await server.visitor()).say(f"hello {n}")

    async def waiting() -> list[Json]:
        _, answer = await server.api("GET", "/routing/lines")
        return [line for line in answer["lines"] if line["waiting"]]

    sam, snapshot = await inbox(server, "sam")
    known = sum(line["waiting"] for line in snapshot["lines"])
    for _ in range(3 - known):
        await routed(sam, "routing:queued")
    (line,) = await waiting()
    assert 3 == line["waiting"]
    code, page = await server.api("GET", "/routing/lines/0/waiting", None, "ann", group_id=str(line["group_id"] or 0))
    assert (200, 3, None) == (code, len(page["work"]), page["cursor"])


async def test_who_signs_out_is_offline_and_comes_back_so(server: RoutingServer) -> None:
    sam, _ = await inbox(server, "sam")
    ann = await server.agent("ann")
    assert "ack" == (await server.says(ann, type="availability", status="online"))["type"]
    await routed(sam, "routing:status", status="online")
    body = {"email": "ann@example.org", "password": PASSWORD}
    async with server.http.post("/agent/v1/sessions", json=body) as answer:
        bearer = {"Authorization": f"Bearer {(await answer.json())['token']}"}
    async with server.http.delete("/agent/v1/sessions", headers=bearer) as answer:
        assert 200 == answer.status
    told = await routed(sam, "routing:status", status="offline")
    assert (server.people["ann"].id, "AGENT_LOGOUT") == (told["agentId"], told["reason"])
    await server.agent("ann")
    _, shown = await server.api("GET", "/agent_availabilities/me")
    assert "offline" == shown["data"]["attributes"]["agent_status"]["name"]


async def test_what_an_agent_has_who_is_deleted_waits_for_others(server: RoutingServer) -> None:
    sam, _ = await inbox(server, "sam")
    ann, _ = await inbox(server, "ann")
    await server.says(ann, type="availability", status="online")
    visitor = await server.visitor()
    await visitor.say("I want to speak to somebody")
    ticket = (await routed(ann, "routing:offered"))["ticketId"]
    await server.says(ann, type="accept", ticket=ticket)
    await routed(sam, "routing:assigned", ticketId=ticket)
    _, me = await server.api("GET", "/users/me")
    assert 200 == (await server.api("DELETE", f"/users/{me['user']['id']}", name="sam"))[0]
    await routed(sam, "routing:agent_removed", agentId=server.people["ann"].id)
    await server.says(sam, type="availability", status="online")
    assert ticket == (await routed(sam, "routing:offered", agentId=server.people["sam"].id))["ticketId"]


async def test_what_is_said_on_a_ticket_is_found_when_its_host_has_read_it(server: RoutingServer) -> None:
    body = {"ticket": {"subject": "Parcel", "comment": {"body": "Where is the swordfish?"}}}
    code, answer = await server.api("POST", "/tickets", body)
    assert 201 == code, answer

    async def found() -> bool:
        return bool((await server.api("GET", "/search", query="comment:swordf"))[1]["count"])

    await eventually(found)
