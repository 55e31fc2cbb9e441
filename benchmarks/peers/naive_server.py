"""The naive design: each conversation is a Ray actor of its own, which is called once for each message and inserts it.

    python -m benchmarks.peers.naive_server PORT DATABASE_URL

The actor numbers the messages and knows the ids that it has had. The process that has the sockets passes messages on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import ray
from aiohttp import web

from benchmarks.peers.databases import execute
from benchmarks.peers.rooms import Rooms, Socket, serve

SCHEMA = """
CREATE TABLE messages (conversation text, seq bigint, id text NOT NULL, text text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (conversation, seq), UNIQUE (conversation, id))
"""


class Conversation:
    """One conversation; Ray gives it one call at a time."""

    def __init__(self, name: str, database_url: str) -> None:
        self._name, self._url = name, database_url
        self._database: asyncpg.Connection[asyncpg.Record] | None = None
        self._seqs: dict[str, int] = {}

    async def post(self, id: str, text: str) -> int:
        if self._database is None:
            self._database = await asyncpg.connect(self._url)
            rows = await self._database.fetch("SELECT id, seq FROM messages WHERE conversation = $1", self._name)
            self._seqs = {row["id"]: row["seq"] for row in rows}
        if id not in self._seqs:
            seq = len(self._seqs) + 1
            await self._database.execute("INSERT INTO messages VALUES ($1, $2, $3, $4)", self._name, seq, id, text)
            self._seqs[id] = seq
        return self._seqs[id]


class Chat(Rooms):
    """The process that has the sockets."""

    def __init__(self, database_url: str) -> None:
        super().__init__()
        self._url = database_url
        self._actors: dict[str, Any] = {}

    async def said(self, ws: Socket, frame: dict[str, Any]) -> None:
        seq = await self._actor(frame["conversation"]).post.remote(frame["id"], frame["text"])
        await ws.send_json({"type": "ack", "id": frame["id"], "seq": seq})
        await self.show(frame["conversation"], json.dumps({**frame, "seq": seq}))

    def _actor(self, conversation: str) -> Any:
        if not ray.is_initialized():  # not at the start: that is given less time than Ray may take
            ray.init(_node_ip_address="127.0.0.1", include_dashboard=False, log_to_driver=False)
        if conversation not in self._actors:
            actor: Any = ray.remote(Conversation)
            # No share of a core, or there would be as many conversations as cores.
            self._actors[conversation] = actor.options(num_cpus=0, max_concurrency=1).remote(conversation, self._url)
        return self._actors[conversation]


def application(database_url: str) -> web.Application:
    async def run(app: web.Application) -> AsyncIterator[None]:
        await execute(database_url, SCHEMA)
        app.router.add_get("/", Chat(database_url).stream)
        yield

    app = web.Application()
    app.cleanup_ctx.append(run)
    return app


def main() -> None:
    port, database_url = sys.argv[1:]
    serve(application(database_url), int(port))
    ray.shutdown()


if __name__ == "__main__":
    main()
