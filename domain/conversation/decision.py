"""What a decision of a conversation is made of and made into."""

from __future__ import annotations

import msgspec

from domain import ids
from domain.conversation import events as ev
from domain.errors import Refused


class At(msgspec.Struct, frozen=True):
    """Where and when a decision is made: the instant, and the actor's integer key of which ids are made."""

    now_ms: int
    key: int

    def id(self, seq: int) -> str:
        return ids.event_id(self.now_ms, self.key, seq)


class Decision(msgspec.Struct, frozen=True):
    """What is to happen. `answers` is the index of the event that is the command's own answer.

    `redact_before`: cut what people wrote with a lower seq, `redact_all_before`: everything.
    `redact`: (seq, instant in ms, what stands there from now on). With `refusal`, the events are told and the command is refused.
    """

    events: tuple[ev.Event, ...] = ()
    whispers: tuple[ev.Whisper, ...] = ()
    answers: int = -1
    redact_before: int = 0
    redact_all_before: int = 0
    redact: tuple[int, int, ev.MessagePosted | ev.NotePosted] | None = None
    refusal: Refused | None = None


NOTHING = Decision()
