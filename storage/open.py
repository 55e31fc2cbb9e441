"""Opens what storage offers by address: the one place that knows which implementation an address means."""

from __future__ import annotations

from storage.memory import MemoryFeed
from storage.ports import Claim, Database, Feed
from storage.sql.database import open_database
from storage.sql.journal import SqlJournal
from storage.sql.slots import backend_name


def open_journal(url: str, *, claim: Claim | None = None, pool_size: int = 5) -> tuple[Database, SqlJournal]:
    """A journal and the database that it is in. With `claim`, its connections bear the name by which a successor ends them."""
    name = "causerie" if claim is None else backend_name(claim.kind, claim.slot, claim.generation)
    database = open_database(url, application_name=name, pool_size=pool_size)
    return database, SqlJournal(database)


def open_feed(redis_url: str | None) -> Feed:
    """The feed of the installation: Redis Streams, or inside the node without Redis."""
    if redis_url is None:
        return MemoryFeed()
    from storage.redis.feed import RedisFeed  # only where there is Redis: its import takes as long as a failover

    return RedisFeed(redis_url)
