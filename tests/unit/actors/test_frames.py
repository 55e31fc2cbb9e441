"""Frames come out as they went in, however the bytes were cut; what is no frame is refused."""

from __future__ import annotations

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors import frames

EVERY = [
    (frames.HELLO, "token", (1, 0)),
    (frames.WELCOME, 3, (1, 0)),
    (frames.REFUSED, (2, 0)),
    (frames.SAY, [(1, "app", "c1", -(2**63), 2**63 - 1, True, b"\x93\x00"), (2, "app", "c2", 7, -7, False, b"")]),
    (frames.FOLLOW, [(3, "app", "c1")]),
    (frames.UNFOLLOW, [3]),
    (frames.PING, 9),
    (frames.EVENTS, [(3, 5, b'{"id":"x"}'), (3, 0, b"")]),
    (frames.ANSWERS, [(1, 5, "0" * 24, None, False), (2, "conflict", "no"), (3, "newer_version", "not yet", 5.0)]),
]


def plain(frame: object) -> object:
    return [plain(one) for one in frame] if isinstance(frame, list | tuple) else frame


STREAM = b"".join(frames.pack(frame) for frame in EVERY)


def test_frames_are_read_as_they_were_written() -> None:
    assert plain(EVERY) == frames.Reader().feed(STREAM)


@pytest.mark.parametrize("at", range(len(STREAM) + 1))
def test_a_stream_may_be_cut_at_any_byte(at: int) -> None:
    reader = frames.Reader()
    assert plain(EVERY) == reader.feed(STREAM[:at]) + reader.feed(STREAM[at:])


@given(cuts=st.lists(st.integers(0, len(STREAM)), max_size=20).map(sorted))
def test_a_stream_may_come_in_any_pieces(cuts: list[int]) -> None:
    reader, got = frames.Reader(), []
    for first, end in zip([0, *cuts], [*cuts, len(STREAM)], strict=True):
        got += reader.feed(STREAM[first:end])
    assert plain(EVERY) == got


def test_half_a_frame_is_not_a_frame_yet() -> None:
    reader = frames.Reader()
    assert [] == reader.feed(frames.pack((frames.PING, "x" * 100))[:50])


@pytest.mark.parametrize(
    "garbage",
    [b"\xc1", msgpack.packb(5), msgpack.packb({}), msgpack.packb([]), msgpack.packb(["HELLO"]), b"GET / HTTP/1.1\r\n", msgpack.packb(None)],
    ids=["never used byte", "number", "map", "empty", "a name for a number", "http", "nil"],
)
def test_what_is_no_frame_is_refused(garbage: bytes) -> None:
    with pytest.raises(ValueError):
        frames.Reader().feed(garbage)


def test_garbage_after_a_frame_is_refused() -> None:
    with pytest.raises(ValueError):
        frames.Reader().feed(frames.pack((frames.PING, 1)) + b"\xc1")


@given(st.binary(max_size=200))
def test_any_bytes_are_frames_or_refused(data: bytes) -> None:
    """Nothing else happens: no other exception leaves the reader."""
    try:
        got = frames.Reader().feed(data)
    except ValueError:
        return
    assert all(isinstance(frame, list) and isinstance(frame[0], int) for frame in got)


@pytest.mark.parametrize(("frame", "version"), [([frames.HELLO, "token"], (1, 0)), ([frames.HELLO, "token", [2, 7, "later"]], None)])
def test_a_greeting_without_a_version_is_of_the_first(frame: list[object], version: frames.Version | None) -> None:
    """A version is two numbers for ever: what is not cannot be compared."""
    if version is None:
        with pytest.raises(ValueError):
            frames.version(frame, 2)
    else:
        assert version == frames.version(frame, 2)
