"""Which links follow which actors, and what goes down to them after a commit. Never keeps an event for later."""

from __future__ import annotations

from typing import Protocol

from storage.ports import ActorId, EventRow

#: In place of an actor's id: all actors of the app.
ALL = "*"


class Line(Protocol):
    """The host's end of a link."""

    def event(self, follow: int, seq: int, body: bytes) -> None:
        """Send an event, in the same write as the answers of this batch. `seq` 0 is a whisper: ephemeral."""

    def moved(self) -> None:
        """The host is not the owner any more."""


class Followers:
    """(line, number) pairs by actor. The number is the one by which that link's gateway knows the actor."""

    def __init__(self) -> None:
        self._by_actor: dict[ActorId, dict[Line, int]] = {}
        self._by_line: dict[Line, dict[int, ActorId]] = {}

    def joined(self, line: Line) -> None:
        """A link is up; it follows nothing yet."""
        self._by_line.setdefault(line, {})

    def dismiss(self) -> None:
        """Tell every link that the host has moved."""
        for line in tuple(self._by_line):
            line.moved()

    def add(self, line: Line, follow: int, actor: ActorId) -> None:
        self._by_actor.setdefault(actor, {})[line] = follow
        self._by_line.setdefault(line, {})[follow] = actor

    def remove(self, line: Line, follow: int) -> None:
        actor = self._by_line.get(line, {}).pop(follow, None)
        if actor is not None:
            self._drop(actor, line, follow)

    def gone(self, line: Line) -> None:
        """The link has ended."""
        for follow, actor in self._by_line.pop(line, {}).items():
            self._drop(actor, line, follow)

    def _drop(self, actor: ActorId, line: Line, follow: int) -> None:
        """A later follow of the same line to the same actor stays."""
        lines = self._by_actor.get(actor)
        if lines is not None and lines.get(line) == follow:
            del lines[line]
            if not lines:
                del self._by_actor[actor]

    def tell(self, actor: ActorId, rows: list[EventRow]) -> None:
        """Send committed events to whoever follows the actor, or all actors of its app."""
        for name in (actor, ActorId(actor.kind, actor.app, ALL)):
            lines = self._by_actor.get(name)
            if lines:
                for line, follow in lines.items():
                    for row in rows:
                        line.event(follow, row.seq, row.body)

    def whisper(self, actor: ActorId, body: bytes) -> None:
        for line, follow in self._by_actor.get(actor, {}).items():
            line.event(follow, 0, body)

    def __len__(self) -> int:
        return len(self._by_actor)
