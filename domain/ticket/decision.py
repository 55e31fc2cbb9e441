"""What a ticket's rules decide: events, and what becomes of older ones. Pure."""

from __future__ import annotations

import msgspec

from domain.ticket import events as ev


class Rewritten(msgspec.Struct, frozen=True):
    """An older event as it is from now on, under its own id and instant."""

    seq: int
    id: str
    at_ms: int
    event: ev.Event


class Decision(msgspec.Struct, frozen=True):
    """What is to happen. The first event is the command's answer. `redact_before`: cut what was said with a lower seq,
    `redact_all_before`: everything."""

    events: tuple[ev.Event, ...] = ()
    redact_before: int = 0
    redact_all_before: int = 0
    rewritten: tuple[Rewritten, ...] = ()


NOTHING = Decision()
