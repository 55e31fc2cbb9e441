"""The host's end of a link, whatever carries it: reads commands and follows, writes answers and events, one write a batch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import structlog

from actors import frames, tracing
from actors.answers import Answer
from actors.host import Host
from actors.mailbox import Item
from domain.errors import Refused, Unavailable
from storage.ports import ActorId

log = structlog.get_logger()


class Door(Protocol):
    """What a process lets in: the hosts that it holds, each by its own token."""

    def host(self, token: str) -> Host | None: ...

    def expects(self, token: str, then: Callable[[], None]) -> bool:
        """Whether a host with this token is just coming. `then` is called once it has come, or comes no more."""

    def give_up(self, host: Host, server: str) -> None:
        """Begin to give a host's slot up for a server."""


class HostLine:
    """One gateway's link, seen from the host.

    `send` puts bytes on the wire and must not block. The peer has to say HELLO with the token of one of the door's hosts
    first; anything else ends the line. Answers of an ended line go nowhere: the gateway asks again on its next one.
    """

    _host: Host
    """From HELLO on."""

    def __init__(self, door: Door, send: Callable[[bytes], None], end: Callable[[], None]) -> None:
        self._door, self._send, self._end = door, send, end
        self._reader = frames.Reader()
        self._welcome = False
        self._open = True
        self._answers: list[tuple[Any, ...]] = []
        self._events: list[tuple[int, int, bytes]] = []
        self._scheduled = False
        self._loop = asyncio.get_running_loop()

    def received(self, data: bytes) -> None:
        """Bytes from the gateway."""
        try:
            for frame in self._reader.feed(data):
                self._take(frame)
        except (ValueError, TypeError, IndexError) as error:
            self._cut(error)

    def _cut(self, error: Exception) -> None:
        log.warning("link_cut", reason=str(error))
        self.ended()
        self._end()

    def ended(self) -> None:
        """The wire is gone."""
        self._open = False
        if self._welcome:
            self._host.followers.gone(self)

    def moved(self) -> None:
        """The host has given its slot up, and every answer was sent: the gateway is to look for the next owner."""
        self._flush()
        if self._open:
            self._send(frames.pack((frames.MOVED,)))

    def _take(self, frame: frames.Frame) -> None:
        kind = frame[0]
        if not self._welcome:
            self._greet(frame)
        elif kind == frames.SAY:
            self._said(frame[1])
        elif kind == frames.FOLLOW:
            for follow, app, identifier in frame[1]:
                self._host.followers.add(self, follow, ActorId(self._host.kind.name, app, identifier))
            self._send(frames.pack((frames.FOLLOWED, [entry[0] for entry in frame[1]])))
        elif kind == frames.UNFOLLOW:
            for follow in frame[1]:
                self._host.followers.remove(self, follow)
        elif kind == frames.PING:
            self._send(frames.pack((frames.PONG, frame[1], self._host.sick)))
        elif kind == frames.YIELD:
            self._door.give_up(self._host, str(frame[1]))
        else:
            raise ValueError("an unknown frame")

    def _greet(self, frame: frames.Frame) -> None:
        """A peer of another version is told ours, and is the one to go: if we cut it off, our word might not arrive.

        Whose host has claimed its slot, and reads what it was left, is known by the slot table already: the peer waits for it.
        """
        token = str(frame[1]) if frame[0] == frames.HELLO else ""
        host = self._door.host(token)
        if host is None:
            if self._door.expects(token, lambda: self._greet_later(frame)):
                return
            raise ValueError("the peer did not authenticate")
        if frames.version(frame, 2)[0] != frames.PROTOCOL[0]:
            self._send(frames.pack((frames.REFUSED, frames.PROTOCOL)))
            return
        self._host, self._welcome = host, True
        host.followers.joined(self)
        self._send(frames.pack((frames.WELCOME, self._host.claim.generation, frames.PROTOCOL)))

    def _greet_later(self, frame: frames.Frame) -> None:
        if self._open:
            try:
                self._greet(frame)
            except ValueError as error:
                self._cut(error)

    def _said(self, commands: list[list[Any]]) -> None:
        name, submit = self._host.kind.name, self._host.submit
        for said in commands:
            trace = said.pop() if len(said) > frames.COMMAND else None
            n, app, identifier, key, digest, want_body, command = said
            item = Item(ActorId(name, app, identifier), command, key, digest, want_body, self._answerer(n))
            if trace is not None and tracing.active is not None:
                tracing.active.arrived(self._host.claim.slot, item, trace)
            submit(item)

    def _answerer(self, n: int) -> Callable[[object], None]:
        def answer(value: object) -> None:
            match value:
                case Answer(seq=seq, id=identifier, body=body, repeated=repeated):
                    self._answers.append((n, seq, identifier, body, repeated))
                case Refused(code=code, title=title):
                    self._answers.append((n, code, title))
                case Unavailable(code=code, title=title, retry_after_s=retry_after_s):
                    self._answers.append((n, code, title, retry_after_s))
                case _:
                    raise TypeError(f"not an answer: {value!r}")
            self._schedule()

        return answer

    def event(self, follow: int, seq: int, body: bytes) -> None:
        self._events.append((follow, seq, body))
        self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._scheduled = False
        answers, events = self._answers, self._events
        self._answers, self._events = [], []
        if not self._open:
            return
        data = frames.pack((frames.EVENTS, events)) if events else b""
        if answers:
            data += frames.pack((frames.ANSWERS, answers))
        self._send(data)
