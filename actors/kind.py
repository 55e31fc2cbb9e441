"""What a kind of actor brings to the runtime: its pure rules behind one narrow port. Never does I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import msgspec

from domain.errors import Refused
from storage.ports import ActorId, Count, EffectRow, EventRow, MemberChange, NewEffect, RowChange


class Outcome(msgspec.Struct):
    """What one command did to one actor, encoded and ready to be stored and sent.

    `state` is the state after it. `answers` is the index in `bodies` of the event that answers the command, -1 for none.
    `whispers` are ephemeral events. `redactions` are (seq, what stands there from now on) of older events, `redact_before` cuts
    all personal events with a lower seq, `redact_all_before` all events. `counts` are added to the app's tallies, `rows` are written to
    read tables. With `refusal` the command is refused, though its events are told.

    Effects, counts and rows belong to an event, or to the end of the effect that the command is the result of: of a command that leaves
    neither nothing is kept, so that it may come twice.
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
    counts: list[Count] = []
    rows: list[RowChange] = []
    refusal: Refused | None = None


class Kind(Protocol):
    """One kind of virtual actor. States are immutable values; every method is pure and quick.

    Events are JSON that begins with `id` and `createdAt`, as `storage.redaction` says. A kind may also be `Preparing` or `Rejecting`.
    """

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


@runtime_checkable
class Preparing(Protocol):
    """A kind whose turns look at immutable things that the database holds."""

    async def prepare(self, told: Sequence[tuple[Any, bytes]]) -> None:
        """Before the turns of a batch: fetch what its (state, command) pairs name and memory does not hold. Never decides.

        Raises `Unavailable`: the whole batch is tried again. What is not there is for `turn` to refuse.
        """


@runtime_checkable
class Large(Protocol):
    """A kind whose states are large, so that they are not written as often as others."""

    snapshot_every: int
    """After so many events there is a snapshot: as many are replayed at most."""


@runtime_checkable
class Busy(Protocol):
    """A kind of which one actor has the work of many, such as an app's routing: a batch takes more of its commands than of others."""

    commands_at_once: int


@runtime_checkable
class Rejecting(Protocol):
    """A kind that wants to know when an effect came to nothing."""

    def rejected(self, effect: EffectRow, code: str) -> bytes | None:
        """The command that tells the actor so. None: it need not know, and the effect is only settled."""


def replayed(kind: Kind, actor: ActorId, snapshot: bytes | None, snapshot_seq: int, rows: list[EventRow]) -> Any:
    """The live state of an actor: its snapshot and every event after it."""
    state = kind.born(actor) if snapshot is None else kind.thaw(snapshot)
    for row in rows:
        if row.seq > snapshot_seq:
            state = kind.replay(state, row)
    return state
