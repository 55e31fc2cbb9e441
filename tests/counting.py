"""Two kinds of actors for tests, which know nothing of conversations or bots: they add up numbers, and pass them on to each other.

A command is a msgpack map. `add: n` adds to the sum, as an event. `to: target` makes an effect of it whose payload is `pass` (a
command, encoded). `count: key` is counted in the app's tallies. More than `LIMIT` is refused, and the refusal of an effect is added
as an event, where the effect's payload does not say `quiet`. `table: name` needs a table to be prepared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from actors.effects import Performer
from actors.kind import Outcome
from actors.kinds import Performing, Site
from domain.errors import Refused
from storage.ports import ActorId, Count, Database, EffectRow, EventRow, NewEffect

LIMIT = 1_000_000

encode = msgspec.msgpack.encode


class Sum(msgspec.Struct, frozen=True):
    seq: int = 0
    total: int = 0
    heard: tuple[str, ...] = ()


class CountingKind:
    """`left` and `right` are of this class; their hosts are whoever's."""

    version = 1

    def __init__(self, name: str, fetch: Callable[[str], None] | None = None) -> None:
        """`fetch` brings a table in, or raises."""
        self.name = name
        self.tables: set[str] = set()
        self._fetch = fetch

    def born(self, actor: ActorId) -> Sum:
        return Sum()

    def freeze(self, state: Sum) -> bytes:
        return encode(state)

    def thaw(self, snapshot: bytes) -> Sum:
        return msgspec.msgpack.decode(snapshot, type=Sum)

    def replay(self, state: Sum, row: EventRow) -> Sum:
        told = json.loads(row.body)
        return Sum(row.seq, state.total + told["add"], (*state.heard, *told["heard"]))

    def knows(self, state: Sum) -> bool:
        return True

    def exists(self, state: Sum) -> bool:
        return state.seq > 0

    async def prepare(self, told: Sequence[tuple[Sum, bytes]]) -> None:
        for name in {msgspec.msgpack.decode(command).get("table") for _, command in told} - {None} - self.tables:
            if self._fetch is not None:
                self._fetch(name)
            self.tables.add(name)

    def rejected(self, effect: EffectRow, code: str) -> bytes | None:
        return None if b"quiet" in effect.payload else encode({"heard": code})

    def turn(self, state: Sum, command: bytes, now_ms: int, key: int) -> Outcome:
        told: dict[str, Any] = msgspec.msgpack.decode(command)
        if told.get("add", 0) > LIMIT:
            raise Refused("too_large", "That is too much")
        if told.get("table") not in {None, *self.tables}:
            raise Refused("not_found", "There is no such table")
        heard = [told["heard"]] if "heard" in told else []
        seq = state.seq + 1
        event = {"id": f"{seq:024x}", "createdAt": "2026-01-01T00:00:00.000Z", "add": told.get("add", 0), "heard": heard}
        body = json.dumps(event, separators=(",", ":")).encode()
        outcome = Outcome(self.replay(state, EventRow(seq, body)), [body], [False], [False], 0)
        if "to" in told:
            outcome.effects.extend(NewEffect(target, told["pass"]) for target in told["to"].split(","))
        if "count" in told:
            outcome.counts.append(Count("sums", told["count"], told.get("add", 1)))
        return outcome


def left(database: Database) -> CountingKind:
    return CountingKind("left")


def right(database: Database) -> CountingKind:
    return CountingKind("right")


async def echoing(site: Site) -> Performing:
    """An entry point for performers: `echo` tells the actor what it asked for, `silence` nothing."""

    async def echo(effect: EffectRow) -> bytes:
        return encode({"add": 1, "heard": effect.payload.decode()})

    async def silence(effect: EffectRow) -> None:
        return None

    async def close() -> None:
        """Nothing was opened."""

    performers: dict[str, Performer] = {"echo": echo, "silence": silence}
    return Performing(performers, close)


def conversation(database: Database) -> CountingKind:
    """In the place of conversations, for the host that Ray shows under their name."""
    return CountingKind("conversation")


def bot(database: Database) -> CountingKind:
    return CountingKind("bot")
