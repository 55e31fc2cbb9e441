"""Who else has a conversation open: agents say so while they look, and all who follow it are told in passing. Nothing of it is kept.

A viewer says it again now and then; of whom nothing was heard for `STALE_S` clients no longer show anything, so a server that dies leaves
nobody looking for ever. What a socket looked at ends with it, unless the same agent looks in another window.
"""

from __future__ import annotations

import contextlib
from collections import Counter

from actors.link import OnAnswer
from actors.router import Router
from domain.conversation import commands as cmd
from domain.errors import Refused, Unavailable
from gateway.identity import Identity
from storage.ports import ActorId

REPEAT_S, STALE_S = 20, 45
"""How often clients say that they still look, and after how long others take them for gone. Clients keep to it: nothing here does."""
MAX_VIEWED = 20
"""Conversations that one socket looks at."""


class Viewing:
    """How many sockets of this gateway each agent looks with, by conversation."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._windows: Counter[tuple[ActorId, str]] = Counter()

    def tell(self, who: Identity, actor: ActorId, on: bool, on_answer: OnAnswer) -> None:
        """Raises `Unavailable`."""
        command = cmd.ShowViewing(who.subject, who.author.display_name or "", on)
        self._router.say(actor, command, sender=who.sender, client_id=None, on_answer=on_answer)

    def opened(self, who: Identity, actor: ActorId) -> None:
        self._windows[actor, who.subject] += 1

    def closed(self, who: Identity, actor: ActorId) -> bool:
        """Whether that was the agent's last window on it here."""
        self._windows[actor, who.subject] -= 1
        left = self._windows[actor, who.subject]
        if not left:
            del self._windows[actor, who.subject]
        return not left


class Looking:
    """What one agent's socket looks at."""

    def __init__(self, viewing: Viewing, who: Identity) -> None:
        self._viewing, self._who = viewing, who
        self._open: set[ActorId] = set()

    def say(self, actor: ActorId, on: bool, on_answer: OnAnswer) -> None:
        """Raises `Refused`: at too many; and `Unavailable`."""
        if on and actor not in self._open:
            if len(self._open) >= MAX_VIEWED:
                raise Refused("bad_request", f"A socket looks at most at {MAX_VIEWED} conversations")
            self._open.add(actor)
            self._viewing.opened(self._who, actor)
        if on:
            self._viewing.tell(self._who, actor, on, on_answer)
        elif actor in self._open:
            self._leave(actor, on_answer)

    def end(self) -> None:
        """The socket is gone."""
        for actor in tuple(self._open):
            with contextlib.suppress(Unavailable):  # then they are taken for gone a little later
                self._leave(actor, lambda outcome: None)

    def _leave(self, actor: ActorId, on_answer: OnAnswer) -> None:
        self._open.discard(actor)
        if self._viewing.closed(self._who, actor):
            self._viewing.tell(self._who, actor, False, on_answer)
