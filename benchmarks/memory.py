"""What a conversation costs: alive in a host, at rest in the database, and on its way from the one to the other.

    python -m benchmarks.memory [--live 100000] [--rest 1000000] [--fill-seconds 150] [--dedicated 5]

The journal is filled in bulk through its own port, by commands that the conversation's own rules decided. Then every live
conversation is told that somebody types, which brings it into memory and stores nothing. On SQLite, in the data folder.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import uvloop

from actors.conversation import ConversationKind
from actors.placement import shard_of
from benchmarks import results
from benchmarks.clients import WORDS, Agent, Crowd, Samples, now_us
from benchmarks.processes import Census, own_bytes
from benchmarks.server import Running, running
from causerie.serve import write_credentials
from causerie.settings import Settings
from domain import ids
from domain.conversation import commands as cmd
from domain.conversation import events as ev
from storage.open import open_journal
from storage.ports import ActorId, Entry, EventRow
from storage.sql.directory import Directory
from storage.sql.migrate import migrate

LIVE_MESSAGES, REST_MESSAGES = 5, 1
ENTRIES_AT_ONCE = 200
AT_ONCE = 64
TOLD_AT_ONCE = 4_000
"""Commands that wait for one host at a time, at most: it takes 16,384."""
LOAD_S = 60.0
ROUNDS = 10
"""Batches of activations; the first, which warms what all later ones find, does not count."""
TYPING = b'{"type":"activity","conversation":"%b","activity":"typing:start"}'
SOURCE = ev.Source("web", integration_id=ids.row_id(0, 1))


class Mould:
    """A conversation's journal, decided once by the rules and then printed again and again with other ids."""

    def __init__(self, app: str, messages: int) -> None:
        kind, now_ms = ConversationKind(), time.time_ns() // 1_000_000
        self._app, self._now_ms, self._id = app, now_ms, ids.row_id(now_ms, secrets.randbits(64))
        state, rows = kind.born(self._name(self._id)), list[EventRow]()
        user = ids.row_id(now_ms, secrets.randbits(64))
        member = cmd.Member(ids.row_id(now_ms, secrets.randbits(64)), user)
        text = b'{"type":"text","text":"%b"}' % WORDS
        told: list[cmd.Command] = [cmd.CreateConversation("personal", (member,), SOURCE, "message", is_default=True)]
        told += [cmd.PostMessage(ev.Author("user", user_id=user), text, SOURCE)] * messages
        for command in told:
            outcome = kind.turn(state, cmd.encode(command), now_ms, 1)
            state = outcome.state
            for body, listed, personal in zip(outcome.bodies, outcome.listed, outcome.personal, strict=True):
                rows.append(EventRow(len(rows) + 1, bytes(body), None, 0, listed, kind.version, personal))
        self._rows = rows

    def _name(self, identifier: str) -> ActorId:
        return ActorId(ConversationKind.name, self._app, identifier)

    def print(self, key: int) -> Entry:
        """The same conversation, with the integer key `key` and an id of its own."""
        actor = self._name(ids.row_id(self._now_ms, secrets.randbits(64)))
        events = []
        for row in self._rows:
            old, new = ids.event_id(self._now_ms, 1, row.seq), ids.event_id(self._now_ms, key, row.seq)
            body = row.body.replace(old.encode(), new.encode()).replace(self._id.encode(), actor.id.encode())
            events.append(EventRow(row.seq, body, secrets.randbits(62), secrets.randbits(62), row.is_message, row.version, row.personal))
        return Entry(actor, key, True, shard_of(actor), events)


async def prepare(folder: Path) -> str:
    """An empty database as a server makes it when it starts for the first time. Returns the id of its app."""
    settings = Settings(data=folder)
    await migrate(settings.journal_url)
    database, _ = open_journal(settings.journal_url)
    try:
        await write_credentials(settings, Directory(database), new_folder=True)
    finally:
        await database.close()
    return str(json.loads((folder / "credentials.json").read_text())["app_id"])


async def fill(database_url: str, mould: Mould, count: int, until: float) -> list[str]:
    """Commit up to `count` conversations while there is time. Returns their ids."""
    database, journal = open_journal(database_url)
    try:
        slots = {row.slot: row.generation for row in await journal.slots(ConversationKind.name)}
        claim = await journal.claim(ConversationKind.name, "0", "benchmark", "", slots.get("0"))
        made: list[str] = []
        while len(made) < count and time.monotonic() < until:
            size = min(ENTRIES_AT_ONCE, count - len(made))
            first = await journal.reserve_keys(size)
            entries = [mould.print(first + n) for n in range(size)]
            await journal.commit(claim, entries)
            made += [entry.actor.id for entry in entries]
        return made
    finally:
        await database.close()


async def tell(server: Running, conversations: list[str], live_before: int) -> None:
    """Bring conversations into memory: their host takes a turn of each that stores nothing."""
    samples = Samples()
    async with aiohttp.ClientSession() as http:
        agent = await Agent.open(http, server, samples)
        for first in range(0, len(conversations), TOLD_AT_ONCE):
            agent.send(*(TYPING % one.encode() for one in conversations[first : first + TOLD_AT_ONCE]))
            await _until_live(http, server, live_before + min(first + TOLD_AT_ONCE, len(conversations)))
        agent.close()


async def _until_live(http: aiohttp.ClientSession, server: Running, count: int) -> None:
    async with asyncio.timeout(LOAD_S):
        while await _live(http, server) < count:  # noqa: ASYNC110 - it is counted in another process, which has to be asked
            await asyncio.sleep(0.1)


async def _live(http: aiohttp.ClientSession, server: Running) -> float:
    async with http.get(f"{server.url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith("causerie_host_live_activations{"))


async def batches(server: Running, conversations: list[str]) -> list[float]:
    """How long a note in each of 64 conversations takes, to the last ack, in milliseconds: 64 others each time.

    A note, because an agent's first message would also open a ticket, which is another actor.
    """
    took: list[float] = []
    async with aiohttp.ClientSession() as http:
        samples = Samples()
        agent = await Agent.open(http, server, samples)
        for first in range(0, len(conversations), AT_ONCE):
            begun_us = now_us()
            agent.say(conversations[first : first + AT_ONCE], internal=True)
            await samples.complete(delivered=False)
            took.append((now_us() - begun_us) / 1000)
        agent.close()
    return took


def live(server: Running, conversations: list[str]) -> results.Row:
    """The memory that the host takes for conversations that come alive."""
    host, before_live = Census(server.pid, None).busiest_host(), uvloop.run(_counted(server))
    before = own_bytes(host)
    uvloop.run(tell(server, conversations, round(before_live)))
    after, count = own_bytes(host), len(conversations)
    return {
        "what": "live in a shared host",
        "conversations": count,
        "messages_each": LIVE_MESSAGES,
        "bytes_each": round((after - before) / count),
        "host_mb": round(after / 1e6),
    }


async def _counted(server: Running) -> float:
    async with aiohttp.ClientSession() as http:
        return await _live(http, server)


def activations(server: Running, conversations: list[str]) -> results.Row:
    """64 conversations that only the database knows, in one batch, beside the same once they are live."""
    first, again = (uvloop.run(batches(server, conversations)) for _ in range(2))
    return {
        "what": f"{AT_ONCE} activations in one batch",
        "conversations": AT_ONCE,
        "first_ms": round(statistics.median(first[1:]), 1),
        "live_ms": round(statistics.median(again[1:]), 1),
        "activation_ms": round(statistics.median(first[1:]) - statistics.median(again[1:]), 1),
        "batches": len(first) - 1,
    }


async def _visit(server: Running, count: int) -> None:
    (await Crowd.gather(server, count)).close()


def dedicated(count: int) -> results.Row:
    """Conversations with a Ray actor each."""
    with running(None, placement="dedicated") as server:
        uvloop.run(_visit(server, count))
        census = Census(server.pid, None)
        owners = sorted(own_bytes(one) for kind, one in census.processes() if kind == "host")[-count:]
    return {
        "what": "dedicated, a process each",
        "conversations": count,
        "mb_each": round(statistics.mean(owners) / 1e6, 1),
    }


def shared(options: argparse.Namespace) -> Iterator[results.Row]:
    """Everything that is measured over one filled journal."""
    with tempfile.TemporaryDirectory(prefix="causerie-bench-") as name:
        folder = Path(name)
        app = uvloop.run(prepare(folder))
        file, url, begun = folder / "causerie.db", f"sqlite:///{folder / 'causerie.db'}", time.monotonic()
        until = begun + options.fill_seconds
        alive = uvloop.run(fill(url, Mould(app, LIVE_MESSAGES), options.live, until))
        before = file.stat().st_size
        resting = uvloop.run(fill(url, Mould(app, REST_MESSAGES), options.rest, until))
        if resting:
            yield {
                "what": "at rest in the database",
                "conversations": len(resting),
                "messages_each": REST_MESSAGES,
                "bytes_each": round((file.stat().st_size - before) / len(resting)),
                "filled_per_s": round((len(alive) + len(resting)) / (time.monotonic() - begun)),
            }
        with running(None, folder) as server:
            chosen = AT_ONCE * ROUNDS
            yield activations(server, alive[:chosen])
            yield live(server, alive[chosen:])


def main() -> None:
    parser = results.parser(__doc__)
    parser.add_argument("--live", type=int, default=100_000, help=f"conversations of {LIVE_MESSAGES} messages to bring into memory")
    parser.add_argument("--rest", type=int, default=1_000_000, help=f"conversations of {REST_MESSAGES} message to leave in the database")
    parser.add_argument("--fill-seconds", type=float, default=150.0, help="stop filling after this long")
    parser.add_argument("--dedicated", type=int, default=5, help="conversations with a process each")
    options = parser.parse_args()
    options.postgresql = False
    with results.recorded("memory", options) as (rows, _):
        rows += shared(options)
        if options.dedicated:
            rows.append(dedicated(options.dedicated))


if __name__ == "__main__":
    main()
