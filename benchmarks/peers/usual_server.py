"""The usual design, as one would write it: a WebSocket handler that inserts each message, publishes it to Redis and acks it.

    python -m benchmarks.peers.usual_server PORT DATABASE_URL REDIS_URL

Any number of these may run side by side, for they share nothing but PostgreSQL and Redis; the comparison starts one. There are no
accounts, rights or limits in it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web
from redis.asyncio import Redis
from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, MetaData, Table, Text, UniqueConstraint, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from benchmarks.peers.rooms import Rooms, Socket, serve

CONNECTIONS = 15

metadata = MetaData()
messages = Table(
    "messages",
    metadata,
    Column("seq", BigInteger, Identity(), primary_key=True),
    Column("conversation", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("conversation", "id"),
    Index("history", "conversation", "seq"),
)
STORE = insert(messages).on_conflict_do_nothing().returning(messages.c.seq)
FIND = select(messages.c.seq).where(messages.c.conversation == bindparam("conversation"), messages.c.id == bindparam("id"))


class Chat(Rooms):
    """What one process does: it stores, publishes, and passes on what is published."""

    def __init__(self, engine: AsyncEngine, redis: Redis) -> None:
        super().__init__()
        self._engine, self._redis = engine, redis

    async def said(self, ws: Socket, frame: dict[str, Any]) -> None:
        seq = await self._store(frame)
        await self._redis.publish(f"conversation:{frame['conversation']}", json.dumps({**frame, "seq": seq}))
        await ws.send_json({"type": "ack", "id": frame["id"], "seq": seq})

    async def _store(self, frame: dict[str, Any]) -> int:
        """The message's seq; that of the first one, if it was stored before."""
        row = {name: frame[name] for name in ("conversation", "id", "text")}
        async with self._engine.connect() as connection:
            seq = (await connection.execute(STORE, row)).scalar_one_or_none()
            if seq is None:
                seq = (await connection.execute(FIND, {name: row[name] for name in ("conversation", "id")})).scalar_one()
        return int(seq)

    async def pass_on(self) -> None:
        """Everything that any process published, to the sockets that follow it here."""
        async with self._redis.pubsub() as published:
            await published.psubscribe("conversation:*")
            async for message in published.listen():
                if message["type"] == "pmessage":
                    await self.show(message["channel"].decode().removeprefix("conversation:"), message["data"].decode())


def application(database_url: str, redis_url: str) -> web.Application:
    async def run(app: web.Application) -> AsyncIterator[None]:
        url = database_url.replace("postgresql://", "postgresql+asyncpg://", 1)
        # Each statement is a transaction of its own: one round trip in place of three.
        engine = create_async_engine(url, pool_size=CONNECTIONS, max_overflow=0, isolation_level="AUTOCOMMIT")
        redis = Redis.from_url(redis_url)
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        chat = Chat(engine, redis)
        app.router.add_get("/", chat.stream)
        task = asyncio.create_task(chat.pass_on())
        yield
        task.cancel()
        await redis.aclose()
        await engine.dispose()

    app = web.Application()
    app.cleanup_ctx.append(run)
    return app


def main() -> None:
    port, database_url, redis_url = sys.argv[1:]
    serve(application(database_url, redis_url), int(port))


if __name__ == "__main__":
    main()
