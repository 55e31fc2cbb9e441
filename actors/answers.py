"""What a command is answered with, on both sides of a link."""

from __future__ import annotations

import msgspec


class Answer(msgspec.Struct, frozen=True):
    """A command that was accepted: the place of its own event, and the event itself where it was asked for.

    `seq` is 0 and `id` empty when the command needed no event (what it asked for was so already).
    """

    seq: int
    id: str
    body: bytes | None = None
    repeated: bool = False
