"""What goes over a link, as msgpack arrays whose first element says which. The same frames for sockets and for Ray calls.

Up, from a gateway:  HELLO token | SAY [command...] | FOLLOW [(follow, app, id)...] | UNFOLLOW [follow...] | PING nonce | YIELD server
Down, from a host:   WELCOME generation | ANSWERS [answer...] | EVENTS [event...] | FOLLOWED [follow...] | PONG nonce sick | MOVED

A command is `(n, app, id, key, digest, want_body, command)`; `n` numbers the commands of a link and is the same when one is
sent again. One that is traced has the ids of its trace and span behind, as 24 bytes. An answer is `(n, seq, id, body, repeated)`
or `(n, code, title)`. An event is `(follow, seq, body)`, seq 0 for a whisper. `follow` is a number that the gateway chose for one actor.
YIELD asks the host to give its slot up for a server; MOVED is the last frame of a host that has done so.
"""

from __future__ import annotations

from typing import Any

import msgpack

HELLO, SAY, FOLLOW, UNFOLLOW, PING, YIELD = range(6)
WELCOME, ANSWERS, EVENTS, FOLLOWED, PONG, MOVED = range(6)
COMMAND = 7
"""The parts of a command that is not traced."""

MAX_FRAME_BYTES = 64 << 20

Frame = list[Any]

_packer = msgpack.Packer(autoreset=True)


def pack(frame: tuple[Any, ...]) -> bytes:
    """One frame as bytes."""
    return bytes(_packer.pack(frame))


class Reader:
    """Takes bytes as they come and gives whole frames."""

    def __init__(self) -> None:
        self._unpacker = msgpack.Unpacker(use_list=True, max_buffer_size=MAX_FRAME_BYTES)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now. Raises `ValueError` for what is not a frame."""
        try:
            self._unpacker.feed(data)
            frames = list(self._unpacker)
        except (msgpack.exceptions.UnpackException, msgpack.exceptions.BufferFull, ValueError) as error:
            raise ValueError("not a frame") from error
        for frame in frames:
            if not isinstance(frame, list) or not frame or not isinstance(frame[0], int):
                raise ValueError("not a frame")
        return frames
