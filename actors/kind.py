"""What a kind of actor brings to the runtime: its pure rules behind one narrow port. Never does I/O."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec

from domain.errors import Refused
from storage.ports import ActorId, EventRow, MemberChange, NewEffect


class Outcome(msgspec.Struct):
    """What one command did to one actor, encoded and ready to be stored and sent.

    `state` is the state after it. `answers` is the index in `bodies` of the event that answers the command, -1 for none.
    `whispers` are ephemeral events. `redactions` are (seq, what stands there from now on) of older events, `redact_before` cuts
    all personal events with a lower seq, `redact_all_before` all events. With `refusal` the command is refused, though its events
    are told.
    """

    state: Any
    bodies: list[bytes] = []
    listed: list[bool] = []
    personal: list[bool] = []
    answers: int = -1
    whispers: list[bytes] = []
    redactions: list[tuple[int, bytes]] = []
    redact_before: int = 0
    redact_all_before: int = 0
    members: list[MemberChange] = []
    effects: list[NewEffect] = []
    cancelled: list[tuple[str, str]] = []
    refusal: Refused | None = None


class Kind(Protocol):
    """One kind of virtual actor. States are immutable values; every method is pure and quick."""

    name: str
    version: int
    """The version with which this kind's events are written."""

    def born(self, actor: ActorId) -> Any:
        """The state of an actor to which nothing has happened."""

    def freeze(self, state: Any) -> bytes:
        """The state as msgpack, for a snapshot."""

    def thaw(self, snapshot: bytes) -> Any: ...

    def replay(self, state: Any, row: EventRow) -> Any:
        """The state after one stored event. Total: never refuses."""

    def knows(self, state: Any) -> bool:
        """Whether all that has happened to the actor is understood: otherwise a later version wrote some of it, and goes on."""

    def exists(self, state: Any) -> bool:
        """Whether the actor has come into being (a tombstone has not)."""

    def turn(self, state: Any, command: bytes, now_ms: int, key: int) -> Outcome:
        """Decide, evolve and react for one command (msgpack). Raises `domain.errors.Refused`; then nothing changed."""


def replayed(kind: Kind, actor: ActorId, snapshot: bytes | None, snapshot_seq: int, rows: list[EventRow]) -> Any:
    """The live state of an actor: its snapshot and every event after it."""
    state = kind.born(actor) if snapshot is None else kind.thaw(snapshot)
    for row in rows:
        if row.seq > snapshot_seq:
            state = kind.replay(state, row)
    return state
