"""What a bot remembers of its conversation: one run, where it is and what it waits for. `evolve` is total and never refuses."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from domain.bot import events as ev
from domain.bot.condition import Scalar
from domain.by_type import ByType
from domain.envelope import Later
from domain.switchboard import Member


class State(msgspec.Struct, frozen=True, array_like=True):
    """The fold of a bot's journal. `heard` is the seq of the conversation's last event that it took notice of.

    `n` numbers what was waited for: an answer to another is late. `captured` is what goes with a hand-over, in the keys of its metadata.
    """

    id: str
    seq: int = 0
    at_ms: int = 0
    epoch: int = 0
    n: int = 0
    heard: int = 0
    run: ev.Run | None = None
    stack: tuple[ev.Frame, ...] = ()
    awaits: ev.Awaits = ev.Awaits()
    variables: dict[str, Scalar] = {}
    captured: dict[str, Scalar] = {}
    said: str = ""
    misses: int = 0
    heir: Member | None = None
    version: int = 1
    """The lowest version of events that understands all that went into this. Above ours, a later one has written here."""
    given: bool = False
    """Whether the bot gave the control of this epoch away. What still reaches it of this epoch is meant for whoever has it now."""
    app: str = ""
    """The tenant, whose releases the bot knows."""

    @property
    def is_live(self) -> bool:
        """Whether a run is under way."""
        return bool(self.stack)


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(State).decode


def evolve(state: State, seq: int, at_ms: int, event: ev.Event | Later | None) -> State:
    """The state after one more event. `None` is an event whose content was redacted: it still took its seq."""
    at_ms = max(at_ms, state.at_ms)
    if event is None:
        return replace(state, seq=seq, at_ms=at_ms)
    return _apply(event, state, seq, at_ms)


@ByType
def _apply(event: ev.Event | Later, state: State, seq: int, at_ms: int) -> State:
    """What a later version wrote."""
    return replace(state, seq=seq, at_ms=at_ms, version=max(state.version, ev.VERSION + 1))


@_apply.register
def _(event: ev.Stepped, state: State, seq: int, at_ms: int) -> State:
    run = event.begins or state.run
    fresh = event.begins is not None
    if run is not None and event.profile:
        run = replace(run, profile={**run.profile, **event.profile})
    return replace(
        state,
        seq=seq,
        at_ms=at_ms,
        epoch=event.epoch,
        n=event.n,
        heard=max(state.heard, event.heard),
        run=run,
        stack=event.stack,
        awaits=event.awaits,
        variables=_changed({} if fresh else state.variables, event.variables),
        captured={**({} if fresh else state.captured), **event.captured},
        said=state.said if event.said is None else event.said,
        misses=event.misses,
        heir=event.heir if fresh else event.heir or state.heir,
        given=event.ended in ev.GIVEN,
    )


@_apply.register
def _(event: ev.Ended, state: State, seq: int, at_ms: int) -> State:
    heard = max(state.heard, event.heard)
    if event.reason == "forgotten":
        return State(state.id, seq, at_ms, event.epoch, event.n, heard, version=state.version, app=state.app)
    given = event.reason in ev.GIVEN
    return replace(state, seq=seq, at_ms=at_ms, epoch=event.epoch, heard=heard, stack=(), awaits=ev.Awaits(), given=given)


def _changed(values: dict[str, Scalar], changes: dict[str, Scalar | None]) -> dict[str, Scalar]:
    return {name: value for name, value in {**values, **changes}.items() if value is not None}
