"""On the stream, beside what is said: who types and looks, what was read, what has arrived, and where the customer is."""

from __future__ import annotations

import pytest

from tests.people import People

pytestmark = pytest.mark.usefixtures("plain")


async def test_typing_goes_through_and_is_not_kept(people: People) -> None:
    visitor, conversation = await people.talking()
    agent = await people.agent()
    await visitor.subscribe(conversation, 2)
    await agent.subscribe(conversation, 2)
    for sender, reader, activity in ((visitor, agent, "typing:start"), (agent, visitor, {"type": "typing:start"})):
        await sender.send(type="activity", conversation=conversation, activity=activity)
        event = await reader.event(conversation, None)
        assert ("conversation:typing", "typing:start") == (event["type"], event["payload"]["activity"]["type"])
    assert 3 == (await visitor.say("typed", conversation))["seq"]


async def test_a_read_mark_is_kept_once(people: People) -> None:
    visitor, conversation = await people.talking()
    agent = await people.agent()
    await visitor.subscribe(conversation, 2)
    for _ in range(2):  # what is read already is no event
        await agent.send(type="activity", conversation=conversation, activity="conversation:read")
    event = await visitor.event(conversation, 3)
    assert ("conversation:read", "business") == (event["type"], event["payload"]["activity"]["author"]["type"])
    assert 4 == (await agent.say("read it", conversation))["seq"]
    _, answer = await people.call("GET", f"/conversations/{conversation}/participants")
    assert 1 == answer["participants"][0]["unreadCount"]
    await visitor.send(type="activity", conversation=conversation, activity="conversation:read")
    assert "conversation:read" == (await visitor.event(conversation, 5))["type"]
    _, answer = await people.call("GET", f"/conversations/{conversation}/participants")
    assert (0, True) == (answer["participants"][0]["unreadCount"], "lastRead" in answer["participants"][0])


async def test_what_has_arrived_is_marked_once_on_either_side(people: People) -> None:
    visitor, conversation = await people.talking()
    agent = await people.agent()
    await agent.subscribe(conversation, 2)
    first = await agent.say("one", conversation)
    second = await agent.say("two", conversation)
    for _ in range(2):
        await visitor.send(type="activity", conversation=conversation, activity="conversation:delivered")
        await agent.send(type="activity", conversation=conversation, activity="conversation:delivered")
    told = {}
    for seq in (second["seq"] + 1, second["seq"] + 2):
        event = await agent.event(conversation, seq)
        told[event["type"]] = event["payload"]
    there = {"type": "web", "integrationId": people.credentials["web_integration_id"]}
    by_user = told["conversation:message:delivery:user"]
    assert (second["message"], there, True) == (by_user["message"]["id"], by_user["destination"], by_user["isFinalEvent"])
    assert told["causerie:message:delivery:business"]["message"]["id"] not in {first["message"], second["message"]}
    assert second["seq"] + 3 == (await agent.say("and no more", conversation))["seq"]


async def test_agents_see_which_page_a_customer_looks_at(people: People) -> None:
    visitor, conversation = await people.talking()
    await visitor.subscribe(conversation, 2)
    agent = await people.agent()
    await agent.subscribe(conversation, 2)
    lamps = {"url": "https://me:secret@shop.example:8443/lamps?token=secret#care", "title": "Lamps"}
    for _ in range(2):
        await visitor.send(type="visit", conversation=conversation, **lamps)
    await visitor.send(type="visit", conversation=conversation, url="http://[::1]/")
    seqs = range(3, 5)
    told = [(await agent.event(conversation, seq))["payload"]["page"] for seq in seqs]
    assert [{"url": "https://shop.example:8443/lamps", "title": "Lamps"}, {"url": "http://[::1]/"}] == told
    assert [None, None] == [await visitor.event(conversation, seq) for seq in seqs], "it has its place, and nothing to see"
    for url in ("javascript:alert(1)", "https:///lamps", "https://shop.example:port/", "lamps", ""):
        await visitor.send(type="visit", conversation=conversation, url=url)
        await visitor.take("refused", code="bad_request")
    await agent.send(type="visit", conversation=conversation, **lamps)
    await agent.take("refused", code="forbidden")
    stranger, _ = await people.talking()
    await stranger.send(type="visit", conversation=conversation, **lamps)
    await stranger.take("refused", code="conversation_not_found")


async def test_by_the_api_too(people: People) -> None:
    visitor, conversation = await people.talking()
    await visitor.subscribe(conversation, 2)
    for kind in ("typing:start", "typing:stop"):
        status, _ = await people.call("POST", f"/conversations/{conversation}/activity", {"author": {"type": "business"}, "type": kind})
        assert 200 == status
        event = await visitor.event(conversation, None)
        assert kind == event["payload"]["activity"]["type"]


async def test_who_else_looks_is_told_the_business_alone(people: People) -> None:
    visitor, conversation = await people.talking()
    agent, program = await people.agent(), await people.program()
    for reader in (visitor, program):
        await reader.subscribe(conversation, 2)
    await agent.send(type="viewing", conversation=conversation, on=True)
    event = await program.event(conversation, None)
    assert ("causerie:viewing", True) == (event["type"], event["payload"]["on"])
    assert event["payload"]["agent"]["displayName"]
    await agent.close()
    assert not (await program.event(conversation, None))["payload"]["on"], "it ends with the socket"
    assert 3 == (await visitor.say("nobody sees me", conversation))["seq"]
    await visitor.event(conversation, 3)
    assert None not in [frame["seq"] for frame in visitor.frames if frame["type"] == "event"]
    for who in (visitor, program):
        await who.send(type="viewing", conversation=conversation, on=True)
        assert "forbidden" == (await who.refused())["code"]


async def test_another_kind_of_activity_is_refused(people: People) -> None:
    visitor, conversation = await people.talking()
    await visitor.send(type="activity", conversation=conversation, activity="dancing")
    await visitor.refused()
    await visitor.send(type="activity", conversation="0" * 24, activity="typing:start")
    assert "conversation_not_found" == (await visitor.refused())["code"]
