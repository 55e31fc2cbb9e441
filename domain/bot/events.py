"""What a bot tells: one event for each turn that changed anything. It says where the run is, what it waits for and what changed.

The wire form is that of conversations: `{"id", "createdAt", "type", "payload"}`. No customer ever sees these.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from domain import envelope
from domain.bot.condition import Scalar
from domain.switchboard import Member

Kind = Literal["nothing", "customer", "call", "articles", "timer"]
Reason = Literal["end", "handover", "solved", "silent", "refused", "no_release", "failed", "forgotten"]
#: Ends of a run with which the bot gives the control away.
GIVEN: frozenset[str] = frozenset({"handover", "solved", "no_release", "failed"})


#: (flow, its version, step).
Place = tuple[str, int, str]


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """A flow that runs, the step it is at, and how often its loops were entered. Those below wait for the uppermost to come back."""

    flow: str
    version: int
    step: str
    counts: dict[str, int] = {}

    @property
    def place(self) -> Place:
        return self.flow, self.version, self.step


class Awaits(msgspec.Struct, frozen=True, array_like=True):
    """What a run waits for. `part` tells the questions of one step apart, `tries` counts answers of no use; `nudged`: asked once more."""

    kind: Kind = "nothing"
    part: int = 0
    tries: int = 0
    nudged: bool = False


class _Wire(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    pass


class Run(_Wire, frozen=True):
    """With what a run began. It stays with its release until it ends."""

    release: int
    locale: str
    channel: str = "web"
    integration_id: str | None = None
    user_id: str | None = None
    profile: dict[str, str] = {}


class Understood(_Wire, frozen=True):
    """Free text that led to a flow: by which phrase, how surely."""

    flow: str
    score: float
    phrase: str


class Stepped(_Wire, frozen=True):
    """A turn of a run. `stack` and `awaits` are those after it; of `variables`, `captured` and `profile`, what changed (null: gone).

    `heir` and `said` are there when they are others than before.
    """

    type: ClassVar[str] = "bot:stepped"
    epoch: int
    n: int
    stack: tuple[Frame, ...] = ()
    awaits: Awaits = Awaits()
    begins: Run | None = None
    heard: int = 0
    heir: Member | None = None
    said: str | None = None
    misses: int = 0
    variables: dict[str, Scalar | None] = {}
    captured: dict[str, Scalar] = {}
    profile: dict[str, str] = {}
    understood: Understood | None = None
    entered: tuple[Place, ...] = ()
    left: tuple[Place, ...] = ()
    ended: Reason | None = None


class Ended(_Wire, frozen=True):
    """A run ended without a step: nobody answered, somebody else has control, or there is nothing to run."""

    type: ClassVar[str] = "bot:ended"
    epoch: int
    reason: Reason
    heard: int = 0
    n: int = 0
    """With `forgotten`: the number of the last request, which goes on."""


Event = Stepped | Ended

STORED: dict[str, type[Event]] = {kind.type: kind for kind in (Stepped, Ended)}

#: Events that hold what people wrote: deletion cuts them.
PERSONAL = (Stepped,)


_reader: envelope.Reader[Event] = envelope.Reader(STORED)
encode = envelope.encode
VERSION = _reader.version
decode = _reader.decode
