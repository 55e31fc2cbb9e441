"""Performs the effects of committed turns: timers when they are due, everything else at once and in order per target.

At least once: an effect is a row until the command that it results in is committed, which deletes it. A performer gets
the effect's id as its idempotency key.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import structlog

from domain.errors import Refused
from storage.ports import ActorId, EffectRow, Entry

log = structlog.get_logger()

Performer = Callable[[EffectRow], Awaitable[bytes]]
"""Does the thing and returns the command that tells the actor of it. Raises to be tried again, `Refused` to give up."""

MAX_ATTEMPTS = 10


class _Clock(Protocol):
    def now_ms(self) -> int: ...


class EffectRunner:
    """The pending effects of one host.

    `done(effect, command, digest)` hands the result back. Timers carry their command as payload. `gave_up` makes the
    command for an effect that is dead; without one, the effect's own payload settles it.
    """

    def __init__(self, clock: _Clock, done: Callable[[EffectRow, bytes, int], None]) -> None:
        self._clock, self._done = clock, done
        self.performers: dict[str, Performer] = {}
        self.gave_up: Callable[[EffectRow], bytes] | None = None
        self._timers: list[tuple[int, int]] = []
        self._pending: dict[int, EffectRow] = {}
        self._named: dict[tuple[ActorId, str, str], int] = {}
        self._queues: dict[tuple[ActorId, str], deque[EffectRow]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._started = False

    def __len__(self) -> int:
        return len(self._pending)

    def start(self) -> None:
        self._started = True
        self._keep(asyncio.create_task(self._ring(), name="timers"))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def add(self, effects: Sequence[EffectRow]) -> None:
        """Take up effects that were just committed, or that an earlier generation left."""
        for effect in effects:
            if effect.name:
                self._drop(self._named.get((effect.actor, effect.target, effect.name), 0))
                self._named[effect.actor, effect.target, effect.name] = effect.id
            self._pending[effect.id] = effect
            if effect.target == "timer":
                heapq.heappush(self._timers, (effect.due_ms, effect.id))
                self._changed.set()
            else:
                self._enqueue(effect)

    def settled(self, entries: Sequence[Entry]) -> None:
        """Forget what a commit has settled or cancelled."""
        for entry in entries:
            for effect_id in entry.settled:
                self._drop(effect_id)
            for target, name in entry.cancelled:
                self._drop(self._named.get((entry.actor, target, name), 0))

    def _drop(self, effect_id: int) -> None:
        effect = self._pending.pop(effect_id, None)
        if effect is None:
            return
        name = (effect.actor, effect.target, effect.name)
        if self._named.get(name) == effect_id:
            del self._named[name]
        queue = self._queues.get((effect.actor, effect.target))
        if queue and queue[0].id == effect_id:
            queue.popleft()
            self._next(effect.actor, effect.target)

    def _enqueue(self, effect: EffectRow) -> None:
        queue = self._queues.setdefault((effect.actor, effect.target), deque())
        queue.append(effect)
        if len(queue) == 1:
            self._next(effect.actor, effect.target)

    def _next(self, actor: ActorId, target: str) -> None:
        """Perform what is first now; what was settled or cancelled while it waited is passed over."""
        queue = self._queues[actor, target]
        while queue and queue[0].id not in self._pending:
            queue.popleft()
        if queue:
            self._keep(asyncio.create_task(self._perform(queue[0])))
        else:
            del self._queues[actor, target]

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _perform(self, effect: EffectRow) -> None:
        """Try until it works, is refused, or has been tried often enough; then the result settles it."""
        performer = self.performers.get(effect.target)
        for attempt in range(MAX_ATTEMPTS):
            try:
                if performer is None:
                    raise Refused("not_found", f"nothing performs effects to {effect.target}")
                self._done(effect, await performer(effect), effect.id)
                return
            except Refused as refused:
                log.warning("effect_refused", target=effect.target, effect=effect.id, code=refused.code)
                break
            except Exception:
                log.warning("effect_failed", target=effect.target, effect=effect.id, attempt=attempt, exc_info=True)
                await asyncio.sleep(min(60.0, 0.1 * 2**attempt))
        self._done(effect, effect.payload if self.gave_up is None else self.gave_up(effect), effect.id)

    async def _ring(self) -> None:
        """Fire each timer when the clock has reached it; an earlier one that is added wakes this up."""
        while True:
            now_ms = self._clock.now_ms()
            while self._timers and self._timers[0][0] <= now_ms:
                _, effect_id = heapq.heappop(self._timers)
                effect = self._pending.get(effect_id)
                if effect is not None:
                    self._done(effect, effect.payload, effect.id)
            wait_s = min(60.0, (self._timers[0][0] - now_ms) / 1000) if self._timers else 60.0
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.001, wait_s)):  # `wait_for` of 3.11 swallows a cancellation at the wrong moment
                    await self._changed.wait()
