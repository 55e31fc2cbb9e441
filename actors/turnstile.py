"""How many effects to one target may be performed at a time: so many in all, so many of one app, the apps in turn. Never performs one."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque

from storage.ports import EffectRow


class Turnstile:
    """The way to one target. What finds no room waits here, and comes in turn over the apps when somebody leaves."""

    def __init__(self, most: int, most_of_app: int) -> None:
        self._most, self._most_of_app = most, most_of_app
        self._inside: Counter[str] = Counter()
        self._count = 0
        self._waiting: OrderedDict[str, deque[EffectRow]] = OrderedDict()

    def enter(self, effect: EffectRow) -> bool:
        """Whether the effect may begin now; otherwise `leave` returns it later."""
        app = effect.actor.app
        if self._has_room(app):
            self._let_in(app)
            return True
        self._waiting.setdefault(app, deque()).append(effect)
        return False

    def leave(self, effect: EffectRow) -> EffectRow | None:
        """One that was inside is out. The one that may begin in its place."""
        app = effect.actor.app
        self._count -= 1
        self._inside[app] -= 1
        if not self._inside[app]:
            del self._inside[app]
        for app in self._waiting:
            if self._has_room(app):
                return self._take(app)
        return None

    def _has_room(self, app: str) -> bool:
        return self._count < self._most and self._inside[app] < self._most_of_app

    def _let_in(self, app: str) -> None:
        self._count += 1
        self._inside[app] += 1

    def _take(self, app: str) -> EffectRow:
        queue = self._waiting.pop(app)
        effect = queue.popleft()
        if queue:
            self._waiting[app] = queue  # behind the others
        self._let_in(app)
        return effect
