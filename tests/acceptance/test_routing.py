"""Work finds its agent, over public interfaces alone: a customer asks for somebody, an agent is offered it, accepts it, hands it on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.people import People
from tests.stream_client import Connection, Json, agent_session, basic_auth

AGENT = "/agent/v1/stream"


class Desk:
    """The two accounts of a new installation, on the stream: the agent and the admin."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.sessions: dict[str, Json] = {}

    async def comes(self, role: str) -> Connection:
        c = self.people.credentials[role]
        self.sessions[role] = await agent_session(self.people.http, self.people.url, c["email"], c["password"], self.people.app.id)
        return await Connection.open(self.people.http, self.people.url, AGENT, self.sessions[role]["token"])

    async def says(self, one: Connection, **frame: Any) -> Json:
        await one.send(id=f"r{id(frame)}{frame['type']}", **frame)
        return await one.take(("ack", "refused"))

    async def api(self, method: str, path: str, body: Any = None, role: str = "agent") -> tuple[int, Any]:
        c = self.people.credentials[role]
        headers = basic_auth(c["email"], c["password"])
        asked = {"params": {"app_id": self.people.app.id}, "json": body, "headers": headers}
        async with self.people.http.request(method, f"{self.people.url}/api/v2{path}", **asked) as answer:
            return answer.status, await answer.json()

    async def routed(self, one: Connection, kind: str, **fields: Any) -> Json:
        """The payload of the next such event on the inbox."""

        def fits(frame: Json) -> bool:
            event = frame["event"]
            return bool(event["type"] == kind and all(event["payload"].get(name) == value for name, value in fields.items()))

        frame = await one.take("routed", 20, when=fits)
        payload: Json = frame["event"]["payload"]
        return payload | {"position": frame["position"]}


@pytest.fixture
async def desk(people: People) -> Desk:
    await people.settle()
    return Desk(people)


async def test_work_is_offered_accepted_and_handed_on(people: People, desk: Desk) -> None:
    agent, admin = await desk.comes("agent"), await desk.comes("admin")
    try:
        await admin.send(type="subscribe", topic="inbox")
        snapshot = await admin.take("routing", 20)
        assert snapshot["position"] > 0
        await agent.send(type="subscribe", topic="inbox")
        await agent.take("routing", 20)
        assert "ack" == (await desk.says(agent, type="availability", status="online"))["type"]
        status = await desk.routed(admin, "routing:status", status="online")
        _, conversation = await people.talking("I want to speak to somebody")
        queued = await desk.routed(admin, "routing:queued", conversationId=conversation)
        offered = await desk.routed(agent, "routing:offered", ticketId=queued["ticketId"])
        assert status["agentId"] == offered["agentId"] == desk.sessions["agent"]["agent"]["id"]
        assert "refused" == (await desk.says(admin, type="accept", ticket=queued["ticketId"]))["type"]
        assert "ack" == (await desk.says(agent, type="accept", ticket=queued["ticketId"]))["type"]
        assigned = await desk.routed(admin, "routing:assigned", ticketId=queued["ticketId"])
        assert ("accepted", offered["agentId"]) == (assigned["how"], assigned["agentId"])
        code, answer = await desk.api("GET", "/agent_availabilities/me")
        (messaging,) = [one["attributes"] for one in answer["included"] if one["attributes"]["name"] == "messaging"]
        assert (200, "online") == (code, answer["data"]["attributes"]["agent_status"]["name"])
        assert messaging["work_item_count"] >= 1
        admin_id = desk.sessions["admin"]["agent"]["id"]
        assert "ack" == (await desk.says(admin, type="transfer", ticket=queued["ticketId"], agent=admin_id))["type"]
        taken = await desk.routed(agent, "routing:assigned", ticketId=queued["ticketId"], how="taken")
        assert admin_id == taken["agentId"]
    finally:
        await asyncio.gather(agent.close(), admin.close())


async def test_the_inbox_is_resumed_where_it_was_left(people: People, desk: Desk) -> None:
    one = await desk.comes("agent")
    await one.send(type="subscribe", topic="inbox")
    position = (await one.take("routing", 20))["position"]
    await one.close()
    for number in (4, 3, 4):
        code, _ = await desk.api("PUT", "/agent_availabilities/agent_statuses/me", {"id": number})
        assert 200 == code
    again = await desk.comes("agent")
    await again.send(type="subscribe", topic="inbox", after=position)
    seen: list[Json] = []
    while len([1 for frame in seen if frame["event"]["type"] == "routing:status"]) < 3:
        seen.append(await again.take("routed", 20))
    assert [position + 1 + n for n in range(len(seen))] == [frame["position"] for frame in seen]
    await again.close()


async def test_who_is_there_is_listed_and_set_by_those_who_supervise(people: People, desk: Desk) -> None:
    code, answer = await desk.api("GET", "/agent_availabilities")
    assert (200, 2) == (code, len(answer["data"]))
    numbers = {one["attributes"]["agent_id"] for one in answer["data"]}
    code, mine = await desk.api("GET", "/agent_availabilities/me")
    (others,) = numbers - {mine["data"]["attributes"]["agent_id"]}
    code, refusal = await desk.api("PUT", f"/agent_availabilities/agent_statuses/agents/{others}", {"id": 3})
    assert (403, "Forbidden") == (code, refusal["error"])
    code, told = await desk.api("PUT", f"/agent_availabilities/agent_statuses/agents/{others}", {"id": 3}, "admin")
    assert (200, "online") == (code, told["data"]["attributes"]["agent_status"]["name"])
    code, shown = await desk.api("GET", f"/agent_availabilities/{others}")
    assert "PUBLIC_API" == shown["data"]["attributes"]["agent_status"]["reason"]
    assert 200 == (await desk.api("GET", "/routing/lines"))[0]
    assert 422 == (await desk.api("PUT", "/agent_availabilities/agent_statuses/me", {"id": 999_999}))[0]
    assert {2, 3, 4, 5} == {one["id"] for one in (await desk.api("GET", "/agent_availabilities/agent_statuses"))[1]["default"]}
