"""The `Journal` over a SQL database. Here is the order of transactions; the statements are in `sqlite_commits`, `postgresql_commits`,
`lookups` and `slots`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from storage.ports import ANY_KEY, ActorId, Claim, Database, EffectRow, Entry, EventRow, Loaded, Seen, SlotRow
from storage.sql import lookups, postgresql_commits, slots, sqlite_commits

#: Up to so many rows a commit on SQLite is quicker in the loop than through a thread: 50 visitors with a message each in flight get
#: a fifth more through, and the loop is held up for about 2 ms.
_INLINE_EVENTS = 64
_INLINE_LOOKUPS = 16


class SqlJournal:
    """A journal over `database`, which it does not close.

    A host claims its slot over a database of any name, and then commits over one that it opens under
    `slots.backend_name(...)`: the next claim ends those connections.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lookups = lookups.Lookups(database.dialect)

    async def claim(
        self, kind: str, slot: str, owner: str, address: str, expected: int | None = None, token: str = "", at_ms: int = 0
    ) -> Claim:
        await slots.end_backends(self._database, kind, slot, expected)
        work = partial(slots.claim, kind=kind, slot=slot, owner=owner, address=address, expected=expected, token=token, at_ms=at_ms)
        return await self._database.write(work)

    async def slots(self, kind: str, slot: str | None = None) -> list[SlotRow]:
        return await self._database.read(lambda connection: slots.listed(connection, kind, slot))

    async def slot_count(self, kind: str, wanted: int) -> int:
        return await self._database.write(lambda connection: slots.count(connection, kind, wanted))

    async def resettle(self, kind: str, count: int, gone: Sequence[SlotRow]) -> None:
        await self._database.write(lambda connection: slots.resettle(connection, kind, count, gone))

    async def orders(self) -> dict[str, int]:
        return await self._database.read(slots.ordered)

    async def order(self, name: str, at_ms: int) -> None:
        await self._database.write(lambda connection: slots.order(connection, name, at_ms))

    async def withdraw(self, names: Sequence[str]) -> None:
        await self._database.write(lambda connection: slots.withdraw(connection, names))

    async def reserve_keys(self, count: int) -> int:
        return await self._database.write(lambda connection: slots.reserve(connection, "actor_key", count))

    async def commit(self, claim: Claim, entries: Sequence[Entry]) -> list[EffectRow]:
        if self._database.dialect == "postgresql":
            single = postgresql_commits.is_single(entries)
            return await self._database.write(lambda connection: postgresql_commits.commit(connection, claim, entries), single=single)
        few = sum(len(entry.events) for entry in entries) <= _INLINE_EVENTS
        return await self._database.write(lambda connection: sqlite_commits.commit(connection, claim, entries), inline=few)

    async def load(self, actors: Sequence[ActorId], tail: int = 8) -> list[Loaded]:
        if not actors:
            return []
        return await self._database.read(lambda connection: self._lookups.load(connection, actors, tail))

    async def seen(self, commands: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Seen]:
        if not commands:
            return {}
        few = len(commands) <= _INLINE_LOOKUPS
        return await self._database.read(lambda connection: self._lookups.seen(connection, commands), inline=few)

    async def read(self, key: int, after: int, limit: int) -> list[EventRow]:
        return await self._database.read(lambda connection: lookups.read(connection, key, after, limit))

    async def read_back(self, key: int, before: int, limit: int) -> list[EventRow]:
        return await self._database.read(lambda connection: lookups.read_back(connection, key, before, limit))

    async def messages(self, key: int, after: int | None, before: int | None, limit: int) -> list[EventRow]:
        return await self._database.read(lambda connection: lookups.messages(connection, key, after, before, limit))

    async def find(self, actor: ActorId) -> int | None:
        return await self._database.read(lambda connection: lookups.find(connection, actor), inline=True)

    async def heads(self, keys: Sequence[int]) -> dict[int, int]:
        if not keys:
            return {}
        return await self._database.read(lambda connection: self._lookups.heads(connection, keys))

    async def recent(self, kind: str, app: str, limit: int, before: int = ANY_KEY) -> list[ActorId]:
        return await self._database.read(lambda connection: lookups.recent(connection, kind, app, limit, before))

    async def by_member(self, kind: str, app: str, user_id: str, after: str, before: str, limit: int) -> list[ActorId]:
        return await self._database.read(lambda connection: lookups.by_member(connection, kind, app, user_id, after, before, limit))

    async def effects(self, kind: str, shards: tuple[int, int], actor: ActorId | None = None) -> list[EffectRow]:
        return await self._database.read(lambda connection: lookups.pending_effects(connection, kind, shards, actor))

    async def timers(
        self, kind: str, shards: tuple[int, int], after: tuple[int, int], until_ms: int, most: int, actor: ActorId | None = None
    ) -> list[EffectRow]:
        return await self._database.read(lambda connection: lookups.timers(connection, kind, shards, after, until_ms, most, actor))

    async def settle(self, claim: Claim, effect_ids: Sequence[int]) -> None:
        settle = postgresql_commits.settle if self._database.dialect == "postgresql" else sqlite_commits.settle
        await self._database.write(lambda connection: settle(connection, claim, effect_ids), inline=True, single=True)

    async def tallies(self, app: str, subject: str) -> dict[str, int]:
        return await self._database.read(lambda connection: lookups.counted(connection, app, subject))
