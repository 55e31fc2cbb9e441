"""Who comes to a host that is just coming waits for it: the slot table knows it a moment before its process does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actors import frames
from actors.host import Host
from actors.line import HostLine
from tests.hosts import Begin

TOKEN = "t" * 32


class _Door:
    """`here` is the host that has come, `waiting` who waits for one that is coming."""

    def __init__(self, coming: bool) -> None:
        self.here: Host | None = None
        self.coming = coming
        self.waiting: list[Callable[[], None]] = []

    def host(self, token: str) -> Host | None:
        return self.here if token == TOKEN else None

    def expects(self, token: str, then: Callable[[], None]) -> bool:
        if self.coming and token == TOKEN:
            self.waiting.append(then)
        return self.coming and token == TOKEN

    def give_up(self, host: Host, server: str) -> None: ...

    def come(self, host: Host | None) -> None:
        self.here, self.coming = host, False
        for then in self.waiting:
            then()


class _Peer:
    """A gateway's end, which has said hello."""

    def __init__(self, door: _Door, token: str = TOKEN) -> None:
        self.sent: list[bytes] = []
        self.cut = False
        self.line = HostLine(door, self.sent.append, self._end)
        self.line.received(frames.pack((frames.HELLO, token, frames.PROTOCOL)))

    def _end(self) -> None:
        self.cut = True

    @property
    def state(self) -> tuple[bool, bool]:
        """(welcomed, cut off)."""
        return bool(self.sent), self.cut


async def test_it_is_welcomed_when_the_host_has_come(begin: Begin) -> None:
    door = _Door(coming=True)
    peer, stranger, gone = _Peer(door), _Peer(door, "x" * 32), _Peer(door)
    gone.line.ended()
    assert [(False, False), (False, True)] == [peer.state, stranger.state]
    door.come(await begin())
    assert [(True, False), (False, False)] == [peer.state, gone.state]


@pytest.mark.parametrize("coming", [False, True])
async def test_where_none_comes_it_is_cut_off(coming: bool) -> None:
    door = _Door(coming)
    peer = _Peer(door)
    door.come(None)
    assert (False, True) == peer.state
