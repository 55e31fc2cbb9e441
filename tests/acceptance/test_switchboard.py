"""Control of a conversation, from outside: agents and programs see it change hands, customers see that something took its place."""

from __future__ import annotations

from typing import Any

from tests.people import App, People
from tests.stream_client import Json, new_id

#: What the ticket has to say comes when it comes, and is no concern of control.
OF_TICKETS = ("causerie:ticket:open", "causerie:ticket:change")


def of_control(events: list[Json]) -> list[Json]:
    return [event for event in events if event["type"] not in OF_TICKETS]


async def control(people: People, conversation: str, action: str, **body: Any) -> tuple[int, Any]:
    return await people.call("POST", f"/conversations/{conversation}/{action}Control", body)


async def test_agents_see_who_has_control_and_customers_do_not(people: People) -> None:
    """The first run's switchboard: its bot has nothing to say, so the people come first. Failures are told, too."""
    visitor, conversation = await people.talking()
    agent, program = await people.agent(), await people.program()
    for action, to, status in (("offer", "answerBot", 200), ("offer", "nobody", 400), ("release", None, 200)):
        body = {"switchboardIntegration": to} if to else {}
        assert status == (await control(people, conversation, action, **body))[0]
    last = await visitor.say("anybody there?", conversation)
    for connection in (visitor, agent, program):
        await connection.subscribe(conversation)
    whole = [await connection.events(conversation, 1, last["seq"]) for connection in (agent, program)]
    seen = [of_control(events) for events in whole]
    assert [
        "conversation:create",
        "conversation:message",
        "switchboard:offerControl",
        "switchboard:offerControl:failure",
        "switchboard:releaseControl",
        "causerie:responder:change",
        "conversation:message",
    ] == [event["type"] for event in seen[0]]
    assert seen[0] == seen[1]
    holders = [event["payload"]["conversation"].get("activeSwitchboardIntegration", {}).get("name") for event in seen[0]]
    assert ["agentWorkspace"] * 4 + [None] + ["agentWorkspace"] * 2 == holders
    assert "answerBot" == seen[0][2]["payload"]["conversation"]["pendingSwitchboardIntegration"]["name"]
    assert "switchboard_invalid_target" == seen[0][3]["payload"]["error"]["code"]
    shown = await visitor.events(conversation, 1, last["seq"])
    kept = [event for event, full in zip(shown, whole[0], strict=True) if full["type"] not in OF_TICKETS]
    assert [True, True, False, False, False, False, True] == [event is not None for event in kept]
    assert not any(event for event, full in zip(shown, whole[0], strict=True) if full["type"] in OF_TICKETS)


async def test_a_person_who_writes_takes_control(people: People) -> None:
    visitor, conversation = await people.talking()
    await control(people, conversation, "release")
    agent = await people.agent()
    ack = await agent.say("I am here", conversation)
    await agent.subscribe(conversation)
    *_, taken, said = of_control(await agent.events(conversation, 1, ack["seq"]))
    assert ("switchboard:passControl", "takenOver", "conversation:message") == (taken["type"], taken["payload"]["reason"], said["type"])
    status, answer = await people.call("GET", f"/conversations/{conversation}")
    assert (200, "agentWorkspace") == (status, answer["conversation"]["activeSwitchboardIntegration"]["name"])
    assert await visitor.say("thank you", conversation)


async def test_control_moves_by_the_stream(people: People) -> None:
    """An agent acts as the agents' member; a program with a key of the app, as the app. What is nothing new is acked without a place."""
    visitor, conversation = await people.talking()
    agent, program = await people.agent(), await people.program()

    async def move(connection: Any, action: str, **more: Any) -> Any:
        identifier = new_id("control")
        await connection.send(type="control", id=identifier, conversation=conversation, action=action, **more)
        return await connection.take(("ack", "refused"), id=identifier)

    ack = await move(agent, "release", metadata={"k": 1})
    assert "ack" == ack["type"] and ack["seq"] > 2
    assert "forbidden" == (await move(agent, "release"))["code"], "the agents have it no more"
    assert 0 == (await move(program, "release"))["seq"]
    passed = await move(program, "pass", to="agentWorkspace")
    assert passed["seq"] > ack["seq"]
    assert 0 == (await move(agent, "pass", to="zd:agentWorkspace"))["seq"]
    tries = [(agent, "pass", {"to": "nobody"}), (agent, "accept", {}), (agent, "offer", {}), (visitor, "release", {})]
    codes = [(await move(who, action, **more))["code"] for who, action, more in tries]
    assert ["switchboard_invalid_target", "switchboard_invalid_action", "bad_request", "forbidden"] == codes
    last = await visitor.say("hello", conversation)
    await agent.subscribe(conversation)
    told = of_control((await agent.events(conversation, 1, last["seq"]))[passed["seq"] :])
    failures = ["switchboard:passControl:failure", "switchboard:acceptControl:failure"]
    assert [*failures, "conversation:message"] == [event["type"] for event in told]


async def test_a_conversation_that_is_solved_is_handed_back(people: People) -> None:
    """By the app's policy, which is so from the start. What the customer does next, the first member hears."""
    visitor, conversation = await people.talking()
    agent = await people.agent()

    async def set_status(connection: Any, status: str) -> Any:
        identifier = new_id("status")
        await connection.send(type="status", id=identifier, conversation=conversation, status=status)
        return await connection.take(("ack", "refused"), id=identifier)

    await agent.subscribe(conversation)
    ack = await set_status(agent, "solved")
    *_, solved, released = of_control(await agent.events(conversation, 1, ack["seq"] + 1))
    assert ("causerie:status:change", "solved") == (solved["type"], solved["payload"]["status"])
    assert ("switchboard:releaseControl", "ticketSolved") == (released["type"], released["payload"]["reason"])
    assert (0, "conflict") == ((await set_status(agent, "solved"))["seq"], (await set_status(agent, "pending"))["code"])
    assert ("forbidden", "bad_request") == ((await set_status(visitor, "open"))["code"], (await set_status(agent, "well"))["code"])
    again = await visitor.say("one thing more", conversation)
    events = of_control(await agent.events(conversation, ack["seq"] + 2, again["seq"] + 1))
    assert {"causerie:responder:change", "conversation:message", "causerie:status:change"} == {event["type"] for event in events}


async def test_the_inbox_says_who_has_control(people: People) -> None:
    _, conversation = await people.talking()
    agent = await people.agent()
    await agent.send(type="subscribe", topic="inbox")
    told = await agent.take("subscribed", topic="inbox")
    (shown,) = (one for one in told["conversations"] if one["id"] == conversation)
    assert ("agentWorkspace", None) == (shown["activeSwitchboardIntegration"]["name"], shown["pendingSwitchboardIntegration"])


async def enabled(people: People, *members: dict[str, Any], **settings: Any) -> App:
    """An app of its own with such a switchboard: the first member comes first, and each has the one behind it as its next."""
    app = await people.new_app(**settings)
    board, following = await people.made("/switchboards", {}, app=app), None
    for body in reversed(members):
        given = {**body, "nextSwitchboardIntegrationId": following}
        following = (await people.made(f"/switchboards/{board['id']}/switchboardIntegrations", given, app=app))["id"]
    changes = {"enabled": True, "defaultSwitchboardIntegrationId": following}
    assert 200 == (await people.call("PATCH", f"/switchboards/{board['id']}", changes, app=app))[0]
    return app


PEOPLE = {"name": "people", "integrationType": "zd:agentWorkspace"}


async def test_a_program_that_does_not_answer_loses_control(people: People) -> None:
    """And after an idle time it has it again, since it comes first: both by the conversation's own timers."""
    silent = {"name": "silent", "integrationType": "acme", "patienceSeconds": 1}
    app = await enabled(people, silent, PEOPLE, handBackIdleSeconds=1)
    _, conversation = await people.person("ada", app)
    watcher = await people.program(app)
    await watcher.subscribe(conversation)

    async def told(kind: str) -> tuple[str | None, str | None]:
        """(reason, who has control now) of the next such event."""
        frame = await watcher.take("event", when=lambda frame: frame["event"] is not None and frame["event"]["type"] == kind)
        payload = frame["event"]["payload"]
        return payload.get("reason"), payload["conversation"].get("activeSwitchboardIntegration", {}).get("name")

    body = {"author": {"type": "user", "userExternalId": "ada"}, "content": {"type": "text", "text": "hello?"}}
    await people.made(f"/conversations/{conversation}/messages", body, app=app)
    assert (None, "silent") == await told("conversation:message")
    assert ("noAnswer", "people") == await told("switchboard:passControl")
    assert ("idle", None) == await told("switchboard:releaseControl")
    await people.made(f"/conversations/{conversation}/messages", body, app=app)
    assert (None, "silent") == await told("causerie:responder:change")
