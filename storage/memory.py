"""The twins of the journal and the feed inside one process. They pass the contract suites, and can be told to fail or to wait.

Nothing outlives the process: they serve tests, simulations, and (the feed) a node without Redis.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Literal, TypeVar

import msgspec

from storage.effects import remaining
from storage.ports import (
    ANY_KEY,
    ActorId,
    Claim,
    Collision,
    EffectRow,
    Entry,
    EventRow,
    Fenced,
    Loaded,
    Published,
    RowChange,
    Seen,
    SlotRow,
    Withdrawn,
)
from storage.redaction import STUB_BYTES

T = TypeVar("T")


@dataclass
class _Stored:
    actor: ActorId
    key: int
    shard: int
    snapshot_seq: int = 0
    snapshot: bytes | None = None
    events: dict[int, EventRow] = field(default_factory=dict)
    commands: dict[int, int] = field(default_factory=dict)


class MemoryJournal:
    """A `Journal` in dictionaries. `fail` and `hold` let a test choose what goes wrong, and when."""

    def __init__(self) -> None:
        self._actors: dict[int, _Stored] = {}
        self._keys: dict[ActorId, int] = {}
        self._slots: dict[tuple[str, str], SlotRow] = {}
        self._slot_counts: dict[str, int] = {}
        self._orders: dict[str, int] = {}
        self._effects: dict[int, EffectRow] = {}
        self._members: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        self._tallies: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.rows: dict[tuple[str, str, str], bytes] = {}
        """The read tables: (table, app, key) -> row."""
        self._next_key = 1
        self._next_effect = 1
        self._faults: dict[tuple[str, str], deque[Exception]] = defaultdict(deque)
        self._open = asyncio.Event()
        self._open.set()
        self.commits = 0
        """Commits that wrote something."""

    # What tests steer.

    def fail(self, operation: str, error: Exception, when: Literal["before", "after"] = "before") -> None:
        """Let the next call of `operation` (a method's name) raise: before it did anything, or after it took effect."""
        self._faults[operation, when].append(error)

    def hold(self) -> None:
        """Let commits wait, before they read or write anything, until `release`."""
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    # Slots.

    async def claim(
        self, kind: str, slot: str, owner: str, address: str, expected: int | None = None, token: str = "", at_ms: int = 0
    ) -> Claim:
        self._fault("claim", "before")
        found = self._slots[kind, slot].generation if (kind, slot) in self._slots else 0
        if expected is not None and found != expected:
            raise Fenced(f"{kind}/{slot}: expected generation {expected}, found {found}")
        self._slots[kind, slot] = SlotRow(kind, slot, found + 1, owner, address, token, at_ms)
        self._fault("claim", "after")
        return Claim(kind=kind, slot=slot, generation=found + 1)

    async def slots(self, kind: str, slot: str | None = None) -> list[SlotRow]:
        self._fault("slots", "before")
        return sorted((row for row in self._slots.values() if row.kind == kind and slot in (None, row.slot)), key=lambda row: row.slot)

    async def slot_count(self, kind: str, wanted: int) -> int:
        self._fault("slot_count", "before")
        return self._slot_counts.setdefault(kind, wanted) if wanted else self._slot_counts.get(kind, 0)

    async def resettle(self, kind: str, count: int, gone: Sequence[SlotRow]) -> None:
        self._fault("resettle", "before")
        rows = [row for row in self._slots.values() if row.kind == kind]
        if any(row.address and row not in gone for row in rows):
            raise Fenced(f"{kind}: slots have an owner")
        for row in rows:
            self._slots[kind, row.slot] = SlotRow(kind, row.slot, row.generation + 1, "", "")
        self._slot_counts[kind] = count

    async def orders(self) -> dict[str, int]:
        self._fault("orders", "before")
        return dict(self._orders)

    async def order(self, name: str, at_ms: int) -> None:
        self._orders[name] = at_ms

    async def withdraw(self, names: Sequence[str]) -> None:
        for name in names:
            self._orders.pop(name, None)

    async def reserve_keys(self, count: int) -> int:
        self._fault("reserve_keys", "before")
        first, self._next_key = self._next_key, self._next_key + count
        return first

    # Writes.

    async def commit(self, claim: Claim, entries: Sequence[Entry]) -> list[EffectRow]:
        await self._open.wait()
        self._fault("commit", "before")
        self._check_fence(claim)
        self._check_collisions(entries)
        for entry in entries:
            self._append(entry)
        made = [effect for entry in entries for effect in self._change_effects(entry)]
        self.commits += 1
        self._fault("commit", "after")
        return made

    async def settle(self, claim: Claim, effect_ids: Sequence[int]) -> None:
        self._fault("settle", "before")
        self._check_fence(claim)
        for each in effect_ids:
            self._effects.pop(each, None)
        self._fault("settle", "after")

    def _check_fence(self, claim: Claim) -> None:
        row = self._slots.get((claim.kind, claim.slot))
        if row is None or row.generation != claim.generation:
            raise Fenced(f"{claim.kind}/{claim.slot}: generation {claim.generation} was replaced")

    def _check_collisions(self, entries: Sequence[Entry]) -> None:
        seqs: set[tuple[int, int]] = set()
        commands: set[tuple[int, int | None]] = set()
        for entry in entries:
            if entry.is_new and (entry.actor in self._keys or entry.key in self._actors):
                raise Collision("actors")
            stored = self._actors.get(entry.key)
            for event in entry.events:
                taken = stored is not None and (event.seq in stored.events or event.command_key in stored.commands)
                repeated = event.command_key is not None and (entry.key, event.command_key) in commands
                if taken or repeated or (entry.key, event.seq) in seqs:
                    raise Collision("events")
                seqs.add((entry.key, event.seq))
                commands.add((entry.key, event.command_key))

    def _append(self, entry: Entry) -> None:
        if entry.is_new:
            self._actors[entry.key] = _Stored(entry.actor, entry.key, entry.shard)
            self._keys[entry.actor] = entry.key
        stored = self._actors[entry.key]
        for event in entry.events:
            stored.events[event.seq] = event
            if event.command_key is not None:
                stored.commands[event.command_key] = event.seq
        for seq, body in entry.redactions:
            if seq in stored.events:
                stored.events[seq] = msgspec.structs.replace(stored.events[seq], body=body, is_message=False)
        for seq, event in stored.events.items() if entry.redact_before or entry.redact_all_before else ():
            if seq < entry.redact_all_before or (event.personal and seq < entry.redact_before):
                stored.events[seq] = msgspec.structs.replace(event, body=event.body[:STUB_BYTES], is_message=False, personal=False)
        if entry.snapshot is not None:
            stored.snapshot_seq, stored.snapshot = entry.snapshot
        for change in entry.members:
            ids = self._members[entry.actor.kind, entry.actor.app, change.user_id]
            (ids.add if change.present else ids.discard)(entry.actor.id)
        for row in entry.rows:
            self._change_row(entry.actor.app, row)
        for count in entry.counts:
            self._tallies[entry.actor.app, count.subject][count.key] += count.n

    def _change_row(self, app: str, change: RowChange) -> None:
        if change.row is None:
            self.rows.pop((change.table, app, change.key), None)
        else:
            self.rows[change.table, app, change.key] = change.row

    def _change_effects(self, entry: Entry) -> list[EffectRow]:
        wanted = remaining(entry.effects)
        named = {(effect.target, effect.name) for effect in wanted if effect.name}
        gone = named | set(entry.cancelled)
        for id, row in list(self._effects.items()):
            if id in entry.settled or (row.actor == entry.actor and (row.target, row.name) in gone):
                del self._effects[id]
        made = []
        for id, each in enumerate(wanted, self._next_effect):
            row = EffectRow(id=id, actor=entry.actor, target=each.target, payload=each.payload, due_ms=each.due_ms, name=each.name)
            self._effects[id] = row
            made.append(row)
        self._next_effect += len(made)
        return made

    # Reads.

    async def load(self, actors: Sequence[ActorId], tail: int = 8) -> list[Loaded]:
        self._fault("load", "before")
        loaded = []
        for each in (self._actors[self._keys[name]] for name in dict.fromkeys(actors) if name in self._keys):
            events = self._ascending(each.key, each.snapshot_seq - tail)
            loaded.append(Loaded(each.actor, each.key, each.snapshot_seq, each.snapshot, events))
        return loaded

    async def seen(self, commands: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Seen]:
        self._fault("seen", "before")
        found = {}
        for key, command in commands:
            stored = self._actors.get(key)
            if stored is not None and command in stored.commands:
                event = stored.events[stored.commands[command]]
                found[key, command] = Seen(seq=event.seq, digest=event.digest, body=event.body)
        return found

    async def read(self, key: int, after: int, limit: int) -> list[EventRow]:
        self._fault("read", "before")
        return self._ascending(key, after)[:limit]

    async def read_back(self, key: int, before: int, limit: int) -> list[EventRow]:
        self._fault("read_back", "before")
        return _last([event for event in self._ascending(key, 0) if event.seq < before], limit)

    async def messages(self, key: int, after: int | None, before: int | None, limit: int) -> list[EventRow]:
        self._fault("messages", "before")
        shown = [event for event in self._ascending(key, after or 0) if event.is_message]
        if after is not None or before is None:
            return shown[:limit]
        return _last([event for event in shown if event.seq < before], limit)

    async def find(self, actor: ActorId) -> int | None:
        self._fault("find", "before")
        return self._keys.get(actor)

    async def heads(self, keys: Sequence[int]) -> dict[int, int]:
        self._fault("heads", "before")
        return {key: max(self._actors[key].events) for key in keys if key in self._actors and self._actors[key].events}

    async def recent(self, kind: str, app: str, limit: int, before: int = ANY_KEY) -> list[ActorId]:
        self._fault("recent", "before")
        keys = sorted((key for name, key in self._keys.items() if name.kind == kind and name.app == app and key < before), reverse=True)
        return [self._actors[key].actor for key in keys[:limit]]

    async def by_member(self, kind: str, app: str, user_id: str, after: str, before: str, limit: int) -> list[ActorId]:
        self._fault("by_member", "before")
        ids = sorted(self._members[kind, app, user_id])
        if before:
            ids = _last([id for id in ids if id < before], limit)
        else:
            ids = [id for id in ids if id > after][:limit]
        return [ActorId(kind, app, id) for id in ids]

    async def effects(self, kind: str, shards: tuple[int, int], actor: ActorId | None = None) -> list[EffectRow]:
        self._fault("effects", "before")
        return [row for row in self._of(kind, shards, actor) if row.target != "timer"]

    async def timers(
        self, kind: str, shards: tuple[int, int], after: tuple[int, int], until_ms: int, most: int, actor: ActorId | None = None
    ) -> list[EffectRow]:
        self._fault("timers", "before")
        timers = [row for row in self._of(kind, shards, actor) if row.target == "timer" and row.due_ms <= until_ms]
        return sorted((row for row in timers if (row.due_ms, row.id) > after), key=lambda row: (row.due_ms, row.id))[:most]

    def _of(self, kind: str, shards: tuple[int, int], actor: ActorId | None) -> list[EffectRow]:
        if actor is not None:
            return [row for row in self._effects.values() if row.actor == actor]
        return [row for row in self._effects.values() if row.actor.kind == kind and shards[0] <= self._shard(row.actor) < shards[1]]

    async def tallies(self, app: str, subject: str) -> dict[str, int]:
        self._fault("tallies", "before")
        return dict(self._tallies[app, subject])

    def _ascending(self, key: int, after: int) -> list[EventRow]:
        """From the end: whoever follows a long journal wants the last few."""
        stored = self._actors.get(key)
        found = takewhile(lambda event: event.seq > after, reversed(stored.events.values())) if stored else ()
        return list(found)[::-1]

    def _shard(self, actor: ActorId) -> int:
        return self._actors[self._keys[actor]].shard

    def _fault(self, operation: str, when: Literal["before", "after"]) -> None:
        faults = self._faults[operation, when]
        if faults:
            raise faults.popleft()


class MemoryFeed:
    """A `Feed` inside one node: a bounded log for each app."""

    def __init__(self, kept: int = 10_000) -> None:
        self._logs: dict[str, deque[tuple[str, Published]]] = defaultdict(lambda: deque(maxlen=kept))
        self._last = 0
        self._grown = asyncio.Condition()

    async def publish(self, events: Sequence[Published]) -> None:
        async with self._grown:
            for event in events:
                self._last += 1
                self._logs[event.app].append((f"{self._last:020d}", event))
            self._grown.notify_all()

    async def withdraw(self, what: Withdrawn) -> None:
        log = self._logs[what.app]
        kept = [each for each in log if not what.covers(each[1].actor, each[1].seq)]
        log.clear()
        log.extend(kept)

    async def read(self, app: str, after: str, limit: int, wait_s: float) -> list[tuple[str, Published]]:
        start = f"{self._last:020d}" if after == "$" else after
        async with self._grown:
            try:
                async with asyncio.timeout(wait_s):
                    await self._grown.wait_for(lambda: self._is_past(app, start))
            except TimeoutError:
                return []
            return [each for each in self._logs.get(app, ()) if each[0] > start][:limit]

    async def close(self) -> None:
        """Nothing to close."""

    def _is_past(self, app: str, position: str) -> bool:
        log = self._logs.get(app)
        return log is not None and len(log) > 0 and log[-1][0] > position


def _last(rows: list[T], limit: int) -> list[T]:
    return rows[-limit:] if limit else []
