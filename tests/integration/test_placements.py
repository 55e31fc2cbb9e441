"""Where conversations live and what carries their messages are settings, and nobody outside can tell which was chosen."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.people import People, eventually, people_of
from tests.serving import Serving
from tests.stream_client import text_of

pytestmark = [pytest.mark.serves]

#: Until Ray has restarted every host that was killed at once; on a loaded machine that is several starts of a process in a row.
BACK_S = 90.0


async def talk(people: People) -> str:
    """Two visitors, an agent who follows and answers both, a whisper, a read mark, a resumed stream."""
    await people.with_switchboard(False)  # which would have its say in the conversations
    agent = await people.agent()
    await agent.send(type="subscribe", topic="inbox")
    await agent.take("subscribed", topic="inbox")
    conversations = []
    for name in ("ann", "bob"):
        visitor, conversation = await people.talking(f"hello from {name}")
        conversations.append(conversation)
        await visitor.subscribe(conversation, 2)
        await agent.subscribe(conversation)
        created, hello = await agent.events(conversation, 1, 2)
        assert ("conversation:create", f"hello from {name}") == (created["type"], text_of(hello))
        await agent.say(f"hello {name}", conversation)
        await visitor.hears(conversation, f"hello {name}")
        await visitor.send(type="activity", conversation=conversation, activity="typing:start")
        assert "conversation:typing" == (await agent.event(conversation, None))["type"]
        await visitor.send(type="activity", conversation=conversation, activity="conversation:read")
        assert "conversation:read" == (await agent.event(conversation, 4))["type"]
        same = [visitor.say("once", conversation, "same"), agent.say("and I", conversation)]
        seqs = {ack["seq"] for ack in await asyncio.gather(*same)}
        assert {5, 6} == seqs
        assert (await visitor.say("once", conversation, "same"))["seq"] in seqs
        again = await people.agent()
        await again.subscribe(conversation, 2)
        assert 4 == len(await again.events(conversation, 3, 6))
    return conversations[0]


async def loses_its_hosts(people: People, conversation: str) -> None:
    """Every host process is killed; what was followed goes on where it was."""
    agent = await people.agent()
    await agent.subscribe(conversation)
    await agent.events(conversation, 1, 6)
    for host in await asyncio.to_thread(people.server.hosts):
        host.kill()
    assert 7 == (await agent.insist("after", conversation, "after", BACK_S))["seq"]
    assert "after" == text_of(await agent.event(conversation, 7))


async def loses_ray(people: People, conversation: str) -> None:
    """Ray is started anew under the links that it carried, and the server's own process lives on: what calls a Ray that has ended, ends."""
    agent = await people.agent()
    await agent.subscribe(conversation)
    await agent.events(conversation, 1, 7)
    (raylet,) = [process for process in await asyncio.to_thread(people.server.processes) if process.name() == "raylet"]
    raylet.kill()

    async def says_so() -> bool:
        return (await asyncio.to_thread(people.server.get, "/readyz")).status == 503

    await eventually(says_so, 15, 0.05)  # until then hosts go on without it
    await asyncio.to_thread(people.server.wait_ready, 60)
    assert 8 == (await agent.insist("later", conversation, "later", BACK_S))["seq"]
    assert "later" == text_of(await agent.event(conversation, 8))


#: What is not here is the default: everything else is tested on it.
@pytest.mark.parametrize(("placement", "link"), [("shared", "ray"), ("dedicated", "socket"), ("dedicated", "ray")])
async def test_the_same_story(tmp_path: Path, placement: str, link: str) -> None:
    server = Serving(tmp_path, environment={"CAUSERIE_PLACEMENT": placement, "CAUSERIE_LINK": link})
    await asyncio.to_thread(server.start)
    try:
        async with people_of(server) as people:
            conversation = await talk(people)
            own = [owner for slot, owner in await asyncio.to_thread(server.owners) if "/" in slot]
            assert (2 if placement == "dedicated" else 0) == len(set(own)), "each conversation has a process of its own, or none has"
            await loses_its_hosts(people, conversation)
            if (placement, link) == ("shared", "ray"):
                await loses_ray(people, conversation)
    except BaseException:
        print(server.tail())
        raise
    finally:
        left = await asyncio.to_thread(server.stop)
    assert [] == left, "SIGTERM leaves nothing"
