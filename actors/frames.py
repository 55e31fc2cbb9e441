"""What goes over a link, as msgpack arrays whose first element says which. The same frames for sockets and for Ray calls.

Up, from a gateway:  HELLO token version | SAY [command...] | FOLLOW [(follow, app, id)...] | UNFOLLOW [follow...] | PING nonce
                     | YIELD server
Down, from a host:   WELCOME generation version | REFUSED version | ANSWERS [answer...] | EVENTS [event...] | FOLLOWED [follow...]
                     | PONG nonce sick | MOVED

A command is `(n, app, id, key, digest, want_body, command)`; `n` numbers the commands of a link and is the same when one is
sent again. One that is traced has the ids of its trace and span behind, as 24 bytes. An answer is `(n, seq, id, body, repeated)`,
`(n, code, title)`, or `(n, code, title, retry_after_s)` where the command may come again. An event is `(follow, seq, body)`, seq 0 for a
whisper. `follow` is a number that the gateway chose for one actor. YIELD asks the host to give its slot up for a server; MOVED is the last
frame of a host that has done so.

A version is `(major, minor)`; who says none speaks 1.0. Peers of different major numbers do not talk: the host answers REFUSED. HELLO,
WELCOME and REFUSED keep their form for ever; docs/decisions/0013 says what a minor number may add.
"""

from __future__ import annotations

from typing import Any

import msgpack

HELLO, SAY, FOLLOW, UNFOLLOW, PING, YIELD = range(6)
WELCOME, ANSWERS, EVENTS, FOLLOWED, PONG, MOVED, REFUSED = range(7)
COMMAND = 7
"""The parts of a command that is not traced."""

MAX_FRAME_BYTES = 64 << 20

Version = tuple[int, int]
PROTOCOL: Version = (1, 0)

Frame = list[Any]

_packer = msgpack.Packer(autoreset=True)


def pack(frame: tuple[Any, ...]) -> bytes:
    """One frame as bytes."""
    return bytes(_packer.pack(frame))


def version(frame: Frame, at: int) -> Version:
    """The version at this place of a greeting; 1.0 where there is none. Raises `ValueError` or `TypeError`."""
    major, minor = frame[at] if len(frame) > at else (1, 0)
    return int(major), int(minor)


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
