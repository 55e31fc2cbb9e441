"""The order to read what was said on a ticket, so that it can be found: by its comments, and by its conversation. Pure."""

from __future__ import annotations

import msgspec

#: The target of the effect.
WAY = "words"
#: Messages that come within so long are read together: the first of them sets a timer, the others cost nothing.
TOGETHER_MS = 30_000
#: So much later than the last of them is decided, it is committed, or never will be.
COMMITTED_MS = 3_000


class Read(msgspec.Struct, frozen=True, array_like=True):
    """Read what is new; with `again` everything, because something of it is gone."""

    ticket_id: str
    again: bool = False


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Read).decode


def due_ms(before_ms: int, at_ms: int) -> int:
    """When what is said at an instant is to be read; 0: what was said at `before_ms` has set that timer already."""
    period = at_ms // TOGETHER_MS
    return 0 if before_ms // TOGETHER_MS == period else (period + 1) * TOGETHER_MS + COMMITTED_MS
