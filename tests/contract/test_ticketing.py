"""Conversations and tickets as two kinds of hosts (real processes' insides, without Ray), over real databases: they agree in the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from actors.conversation import ConversationKind
from actors.deliveries import Finder
from actors.host_process import HostConfig, HostProcess
from actors.kinds import KINDS, tickets
from actors.placement import Placement
from actors.router import Router, bytes_digest
from actors.socket_link import connect
from domain.conversation import commands as conversation
from domain.conversation.state import State as Conversation
from domain.ticket import commands as cmd
from domain.ticket.commands import By, Comment
from domain.ticket.state import State
from storage.open import open_journal
from storage.ports import ActorId
from tests import conversations as talk
from tests.conversations import PEOPLE
from tests.people import eventually
from tests.tickets import change

PLACEMENTS = {"conversation": Placement(), "ticket": Placement(2)}
ENTRIES = {name: msgspec.structs.replace(KINDS[name], perform=None) for name in PLACEMENTS}
BOARD = talk.board(PEOPLE)
CHAT = talk.actor()
KEY = By("key", "k")


class _Process(HostProcess):
    """One that does not take the tests along when it dies."""

    def die(self) -> None:
        """What it holds is killed by the test."""


class Site:
    """Host processes of both kinds over one database, and a gateway's way to them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database, self.journal = open_journal(url)
        kinds = [ConversationKind(), tickets(self.database)]
        self.router = Router(self.journal, Finder(self.journal), connect, b"secret", placements=PLACEMENTS, kinds=kinds)
        self.processes: list[HostProcess] = []

    async def begin(self, kind: str) -> HostProcess:
        process = _Process(msgspec.msgpack.encode(HostConfig(self.url, kinds=ENTRIES)))
        self.processes.append(process)
        for slot in map(str, range(PLACEMENTS[kind].slots)):
            rows = await self.journal.slots(kind, slot)
            assert await process.claim(kind, kind, slot, rows[0].generation if rows else 0, msgspec.msgpack.encode(PLACEMENTS))
        return process

    async def kill(self, process: HostProcess) -> None:
        """As by kill -9: in the middle of anything, and its links break."""
        self.processes.remove(process)
        await process._server.close()
        for held in process._held.values():
            await held.host.kill()
            await held.database.close()
        if process._outward is not None:
            await process._outward.close()
        if process._opened is not None:
            await process._opened[0].close()

    async def say(self, command: conversation.Command) -> None:
        await self.router.ask(CHAT, command, sender="test")

    async def tell(self, identifier: str, command: cmd.Command, key: str | None = None) -> None:
        encoded = cmd.encode(command)
        actor = ActorId("ticket", CHAT.app, identifier)
        await self.router.ask_encoded(actor, encoded, bytes_digest(encoded), sender="test", client_id=key)

    async def chat(self) -> Conversation:
        found = await self.router.state(CHAT)
        assert found is not None
        return found

    async def ticket(self, identifier: str) -> State | None:
        found = await self.router.load(ActorId("ticket", CHAT.app, identifier))
        return None if found is None else found[1]

    async def agreed(self, **wanted: Any) -> tuple[Conversation, State]:
        """When the conversation and its ticket say the same of it, and that it is so."""

        async def same() -> bool:
            chat = await self.chat()
            if chat.ticket is None or chat.ticket.awaited:
                return False
            ticket = await self.ticket(chat.ticket.ref.id)
            known = msgspec.structs.asdict(chat.ticket.ref) | {"revision": 0}
            return (
                ticket is not None
                and known == msgspec.structs.asdict(ticket.ref()) | {"revision": 0}
                and chat.status == ticket.ref().status
                and all(known[name] == value for name, value in wanted.items())
            )

        await eventually(same, 10, 0.01)
        chat = await self.chat()
        assert chat.ticket is not None
        ticket = await self.ticket(chat.ticket.ref.id)
        assert ticket is not None
        return chat, ticket

    async def close(self) -> None:
        await self.router.close()
        for process in list(self.processes):
            await self.kill(process)
        await self.database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    path = request.getfixturevalue("sqlite_path" if request.param == "sqlite" else "postgres_url")
    made = Site(f"sqlite:///{path}" if request.param == "sqlite" else path)
    await asyncio.gather(made.begin("conversation"), made.begin("ticket"))
    yield made
    await made.close()


async def begun(site: Site) -> None:
    await site.say(talk.create("ann", switchboard=BOARD))
    await site.say(talk.post("ann", switchboard=BOARD))


async def test_a_conversation_and_its_ticket_agree(site: Site) -> None:
    """Whoever says it: the customer, an agent, or the API."""
    await begun(site)
    _, ticket = await site.agreed(number=1, status="new")
    assert (CHAT.id, "ann", "hello") == (ticket.ticket.conversation_id, ticket.ticket.requester_id, ticket.ticket.subject)
    eve = msgspec.structs.replace(talk.post(None, switchboard=BOARD, takes=True))
    eve = msgspec.structs.replace(eve, author=msgspec.structs.replace(eve.author, subtypes=("agent",), agent_id="eve"))
    await site.say(eve)
    _, ticket = await site.agreed(assignee_id="eve", status="open")
    assert 1 == ticket.ticket.metrics.replies and not ticket.ticket.metrics.waiting_ms
    await site.tell(ticket.id, cmd.Update(KEY, change(status="solved"), Comment("That was it")))
    chat, _ = await site.agreed(status="solved")
    assert chat.control.active is None and 3 == chat.messages
    await site.say(talk.post("ann", "one thing more", switchboard=BOARD))
    chat, again = await site.agreed(status="open")
    assert again.id == ticket.id and 1 == again.ticket.metrics.reopens and chat.with_agents
    await site.say(conversation.ChangeStatus("closed", BOARD, "eve"))
    await site.agreed(status="closed")
    await site.say(talk.post("ann", "and another", switchboard=BOARD))
    _, following = await site.agreed(number=2, status="new")
    assert 1 == following.ticket.followup_of


async def test_deaths_on_either_side_leave_one_ticket(site: Site) -> None:
    """What was on its way arrives, once."""
    await begun(site)
    conversations, others = site.processes
    await site.kill(others)
    await site.say(talk.post(None, switchboard=BOARD))
    await site.kill(conversations)
    others = await site.begin("ticket")
    await site.begin("conversation")
    await site.agreed(number=1)
    await site.kill(others)
    await site.say(talk.post("ann", switchboard=BOARD))
    await site.begin("ticket")

    async def waits() -> bool:
        _, ticket = await site.agreed(number=1)
        return (ticket.ticket.metrics.replies, bool(ticket.ticket.metrics.waiting_ms)) == (1, True)

    await eventually(waits, 10, 0.01)


async def test_tickets_are_numbered_once_and_merged(site: Site) -> None:
    """In two slots at the same moment; then one goes into the other."""
    ids = [f"{n:024x}" for n in range(20)]
    await asyncio.gather(*(site.tell(one, cmd.Create(KEY, "ann", (), Comment("Help")), "once") for one in ids for _ in range(2)))
    found = {one: await site.ticket(one) for one in ids}
    numbers = {one: state.ticket.number for one, state in found.items() if state is not None}
    assert 20 == len(set(numbers.values()))
    first, second = ids[:2]
    await site.tell(first, cmd.Merge(KEY, second, numbers[second], None, Comment("came here", False)))

    async def merged() -> bool:
        state = await site.ticket(first)
        return state is not None and (state.ticket.status, state.ticket.merged_into) == ("closed", numbers[second])

    await eventually(merged, 10, 0.01)
    await site.tell(second, cmd.Merge(KEY, first, numbers[first]))

    async def stays() -> bool:
        state = await site.ticket(second)
        return state is not None and state.merging is None and state.ticket.status == "new" and state.seq > 2

    await eventually(stays, 10, 0.01)
