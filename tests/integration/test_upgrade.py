"""Two versions of the program at once, on one PostgreSQL: an upgrade, and the way back, while people talk.

There is no other version to take, so one is made: a copy of the checkout in which a later version's changes were put. It speaks a later
minor version of the link, expands the schema, and writes notes as a kind of event that today's version does not know.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.sql.migrate import newest_revision
from tests.chaos.load import Load
from tests.integration.test_servers import serves_newcomers
from tests.people import People, people_of
from tests.serving import Serving, two_servers
from tests.stream_client import Connection

pytestmark = [pytest.mark.serves, pytest.mark.postgresql, pytest.mark.long]

ROOT = Path(__file__).parents[2]
PACKAGES = ("actors", "causerie", "domain", "gateway", "storage")
LATER_KIND = "causerie:later:note"

MIGRATION = f'''"""What a later version adds."""

import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{newest_revision()}"
compatible_from = "{newest_revision()}"


def upgrade() -> None:
    op.add_column("actors", sa.Column("later", sa.Text()))
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
'''

#: What is changed in the copy: file, what stands there, what stands there then.
CHANGES = [
    ("actors/frames.py", "PROTOCOL: Version = (1, 0)", "PROTOCOL: Version = (1, 7)"),
    ("domain/conversation/events.py", '"causerie:note:create"', f'"{LATER_KIND}"'),
    (
        "domain/conversation/events.py",
        "#: Types that a customer never sees",
        'STORED["causerie:note:create"] = NotePosted\n#: Types that a customer never sees',
    ),
]


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The checkout of a later version."""
    folder = tmp_path / "later"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, before, after in CHANGES:
        text = (folder / name).read_text()
        assert 1 == text.count(before), (name, before)
        (folder / name).write_text(text.replace(before, after))
    (folder / "storage/sql/migrations/versions/9000_later.py").write_text(MIGRATION)
    return folder


@pytest.fixture
def servers(tmp_path: Path, postgres_empty_url: str) -> Iterator[list[Serving]]:
    with two_servers(tmp_path, postgres_empty_url, conversation_slots=4, standby_hosts=1) as made:
        yield made


async def replaced(server: Serving, other: Serving, checkout: Path, load: Load) -> None:
    """The same server in another version, and people go on, with the other server in whichever version it has."""
    assert [] == await asyncio.to_thread(server.stop)
    await serves_newcomers(other)
    server.checkout = checkout
    await asyncio.to_thread(server.start)
    await load.goes_on()


async def with_a_note(people: People) -> tuple[str, str]:
    """(A visitor's session token, their conversation), in which an agent has left a note."""
    await people.with_switchboard(False)
    token = (await people.session())["token"]
    visitor, agent = await people.open("/messaging/v1/stream", token), await people.agent()
    conversation: str = (await visitor.say("before"))["conversation"]
    await agent.say("only for us", conversation, internal=True)
    return token, conversation


async def test_an_upgrade_and_the_way_back(servers: list[Serving], later: Path) -> None:
    """Nothing is lost, doubled or reordered. What only the later version understands waits for it, and is passed on meanwhile."""
    first, second = servers
    async with Load(first, visitors=6, seed=23, doors=[first.url, second.url]) as load:
        await load.goes_on()
        for server, other in ((second, first), (first, second)):
            await replaced(server, other, later, load)
        async with people_of(first, checked=False) as people:
            token, conversation = await with_a_note(people)
        for server, other in ((first, second), (second, first)):
            await replaced(server, other, ROOT, load)
        async with people_of(first, checked=False) as people:  # whose agent has a password
            await _is_passed_on_and_waits(people, token, conversation)
        for server, other in ((first, second), (second, first)):
            await replaced(server, other, later, load)
        async with people_of(first, checked=False) as people:
            visitor = await people.welcome("/messaging/v1/stream", token)
            assert 4 == (await visitor.insist("after", conversation, "m-after", 30))["seq"]
        assert [] == await load.judged()


async def _is_passed_on_and_waits(people: People, token: str, conversation: str) -> None:
    """By today's version: the agent gets what it does not know as it was written, the visitor a place, and neither can add to it."""
    visitor, agent = await people.welcome("/messaging/v1/stream", token), await people.agent()
    seen = [await _events(one, conversation) for one in (agent, visitor)]
    assert ["conversation:create", "conversation:message", LATER_KIND] == [event["type"] for event in seen[0]]
    assert ["conversation:create", "conversation:message", None] == [event and event["type"] for event in seen[1]]
    for one in (visitor, agent):
        await one.send(type="message", id="m-early", conversation=conversation, content={"type": "text", "text": "after"})
        refused = await one.refused("m-early")
        assert ("newer_version", True) == (refused["code"], refused["retry_after"] > 0)


async def _events(one: Connection, conversation: str) -> list[dict[str, str]]:
    await one.subscribe(conversation)
    return await one.events(conversation, 1, 3)
