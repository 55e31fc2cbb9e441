"""A ticket from outside, by the streams: it opens, has its number, goes to whoever answers, is solved, and its session ends."""

from __future__ import annotations

from typing import Any

from tests.people import People
from tests.stream_client import Connection, Json, new_id


async def told(watcher: Connection, kind: str, **wanted: Any) -> Json:
    """The next event of a kind whose ticket has these values."""

    def fits(frame: Json) -> bool:
        event = frame["event"]
        ticket = {} if event is None else event["payload"].get("ticket", {})
        return event is not None and event["type"] == kind and all(ticket.get(name) == value for name, value in wanted.items())

    found: Json = (await watcher.take("event", when=fits))["event"]["payload"]
    return found


async def ask(connection: Connection, kind: str, conversation: str, **fields: str) -> Json:
    identifier = new_id(kind)
    await connection.send(type=kind, id=identifier, conversation=conversation, **fields)
    return await connection.take(("ack", "refused"), id=identifier)


async def settings(people: People, **values: bool) -> None:
    url = f"{people.url}/sc/v2/apps/{people.app.id}"
    async with people.http.patch(url, json={"settings": values}, headers=people.owner) as answer:
        assert answer.status == 200, await answer.text()


async def test_from_the_first_word_to_the_end_of_the_session(people: People) -> None:
    visitor, conversation = await people.talking("My parcel is late")
    agent = await people.agent()
    for one in (agent, visitor):
        await one.subscribe(conversation)
    opened = await told(agent, "causerie:ticket:open")
    numbered = await told(agent, "causerie:ticket:change", id=opened["ticket"]["id"])
    assert numbered["ticket"]["number"] >= 1
    await agent.say("I am looking", conversation)
    assigned = await told(agent, "causerie:ticket:change", status="open")
    assert assigned["ticket"]["assigneeId"] and numbered["ticket"]["number"] == assigned["ticket"]["number"]
    assert "ack" == (await ask(agent, "status", conversation, status="solved"))["type"]
    await told(agent, "causerie:ticket:change", status="solved")
    assert "ack" == (await ask(agent, "session", conversation, action="end"))["type"]
    assert "agent" == (await told(visitor, "causerie:session:end"))["by"]


async def test_a_customer_ends_it_where_the_app_lets_them(people: People) -> None:
    visitor, conversation = await people.talking()
    assert "refused" == (await ask(visitor, "session", conversation, action="end"))["type"]
    await settings(people, endSessionEnabled=True)
    try:
        await visitor.subscribe(conversation)
        assert "ack" == (await ask(visitor, "session", conversation, action="end"))["type"]
        assert "user" == (await told(visitor, "causerie:session:end"))["by"]
        status, answer = await people.call("GET", f"/conversations/{conversation}/messages")
        last = answer["messages"][-1]
        assert (200, "conversation:endedByUser", "business") == (status, last["activity"]["type"], last["author"]["type"])
    finally:
        await settings(people, endSessionEnabled=False)
