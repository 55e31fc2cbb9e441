"""A server on a restored backup, which was made while people talked: it knows all that was acked before, and goes on from there."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import pytest

from tests import services
from tests.people import People, people_of
from tests.serving import COMMAND, NO_STANDBY, Serving
from tests.stream_client import MESSAGING, Json, new_id

pytestmark = [pytest.mark.serves]

VISITORS, MESSAGES = 3, 15


class Installation(Protocol):
    """Where two servers have their databases, and how the one becomes a copy of the other. By the commands of docs/how-to/backup.md."""

    def server(self, name: str) -> Serving: ...

    def backup(self) -> None: ...

    def restore(self) -> None: ...


class OnSqlite:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def server(self, name: str) -> Serving:
        return Serving(self.folder / name, environment=NO_STANDBY)

    def backup(self) -> None:
        self._run("backup", "first")

    def restore(self) -> None:
        self._run("restore", "second")

    def _run(self, command: str, name: str) -> None:
        subprocess.run([COMMAND, command, self.folder / "backup.db", "--data", self.folder / name / "data"], check=True)


class OnPostgres:
    def __init__(self, folder: Path, postgres: services.Postgres, first_url: str, second_url: str) -> None:
        self.folder, self._postgres, self._urls = folder, postgres, {"first": first_url, "second": second_url}

    def server(self, name: str) -> Serving:
        return Serving(self.folder / name, environment={"CAUSERIE_DATABASE_URL": self._urls[name], "CAUSERIE_CONVERSATION_HOSTS": "2"})

    def backup(self) -> None:
        self._run("pg_dump", "--format=custom", f"--file={self.folder}/causerie.dump", self._urls["first"])

    def restore(self) -> None:
        self._run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={self._urls['second']}", f"{self.folder}/causerie.dump")

    def _run(self, tool: str, *arguments: str) -> None:
        subprocess.run([self._postgres.tool(tool), *arguments], check=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.long])])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    if request.param == "sqlite":
        return OnSqlite(tmp_path)
    postgres, url = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_empty_url")
    return OnPostgres(tmp_path, postgres, url, request.getfixturevalue("postgres_second_url"))


@pytest.fixture
def postgres_second_url(postgres: services.Postgres) -> str:
    """A second empty database; it goes with the server."""
    subprocess.run([postgres.tool("createdb"), f"--maintenance-db={postgres.url()}", "restored"], check=True)
    return postgres.url("restored")


@contextlib.asynccontextmanager
async def people_at(server: Serving) -> AsyncIterator[People]:
    await asyncio.to_thread(server.start)
    try:
        async with people_of(server) as people:
            yield people
    finally:
        await asyncio.to_thread(server.stop)


class Visitor:
    """Somebody whose token, conversation and acks outlive the server."""

    def __init__(self, token: str) -> None:
        self.token, self.conversation = token, ""
        self.acks: list[Json] = []

    async def talk(self, people: People, messages: int) -> None:
        socket = await people.welcome(MESSAGING, self.token)
        for _ in range(messages):
            self.acks.append(await socket.say("hello", self.conversation or None, new_id()))
            self.conversation = self.acks[-1]["conversation"]

    async def talk_on(self, people: People) -> None:
        while True:
            await self.talk(people, 5)

    async def finds_all(self, people: People, acked: int) -> None:
        """Everything acked before is there under its seq, a repeat gets the first answer, and the next message the next seq."""
        socket = await people.welcome(MESSAGING, self.token)
        for ack in self.acks[:acked]:
            assert ack == await socket.say("hello", self.conversation, ack["id"])
        new = await socket.say("after the restore", self.conversation)
        await socket.subscribe(self.conversation)
        events = await socket.events(self.conversation, 1, new["seq"])
        messages = [event["payload"]["message"]["id"] for event in events if event and event["type"] == "conversation:message"]
        assert [ack["message"] for ack in self.acks[:acked]] == messages[:acked]
        assert (new["message"], len(messages)) == (messages[-1], len(set(messages)))


async def test_a_restored_server_knows_all_that_was_acked_before_the_backup(installation: Installation) -> None:
    first, second = installation.server("first"), installation.server("second")
    async with people_at(first) as people:
        visitors = [Visitor((await people.session())["token"]) for _ in range(VISITORS)]
        await asyncio.gather(*(one.talk(people, MESSAGES) for one in visitors))
        talking = asyncio.gather(*(one.talk_on(people) for one in visitors))
        acked = [len(one.acks) for one in visitors]
        await asyncio.to_thread(installation.backup)
        talking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await talking
    await asyncio.to_thread(installation.restore)
    second.data.mkdir(parents=True, exist_ok=True)
    shutil.copy(first.data / "credentials.json", second.data)  # a note of the first start, which no later one repeats
    async with people_at(second) as people:
        await asyncio.gather(*(one.finds_all(people, count) for one, count in zip(visitors, acked, strict=True)))
