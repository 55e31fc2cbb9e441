"""Which slot owns an actor. 65,536 logical shards map to the slots of a kind in contiguous ranges."""

from __future__ import annotations

from typing import Literal
from zlib import crc32

import msgspec

from storage.ports import ActorId

SHARDS = 65_536
Mode = Literal["shared", "dedicated"]


def shard_of(actor: ActorId) -> int:
    """The actor's shard: the same in every process and for ever."""
    return crc32(f"{actor.app}/{actor.id}".encode()) % SHARDS


class Placement(msgspec.Struct, frozen=True):
    """How the actors of a kind are placed: in `slots` shared hosts, or, for `dedicated` apps, one host for each actor."""

    slots: int = 1
    default: Mode = "shared"
    by_app: dict[str, Mode] = {}

    def slot_of(self, actor: ActorId) -> str:
        """The name of the slot that owns the actor: a number, or `app/id` where the actor has a host of its own."""
        if self.by_app.get(actor.app, self.default) == "dedicated":
            return f"{actor.app}/{actor.id}"
        if self.slots == 1:
            return "0"
        return str(shard_of(actor) * self.slots // SHARDS)

    def shards_of(self, slot: str) -> tuple[int, int]:
        """The shards [from, to) of a shared slot."""
        n = int(slot)
        return -(-n * SHARDS // self.slots), -(-(n + 1) * SHARDS // self.slots)


def dedicated_actor(kind: str, slot: str) -> ActorId | None:
    """The one actor that a dedicated slot is for; None for a shared slot."""
    app, _, identifier = slot.partition("/")
    return ActorId(kind, app, identifier) if identifier else None
